"""Do-not-call lists as registries and vendors give them out, read piece by piece: they have millions of lines.

The FTC's flat file has an area code and seven digits a line, ``202,5550123``; others ten digits, or CSV with names of
columns. A zip with one such file in it is taken as it is.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any, Self

from webapp.jobs.bulk import Chunk
from webapp.leads.columns import phone_columns, plain_name
from webapp.leads.csvfile import UnreadableFileError

_PIECE = 1024 * 1024
_LONGEST_LINE = 64 * 1024
_SAMPLE = 50
_MARK = b"\xef\xbb\xbf"
_AREA_CODES = ("area code", "areacode", "area", "npa", "ac")
_LOCAL_NUMBERS = (
    "phone",
    "phone number",
    "phonenumber",
    "number",
    "local number",
    "local",
    "telephone",
    "telephone number",
    "7 digit",
)

#: A number alone on its line, or with what a list says of it behind a delimiter.
_NUMBER = re.compile(
    rb"""[\s"'=]*(?:\+?1[\s.,;-]?)?\(?([2-9]\d\d)["')]{0,2}[\s.,;|"'-]{0,3}([2-9]\d\d)[\s.-]?(\d{4})"""
    rb"""["'\s]*(?:[,;\t|].*)?"""
)
_CHANGE = re.compile(rb'"?\d{3}"?,"?\d{7}"?,[^,]*,\s*"?[AD]"?\s*', re.IGNORECASE)
_LETTER = re.compile(rb"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a line is read: as it is, or as CSV whose cells ``phone``, and before it ``area``, hold the number."""

    delimiter: str = ""
    phone: int = 0
    area: int | None = None

    def to_params(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> Self:
        return cls(**params)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a piece holds: numbers as E.164, each once; and the rows that are blank, repeat one, or hold none."""

    found: Sequence[bytes]
    blank: int
    repeated: int
    unread: Sequence[int]


def open_list(stream: IO[bytes]) -> IO[bytes]:
    """The list itself, out of its zip if it came in one. Raises UnreadableFileError."""
    start = stream.read(4)
    stream.seek(0)
    if start != b"PK\x03\x04":
        return stream
    try:
        files = [entry for entry in zipfile.ZipFile(stream).infolist() if not entry.is_dir()]
        if len(files) == 1:
            return zipfile.ZipFile(stream).open(files[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise UnreadableFileError("The zip cannot be opened. Unpack it, and import the file that is in it.") from None
    raise UnreadableFileError(
        "This is an Excel workbook, or a zip of several files. Import one text or CSV file at a time."
    )


def pieces(stream: IO[bytes]) -> Iterator[Chunk]:
    """The file in pieces of whole lines, about a megabyte each. Raises UnreadableFileError where it is no text."""
    rest, row = b"", 1
    while block := _block(stream, first=row == 1 and not rest):
        text = rest + block
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if len(rest) > _LONGEST_LINE:
            raise UnreadableFileError(_NOT_A_LIST)
        if end:
            rows = text.count(b"\n", 0, end)
            yield Chunk(row, rows, text[:end])
            row += rows
    if rest:
        yield Chunk(row, 1, rest)


def understand(first: Chunk) -> tuple[Layout, int]:
    """How the file is read, from its first piece, and how many rows come before the numbers.

    Raises UnreadableFileError for what is no list, or only the changes to one.
    """
    lines = first.content.split(b"\n")
    sample = [(n, line) for n, line in enumerate(lines) if line.strip()][:_SAMPLE]
    if not sample:
        raise UnreadableFileError("The file is empty. Download the list again, and use that file.")
    if sample[0][1].lstrip().startswith(b"<"):
        raise UnreadableFileError("This is the XML form of the list. Download it as flat text, and use that file.")
    if sum(bool(_CHANGE.fullmatch(line)) for _, line in sample) * 2 > len(sample):
        raise UnreadableFileError("This file has only what changed in the list. Download the full list, and use that.")
    if _LETTER.search(sample[0][1]) and not _NUMBER.fullmatch(sample[0][1]):
        return _with_header(sample[0][1], [line for _, line in sample[1:]]), sample[0][0] + 1
    if sum(bool(_NUMBER.fullmatch(line)) for _, line in sample) * 2 <= len(sample):
        raise UnreadableFileError(_NOT_A_LIST)
    return Layout(), 0


def without_first_rows(chunk: Chunk, rows: int) -> Chunk:
    """The piece from behind its header."""
    content = b"\n".join(chunk.content.split(b"\n")[rows:])
    return Chunk(chunk.first_row + rows, chunk.rows - rows, content)


def numbers_in(chunk: Chunk, layout: Layout) -> Numbers:
    """The numbers of a piece."""
    found: dict[bytes, None] = {}
    unread: list[int] = []
    blank = read = 0
    for row, line in enumerate(chunk.content.split(b"\n")[: chunk.rows], start=chunk.first_row):
        if not line or line.isspace():
            blank += 1
        elif match := _NUMBER.fullmatch(_cells(line, layout) if layout.delimiter else line):
            read += 1
            found[b"+1%b%b%b" % match.groups()] = None
        else:
            unread.append(row)
    return Numbers(list(found), blank, read - len(found), unread)


def _block(stream: IO[bytes], *, first: bool) -> bytes:
    """The next part of the file, its lines ended by line feeds alone."""
    try:
        block = stream.read(_PIECE)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise UnreadableFileError("The zip is damaged. Download the list again, and use that file.") from None
    if first:
        block = block.removeprefix(_MARK)
    if b"\x00" in block:
        raise UnreadableFileError("This is not a text file. Save the list as CSV UTF-8, and use that file.")
    if block.endswith(b"\r"):  # the line feed that belongs to it may come next
        block += stream.read(1)
    return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _with_header(header: bytes, sample: Sequence[bytes]) -> Layout:
    text = header.decode("utf-8", "replace")
    delimiter = max(",;\t|", key=text.count)
    names = [plain_name(cell) for cell in next(csv.reader([text], delimiter=delimiter), [])]
    area = next((n for n, name in enumerate(names) if name in _AREA_CODES), None)
    local = next((n for n, name in enumerate(names) if name in _LOCAL_NUMBERS), None)
    named = phone_columns(names)
    candidates = [Layout(delimiter, phone) for phone in (*named, *range(len(names)))]
    if area is not None and local is not None:
        candidates.insert(0, Layout(delimiter, local, area))
    hits = {layout: sum(bool(_NUMBER.fullmatch(_cells(line, layout))) for line in sample) for layout in candidates}
    best = max(candidates, key=lambda layout: hits[layout])
    if sample and hits[best] * 2 <= len(sample):
        raise UnreadableFileError(_NO_COLUMN)
    return best


def _cells(line: bytes, layout: Layout) -> bytes:
    """The cells of the number, put together; a row that is too short has none."""
    cells = next(csv.reader([line.decode("utf-8", "replace")], delimiter=layout.delimiter), [])
    positions = [layout.phone] if layout.area is None else [layout.area, layout.phone]
    return " ".join(cells[n].strip() for n in positions if n < len(cells)).encode()


_NOT_A_LIST = (
    "This is no list of phone numbers. Leadline reads the registry's flat text (202,5550123 on each line), ten digits "
    "a line, or CSV with a column named Phone."
)
_NO_COLUMN = "No column holds phone numbers of ten digits. Name the one that does Phone, and try again."
