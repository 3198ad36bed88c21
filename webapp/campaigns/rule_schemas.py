"""A campaign's rules as the API takes and gives them; its windows, which single steps have, too."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, ValidationError, WithJsonSchema

from webapp.campaigns.rules import Elsewhere, Rules, Senders, TimeOfDay, Window
from webapp.leads.schemas import StatusIn
from webapp.models.constants import LeadStatus
from webapp.web.fields import Answer, Body, InId, OutId, Text
from webapp.web.problems import FieldError, Problem

#: A time of day in a request, like 09:30.
InTimeOfDay: TypeAlias = Annotated[
    TimeOfDay, WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
]
_Tag: TypeAlias = Annotated[Text, Field(min_length=1, max_length=50)]


class WindowIn(Body):
    """The part of each day in which texts go, where the lead is. `opens` is inside it, `closes` is not."""

    opens: InTimeOfDay
    closes: InTimeOfDay


class SendersIn(Body):
    """Which of our numbers writes. `sticky` names none, `fixed` one, `pool` two or more."""

    choice: Literal["sticky", "fixed", "pool"] = "sticky"
    numbers: list[InId] = Field(default=[], max_length=100)


class RulesIn(Body):
    """What holds for every lead in the campaign. What is left out has its default, but `assign_to`, which stays: the
    users who get the leads that nobody has, in turn; a manager chooses them. `exit_tags` and `exit_statuses` are the
    goal: it ends for a lead that gets one of these tags, or to one of these statuses, and none that has gets in. While
    a lead got `most_a_week` automatic texts in seven days, from any campaign, the next one waits."""

    reentry_days: int | None = Field(default=None, ge=0, le=3650)
    exit_tags: list[_Tag] = Field(default=[], max_length=50)
    exit_statuses: list[StatusIn] = Field(default=[], max_length=len(LeadStatus))
    window: WindowIn | None = None
    senders: SendersIn = SendersIn()
    touch_gap_hours: int = Field(default=24, ge=0, le=720)
    late_after_hours: int = Field(default=36, ge=1, le=720)
    most_a_week: int | None = Field(default=None, ge=1, le=100)
    one_campaign_at_a_time: Elsewhere = "skip"
    assign_to: Annotated[list[InId], Field(max_length=100)] | None = None


class WindowOut(Answer):
    opens: str
    closes: str


class SendersOut(Answer):
    choice: Literal["sticky", "fixed", "pool"]
    numbers: list[OutId]


class RulesOut(Answer):
    reentry_days: int | None
    exit_tags: list[str]
    exit_statuses: list[LeadStatus]
    window: WindowOut | None
    senders: SendersOut
    touch_gap_hours: int
    late_after_hours: int
    most_a_week: int | None
    one_campaign_at_a_time: Elsewhere
    assign_to: list[OutId]


def rules_of(given: RulesIn, *, stop_on_reply: bool, before: Rules | None = None) -> Rules:
    """The rules as the room keeps them, in the place of those ``before``. Raises a 422 Problem naming the field."""
    before = before or Rules()
    return Rules(
        stop_on_reply=stop_on_reply,
        reentry_days=given.reentry_days,
        exit_tags=tuple(given.exit_tags),
        exit_statuses=tuple(status for status in LeadStatus if status in given.exit_statuses),
        window=window_of(given.window, "rules.window"),
        senders=_senders_of(given.senders),
        touch_gap_hours=given.touch_gap_hours,
        late_after_hours=given.late_after_hours,
        most_a_week=given.most_a_week,
        one_campaign_at_a_time=given.one_campaign_at_a_time,
        assign_to=before.assign_to if given.assign_to is None else tuple(dict.fromkeys(given.assign_to)),
    )


def window_of(given: WindowIn | None, field: str) -> Window | None:
    """The window as the room keeps it. Raises a 422 Problem naming ``field``."""
    try:
        return None if given is None else Window(opens=given.opens, closes=given.closes)
    except ValidationError as error:
        raise _invalid(error, field) from None


def _senders_of(given: SendersIn) -> Senders:
    try:
        return Senders(choice=given.choice, numbers=tuple(dict.fromkeys(given.numbers)))
    except ValidationError as error:
        raise _invalid(error, "rules.senders") from None


def _invalid(error: ValidationError, field: str) -> Problem:
    """Of a model that is wrong as a whole, each of its fields being right."""
    return Problem.invalid([FieldError(field, one["msg"].removeprefix("Value error, ")) for one in error.errors()])
