"""Which column of a file holds what, by the names that people and other programs give columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    "status": ("status", "lead status", "stage", "lead stage", "pipeline stage"),
    "tags": ("tags", "tag", "labels", "label", "groups", "group"),
    "consent_source": ("consent source", "consent method", "opt in source", "opt in method", "source of consent"),
    "consent_date": (
        *(
            "consent date",
            "consent at",
            "consented at",
            "consented on",
            "consent given",
            "consent time",
            "date of consent",
        ),
        *(
            "consent timestamp",
            "sms consent date",
            "opt in date",
            "opt in at",
            "opted in at",
            "opted in on",
            "optin date",
        ),
    ),
    "consent_kind": (
        *(
            "consent kind",
            "consent type",
            "type of consent",
            "consent",
            "sms consent",
            "text consent",
            "consent status",
        ),
        *("opt in", "opted in", "optin", "sms opt in", "text opt in", "sms opted in"),
    ),
    "opted_out_at": (
        *(
            "opt out date",
            "opt out at",
            "opt out time",
            "opted out at",
            "opted out on",
            "opted out date",
            "optout date",
        ),
        *("date opted out", "unsubscribed at", "unsubscribed on", "unsubscribe date", "unsubscribed date", "dnd date"),
        *("stopped at", "dnd added on", "date unsubscribed"),
    ),
}
#: A mark in any of these columns says that the person opted out. GoHighLevel calls it DND.
OPT_OUT_MARKS = frozenset(
    (
        *(
            "opted out",
            "opt out",
            "optout",
            "optedout",
            "is opted out",
            "opt out status",
            "sms opt out",
            "sms opted out",
        ),
        *("text opt out", "opted out of texts", "opted out sms", "opted out of sms", "dnd", "dnd sms", "sms dnd"),
        *(
            "dnd settings sms",
            "dnd status",
            "do not disturb",
            "do not text",
            "do not sms",
            "do not contact",
            "do not call",
        ),
        *(
            "dnc",
            "no sms",
            "no text",
            "no texts",
            "unsubscribed",
            "unsubscribe",
            "unsubscribed sms",
            "sms unsubscribed",
        ),
        *("stop", "stopped", "blocked", "blacklisted", "suppressed"),
    )
)
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names}
_OURS = {ROW_COLUMN.casefold(), PROBLEM_COLUMN.casefold()}
_KEY_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of cells: phones by preference, one per known field, and the others under keys of their own.

    ``opt_outs`` mark who opted out.
    """

    phones: tuple[int, ...]
    fields: dict[str, int]
    custom: dict[str, int]
    nameless: tuple[int, ...]
    width: int
    opt_outs: tuple[int, ...] = ()
    is_ours: bool = False
    """A rejects file that we wrote."""
    status_key: str = ""
    """Under which a word of the status column is kept that is no status of ours."""

    @property
    def speaks_of_consent(self) -> bool:
        """Whether the file says of each row how the person agreed."""
        return not {"consent_source", "consent_date", "consent_kind"}.isdisjoint(self.fields)


def recognise(header: Sequence[str]) -> Columns:
    """What the columns hold. Raises UnreadableFileError when none of them holds phone numbers."""
    names = [plain_name(cell) for cell in header]
    phones = phone_columns(names)
    if not phones:
        raise UnreadableFileError(_no_phone(header))
    fields: dict[str, int] = {}
    custom: dict[str, int] = {}
    opt_outs = tuple(position for position, name in enumerate(names) if name in OPT_OUT_MARKS)
    for position, name in enumerate(names):
        if name and position not in phones and position not in opt_outs and name not in _OURS:
            _place(name, position, fields, custom)
    status = fields.get("status")
    return Columns(
        phones,
        fields,
        custom,
        tuple(n for n, name in enumerate(names) if not name),
        len(header),
        opt_outs,
        is_ours=_OURS.issubset(names),
        status_key="" if status is None else _key(names[status], status, custom),
    )


def phone_columns(names: Sequence[str]) -> tuple[int, ...]:
    """The positions of the columns, given by their plain names, that hold phone numbers; mobiles first."""
    positions = (position for position, name in enumerate(names) if name in _PHONES)
    return tuple(sorted(positions, key=lambda position: _PHONES.index(names[position])))


def plain_name(cell: str) -> str:
    """ "First-Name *" → "first name"."""
    return " ".join(re.findall(r"[^\W_]+", cell.replace("\ufeff", "").casefold()))


def _place(name: str, position: int, fields: dict[str, int], custom: dict[str, int]) -> None:
    field = _FIELD_OF.get(name)
    if field and field not in fields:
        fields[field] = position
        return
    custom[_key(name, position, custom)] = position


def _key(name: str, position: int, custom: Mapping[str, int]) -> str:
    """A key that no other column has."""
    key = name.replace(" ", "_")[:_KEY_LENGTH]
    return key if key not in custom else f"{key}_{position + 1}"


def _no_phone(header: Sequence[str]) -> str:
    found = ", ".join(f"“{cell.strip()[:30]}”" for cell in header[:8] if cell.strip())
    return (
        "No column is named Phone, Mobile or Cell. Leadline looks for column names in the first row, and there found "
        f"{found}. Name the column with the phone numbers Phone, and try again."
    )
