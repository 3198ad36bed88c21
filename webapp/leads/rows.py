"""One row of a file as a lead: its cells put under our fields' names, cleaned, and judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.leads.columns import Columns
from webapp.leads.fields import LeadValues, clean, clean_phone, split_tags
from webapp.web.problems import FieldError

_ORDINARY_PHONE = re.compile(r"\s*(?:\+?1[-. ]?)?\(?([2-9]\d\d)\)?[-. ]{0,2}(\d{3})[-. ]?(\d{4})\s*", re.ASCII)
_ZIP_WITHOUT_ITS_ZEROS = re.compile(r"\d{3,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is a lead, or the reasons why it is not."""

    number: int
    values: LeadValues
    errors: Sequence[FieldError] = ()


def read_row(number: int, cells: Sequence[str], columns: Columns) -> Row:
    """The lead in a row that is not blank."""
    if any(cell.strip() for cell in cells[columns.width :]):
        return Row(number, {}, [FieldError("row", _TOO_WIDE.format(cells=len(cells), width=columns.width))])
    cleaned = clean(_given(cells, columns))
    return Row(number, cleaned.values, cleaned.errors)


def phone_of(cells: Sequence[str], columns: Columns) -> str | None:
    """The phone that ``read_row`` finds, found faster where it is written as most are; None when there is none."""
    given = [cell for cell in (_cell(cells, position) for position in columns.phones) if cell.strip()]
    ordinary = _ORDINARY_PHONE.fullmatch(given[0]) if len(given) == 1 else None
    if ordinary:
        return "+1" + "".join(ordinary.groups())
    try:
        return clean_phone(_phone_cell(cells, columns))
    except ValueError:
        return None


def _given(cells: Sequence[str], columns: Columns) -> dict[str, object]:
    given: dict[str, object] = {name: _cell(cells, position) for name, position in columns.fields.items()}
    _split_name(given)
    given["tags"] = split_tags(str(given.get("tags", "")))
    given["postal_code"] = _with_its_zeros(str(given.get("postal_code", "")))
    given["custom"] = {key: value for key, n in columns.custom.items() if (value := _cell(cells, n).strip())}
    given["phone"] = _phone_cell(cells, columns)
    return given


def _phone_cell(cells: Sequence[str], columns: Columns) -> str:
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


def _with_its_zeros(cell: str) -> str:
    """Spreadsheets take 02134 for a number and write 2134."""
    cell = cell.strip()
    return cell.zfill(5) if _ZIP_WITHOUT_ITS_ZEROS.fullmatch(cell) else cell


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position] if position < len(cells) else ""


_TOO_WIDE = (
    "This row has {cells} cells and the first row {width}: a comma inside a cell needs quotation marks around the cell."
)
