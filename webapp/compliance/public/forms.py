"""The forms of the public pages: what a stranger fills in, and what the account says of itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, Length, Optional

from webapp.accounts.settings import AccountSettings
from webapp.leads.fields import Cleaned, clean, tidy
from webapp.leads.places import STATES
from webapp.rules.phones import is_us_or_canadian


def _line(value: str | None) -> str:
    return tidy(value)


def _lines(value: str | None) -> str:
    """Several lines, each tidy."""
    return "\n".join(line for line in (tidy(line) for line in (value or "").splitlines()) if line)


def _up_to(characters: int) -> Length:
    return Length(max=characters, message=f"Use {characters} characters or fewer.")


class JoinForm(FlaskForm):
    """Opting in. The box starts empty; only programs see ``homepage``; ``version`` is that of the words shown."""

    first_name = StringField("First name", [DataRequired("Enter your first name.")], filters=[_line])
    phone = TelField("Mobile number")
    state = SelectField("State", choices={"": "Not given", **STATES}, validate_choice=False, default="")
    consent = BooleanField("", default=False)
    homepage = StringField("Leave this empty")
    version = HiddenField()

    def read(self) -> Cleaned | None:
        """The person's fields, clean; None when something is wrong, which is written beside its field."""
        ok = self.validate()
        cleaned = clean({name: self[name].data or "" for name in ("first_name", "phone", "state")})
        for error in cleaned.errors:
            self[error.field].errors = [error.message]
        ok = self._is_within_reach(cleaned) and ok
        if not self.consent.data:
            self.consent.errors = ["Tick the box if you agree. Without that we cannot text you."]
            return None
        return cleaned if ok and not cleaned.errors else None

    def _is_within_reach(self, cleaned: Cleaned) -> bool:
        """Whether the number, if it is one, is American or Canadian: we know no other country's hours."""
        phone = cleaned.values.get("phone")
        if phone is None or is_us_or_canadian(phone):
            return True
        self.phone.errors = ["We can text only US and Canadian numbers. Enter one of those."]
        return False


class PublicForm(FlaskForm):
    """What the public pages are filled from."""

    business_name = StringField("Business name", [_up_to(100)], filters=[_line])
    business_contact = StringField("How to reach you", [_up_to(200)], filters=[_line])
    business_address = TextAreaField("Postal address", [_up_to(300)], filters=[_lines])
    business_website = URLField("Website", [_up_to(200)], filters=[_line])
    privacy_email = EmailField(
        "Address for questions about data",
        [_up_to(200), Optional(), Email("Enter an e-mail address, like privacy@example.com.")],
        filters=[_line],
    )
    message_topics = StringField(
        "What the texts are about", [DataRequired("Say what the texts are about."), _up_to(200)], filters=[_line]
    )
    message_frequency = StringField(
        "How often", [DataRequired("Say how often, like “Up to 4 msgs/month”."), _up_to(60)], filters=[_line]
    )
    opt_in_page = BooleanField("The opt-in page is open")
    double_opt_in = BooleanField("Ask everybody to confirm by a text")

    def validate_business_website(self, field: URLField) -> None:
        parts = urlsplit(field.data or "")
        if field.data and (parts.scheme != "https" or "." not in parts.netloc):
            raise ValidationError("Enter the whole address, like https://www.example.com.")

    def changes(self) -> dict[str, object]:
        """The settings as they were sent."""
        return {name: value for name, value in self.data.items() if name in AccountSettings.model_fields}
