"""A lead's fields as people, programs and files give them, made fit to store; a refusal names the fix."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypedDict, cast

from webapp.leads import statuses
from webapp.leads.places import state_code, zone_key
from webapp.models.constants import LeadStatus
from webapp.rules.phones import parse
from webapp.web.problems import FieldError

#: The country whose numbers may be given without "+" and country code.
REGION = "US"

CustomValue: TypeAlias = str | int | float | bool

_NAME_LENGTH = 100
_EMAIL_LENGTH = 254
_TAG_LENGTH, TAG_COUNT = 50, 50
_KEY_LENGTH, _VALUE_LENGTH, CUSTOM_COUNT = 64, 1000, 50
_SAFE_INTEGER = 2**53

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_POSTAL_CODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,10}[A-Z0-9]")
_SPACE = re.compile(r"\s+")
#: Format characters that join letters of a name in some scripts; all others are invisible litter.
_JOINERS = "\u200c\u200d"


class LeadValues(TypedDict, total=False):
    """A lead's fields, clean. Absent means: not given."""

    phone: str
    first_name: str
    last_name: str
    email: str | None
    state: str | None
    postal_code: str | None
    timezone: str | None
    status: LeadStatus
    tags: list[str]
    custom: dict[str, CustomValue]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What could be made of the given fields, and what was wrong with the others."""

    values: LeadValues = field(default_factory=LeadValues)
    errors: list[FieldError] = field(default_factory=list)


def clean(given: Mapping[str, object]) -> Cleaned:
    """Cleans each given field by its own rule. ``given`` holds strings, a list under tags, a mapping under custom."""
    cleaned = Cleaned()
    for name, value in given.items():
        try:
            cast(dict[str, object], cleaned.values)[name] = _CLEANERS[name](value)
        except ValueError as refusal:
            cleaned.errors.append(FieldError(name, str(refusal)))
    return cleaned


def tidy(value: object) -> str:
    """One line of composed characters: litter from spreadsheets and web pages dropped, runs of space made one."""
    text = unicodedata.normalize("NFC", str(value or ""))
    if not text.isprintable():
        text = "".join(character for character in _SPACE.sub(" ", text) if _is_kept(character))
    return _SPACE.sub(" ", text).strip()


def split_tags(text: str) -> list[str]:
    """Tags as one line of a form or cell: separated by commas, semicolons or bars."""
    return re.split(r"[,;|]", text)


def clean_phone(value: object) -> str:
    """The number as E.164. Raises ValueError with the fix, which never quotes the number."""
    parsed = parse(str(value or ""), REGION)
    if parsed.e164 is None:
        raise ValueError(parsed.warning)
    return parsed.e164


def _is_kept(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


def _name(value: object) -> str:
    text = tidy(value)
    if len(text) > _NAME_LENGTH:
        raise ValueError(f"Use {_NAME_LENGTH} characters or fewer.")
    return text


def _email(value: object) -> str | None:
    text = tidy(value)
    if text and (len(text) > _EMAIL_LENGTH or not _EMAIL.fullmatch(text)):
        raise ValueError("This is not an e-mail address. Write it like name@example.com.")
    return text or None


def _state(value: object) -> str | None:
    text = tidy(value)
    code = state_code(text) if text else None
    if text and code is None:
        raise ValueError("This is not a US state or Canadian province. Write it like TX or Texas.")
    return code


def _postal_code(value: object) -> str | None:
    text = tidy(value).upper()
    if text and not _POSTAL_CODE.fullmatch(text):
        raise ValueError("This is not a postal code. Write it like 78701 or 78701-1234.")
    return text or None


def _timezone(value: object) -> str | None:
    text = tidy(value)
    key = zone_key(text) if text else None
    if text and key is None:
        raise ValueError("This is not a time zone. Write it like America/Chicago or Central.")
    return key


def _tags(value: object) -> list[str]:
    """Each tag once, whatever its case; the first spelling stays."""
    given = [tidy(item) for item in cast(Iterable[object], value)]
    tags = list({tag.casefold(): tag for tag in reversed(given) if tag}.values())[::-1]
    if any(len(tag) > _TAG_LENGTH for tag in tags):
        raise ValueError(f"A tag has {_TAG_LENGTH} characters or fewer.")
    if any("," in tag for tag in tags):
        raise ValueError("A tag has no comma: commas separate tags.")
    if len(tags) > TAG_COUNT:
        raise ValueError(f"A lead has {TAG_COUNT} tags or fewer.")
    return tags


def _custom(value: object) -> dict[str, CustomValue]:
    fields = {tidy(key): item for key, item in cast(Mapping[str, object], value).items() if item is not None}
    if len(fields) > CUSTOM_COUNT:
        raise ValueError(f"A lead has {CUSTOM_COUNT} fields of your own or fewer.")
    if any(not 0 < len(key) <= _KEY_LENGTH for key in fields):
        raise ValueError(f"The name of a field has 1 to {_KEY_LENGTH} characters.")
    return {key: _custom_value(item) for key, item in fields.items()}


def _custom_value(value: object) -> CustomValue:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) > _SAFE_INTEGER:
            raise ValueError("A number this large is not kept exactly; give it as text.")
        return value
    text = tidy(value)
    if len(text) > _VALUE_LENGTH:
        raise ValueError(f"The value of a field has {_VALUE_LENGTH} characters or fewer.")
    return text


_CLEANERS: dict[str, Callable[[object], object]] = {
    "phone": clean_phone,
    "first_name": _name,
    "last_name": _name,
    "email": _email,
    "state": _state,
    "postal_code": _postal_code,
    "timezone": _timezone,
    "status": statuses.read,
    "tags": _tags,
    "custom": _custom,
}
