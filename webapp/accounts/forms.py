"""The forms of these pages: what people may type, and what they are told when it will not do."""

from __future__ import annotations

import re
from typing import Self

import email_validator
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, EqualTo, Length, Regexp

from webapp.accounts import passwords
from webapp.accounts.zones import zone_choices
from webapp.models.constants import Role

_ROLES = {role.value: role.value.title() for role in Role}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

# An office's own network has such addresses; whether a letter arrives there is for the letter to show.
for _name in ("local", "test"):
    if _name in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)


def _one_line(value: str | None) -> str | None:
    """What a line of a form holds: Postgres keeps no NUL, and a line break would end an e-mail's header."""
    return " ".join(_CONTROL.sub(" ", value).split()) if value else value


def _up_to(characters: int) -> Length:
    return Length(max=characters, message=f"Use {characters} characters or fewer.")


_ADDRESS = [DataRequired("Enter an e-mail address."), Email("Enter an e-mail address, like name@example.com.")]


class LoginForm(FlaskForm):
    email = EmailField("E-mail address", [DataRequired("Enter your e-mail address.")], filters=[_one_line])
    password = PasswordField("Password", [DataRequired("Enter your password.")])
    next = HiddenField()


class ForgotForm(FlaskForm):
    """Any address that an account may have, and those are not made here alone."""

    email = EmailField(
        "E-mail address",
        [DataRequired("Enter your e-mail address."), Regexp(".+@.+", message="It has an @ in it.")],
        filters=[_one_line],
    )


class NewPasswordForm(FlaskForm):
    """Sets a password for the person whose address is ``whose``."""

    password = PasswordField("New password", [DataRequired("Enter a password.")])
    again = PasswordField("The same again", [EqualTo("password", "The two passwords differ.")])

    whose = ""

    @classmethod
    def for_email(cls, email: str, *, sent: bool = True) -> Self:
        """The form as it was sent, or an empty one."""
        form = cls() if sent else cls(formdata=None)
        form.whose = email
        return form

    def validate_password(self, field: PasswordField) -> None:
        complaint = passwords.complaint(field.data or "", self.whose)
        if complaint:
            raise ValidationError(complaint)


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField("Current password", [DataRequired("Enter your current password.")])


class ProfileForm(FlaskForm):
    name = StringField("Name", [DataRequired("Enter your name."), _up_to(100)], filters=[_one_line])
    timezone = SelectField("Time zone", choices=zone_choices)


class TokenForm(FlaskForm):
    name = StringField(
        "What is it for?", [DataRequired("Say what the token is for."), _up_to(100)], filters=[_one_line]
    )


class InviteForm(FlaskForm):
    name = StringField("Name", [DataRequired("Enter their name."), _up_to(100)], filters=[_one_line])
    email = EmailField("E-mail address", _ADDRESS, filters=[_one_line])
    role = SelectField("Role", choices=_ROLES)


class RoleForm(FlaskForm):
    role = SelectField("Role", choices=_ROLES)


class AccountForm(FlaskForm):
    business_name = StringField("Business name", [_up_to(100)], filters=[_one_line])
    business_contact = StringField("How to reach you", [_up_to(200)], filters=[_one_line])
    default_timezone = SelectField("Default time zone", choices=zone_choices)
    keyword_replies = RadioField(
        "Who answers STOP, START and HELP?",
        choices={"carrier": "The carrier (Twilio)", "leadline": "Leadline"},
    )
