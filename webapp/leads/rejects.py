"""The rows of an import that did not go in, as a file to mend and import again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads import csvfile
from webapp.leads.columns import PROBLEM_COLUMN, ROW_COLUMN
from webapp.web import csvsafe

_FETCHED_AT_ONCE = 10_000
#: The outcome of a row that did go in, and is only told of: its person is not texted.
STOPPED: Final = "suppressed"


def rejects_file(conn: Connection, operation_id: int) -> list[bytes] | None:
    """The rejects as CSV: the file's own columns, then row number and problem. None when the upload is forgotten.

    No cell is a formula to a spreadsheet; importing the file again takes the cells as they were.
    """
    upload = bulk.upload_of(conn, operation_id)
    if upload is None:
        return None
    table = csvfile.read(upload)
    return list(csvfile.write(_rejected(table, _problems(conn, operation_id)), table.delimiter))


def count(conn: Connection, operation_id: int) -> int:
    """How many rows there are in that file."""
    row = conn.execute(_COUNT, {"id": operation_id, "stopped": STOPPED}).fetchone()
    assert row is not None
    return int(row[0])


def _rejected(table: csvfile.Table, problems: dict[int, str]) -> Iterator[Sequence[str | int]]:
    yield [*map(csvsafe.cell, table.header), ROW_COLUMN, PROBLEM_COLUMN]
    width = len(table.header)
    for number, cells in table.rows():
        if number in problems:
            yield [*map(csvsafe.cell, cells), *[""] * (width - len(cells)), number, problems[number]]


def _problems(conn: Connection, operation_id: int) -> dict[int, str]:
    """What was wrong, by row number; each field with its name."""
    problems: defaultdict[int, list[str]] = defaultdict(list)
    after = (0, "")
    while errors := bulk.row_errors(conn, operation_id, after=after, limit=_FETCHED_AT_ONCE):
        for error in (each for each in errors if each.outcome != STOPPED):
            problems[error.row_number].append(f"{error.field}: {error.message}")
        after = (errors[-1].row_number, errors[-1].field)
    return {number: " ".join(found) for number, found in problems.items()}


_COUNT = """
SELECT count(DISTINCT row_number) FROM bulk_row_errors WHERE operation_id = %(id)s AND outcome <> %(stopped)s
"""
