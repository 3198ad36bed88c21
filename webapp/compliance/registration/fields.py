"""What a registration asks, as data: pages, checks, print and tests read the same table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from webapp.models.constants import RegistrationKind

Kind = Literal["line", "text", "url", "urls", "email", "phone", "ein", "keywords", "choice", "several", "yes_no"]

YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``api``: what Twilio's API calls it. ``least`` and ``most``: characters, 0 where there is no limit.

    ``choices``: value and label. ``why``: what reviewers reject, and Twilio's code for it where there is one.
    """

    key: str
    label: str
    api: str
    kind: Kind = "line"
    hint: str = ""
    why: str = ""
    least: int = 0
    most: int = 0
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def limits(self) -> str:
        """The limits in words; empty where there are none."""
        if self.least and self.most:
            return f"{self.least} to {self.most} characters"
        return f"up to {self.most} characters" if self.most else ""

    def shown(self, value: str) -> str:
        """An answer as people read it: a choice by its label."""
        labels = dict(self.choices)
        if self.kind == "several":
            return ", ".join(labels.get(part, part) for part in split(value))
        return labels.get(value, value)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together, with a sentence above them."""

    key: str
    title: str
    intro: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One registration. ``as_of``: when its fields and limits were compared with ``sources``."""

    kind: RegistrationKind
    title: str
    intro: str
    sections: tuple[Section, ...]
    as_of: date
    sources: tuple[str, ...]

    def fields(self) -> Iterator[Field]:
        """All of them, in the page's order."""
        for section in self.sections:
            yield from section.fields


def split(value: str) -> list[str]:
    """The parts of an answer that has several: one a line, or separated by commas."""
    return [part for part in (part.strip() for part in value.replace(",", "\n").splitlines()) if part]
