"""The forms of the leads pages. What may be in a lead is said by ``webapp.leads.fields``; these ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Self

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import Length, Optional

from webapp.accounts.actors import Actor
from webapp.accounts.users import Person
from webapp.leads import consents
from webapp.leads.fields import Cleaned, clean, split_tags
from webapp.leads.places import STATES, ZONES, zone_name
from webapp.leads.reading import Lead
from webapp.leads.signals import Consent
from webapp.leads.statuses import LABELS
from webapp.models.constants import LeadStatus
from webapp.web.problems import FieldError

_NOBODY = ""
_CUSTOM = "custom-"


class ConsentForm(FlaskForm):
    """How people agreed to texts. Blank means: they did not."""

    consent_date = DateField("When", [Optional()])
    attested = BooleanField("I confirm this. It is kept with my name.")

    def read_consent(self, source: Field, actor: Actor, now: datetime) -> Consent | None:
        """The consent that was given, if any; what is wrong with it is written beside its fields."""
        if self.consent_date.errors:
            self.consent_date.errors = ["This is not a day. Choose one, or leave it empty for today."]
            return None
        if source.data and not self.attested.data:
            self.attested.errors = [consents.NOT_ATTESTED]
            return None
        try:
            return consents.on_day(source.data or "", self.consent_date.data, actor.timezone, now)
        except ValueError as refusal:
            self.consent_date.errors = [str(refusal)]
            return None


class LeadForm(ConsentForm):
    """A lead. Only a new one is asked for owner and consent."""

    phone = TelField("Phone")
    first_name = StringField("First name")
    last_name = StringField("Last name")
    email = EmailField("E-mail address")
    state = SelectField("State", default="")
    postal_code = StringField("ZIP code")
    timezone = SelectField("Time zone", default="")
    status = SelectField("Status", default=LeadStatus.NEW)
    tags = StringField("Tags")
    owner = SelectField("Assigned to", default="")
    consent_source = SelectField("How did they agree to get texts?", default="")

    @classmethod
    def for_new(cls, actor: Actor, people: Sequence[Person], *, sent: bool) -> Self:
        """The form for a new lead, as it was sent or empty; its owner is the rep who makes it."""
        form = cls() if sent else cls(formdata=None, owner=str(actor.id), phone=request.args.get("phone", ""))
        form._offer(people_to_choose(actor, people))
        return form

    @classmethod
    def for_lead(cls, lead: Lead, *, sent: bool) -> Self:
        """The form of a lead, as it was sent or as the lead is."""
        form = cls() if sent else cls(formdata=None, data=_shown(lead))
        form._offer({_NOBODY: ""}, rare_zone=lead.timezone)
        return form

    def read(self) -> Cleaned:
        """The lead's own fields, clean; what is wrong with them is written beside each."""
        given = {name: self[name].data or "" for name in _PLAIN}
        # A form without the field, such as a page opened before there was one, says nothing of it.
        status = {"status": self.status.data} if self.status.raw_data else {}
        cleaned = clean({**given, **status, "tags": split_tags(self.tags.data or "")})
        self.say(cleaned.errors)
        return cleaned

    def say(self, errors: Iterable[FieldError]) -> None:
        """Writes what is wrong beside the fields."""
        for error in errors:
            self[error.field].errors = [error.message]

    @property
    def owner_id(self) -> int | None:
        """Whom the new lead goes to."""
        return int(self.owner.data) if self.owner.data else None

    def _offer(self, owners: dict[str, str], rare_zone: str | None = None) -> None:
        self.owner.choices = owners
        self.status.choices = {str(status): label for status, label in LABELS.items()}
        self.state.choices = {"": "Not known", **STATES}
        rare = {rare_zone: zone_name(rare_zone)} if rare_zone and rare_zone not in ZONES else {}
        self.timezone.choices = {"": "By phone number and state", **ZONES, **rare}
        self.consent_source.choices = {"": "They have not, or I do not know", **consents.CONSENT_SOURCES}


class ImportForm(ConsentForm):
    """A file, and what to do with everybody in it."""

    file = FileField("CSV file")
    owner = SelectField("Assign new leads to", default="")
    known = RadioField(
        "Leads you already have",
        choices={"keep": "Fill in what is missing", "overwrite": "Replace what is there"},
        default="keep",
    )
    consent_source = StringField(
        "How did everybody in this file agree to get texts?",
        [Length(max=consents.SOURCE_LENGTH, message="Use 200 characters or fewer.")],
        filters=[lambda value: value.replace("\x00", "").strip() if value else ""],
    )

    @classmethod
    def asking(cls, actor: Actor, people: Sequence[Person], *, sent: bool) -> Self:
        """The form, as it was sent or empty."""
        form = cls() if sent else cls(formdata=None, owner=_NOBODY if actor.sees_all else str(actor.id))
        form.owner.choices = people_to_choose(actor, people)
        return form

    def read_whole_consent(self, actor: Actor, now: datetime) -> Consent | None:
        """Everybody's consent: source, day and confirmation together, or none. What is missing is said at its field.

        A confirmation alone vouches for what the file itself says of each row.
        """
        if self.consent_source.data and self.consent_date.data is None:
            self.consent_date.errors = [consents.NOT_A_DAY if self.consent_date.errors else consents.NO_DAY]
        if self.consent_date.data and not self.consent_source.data:
            self.consent_source.errors = [consents.NO_SOURCE]
        if self.consent_source.data and not self.attested.data:
            self.attested.errors = [consents.NOT_ATTESTED]
        return None if any(field.errors for field in self) else self.read_consent(self.consent_source, actor, now)

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError("Choose the CSV file to import.")

    @property
    def owner_id(self) -> int | None:
        """Whom new leads go to."""
        return int(self.owner.data) if self.owner.data else None


def people_to_choose(actor: Actor, people: Sequence[Person]) -> dict[str, str]:
    """Whom this actor may make leads for: a rep themselves or nobody, a manager anybody."""
    mine = {str(actor.id): f"{actor.name} (you)"}
    others = {str(person.id): person.name for person in people if person.id != actor.id}
    return {_NOBODY: "Nobody yet", **mine, **(others if actor.sees_all else {})}


def custom_changes(lead: Lead) -> dict[str, object]:
    """A lead's own fields as the form has them: one emptied goes, one left alone keeps its type."""
    sent = {key: request.form.get(f"{_CUSTOM}{key}", "").strip() for key in lead.custom}
    kept = {key: value if sent[key] == str(value) else sent[key] for key, value in lead.custom.items()}
    return {key: value for key, value in kept.items() if value != ""}


def _shown(lead: Lead) -> dict[str, str]:
    """A lead's fields as a person would type them."""
    plain = {name: getattr(lead, name) or "" for name in _PLAIN}
    return {**plain, "phone": lead.number, "status": lead.status, "tags": ", ".join(lead.tags)}


_PLAIN = ("phone", "first_name", "last_name", "email", "state", "postal_code", "timezone")
