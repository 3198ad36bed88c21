"""The form of a campaign's rules. Pace and joiners hold at once, the others once they are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.campaigns.building import drafting
from webapp.campaigns.building.open_hours import OpenHours
from webapp.campaigns.building.time_fields import read_window
from webapp.campaigns.rules import Rules, Senders
from webapp.campaigns.store import Campaign
from webapp.leads.fields import split_tags
from webapp.leads.statuses import LABELS
from webapp.models.constants import LeadStatus

_DIGITS = 6
_MOST_TAGS, _LONGEST_TAG = 50, 50
_SENDERS = {
    "sticky": "The one that the lead knows",
    "fixed": "Always the same one",
    "pool": "Several in turn; a lead keeps the one that wrote first",
}
_ELSEWHERE = {
    "skip": "Are left out",
    "wait": "Wait, and begin here once that one has ended for them",
    "both": "Are in both; their texts keep a distance",
}
_REENTRY = {"never": "Never again", "after": "Again, after some days"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, by id, as people read it: our numbers, and the people who can be given leads; None for
    who does not decide that."""

    numbers: Mapping[int, str]
    people: Mapping[int, str] | None
    open_hours: OpenHours = ()
    """The account's sending hours, of which a campaign's own leave something."""


class RulesForm(FlaskForm):
    """``seen`` is the fingerprint of the rules as they were when the form was opened."""

    stop_on_reply = BooleanField("Stop when the lead replies")
    exit_tags = StringField("Stop when the lead gets one of these tags")
    exit_statuses = SelectMultipleField(
        "Stop when the lead’s status becomes",
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    reentry = RadioField("When somebody was in it before", [Optional()], choices=_REENTRY)
    reentry_days = StringField("Days after the end")
    elsewhere = RadioField("Leads that are in another campaign", [Optional()], choices=_ELSEWHERE)
    assign_to = SelectMultipleField(
        "Leads that nobody has go to these people, in turn",
        [Optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    opens = StringField("Texts go from")
    closes = StringField("until")
    touch_gap_hours = StringField("Hours to wait after a colleague wrote by hand")
    late_after_hours = StringField("Ask a person when a text is more hours late than")
    most_a_week = StringField("Automatic texts that one lead gets in seven days, at most")
    sender = RadioField("From which of our numbers", [Optional()], choices=_SENDERS)
    numbers = SelectMultipleField(
        "Numbers",
        [Optional()],
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    pace_per_hour = StringField("Leads that begin in an hour, at most")
    takes_joiners = BooleanField("Take whoever joins its list later")
    seen = HiddenField()

    @classmethod
    def of(cls, rules: Rules, campaign: Campaign, choices: Choices) -> Self:
        """The form of the rules as they are."""
        values: dict[str, Any] = {
            "stop_on_reply": rules.stop_on_reply,
            "exit_tags": ", ".join(rules.exit_tags),
            "exit_statuses": list(rules.exit_statuses),
            "reentry": "never" if rules.reentry_days is None else "after",
            "reentry_days": "" if rules.reentry_days is None else str(rules.reentry_days),
            "elsewhere": rules.one_campaign_at_a_time,
            "assign_to": list(rules.assign_to),
            "opens": rules.window.opens if rules.window else "",
            "closes": rules.window.closes if rules.window else "",
            "touch_gap_hours": str(rules.touch_gap_hours),
            "late_after_hours": str(rules.late_after_hours),
            "most_a_week": str(rules.most_a_week or ""),
            "sender": rules.senders.choice,
            "numbers": list(rules.senders.numbers),
            "pace_per_hour": str(campaign.pace_per_hour or ""),
            "takes_joiners": campaign.takes_joiners,
            "seen": drafting.fingerprint(rules),
        }
        form = cls(formdata=None, **values)
        form._offer(choices)
        return form

    @classmethod
    def sent(cls, choices: Choices) -> Self:
        """The form as somebody sent it."""
        form = cls()
        form._offer(choices)
        return form

    def _offer(self, choices: Choices) -> None:
        self.exit_statuses.choices = {str(status): label for status, label in LABELS.items()}
        self.numbers.choices = {str(number): words for number, words in choices.numbers.items()}
        self.assign_to.choices = {str(user_id): name for user_id, name in (choices.people or {}).items()}

    def read(self, choices: Choices, old: Rules) -> tuple[Rules, dict[str, object]] | None:
        """The rules, and columns of the campaign itself; None, with errors beside the fields, where one is wrong.

        What of the ``old`` rules the form does not offer stays.
        """
        self.validate()
        window = read_window(self.opens, self.closes, choices.open_hours)
        reentry = self._whole(self.reentry_days, 0, 3650) if self.reentry.data == "after" else None
        gap = self._whole(self.touch_gap_hours, 0, 720)
        late = self._whole(self.late_after_hours, 1, 720)
        most = self._whole_or_none(self.most_a_week, 1, 100)
        pace = self._whole_or_none(self.pace_per_hour, 1, 100_000)
        senders, tags = self._senders(choices.numbers), self._tags()
        if any(field.errors for field in self) or senders is None or gap is None or late is None:
            return None
        rules = Rules(
            stop_on_reply=bool(self.stop_on_reply.data),
            reentry_days=reentry,
            exit_tags=tags,
            exit_statuses=tuple(status for status in LeadStatus if status in (self.exit_statuses.data or [])),
            window=window,
            senders=senders,
            touch_gap_hours=gap,
            late_after_hours=late,
            most_a_week=most,
            one_campaign_at_a_time=self.elsewhere.data or "skip",
            assign_to=self._people(choices.people, old),
        )
        return rules, {"pace_per_hour": pace, "takes_joiners": bool(self.takes_joiners.data)}

    def _whole_or_none(self, field: StringField, least: int, most: int) -> int | None:
        return self._whole(field, least, most) if (field.data or "").strip() else None

    def _whole(self, field: StringField, least: int, most: int) -> int | None:
        given = (field.data or "").strip()
        is_number = given.isascii() and given.isdigit() and len(given) <= _DIGITS
        if not (is_number and least <= int(given) <= most):
            field.errors = [f"Write a whole number from {least} to {most:,}."]
            return None
        return int(given)

    def _people(self, offered: Mapping[int, str] | None, old: Rules) -> tuple[int, ...]:
        if offered is None:
            return old.assign_to
        return tuple(each for each in self.assign_to.data or [] if each in offered)

    def _senders(self, numbers: Mapping[int, str]) -> Senders | None:
        choice, chosen = self.sender.data or "sticky", [each for each in self.numbers.data or [] if each in numbers]
        if choice == "fixed" and len(chosen) != 1:
            self.numbers.errors = ["Choose the one number that writes."]
        elif choice == "pool" and len(chosen) < 2:
            self.numbers.errors = ["Choose two numbers or more."]
        if self.sender.errors or self.numbers.errors:
            return None
        return Senders(choice=choice, numbers=tuple(chosen) if choice != "sticky" else ())  # type: ignore[arg-type]

    def _tags(self) -> tuple[str, ...]:
        given = (" ".join(tag.split()) for tag in split_tags((self.exit_tags.data or "").replace("\x00", "")))
        tags = tuple(dict.fromkeys(filter(None, given)))
        if len(tags) > _MOST_TAGS or any(len(tag) > _LONGEST_TAG for tag in tags):
            self.exit_tags.errors = [f"At most {_MOST_TAGS} tags of {_LONGEST_TAG} characters each."]
        return tags
