"""CSV for spreadsheets, in which nothing that somebody typed is taken for a formula (OWASP: CSV injection)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Final

#: Spreadsheets take a cell that begins with one of these for a formula, or for the beginning of one.
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Tells Excel that the file is UTF-8.
_MARK: Final = "\ufeff"


def cell(value: object) -> str:
    """A value as a cell shows it: with an apostrophe before what would be a formula, behind spaces too."""
    text = "" if value is None else str(value)
    return f"'{text}" if _would_be_a_formula(text) else text


def plain(text: str) -> str:
    """What ``cell`` was given, from what it gave: for a file of ours that comes back."""
    return text[1:] if text.startswith("'") and _would_be_a_formula(text[1:]) else text


def _would_be_a_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_STARTS_A_FORMULA)


def lines(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The rows as UTF-8, one at a time, with every cell made safe and line ends as RFC 4180 has them."""
    mark = _MARK
    for row in rows:
        line = StringIO()
        csv.writer(line).writerow([cell(value) for value in row])
        yield (mark + line.getvalue()).encode()
        mark = ""
