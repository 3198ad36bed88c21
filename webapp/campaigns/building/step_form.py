"""The form of one step: when it comes, what it says."""

from __future__ import annotations

from typing import Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from webapp.campaigns.building import drafting, timeline
from webapp.campaigns.building.open_hours import OpenHours
from webapp.campaigns.building.time_fields import read_time, read_window
from webapp.campaigns.steps import LONGEST_DELAY_MINUTES, Step
from webapp.texts.library import body_complaint

_DIGITS = 6


class StepForm(FlaskForm):
    """``seen`` is the fingerprint of the step as it was when the form was opened."""

    amount = StringField("Wait")
    unit = SelectField("Unit", [Optional()], choices={unit: unit.capitalize() for unit in timeline.UNITS})
    at_local = StringField("Then at")
    weekdays_only = BooleanField("On weekdays only")
    opens = StringField("From")
    closes = StringField("To")
    body = TextAreaField("Text")
    seen = HiddenField()

    @classmethod
    def of(cls, step: Step) -> Self:
        """The form of a step as it is."""
        amount, unit = timeline.in_unit(step.delay_minutes)
        return cls(
            formdata=None,
            amount=str(amount),
            unit=unit,
            at_local=step.at_local or "",
            weekdays_only=step.weekdays_only,
            opens=step.window.opens if step.window else "",
            closes=step.window.closes if step.window else "",
            body=step.body,
            seen=drafting.fingerprint(step),
        )

    @classmethod
    def new(cls, *, first: bool) -> Self:
        """The form of a new step: at once, or a day after the one before."""
        return cls(formdata=None, amount="0" if first else "1", unit="minutes" if first else "days", body="")

    @property
    def written(self) -> str:
        """The text, with plain line ends: those of browsers would cost a character more each."""
        return (self.body.data or "").replace("\r\n", "\n").replace("\x00", "").strip()

    @property
    def has_window(self) -> bool:
        """Whether its window is to be seen: there is one, or it is wrong."""
        return bool(self.opens.data or self.closes.data or self.opens.errors or self.closes.errors)

    def read(self, key: str, open_hours: OpenHours = ()) -> Step | None:
        """The step that the form asks for; None, with errors beside the fields, where something is wrong.

        ``open_hours`` are the account's, of which the step's own leave something.
        """
        self.validate()
        delay, at_local = self._delay(), read_time(self.at_local)
        window = read_window(self.opens, self.closes, open_hours)
        if complaint := body_complaint(self.written):
            self.body.errors = [complaint]
        if any(field.errors for field in self) or delay is None:
            return None
        return Step(key, delay, self.written, at_local or None, bool(self.weekdays_only.data), window)

    def _delay(self) -> int | None:
        given = (self.amount.data or "0").strip()
        if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS):
            self.amount.errors = ["Write how long in whole numbers, like 2."]
            return None
        minutes = int(given) * timeline.UNITS.get(self.unit.data or "", 1)
        if minutes > LONGEST_DELAY_MINUTES:
            self.amount.errors = ["Wait a year at most."]
            return None
        return minutes
