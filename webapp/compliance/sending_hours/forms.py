"""The forms of the sending rules: one law's hours, its stop, and the two test boxes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Self, cast
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from pydantic import ValidationError as ImpossibleValue
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from webapp.leads.fields import REGION, tidy
from webapp.leads.places import STATES, ZONES
from webapp.rules.laws import Law
from webapp.rules.phones import parse
from webapp.rules.policy import Change, ClosedDay, Hours, WeekHours
from webapp.rules.postal_codes import postal_area
from webapp.rules.schedule import Week, Window, clock_time

DAYS = (
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
)
_END_OF_DAY = "24:00"
_FIRST_YEAR, _LAST_YEAR = 1970, 2199  # as the API has it: reckoning with days and zones stays inside the calendar


class HoursForm(FlaskForm):
    """One law's hours, or the account's own; a day whose two times are empty is a day without texts.

    The fields `mon_opens`, `mon_closes` and so on are added below. 00:00 as an end is the end of that day.
    """

    enforced = BooleanField("Apply these hours")
    holidays = BooleanField("No texts on holidays")
    closed_days = TextAreaField("More days without texts")
    agreed = HiddenField()

    @classmethod
    def showing(cls, week: Week, change: Change, *, enforced: bool, holidays: bool) -> Self:
        """The form as the rule stands."""
        listed = "\n".join(f"{closed.day} {closed.name}" for closed in change.closed_days)
        data: dict[str, object] = {"enforced": enforced, "holidays": holidays, "closed_days": listed}
        for (day, _), window in zip(DAYS, week, strict=True):
            data[f"{day}_opens"] = _time_of(window.opens) if window else None
            data[f"{day}_closes"] = _time_of(window.closes) if window else None
        return cls(formdata=None, data=data)

    def read(self, before: Change, law: Law | None) -> Change | None:
        """The change of a law (None: of the account's own hours); None when something is wrong, which is said there.

        What is as the law has it is no change. Whether texts are stopped stays as it is.
        """
        self.validate()
        days, week = self._closed_days(), self._week()
        if self.errors or days is None or week is None:
            return None
        own = before.model_copy(update={"week": week, "closed_days": days})
        if law is None:
            return own.model_copy(update={"enforced": None, "holidays": self.holidays.data or None})
        as_the_law = tuple(hours and Window.between(*hours) for hours in week) == law.week
        return own.model_copy(
            update={
                "week": None if as_the_law else week,
                "enforced": None if self.enforced.data is law.enforced else self.enforced.data,
                "holidays": None if self.holidays.data is (law.calendar is not None) else self.holidays.data,
            }
        )

    def _week(self) -> WeekHours | None:
        week = tuple(self._hours(day) for day, _ in DAYS)
        return None if self.errors else cast("WeekHours", week)

    def _hours(self, day: str) -> Hours:
        opens, closes = self[f"{day}_opens"], self[f"{day}_closes"]
        if opens.data is None and closes.data is None:
            return None
        if opens.data is None or closes.data is None:
            empty = opens if opens.data is None else closes
            empty.errors = [*empty.errors, "Give both times, or leave both empty."][:1]
            return None
        end = f"{closes.data:%H:%M}"
        hours = (f"{opens.data:%H:%M}", _END_OF_DAY if end == "00:00" else end)
        if hours[0] >= hours[1]:
            closes.errors = ["It must end after it begins, on the same day."]
        return hours

    def _closed_days(self) -> tuple[ClosedDay, ...] | None:
        """One a line: a date and what the day is called."""
        found = []
        for line in filter(None, map(tidy, (self.closed_days.data or "").splitlines())):
            day, _, name = line.partition(" ")
            try:
                found.append(ClosedDay(day=day, name=name or "a day off"))
            except ImpossibleValue:
                self.closed_days.errors = [f"“{line}” is not a day: write it like 2026-12-24 Christmas Eve."]
                return None
        return tuple(found)


for _day, _name in DAYS:
    setattr(HoursForm, f"{_day}_opens", TimeField(f"{_name} from", [Optional()]))
    setattr(HoursForm, f"{_day}_closes", TimeField(f"{_name} until", [Optional()]))


class StopForm(FlaskForm):
    """Stops all texts to a place."""

    because = StringField("Why (optional)", [Length(max=200, message="Use 200 characters or fewer.")], filters=[tidy])


class TryHourForm(FlaskForm):
    """Somebody's number, what is known of their place, and a moment on the reader's clock; empty is now."""

    phone = TelField("Phone", [DataRequired("Enter a number.")])
    state = SelectField("State", choices={"": "Not known", **STATES}, default="")
    postal_code = StringField("ZIP code", [Length(max=20, message="Use 20 characters or fewer.")], filters=[tidy])
    timezone = SelectField("Time zone", choices={"": "Not known", **ZONES}, default="")
    at = DateTimeLocalField(
        "When, on your clock (empty: now)", [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    )

    def validate_postal_code(self, field: StringField) -> None:
        if field.data and not postal_area(field.data):
            raise ValidationError("This is not a ZIP code. Write it like 75201, or K1A 0B1 in Canada.")

    def validate_at(self, field: DateTimeLocalField) -> None:
        if field.data and not _FIRST_YEAR <= field.data.year <= _LAST_YEAR:
            raise ValidationError(f"Choose a day between {_FIRST_YEAR} and {_LAST_YEAR}.")

    def read_phone(self) -> str | None:
        """The number as E.164; None when it is none, which is said beside it."""
        if not self.validate():
            return None
        parsed = parse(self.phone.data or "", REGION)
        if parsed.e164 is None:
            self.phone.errors = [parsed.warning or "This is not a phone number."]
        return parsed.e164

    def instant(self, zone: str, now: datetime) -> datetime:
        """The moment that was asked about, in UTC."""
        chosen = self.at.data
        return chosen.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if chosen else now


class TryTextForm(FlaskForm):
    """A text as a lead might send it, and how the lead stands."""

    text = TextAreaField(
        "Their text", [DataRequired("Enter a text."), Length(max=1600, message="Use 1,600 characters or fewer.")]
    )
    context = SelectField(
        "They are",
        choices={"subscribed": "Getting texts", "opted_out": "Opted out", "pending": "Asked to confirm"},
        default="subscribed",
    )


def _time_of(minute: int) -> time:
    return time.fromisoformat("00:00" if minute == 24 * 60 else clock_time(minute))
