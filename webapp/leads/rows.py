"""One row of a file as a lead: its cells put under our fields' names, cleaned, and judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from webapp.leads import statuses
from webapp.leads.columns import Columns
from webapp.leads.consents import SOURCE_LENGTH
from webapp.leads.dates import day_alone, read_instant
from webapp.leads.fields import REGION, Cleaned, LeadValues, clean, clean_phone, split_tags, tidy
from webapp.leads.marks import OptOut, RowConsent, opt_out_in, read_kind, refuses_consent
from webapp.rules.phones import ASKS_TO_STOP, parse
from webapp.web import csvsafe
from webapp.web.problems import FieldError

_ORDINARY_PHONE = re.compile(r"\s*(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]{0,2}(\d{3})[-. ]?(\d{4})\s*", re.ASCII)
_ZIP_WITHOUT_ITS_ZEROS = re.compile(r"\d{3,4}", re.ASCII)
_ASKS = re.compile(r"[^\W\d_]{3}")  # any word; few numbers have one beside them
_OF_CONSENT = frozenset({"consent_source", "consent_date", "consent_kind", "opted_out_at"})

#: What a row says that says nothing of consent.
NO_WORD = RowConsent()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is a lead, or the reasons why it is not.

    ``opted_out`` holds for either, and then the phone is among the values: a slip in the e-mail address undoes no STOP.
    """

    number: int
    values: LeadValues
    errors: Sequence[FieldError] = ()
    consent: RowConsent = NO_WORD
    opted_out: OptOut | None = None


def read_row(number: int, cells: Sequence[str], columns: Columns, zone: str) -> Row:
    """The lead in a row that is not blank. Days are those of ``zone``."""
    if any(cell.strip() for cell in cells[columns.width :]):
        return Row(number, {}, [FieldError("row", _TOO_WIDE.format(cells=len(cells), width=columns.width))])
    if columns.is_ours:
        cells = [csvsafe.plain(cell) for cell in cells]
    cleaned = clean(_given(cells, columns))
    consent = _consent(cells, columns, zone, cleaned) if columns.speaks_of_consent else NO_WORD
    opted_out = _opt_out(cells, columns, zone) if "phone" in cleaned.values else None
    return Row(number, cleaned.values, cleaned.errors, consent, opted_out)


def phone_of(cells: Sequence[str], columns: Columns) -> str | None:
    """The phone that ``read_row`` finds, found faster where it is written as most are; None when there is none."""
    given = [cell for cell in (_cell(cells, position) for position in columns.phones) if cell.strip()]
    ordinary = _ORDINARY_PHONE.fullmatch(given[0]) if len(given) == 1 else None
    if ordinary:
        return "+1" + "".join(ordinary.groups())
    try:
        return clean_phone(phone_cell(cells, columns))
    except ValueError:
        return None


def _consent(cells: Sequence[str], columns: Columns, zone: str, cleaned: Cleaned) -> RowConsent:
    """What the row says of consent; what cannot be read joins the row's errors."""
    source, day, kind = (_named(cells, columns, name) for name in ("consent_source", "consent_date", "consent_kind"))
    if refuses_consent(kind) or refuses_consent(source):
        return RowConsent(refused=True)
    at, alone = None, None
    try:
        at, alone = (read_instant(day, zone), day_alone(day, zone)) if day else (None, None)
    except ValueError as refusal:
        cleaned.errors.append(FieldError("consent_date", str(refusal)))
    try:
        return RowConsent(tidy(source)[:SOURCE_LENGTH], at, read_kind(kind), day=alone)
    except ValueError as refusal:
        cleaned.errors.append(FieldError("consent_kind", str(refusal)))
        return NO_WORD


def _opt_out(cells: Sequence[str], columns: Columns, zone: str) -> OptOut | None:
    """What the row's marks say, or a note beside its number: "212 555 0123 (do not text)"."""
    if _ASKS.search(phone := phone_cell(cells, columns)) and parse(phone, REGION).warning == ASKS_TO_STOP:
        return OptOut()
    if not columns.opt_outs and "opted_out_at" not in columns.fields:
        return None
    marks = [_cell(cells, position) for position in columns.opt_outs]
    return opt_out_in(marks, _named(cells, columns, "opted_out_at"), zone)


def _given(cells: Sequence[str], columns: Columns) -> dict[str, object]:
    given: dict[str, object] = {
        name: _cell(cells, position) for name, position in columns.fields.items() if name not in _OF_CONSENT
    }
    _split_name(given)
    given["tags"] = split_tags(str(given.get("tags", "")))
    given["postal_code"] = _with_its_zeros(str(given.get("postal_code", "")))
    given["custom"] = {key: value for key, n in columns.custom.items() if (value := _cell(cells, n).strip())}
    given["phone"] = phone_cell(cells, columns)
    _place_status(given, columns)
    return given


def phone_cell(cells: Sequence[str], columns: Columns) -> str:
    """The best column's cell that holds a phone; when none does, the best that holds anything."""
    given = [cell for cell in (_cell(cells, position) for position in columns.phones) if cell.strip()]
    return next((cell for cell in given if len(given) == 1 or _is_phone(cell)), given[0] if given else "")


def _is_phone(cell: str) -> bool:
    try:
        clean_phone(cell)
    except ValueError:
        return False
    return True


def _split_name(given: dict[str, object]) -> None:
    """ "Jane Doe" and "Doe, Jane" in one cell, where the row gives no first and last name."""
    whole = " ".join(str(given.pop("name", "")).split())
    if not whole or str(given.get("first_name", "")).strip() or str(given.get("last_name", "")).strip():
        return
    last, comma, first = whole.partition(",")
    if not comma:
        first, _, last = whole.rpartition(" ")
    given["first_name"], given["last_name"] = (first, last) if first else (last, "")


def _place_status(given: dict[str, object], columns: Columns) -> None:
    """An empty cell says nothing. Every program has stages of its own, so a word that is no status of ours keeps nobody
    out: it becomes a field of the lead's own."""
    cell = str(given.pop("status", "")).strip()
    if statuses.find(cell):
        given["status"] = cell
    elif cell:
        given["custom"] = {**cast(dict[str, str], given["custom"]), columns.status_key: cell}


def _with_its_zeros(cell: str) -> str:
    """Spreadsheets take 02134 for a number and write 2134."""
    cell = cell.strip()
    return cell.zfill(5) if _ZIP_WITHOUT_ITS_ZEROS.fullmatch(cell) else cell


def _named(cells: Sequence[str], columns: Columns, field: str) -> str:
    """The stripped cell of a field that the file may not have."""
    return _cell(cells, columns.fields[field]).strip() if field in columns.fields else ""


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position] if position < len(cells) else ""


_TOO_WIDE = (
    "This row has {cells} cells and the first row {width}: a comma inside a cell needs quotation marks around the cell."
)
