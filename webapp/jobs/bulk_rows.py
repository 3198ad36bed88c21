"""The rows of a bulk operation that works on what is in the database: their ids as they were when it began.

They lie in the operation's chunks. Dealt with, a chunk goes; or it is kept for a while with what a later operation or a
download needs of it, such as how its rows were before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg.rows import class_row

from webapp.database import Connection
from webapp.jobs.bulk import Chunk

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Span:
    """Where a chunk of rows lies."""

    first_row: int
    rows: int


def add_rows(conn: Connection, operation_id: int, ids: str, params: Mapping[str, object], size: int) -> int:
    """Gives an operation the rows whose ids the query ``ids`` selects, ``size`` a chunk. Returns how many."""
    query = _ADD_ROWS.format(ids=ids)
    values = {**params, "bulk_operation_id": operation_id, "bulk_size": size}
    row = conn.execute(query, values, prepare=False).fetchone()
    assert row is not None
    return int(row[0])


def spans(conn: Connection, operation_id: int, *, after: int) -> list[Span]:
    """The chunks beyond the ``after`` rows that are done, in order."""
    with conn.cursor(row_factory=class_row(Span)) as cursor:
        return cursor.execute(_SPANS, {"id": operation_id, "after": after}).fetchall()


def content(conn: Connection, operation_id: int, first_row: int) -> bytes:
    """What a chunk holds."""
    row = conn.execute(_CONTENT, {"id": operation_id, "first_row": first_row}).fetchone()
    assert row is not None
    return bytes(row[0])


def ids_in(chunk: bytes) -> list[int]:
    """The ids in a chunk that ``add_rows`` made."""
    return [number for (number,) in struct.iter_unpack(">q", chunk)]


def finish_chunk(conn: Connection, operation_id: int, first_row: int, kept: bytes | None, rows: int) -> None:
    """Lets a chunk that is dealt with go, or keeps it with another content that speaks of so many ``rows``."""
    values = {"id": operation_id, "first_row": first_row, "content": kept, "rows": rows}
    conn.execute(_DROP if kept is None else _KEEP, values)


def copy_chunks(conn: Connection, from_id: int, to_id: int) -> int:
    """Hands what an operation has kept to another one, as its rows. Returns how many."""
    row = conn.execute(_COPY, {"from_id": from_id, "to_id": to_id}).fetchone()
    assert row is not None
    return int(row[0])


def kept_chunks(conn: Connection, operation_id: int) -> Iterator[Chunk]:
    """What an operation has kept, in order, one chunk in memory at a time."""
    for span in spans(conn, operation_id, after=0):
        yield Chunk(span.first_row, span.rows, content(conn, operation_id, span.first_row))


def pack(ids: Sequence[int]) -> bytes:
    """Ids as ``ids_in`` reads them."""
    return struct.pack(f">{len(ids)}q", *ids)


_ADD_ROWS = """
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM ({ids}) AS found
), chunks AS (
    INSERT INTO bulk_chunks (operation_id, first_row, rows, content)
    SELECT %(bulk_operation_id)s, min(n), count(*), string_agg(int8send(id), '' ORDER BY n)
    FROM numbered GROUP BY (n - 1) / %(bulk_size)s
    RETURNING rows
)
UPDATE bulk_operations SET total = (SELECT coalesce(sum(rows), 0) FROM chunks)
WHERE id = %(bulk_operation_id)s
RETURNING total
"""

_SPANS = """
SELECT first_row, rows FROM bulk_chunks WHERE operation_id = %(id)s AND first_row > %(after)s ORDER BY first_row
"""

_CONTENT = "SELECT content FROM bulk_chunks WHERE operation_id = %(id)s AND first_row = %(first_row)s"

_DROP = "DELETE FROM bulk_chunks WHERE operation_id = %(id)s AND first_row = %(first_row)s"

_KEEP = """
UPDATE bulk_chunks SET content = %(content)s, rows = %(rows)s WHERE operation_id = %(id)s AND first_row = %(first_row)s
"""

# A canceled operation has chunks left that it never came to: those hold ids, and are no part of what it did.
_COPY = """
WITH kept AS (
    SELECT c.rows, c.content, sum(c.rows) OVER (ORDER BY c.first_row) - c.rows + 1 AS first_row
    FROM bulk_chunks AS c JOIN bulk_operations AS o ON o.id = c.operation_id
    WHERE c.operation_id = %(from_id)s AND c.first_row <= o.done AND c.rows > 0
), copied AS (
    INSERT INTO bulk_chunks (operation_id, first_row, rows, content)
    SELECT %(to_id)s, first_row, rows, content FROM kept RETURNING rows
)
UPDATE bulk_operations SET total = (SELECT coalesce(sum(rows), 0) FROM copied) WHERE id = %(to_id)s
RETURNING total
"""
