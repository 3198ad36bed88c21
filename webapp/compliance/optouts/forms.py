"""The forms of the opt-out pages. What they may hold is said by ``by_hand`` and ``re_opt_in``; these ask for it."""

from __future__ import annotations

from datetime import datetime

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, StringField, TelField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from webapp.compliance.optouts import by_hand, re_opt_in
from webapp.compliance.optouts.re_opt_in import Evidence, Stopped
from webapp.leads.consents import CONSENT_SOURCES
from webapp.leads.fields import REGION
from webapp.rules.phones import parse

_METHODS = {value: words[0].upper() + words[1:] for value, words in by_hand.METHODS.items()}


class StopForm(FlaskForm):
    """How somebody told us that they want no more texts."""

    method = RadioField("How they told us", [InputRequired("Say how they told us.")], choices=_METHODS)
    note = StringField("Note", [Length(max=by_hand.NOTE_LENGTH)])


class AddForm(StopForm):
    """The same, for a number that is typed in."""

    phone = TelField("Phone number", [InputRequired("Give the number.")])

    def read_phone(self) -> str | None:
        """The number as E.164; None, with the reason beside the field, when it is none."""
        parsed = parse(self.phone.data or "", REGION)
        if parsed.e164 is None and not self.phone.errors:
            self.phone.errors = [parsed.warning or "This is not a phone number."]
        return parsed.e164


class AgreeAgainForm(FlaskForm):
    """The evidence for opting somebody in again."""

    source = RadioField("How they agreed", choices=CONSENT_SOURCES, validate_choice=False)
    day = DateField("On which day", [Optional()])
    note = TextAreaField("What shows it", [Length(max=re_opt_in.NOTE_LENGTH)])
    attested = BooleanField("I confirm that they agreed to texts from us. It is kept with my name.")
    after_erasure = BooleanField("They had their data deleted, and agreed after that.")

    def read(self, stopped: Stopped, zone: str, now: datetime) -> Evidence | None:
        """The evidence; None, with what is wrong beside its fields."""
        evidence = Evidence(
            self.source.data or "",
            self.day.data,
            self.note.data or "",
            bool(self.attested.data),
            bool(self.after_erasure.data),
        )
        valid = self.validate()  # first: it begins with a clean slate
        wrong = re_opt_in.complaints(evidence, stopped, zone, now)
        for name, complaint in wrong.items():
            self[name].errors = [complaint]
        return evidence if valid and not wrong else None


class OptOutListForm(FlaskForm):
    """A file of opt-outs."""

    file = FileField("List of opt-outs")

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError("Choose the file with the opt-outs.")
