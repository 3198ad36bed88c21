"""Filling and removing do-not-call lists, which may have millions of numbers, as bulk operations.

A list keeps nothing back before it is whole: then it is active, and the older one of its kind and name goes. Numbers
are taken away some thousands at a time, each in a transaction of its own, so that no text waits for it.

Every row of the file ends in one of four counters: ``added``, ``duplicate`` (twice in the file), ``invalid``,
``skipped`` (blank).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from webapp import database
from webapp.accounts import audit
from webapp.compliance.dnc import list_file, lists
from webapp.compliance.dnc.list_file import Layout
from webapp.compliance.dnc.lists import DncList
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Chunk, Operation, RowError
from webapp.jobs.bulk_runner import Batch, Step
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.fields import tidy
from webapp.models.constants import DncKind

COUNTERS = ("added", "duplicate", "invalid", "skipped")
#: The largest file that is taken; unpacked, it may be ten times as large.
MAX_BYTES = 512 * 1024 * 1024

_MAX_UNPACKED = 10 * MAX_BYTES
_REMOVED_AT_ONCE = 20_000
#: More are only counted.
_ERRORS_KEPT = 1000
_UNREAD = "This is no American phone number of ten digits."


@dataclass(frozen=True, slots=True)
class NewList:
    """What a list is: whose, called what, and on which day it was given out."""

    kind: DncKind
    name: str
    as_of: date


def begin(conn: Connection, stream: IO[bytes], filename: str, new: NewList, actor_id: int) -> int:
    """Keeps the file in pieces, and an operation for them, to be rung for after the commit. Returns its id.

    Raises UnreadableFileError when the file as a whole cannot be used; the door must then roll back.
    """
    list_id = _make_list(conn, new, actor_id)
    pieces = list_file.pieces(list_file.open_list(stream))
    first = next(pieces, Chunk(1, 0, b""))
    layout, header = list_file.understand(first)
    params = {"list_id": list_id, "layout": layout.to_params(), "filename": tidy(filename)[:200], "notes": []}
    operation_id = bulk.create(
        conn, lists.IMPORT, actor_id=actor_id, params=params, upload=b"", total=0, counters=COUNTERS
    )
    unpacked = len(first.content)
    bulk.add_chunk(conn, operation_id, list_file.without_first_rows(first, header))
    for piece in pieces:
        unpacked += len(piece.content)
        if unpacked > _MAX_UNPACKED:
            raise UnreadableFileError("The file is too large. Import the list by area code or state.")
        bulk.add_chunk(conn, operation_id, piece)
    said = {"kind": new.kind, "name": new.name, "as_of": new.as_of.isoformat()}
    audit.record(conn, actor_id, "dnc.imported", f"dnc_list:{list_id}", operation=operation_id, **said)
    return operation_id


def plan(operation: Operation, _upload: bytes) -> Iterator[Step]:
    """The steps that are left of an import: one a piece, and the last makes the list whole."""
    step = _Fill(operation)
    while not step.over:
        yield step


def start_removal(conn: Connection, found: DncList, actor_id: int | None) -> int:
    """Stops using a list and has it taken away in the background; rung for after the commit. Returns the operation.

    An import that still fills it is canceled: this waits for the piece in hand.
    """
    if found.operation_id is not None:
        bulk.cancel(conn, found.operation_id)
    conn.execute("UPDATE dnc_lists SET active = false WHERE id = %s", (found.id,))
    audit.record(conn, actor_id, "dnc.deleted", f"dnc_list:{found.id}", name=found.name, entries=found.entries)
    return _queue_removal(conn, found.id, found.name, found.entries, actor_id)


def plan_removal(operation: Operation, _upload: bytes) -> Iterator[Step]:
    """The steps that are left of a removal: so many numbers each, then the list itself."""
    step = _Remove(operation.params["list_id"])
    while not step.over:
        yield step


def ring_removals() -> None:
    """Asks a worker for the removals that wait, such as those of lists which an import has replaced."""
    with database.autocommit() as conn:
        waiting = conn.execute(
            "SELECT id FROM bulk_operations WHERE kind = %s AND status = 'queued'", (lists.DELETION,)
        ).fetchall()
    for (operation_id,) in waiting:
        bulk.ring(lists.DELETION, operation_id)


class _Fill:
    """Puts the next piece into the list; when none is left, makes the list whole."""

    def __init__(self, operation: Operation) -> None:
        self.over = False
        self._operation = operation
        self._list_id = int(operation.params["list_id"])
        self._layout = Layout.from_params(operation.params["layout"])
        self._errors_left = max(0, _ERRORS_KEPT - operation.counters["invalid"])

    def __call__(self, conn: Connection) -> Batch:
        piece = bulk.take_chunk(conn, self._operation.id)
        if piece is None:
            _make_whole(conn, self._list_id, self._operation.actor_id)
            self.over = True
            return Batch(0)
        numbers = list_file.numbers_in(piece, self._layout)
        added = _add(conn, self._list_id, numbers.found)
        shown = numbers.unread[: self._errors_left]
        self._errors_left -= len(shown)
        counters = Counter(
            added=added,
            duplicate=numbers.repeated + len(numbers.found) - added,
            invalid=len(numbers.unread),
            skipped=numbers.blank,
        )
        return Batch(piece.rows, counters, [RowError(row, "phone", "invalid", _UNREAD) for row in shown])


class _Remove:
    """Takes the next numbers off the list, and after the last the list itself."""

    def __init__(self, list_id: int) -> None:
        self.over = False
        self._list_id = list_id

    def __call__(self, conn: Connection) -> Batch:
        values = {"list_id": self._list_id, "limit": _REMOVED_AT_ONCE}
        removed = conn.execute(_REMOVE, values).rowcount
        if removed < _REMOVED_AT_ONCE:
            conn.execute("DELETE FROM dnc_lists WHERE id = %(list_id)s", values)
            self.over = True
        return Batch(removed, Counter(removed=removed))


def _add(conn: Connection, list_id: int, numbers: Sequence[bytes]) -> int:
    """Copies the numbers in beside the list, and adds those that it has not; how many."""
    conn.execute(_STAGE)
    with conn.cursor().copy("COPY dnc_stage (e164) FROM STDIN") as copy:
        copy.write(b"\n".join(numbers))
    added = conn.execute(_FROM_STAGE, {"list_id": list_id}).rowcount
    conn.execute("UPDATE dnc_lists SET entries = entries + %s WHERE id = %s", (added, list_id))
    return added


def _make_whole(conn: Connection, list_id: int, actor_id: int | None) -> None:
    """The newest list of its kind and name is used from now on; the others of that name go."""
    conn.execute(_ONE_AT_A_TIME, {"id": list_id})
    rows = conn.execute(_OF_THAT_NAME, {"id": list_id}).fetchall()
    newest = max(rows, key=lambda row: (row[2], row[0]))[0]
    conn.execute("UPDATE dnc_lists SET active = id = %s WHERE id = ANY(%s)", (newest, [row[0] for row in rows]))
    for other_id, name, _, entries in rows:
        if other_id != newest:
            _queue_removal(conn, other_id, name, entries, actor_id)


def _queue_removal(conn: Connection, list_id: int, name: str, entries: int, actor_id: int | None) -> int:
    params = {"list_id": list_id, "filename": name, "notes": []}
    return bulk.create(
        conn, lists.DELETION, actor_id=actor_id, params=params, upload=b"", total=entries, counters=("removed",)
    )


def _make_list(conn: Connection, new: NewList, actor_id: int | None) -> int:
    row = conn.execute(
        "INSERT INTO dnc_lists (kind, name, as_of, active, imported_by) VALUES (%s, %s, %s, false, %s) RETURNING id",
        (new.kind, new.name, new.as_of, actor_id),
    ).fetchone()
    assert row is not None
    return int(row[0])


_STAGE = "CREATE TEMPORARY TABLE dnc_stage (e164 text) ON COMMIT DROP"

_FROM_STAGE = """
INSERT INTO dnc_entries (e164, list_id) SELECT e164, %(list_id)s FROM dnc_stage ON CONFLICT DO NOTHING
"""

_REMOVE = """
DELETE FROM dnc_entries WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM dnc_entries WHERE list_id = %(list_id)s LIMIT %(limit)s))
"""

# Two imports of one list that are whole at once would not see each other: neither is active yet.
_ONE_AT_A_TIME = """
SELECT pg_advisory_xact_lock(hashtextextended(kind || ' ' || lower(name), 0)) FROM dnc_lists WHERE id = %(id)s
"""

_OF_THAT_NAME = """
SELECT o.id, o.name, o.as_of, o.entries FROM dnc_lists AS o JOIN dnc_lists AS l ON l.id = %(id)s
WHERE o.id = l.id OR (o.kind = l.kind AND lower(o.name) = lower(l.name) AND o.active)
ORDER BY o.id FOR NO KEY UPDATE OF o
"""
