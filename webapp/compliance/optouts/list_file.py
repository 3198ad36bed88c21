"""Opt-out lists as other systems write them: which column holds what, and what a row tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from webapp.leads.columns import OPT_OUT_MARKS, Columns, phone_columns, plain_name
from webapp.leads.csvfile import NumberedRow, Table, UnreadableFileError, is_blank
from webapp.leads.dates import read_instant
from webapp.leads.fields import clean_phone, tidy
from webapp.leads.marks import OptOut, opt_out_in
from webapp.leads.rows import phone_cell, phone_of

_DAYS = (
    *("opt out date", "opt out at", "opt out time", "opted out at", "opted out on", "opted out date", "optout date"),
    *("date opted out", "unsubscribed at", "unsubscribed on", "unsubscribe date", "unsubscribed date", "dnd date"),
    *("stopped at", "dnd added on", "date unsubscribed", "date of consent", "date added", "added on", "added at"),
    *("date", "timestamp", "time", "datetime", "date time", "sent date", "date sent", "received at", "created at"),
    *("created", "created on", "date created", "updated at", "updated", "last updated", "last activity"),
)
_REASONS = (
    *("reason", "opt out reason", "unsubscribe reason", "dnd reason", "source", "opt out source", "keyword"),
    *("opt out keyword", "opt out type", "method", "opt out method", "note", "notes", "comment", "comments"),
)
#: In an opt-out list these, too, say whether a row is one.
_STATES = frozenset({"status", "opt status", "subscription status", "sms status", "consent status", "opt in status"})
#: What consent services call the number.
_MORE_PHONES = ("contact id", "contact", "recipient", "to", "from", "subscriber", "msisdn", "address", "name")
_REASON_LENGTH = 200
_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what. ``headless``: the first row is a number already."""

    columns: Columns
    reason: int | None
    headless: bool

    @property
    def marked(self) -> bool:
        """Whether a column says of each row if it is an opt-out at all."""
        return bool(self.columns.opt_outs)


@dataclass(frozen=True, slots=True)
class Line:
    """What one row tells: of whom, and since when. ``phone`` is None where ``problem`` says why.

    ``opt_out`` is None for a row that the list itself does not mark; ``undated`` says that its day cannot be read.
    """

    number: int
    phone: str | None
    opt_out: OptOut | None = None
    reason: str = ""
    problem: str = ""
    undated: bool = False


def understand(table: Table) -> Layout:
    """The file's layout. Raises UnreadableFileError when no column holds phone numbers."""
    if any(_is_phone(cell) for cell in table.header):
        return _without_header(table.header)
    names = [plain_name(cell) for cell in table.header]
    phones = phone_columns(names) or _by_content(table, names)
    if not phones:
        raise UnreadableFileError(
            "No column holds phone numbers. Name the one that does Phone; or leave only numbers, one a line."
        )
    marks = tuple(n for n, name in enumerate(names) if name in OPT_OUT_MARKS or name in _STATES)
    day = _first(names, _DAYS, phones)
    columns = Columns(phones, {} if day is None else {"opted_out_at": day}, {}, (), len(names), marks)
    return Layout(columns, _first(names, _REASONS, phones), headless=False)


def rows_of(table: Table, layout: Layout) -> Iterator[NumberedRow]:
    """Every row that may tell of somebody, numbered as a spreadsheet does."""
    return chain([(table.header_number, table.header)], table.rows()) if layout.headless else table.rows()


def read_line(number: int, cells: Sequence[str], layout: Layout, zone: str) -> Line | None:
    """What a row tells; None for a blank one. Days are those of ``zone``."""
    if is_blank(cells):
        return None
    phone = phone_of(cells, layout.columns)
    if phone is None:
        return Line(number, None, problem=_problem(phone_cell(cells, layout.columns)))
    day = _cell(cells, layout.columns.fields.get("opted_out_at"))
    marks = [_cell(cells, position) for position in layout.columns.opt_outs] if layout.marked else ["yes"]
    opt_out = opt_out_in(marks, day, zone)
    undated = opt_out is not None and opt_out.at is None and bool(day)
    return Line(number, phone, opt_out, tidy(_cell(cells, layout.reason))[:_REASON_LENGTH], undated=undated)


def notes_on(table: Table, layout: Layout) -> list[str]:
    """What the importer should know about how the file was read."""
    if layout.headless:
        notes = ["The file has no names of columns: the first row is a number."]
    else:
        notes = [f"Phone numbers are taken from {_quoted(table, layout.columns.phones)}."]
    notes.append(_note_on_days(table, layout))
    if layout.marked:
        notes.append(
            f"Only rows that {_quoted(table, layout.columns.opt_outs)} marks are opt-outs; others are skipped."
        )
    return notes


def _note_on_days(table: Table, layout: Layout) -> str:
    day = layout.columns.fields.get("opted_out_at")
    if day is None and not layout.marked:
        return "No column says when people opted out: they count from today."
    source = (
        "" if day is None or layout.headless else f"The day of each opt-out is taken from {_quoted(table, [day])}. "
    )
    return f"{source}Where there is none, the opt-out counts from today."


def _without_header(first: Sequence[str]) -> Layout:
    phone = next(n for n, cell in enumerate(first) if _is_phone(cell))
    day = next((n for n, cell in enumerate(first) if n != phone and _is_day(cell)), None)
    fields = {} if day is None else {"opted_out_at": day}
    return Layout(Columns((phone,), fields, {}, (), len(first)), None, headless=True)


def _by_content(table: Table, names: Sequence[str]) -> tuple[int, ...]:
    """The column in which most of the first rows have a phone number, one with a likely name before others."""
    sample = [cells for _, cells in islice(table.rows(), _SAMPLE) if not is_blank(cells)]
    hits = {n: sum(_is_phone(_cell(cells, n)) for cells in sample) for n in range(len(names))}
    likely = max(hits, key=lambda n: (names[n] in _MORE_PHONES, hits[n]), default=0)
    best = likely if hits.get(likely, 0) * 2 > len(sample) else max(hits, key=lambda n: hits[n], default=0)
    return (best,) if sample and hits[best] * 2 > len(sample) else ()


def _first(names: Sequence[str], wanted: Sequence[str], taken: Sequence[int]) -> int | None:
    found = {name: n for n, name in reversed(list(enumerate(names))) if n not in taken}
    return next((found[name] for name in wanted if name in found), None)


def _is_phone(cell: str) -> bool:
    try:
        return bool(clean_phone(cell)) and sum(character.isdecimal() for character in cell) >= 10
    except ValueError:
        return False


def _is_day(cell: str) -> bool:
    try:
        return bool(read_instant(cell, "UTC"))
    except ValueError:
        return False


def _problem(cell: str) -> str:
    try:
        clean_phone(cell)
    except ValueError as refusal:
        return str(refusal)
    return ""


def _cell(cells: Sequence[str], position: int | None) -> str:
    return cells[position].strip() if position is not None and position < len(cells) else ""


def _quoted(table: Table, positions: Sequence[int]) -> str:
    return " or ".join(f"“{table.header[position].strip()}”" for position in positions)
