"""The forms of data requests, and of how long things are kept."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from webapp.compliance.privacy.data_requests import WAYS
from webapp.models.constants import PrivacyKind
from webapp.web.forms import WholeNumberField

NOTE_LENGTH = 500


class RequestForm(FlaskForm):
    """A request that came in. ``phone`` in any form."""

    phone = StringField("Phone number", [InputRequired("Enter the person's phone number.")])
    kind = RadioField(
        "What they ask for",
        [InputRequired("Say what they ask for.")],
        choices={str(PrivacyKind.EXPORT): "A copy of their data", str(PrivacyKind.ERASURE): "Deletion of their data"},
    )
    received_on = DateField("Received on", [InputRequired("Enter the day on which it came, like 2026-12-01.")])
    received_by = SelectField("How it came", choices=WAYS)
    note = TextAreaField("Note", [Length(max=NOTE_LENGTH, message=f"Use {NOTE_LENGTH} characters or fewer.")])

    def check_day(self, today: date) -> bool:
        """False, with a complaint, for a day that has not come."""
        if self.received_on.data is not None and self.received_on.data > today:
            self.received_on.errors = ["This day has not come yet."]
            return False
        return True


class EraseForm(FlaskForm):
    """The one question before something that cannot be undone."""

    last_four = StringField("Last four digits of the number", [InputRequired("Type the last four digits.")])

    def matches(self, last_four: str) -> bool:
        """False, with a complaint, when something else was typed."""
        if (self.last_four.data or "").strip() == last_four:
            return True
        self.last_four.errors = ["These are not the last four digits of this number."]
        return False


def _days(label: str, least: int, most: int) -> WholeNumberField:
    asked = f"Enter a number of days from {least} to {most}."
    return WholeNumberField(label, [InputRequired(asked), NumberRange(least, most, message=asked)], asked=asked)


class RetentionForm(FlaskForm):
    """Days, within what ``accounts.settings`` allows. ``sure``: the days for which somebody agreed to what goes."""

    keep_bodies_days = _days("Words of texts", 30, 3650)
    keep_media_days = _days("Pictures and files", 30, 3650)
    keep_webhooks_days = _days("What the carrier sent us, as it came", 1, 365)
    sure = StringField("Yes, delete them")

    @property
    def asked_for(self) -> str:
        """What ``sure`` must say: it holds for these days and no others."""
        return f"{self.keep_bodies_days.data}/{self.keep_media_days.data}"
