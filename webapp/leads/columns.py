"""Which column of a file holds what, by the names that people and other programs give columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.leads.csvfile import UnreadableFileError

#: Written into a rejects file by us; left out when that file comes back.
ROW_COLUMN, PROBLEM_COLUMN = "Leadline row", "Leadline problem"

#: In order of preference: a text goes to a mobile if there is one.
_PHONES = (
    *("mobile", "mobile phone", "mobile number", "mobile phone number", "phone mobile", "cell", "cell phone"),
    *("cellphone", "cell number", "cell phone number", "phone cell", "sms", "sms number", "text number"),
    *("phone", "phone number", "phonenumber", "primary phone", "primary phone number", "contact phone"),
    *("contact number", "telephone", "telephone number", "tel", "phone 1", "phone1", "phone 1 value", "number"),
    *("phone 2", "phone2", "phone 2 value", "home phone", "phone home", "work phone", "phone work", "e164"),
)
_FIELDS = {
    "first_name": ("first name", "firstname", "first", "given name", "forename", "fname", "owner first name"),
    "last_name": ("last name", "lastname", "last", "surname", "family name", "lname", "owner last name"),
    "name": ("name", "full name", "fullname", "contact", "contact name", "lead", "lead name", "owner name", "client"),
    "email": ("email", "e mail", "email address", "e mail address", "mail", "email 1", "e mail 1 value"),
    "state": ("state", "st", "province", "state province", "state code", "mailing state", "home state"),
    "postal_code": ("zip", "zip code", "zipcode", "postal code", "postcode", "postal", "mailing zip"),
    "timezone": ("timezone", "time zone", "tz"),
    "tags": ("tags", "tag", "labels", "label", "groups", "group"),
}
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names}
_OURS = {ROW_COLUMN.casefold(), PROBLEM_COLUMN.casefold()}
_KEY_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of cells: phones by preference, one per known field, and the others under keys of their own."""

    phones: tuple[int, ...]
    fields: dict[str, int]
    custom: dict[str, int]
    nameless: tuple[int, ...]
    width: int


def recognise(header: Sequence[str]) -> Columns:
    """What the columns hold. Raises UnreadableFileError when none of them holds phone numbers."""
    names = [_plain(cell) for cell in header]
    positions = (position for position, name in enumerate(names) if name in _PHONES)
    phones = tuple(sorted(positions, key=lambda position: _PHONES.index(names[position])))
    if not phones:
        raise UnreadableFileError(_no_phone(header))
    fields: dict[str, int] = {}
    custom: dict[str, int] = {}
    for position, name in enumerate(names):
        if name and position not in phones and name not in _OURS:
            _place(name, position, fields, custom)
    return Columns(phones, fields, custom, tuple(n for n, name in enumerate(names) if not name), len(header))


def _place(name: str, position: int, fields: dict[str, int], custom: dict[str, int]) -> None:
    field = _FIELD_OF.get(name)
    if field and field not in fields:
        fields[field] = position
        return
    key = name.replace(" ", "_")[:_KEY_LENGTH]
    custom[key if key not in custom else f"{key}_{position + 1}"] = position


def _plain(cell: str) -> str:
    """ "First-Name *" → "first name"."""
    return " ".join(re.findall(r"[^\W_]+", cell.replace("\ufeff", "").casefold()))


def _no_phone(header: Sequence[str]) -> str:
    found = ", ".join(f"“{cell.strip()[:30]}”" for cell in header[:8] if cell.strip())
    return (
        "No column is named Phone, Mobile or Cell. Leadline looks for column names in the first row, and there found "
        f"{found}. Name the column with the phone numbers Phone, and try again."
    )
