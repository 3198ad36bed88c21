"""What the campaigns API takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationError

from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.rules import Elsewhere, Rules, Senders, Window
from webapp.campaigns.steps import LONGEST_DELAY_MINUTES, MOST_STEPS, Step, Version, new_key
from webapp.campaigns.store import Campaign
from webapp.carrier.segments import LONGEST_BODY
from webapp.models.constants import CampaignKind, CampaignStatus
from webapp.texts.library import body_complaint
from webapp.web.fields import Answer, Body, InId, ListAnswer, ListBody, OptionalBody, OutId, OutInstant, Text
from webapp.web.paging import Page, PageQuery
from webapp.web.problems import FieldError, Problem


def _named(name: str) -> str:
    if not name.strip():
        raise ValueError("Give it a name.")
    return name.strip()


def _sayable(body: str) -> str:
    if complaint := body_complaint(body):
        raise ValueError(complaint)
    return body


_Name: TypeAlias = Annotated[Text, Field(min_length=1, max_length=100), AfterValidator(_named)]
_Time: TypeAlias = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_Tag: TypeAlias = Annotated[Text, Field(min_length=1, max_length=50)]


class WindowIn(Body):
    """The part of each day in which texts go, where the lead is. `opens` is inside it, `closes` is not."""

    opens: _Time
    closes: _Time


class SendersIn(Body):
    """Which of our numbers writes. `sticky` names none, `fixed` one, `pool` two or more."""

    choice: Literal["sticky", "fixed", "pool"] = "sticky"
    numbers: list[InId] = Field(default=[], max_length=100)


class RulesIn(Body):
    """What holds for every lead in the campaign. What is left out has its default, but `assign_to`, which stays: the
    users who get the leads that nobody has, in turn; a manager chooses them."""

    reentry_days: int | None = Field(default=None, ge=0, le=3650)
    exit_tags: list[_Tag] = Field(default=[], max_length=50)
    window: WindowIn | None = None
    senders: SendersIn = SendersIn()
    touch_gap_hours: int = Field(default=24, ge=0, le=720)
    late_after_hours: int = Field(default=36, ge=1, le=720)
    one_campaign_at_a_time: Elsewhere = "skip"
    assign_to: Annotated[list[InId], Field(max_length=100)] | None = None


class CampaignIn(Body):
    """A new campaign: a draft without steps."""

    name: _Name
    kind: Literal["drip", "broadcast"] = "drip"
    stop_on_reply: bool = True
    rules: RulesIn = RulesIn()


class CampaignPatch(Body):
    """What is given is changed. New rules go into the draft, and hold once it is published. With `takes_joiners`
    whoever joins the list `saved_list_id` from now on is enrolled by itself."""

    name: _Name = ""
    stop_on_reply: bool = True
    rules: RulesIn = RulesIn()
    saved_list_id: InId | None = None
    takes_joiners: bool = False
    pace_per_hour: int | None = Field(default=None, ge=1, le=100_000)


class WindowOut(Answer):
    opens: str
    closes: str


class SendersOut(Answer):
    choice: Literal["sticky", "fixed", "pool"]
    numbers: list[OutId]


class RulesOut(Answer):
    reentry_days: int | None
    exit_tags: list[str]
    window: WindowOut | None
    senders: SendersOut
    touch_gap_hours: int
    late_after_hours: int
    one_campaign_at_a_time: Elsewhere
    assign_to: list[OutId]


class CampaignOut(Answer):
    """A campaign. `version` counts its published wordings; `has_draft`: there are changes not yet published."""

    id: OutId
    name: str
    kind: CampaignKind
    status: CampaignStatus
    stop_on_reply: bool
    rules: RulesOut
    saved_list_id: OutId | None
    takes_joiners: bool
    pace_per_hour: int | None
    version: int
    has_draft: bool
    created_at: OutInstant
    launched_at: OutInstant | None


class CampaignQuery(PageQuery):
    """`status` shows only those; without it all but archived ones."""

    status: Literal["draft", "running", "paused", "finished", "archived"] | None = None


class Campaigns(Page[CampaignOut]):
    """A page of campaigns, newest first."""


class StepIn(Body):
    """A step. `step_key` is a known step's, kept through edits; without it the step is new. `delay_minutes` after the
    step before, or after enrolling. With `at_local` at that time of day where the lead is: after whole days (1440) so
    many calendar days later, after any other delay the next one."""

    step_key: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")] | None = None
    delay_minutes: int = Field(default=0, ge=0, le=LONGEST_DELAY_MINUTES)
    body: Annotated[Text, Field(min_length=1, max_length=LONGEST_BODY), AfterValidator(_sayable)]
    at_local: _Time | None = None
    weekdays_only: bool = False
    send_window: WindowIn | None = None


class StepOut(Answer):
    step_key: str
    delay_minutes: int
    body: str
    at_local: str | None
    weekdays_only: bool
    send_window: WindowOut | None


class StepsIn(ListBody[StepIn]):
    """All steps, in order."""


class StepsOut(ListAnswer[StepOut]):
    """All steps, in order."""


class EnrollIn(Body):
    """Whom to enroll: exactly one of the first three. `elsewhere`: what becomes of leads that are on their way through
    another campaign, if not what the rules say: they are left out, begin once that has ended, are taken out there and
    begin here, or are in both."""

    lead_ids: list[InId] | None = Field(default=None, max_length=10_000)
    saved_list_id: InId | None = None
    filter: dict[str, Any] | None = None
    elsewhere: Literal["skip", "wait", "move", "both"] | None = None


class EnrollOut(Answer):
    """How many leads became what; they add up to `total`."""

    total: int
    outcomes: dict[Entry, int]


class LaunchIn(OptionalBody):
    """`confirm`: how many leads it goes to, which a large launch must name. `canary`: the first 25, then a person."""

    confirm: int | None = Field(default=None, ge=0, le=2**31 - 1)
    canary: bool = False


class LaunchOut(Answer):
    campaign: CampaignOut
    started: int


class PauseOut(Answer):
    """`taken_back`: leads whose queued text does not go. `on_the_wire`: texts that the carrier has been given."""

    campaign: CampaignOut
    taken_back: int
    on_the_wire: int


class RanOut(Answer):
    claimed: int
    queued: int
    held: int
    skipped: int
    finished: int


def out_of(campaign: Campaign, version: Version) -> CampaignOut:
    """The campaign as the API shows it, with the rules of ``version``."""
    rules = version.rules
    return CampaignOut(
        id=campaign.id,
        name=campaign.name,
        kind=campaign.kind,
        status=campaign.status,
        stop_on_reply=rules.stop_on_reply,
        rules=RulesOut.model_validate(rules),
        saved_list_id=campaign.saved_list_id,
        takes_joiners=campaign.takes_joiners,
        pace_per_hour=campaign.pace_per_hour,
        version=version.number,
        has_draft=campaign.draft_id is not None,
        created_at=campaign.created_at,
        launched_at=campaign.launched_at,
    )


def rules_of(given: RulesIn, *, stop_on_reply: bool, before: Rules | None = None) -> Rules:
    """The rules as the room keeps them, in the place of those ``before``. Raises a 422 Problem naming the field."""
    before = before or Rules()
    try:
        return Rules(
            stop_on_reply=stop_on_reply,
            reentry_days=given.reentry_days,
            exit_tags=tuple(given.exit_tags),
            window=_window(given.window),
            senders=Senders(choice=given.senders.choice, numbers=tuple(given.senders.numbers)),
            touch_gap_hours=given.touch_gap_hours,
            late_after_hours=given.late_after_hours,
            one_campaign_at_a_time=given.one_campaign_at_a_time,
            assign_to=before.assign_to if given.assign_to is None else tuple(dict.fromkeys(given.assign_to)),
        )
    except ValidationError as error:
        raise _invalid(error, "rules") from None


def steps_of(given: list[StepIn]) -> list[Step]:
    """The steps as the room keeps them. Raises a 422 Problem naming the field."""
    if len(given) > MOST_STEPS:
        raise Problem.invalid([("steps", f"a campaign has at most {MOST_STEPS} steps")])
    keys = [one.step_key for one in given]
    doubled = [number for number, key in enumerate(keys) if key is not None and key in keys[:number]]
    if doubled:
        raise Problem.invalid((f"{number}.step_key", f"{keys[number]} is given twice") for number in doubled)
    return [_step(number, one) for number, one in enumerate(given)]


def _step(number: int, given: StepIn) -> Step:
    try:
        window = _window(given.send_window)
    except ValidationError as error:
        raise _invalid(error, f"{number}.send_window") from None
    return Step(
        given.step_key or new_key(), given.delay_minutes, given.body, given.at_local, given.weekdays_only, window
    )


def _window(given: WindowIn | None) -> Window | None:
    return None if given is None else Window(opens=given.opens, closes=given.closes)


def _invalid(error: ValidationError, within: str) -> Problem:
    wrong = error.errors()
    return Problem.invalid(
        [
            FieldError(".".join([within, *map(str, one["loc"])]), one["msg"].removeprefix("Value error, "))
            for one in wrong
        ]
    )
