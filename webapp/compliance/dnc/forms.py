"""The forms of do-not-call lists: one to be imported, and a number to be found on them."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, StringField, TelField, ValidationError
from wtforms.validators import InputRequired, Length

from webapp.compliance.dnc import lists
from webapp.compliance.dnc.filling import NewList
from webapp.leads.fields import REGION, tidy
from webapp.models.constants import DncKind
from webapp.rules.phones import parse

_NAME_LENGTH = 80


class DncListForm(FlaskForm):
    """A do-not-call list: which it is, how old, and its file."""

    kind = RadioField(
        "Which list is it?",
        [InputRequired("Say which list it is.")],
        choices={str(kind): words for kind, words in lists.KIND_WORDS.items()},
        default=str(DncKind.NATIONAL),
    )
    name = StringField("Name", [Length(max=_NAME_LENGTH, message=f"Use {_NAME_LENGTH} characters or fewer.")])
    as_of = DateField("Downloaded on", [InputRequired("Give the day on which the list was given out to you.")])
    anyway = BooleanField("Import it anyway")
    file = FileField("List")

    def validate_name(self, field: StringField) -> None:
        if not tidy(field.data):
            raise ValidationError("Name the list, for example by its area code or state.")

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError("Choose the file of the list.")

    def judge_age(self, today: date) -> None:
        """Says beside the day what is wrong with it: not come yet, or so long ago that the list protects no more."""
        day = self.as_of.data
        if day is None:
            if not self.as_of.errors or self.as_of.raw_data not in ([], [""], None):
                self.as_of.errors = ["This is not a day. Choose the one on which the list was given out to you."]
            return
        days = lists.days_old(day, today)
        if days < 0:
            self.as_of.errors = ["This day has not come yet. Choose the day on which the list was given out to you."]
        elif days > lists.GOOD_FOR_DAYS and not self.anyway.data:
            self.as_of.errors = [
                f"This list is {days} days old. The law asks for one of at most {lists.GOOD_FOR_DAYS} days "
                "(47 CFR 64.1200(c)(2)), because numbers join every day. Download a fresh one; or tick the box below."
            ]

    def judge_replacement(self, newer: date | None) -> None:
        """An older list does not take a newer one's place by a slip."""
        if newer is not None:
            self.name.errors = [
                f"The list of this name that you have is newer: of {newer:%b %-d, %Y}. Give this one another name."
            ]

    @property
    def described(self) -> NewList | None:
        """The list that is described; None as long as something is wrong."""
        if any(field.errors for field in self) or self.as_of.data is None:
            return None
        return NewList(DncKind(self.kind.data), tidy(self.name.data), self.as_of.data)

    @property
    def may_be_old(self) -> bool:
        """Whether to offer to import it all the same."""
        return bool(self.anyway.data) or any("days old" in str(error) for error in self.as_of.errors)


class LookUpForm(FlaskForm):
    """One number, to be found on the lists."""

    phone = TelField("Phone number", [InputRequired("Give the number.")])

    def read_phone(self) -> str | None:
        """The number as E.164; None, with the reason beside the field, when it is none."""
        parsed = parse(self.phone.data or "", REGION)
        if parsed.e164 is None and not self.phone.errors:
            self.phone.errors = [parsed.warning or "This is not a phone number."]
        return parsed.e164
