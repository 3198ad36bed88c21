"""CSV as people have it: any of the usual encodings and delimiters, read row by row as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeAlias

#: A row as a spreadsheet shows it: its number, and its cells.
NumberedRow: TypeAlias = tuple[int, list[str]]

WINDOWS = "cp1252"
_DELIMITERS = ",;\t|"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class UnreadableFileError(Exception):
    """The file as a whole cannot be used; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class Table:
    """A file's text, with what was found out about it."""

    text: str
    encoding: str
    delimiter: str

    @cached_property
    def header_number(self) -> int:
        """The number of the first row that has anything in it: the names of the columns. 0 when all are blank."""
        return next((number for number, cells in self._all_rows() if not is_blank(cells)), 0)

    @cached_property
    def header(self) -> list[str]:
        """The cells of that row."""
        return next(islice(self._all_rows(), self.header_number - 1, None))[1]

    def rows(self) -> Iterator[NumberedRow]:
        """Every row after the header, blank ones too."""
        return islice(self._all_rows(), self.header_number, None)

    def _all_rows(self) -> Iterator[NumberedRow]:
        return enumerate(csv.reader(_lines_of(self.text), delimiter=self.delimiter), start=1)


def read(content: bytes) -> Table:
    """The table in an uploaded file. Raises UnreadableFileError."""
    text, encoding = _decode(content)
    try:
        table = Table(text, encoding, _delimiter_of(text))
        empty = not table.header_number
    except csv.Error:
        raise UnreadableFileError("The first row is far too long for names of columns. Is this a list?") from None
    if empty:
        raise UnreadableFileError("The file is empty. Export the list again, and use that file.")
    return table


def count_rows(table: Table) -> int:
    """How many rows follow the header. Raises UnreadableFileError for a quotation mark that swallows the rest."""
    lines = _Lines(table.text)
    number, last = 0, ""
    try:
        for number, _ in enumerate(csv.reader(lines, delimiter=table.delimiter), start=1):  # noqa: B007
            last = lines.take()
    except csv.Error:
        raise _unclosed(number + 1) from None
    if _ends_inside_quotes(last, table.delimiter):
        raise _unclosed(number)
    return number - table.header_number


def is_blank(cells: Sequence[str]) -> bool:
    """True for a row with nothing in it."""
    return not any(cell and not cell.isspace() for cell in cells)


def write(rows: Iterator[Sequence[str | int]], delimiter: str) -> Iterator[bytes]:
    """Rows as CSV that a spreadsheet opens with the right letters."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


class _Lines:
    """A text's lines for the CSV reader, which remembers those of the row being read."""

    def __init__(self, text: str) -> None:
        self._lines = _lines_of(text)
        self._of_row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._of_row.append(line)
            yield line

    def take(self) -> str:
        """The lines since it was last asked."""
        taken, self._of_row = "".join(self._of_row), []
        return taken


def _lines_of(text: str) -> Iterator[str]:
    return io.StringIO(text, newline="")


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith(_WORKBOOKS):
        raise UnreadableFileError(
            "This is an Excel workbook. In Excel, choose Save As, then CSV UTF-8, and use that file."
        )
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text, encoding = _decode_windows(content), WINDOWS
    if "\x00" in text:
        raise UnreadableFileError("This is not a text file. Save the list as CSV, and use that file.")
    return text, encoding


def _decode_windows(content: bytes) -> str:
    """What Excel writes where nobody chose UTF-8."""
    try:
        return content.decode(WINDOWS)
    except UnicodeDecodeError:
        raise UnreadableFileError(
            "The file's letters cannot be read. Save it as CSV UTF-8, and use that file."
        ) from None


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts the header into the most cells; a comma when none does."""
    first = next((line for line in _lines_of(text) if line.strip()), "")
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([first], delimiter=delimiter), [])))


def _ends_inside_quotes(row: str, delimiter: str) -> bool:
    try:
        list(csv.reader(_lines_of(row), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _unclosed(row_number: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"In row {row_number} a quotation mark is opened and never closed. Close it or remove it, and try again."
    )
