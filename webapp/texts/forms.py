"""The form of a template. What may be in one is said by ``webapp.texts.library``; this asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional

from webapp.accounts.actors import Actor
from webapp.accounts.permissions import Permission
from webapp.texts.library import Entry
from webapp.texts.reading import Template
from webapp.web.problems import FieldError

_EVERYBODY, _MINE = "everybody", "mine"
_DIGITS = 9


class TemplateForm(FlaskForm):
    """``version`` is the one that the writer had before them. Only managers choose who may use it."""

    name = StringField("Name")
    category = StringField("Category")
    body = TextAreaField("Text")
    audience = RadioField(
        "Who may use it", [Optional()], choices={_EVERYBODY: "Everybody", _MINE: "Only you"}, default=_EVERYBODY
    )
    version = HiddenField()

    @classmethod
    def showing(cls, name: str = "", category: str = "", body: str = "") -> Self:
        """A new template's form, filled in as far as is known."""
        return cls(formdata=None, name=name, category=category, body=body)

    @classmethod
    def of(cls, template: Template) -> Self:
        """The form of a template as it is."""
        form = cls.showing(template.name, template.category, template.body)
        form.audience.data = _EVERYBODY if template.shared else _MINE
        form.version.data = str(template.version)
        return form

    def entry(self, actor: Actor) -> Entry:
        """What the form asks to be saved; a rep's is always their own."""
        shared = actor.may(Permission.MANAGE) and self.audience.data != _MINE
        return Entry.tidy(self.name.data or "", self.category.data or "", self.body.data or "", shared=shared)

    @property
    def read_version(self) -> int:
        """The version that was read; 0, which none is, when the form does not say."""
        given = self.version.data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) <= _DIGITS else 0

    def say(self, errors: Iterable[FieldError]) -> bool:
        """Writes what is wrong beside the fields; whether nothing is."""
        for error in errors:
            self[error.field].errors = [error.message]
        return not any(field.errors for field in self)
