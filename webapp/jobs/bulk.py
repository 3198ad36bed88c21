"""Bulk operations: long work that a person can leave, kept in Postgres with its progress, counters and row errors.

A job of ``webapp.jobs.bulk_runner`` works on one for some seconds and then rings for the next; the periodic
``ring_abandoned`` rings where a hint was lost or a worker died.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp import database
from webapp.database import Connection
from webapp.jobs.queues import QueueName, enqueue
from webapp.models.constants import BulkStatus

#: Which job goes on with which kind of operation; it takes the operation's id.
JOBS = {
    "lead_import": "webapp.leads.jobs.import_leads",
    "lead_change": "webapp.leads.jobs.change_leads",
    "campaign_move": "webapp.campaigns.jobs.move_over",
    "optout_import": "webapp.compliance.jobs.import_opt_outs",
    "dnc_import": "webapp.compliance.jobs.import_dnc_list",
    "dnc_delete": "webapp.compliance.jobs.delete_dnc_list",
}

#: A row that was rejected can be downloaded for this long; then the uploaded file is forgotten.
UPLOAD_KEPT_DAYS = 30

#: What an operation has kept of its rows, to undo it or to download, is there for this long.
KEPT_HOURS = 24

#: A worker without a heartbeat for this long is dead.
DEAD_AFTER_SECONDS = 60
_LOOK_AGAIN_SECONDS = 30


@dataclass(frozen=True, slots=True)
class RowError:
    """What was wrong with one row of the file, as a spreadsheet numbers them, and what became of the row."""

    row_number: int
    field: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of a large file, the first of which is row ``first_row``."""

    first_row: int
    rows: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Operation:
    """A bulk operation as it stands. ``done`` of ``total`` rows are dealt with; times are machine time.

    ``counters`` add up to ``done``; ``tally`` is whatever else was counted.
    """

    id: int
    kind: str
    status: BulkStatus
    actor_id: int | None
    params: dict[str, Any]
    total: int
    done: int
    counters: dict[str, int]
    tally: dict[str, int]
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def over(self) -> bool:
        """True when nothing more will happen."""
        return self.finished_at is not None


def create(
    conn: Connection,
    kind: str,
    *,
    actor_id: int | None,
    params: Mapping[str, object],
    upload: bytes,
    total: int,
    counters: Sequence[str],
) -> int:
    """Stores an operation of one of JOBS's kinds, to be started after the commit. Returns its id."""
    values = {
        "kind": kind,
        "actor_id": actor_id,
        "params": Jsonb(dict(params)),
        "upload": upload,
        "total": total,
        "counters": Jsonb(dict.fromkeys(counters, 0)),
    }
    row = conn.execute(_CREATE, values).fetchone()
    assert row is not None
    return int(row[0])


def add_chunk(conn: Connection, operation_id: int, chunk: Chunk) -> None:
    """Keeps a piece of a file that is too large to be one upload, and counts its rows to the operation's total."""
    conn.execute(_ADD_CHUNK, (operation_id, chunk.first_row, chunk.rows, chunk.content))
    conn.execute("UPDATE bulk_operations SET total = total + %s WHERE id = %s", (chunk.rows, operation_id))


def take_chunk(conn: Connection, operation_id: int) -> Chunk | None:
    """The first piece that is left, which goes with the transaction that deals with it; None when there is none."""
    with conn.cursor(row_factory=class_row(Chunk)) as cursor:
        return cursor.execute(_TAKE_CHUNK, {"id": operation_id}).fetchone()


def ring(kind: str, operation_id: int) -> bool:
    """Asks a worker to go on with an operation. Call it after the commit. False when Redis could not be reached."""
    return enqueue(QueueName.BULK, JOBS[kind], operation_id)


def ring_abandoned() -> int:
    """Rings for operations whose hint was lost or whose worker died: a periodic job. Returns how many."""
    with database.autocommit() as conn:
        values = {"look_again": _LOOK_AGAIN_SECONDS, "dead_after": DEAD_AFTER_SECONDS}
        abandoned = conn.execute(_ABANDONED, values).fetchall()
    return sum(ring(kind, operation_id) for operation_id, kind in abandoned)


def find(conn: Connection, operation_id: int) -> Operation | None:
    """The operation with this id; whether the asker may see it is the door's question."""
    with conn.cursor(row_factory=class_row(Operation)) as cursor:
        return cursor.execute(_FIND, {"id": operation_id}).fetchone()


def row_errors(conn: Connection, operation_id: int, *, after: tuple[int, str], limit: int) -> list[RowError]:
    """At most ``limit`` row errors in the file's order, ``after`` a row number and field; (0, "") is the start."""
    values = {"id": operation_id, "row_number": after[0], "field": after[1], "limit": limit}
    with conn.cursor(row_factory=class_row(RowError)) as cursor:
        return cursor.execute(_ROW_ERRORS, values).fetchall()


def rows_with(conn: Connection, operation_id: int, outcome: str) -> set[int]:
    """The numbers of the rows that ended in ``outcome`` so far."""
    query = "SELECT row_number FROM bulk_row_errors WHERE operation_id = %s AND outcome = %s"
    return {row[0] for row in conn.execute(query, (operation_id, outcome))}


def upload_of(conn: Connection, operation_id: int) -> bytes | None:
    """The uploaded file, while it is kept."""
    row = conn.execute("SELECT upload FROM bulk_operations WHERE id = %s", (operation_id,)).fetchone()
    return None if row is None else row[0]


def cancel(conn: Connection, operation_id: int) -> bool:
    """Ends an operation after the step that is being done. False when it was over already."""
    return end(conn, operation_id, BulkStatus.CANCELED)


def end(conn: Connection, operation_id: int, status: BulkStatus, error: str | None = None) -> bool:
    """Ends an operation with a last status and a sentence about what went wrong. False when it was over already."""
    return conn.execute(_END, {"id": operation_id, "status": status, "error": error}).rowcount == 1


def forget_uploads(conn: Connection) -> int:
    """Forgets the files of operations that ended UPLOAD_KEPT_DAYS ago: a periodic job. Returns how many.

    What is left of a file in chunks goes as soon as its operation has ended, or after KEPT_HOURS where it ``keeps`` it.
    """
    conn.execute(_FORGET_CHUNKS, {"hours": KEPT_HOURS})
    return conn.execute(_FORGET_UPLOADS, {"days": UPLOAD_KEPT_DAYS}).rowcount


_CREATE = """
INSERT INTO bulk_operations (kind, actor_id, params, upload, total, counters)
VALUES (%(kind)s, %(actor_id)s, %(params)s, %(upload)s, %(total)s, %(counters)s)
RETURNING id
"""

_ADD_CHUNK = "INSERT INTO bulk_chunks (operation_id, first_row, rows, content) VALUES (%s, %s, %s, %s)"

_TAKE_CHUNK = """
DELETE FROM bulk_chunks
WHERE operation_id = %(id)s
  AND first_row = (SELECT min(first_row) FROM bulk_chunks WHERE operation_id = %(id)s)
RETURNING first_row, rows, content
"""

_FIND = """
SELECT id, kind, status, actor_id, params, total, done, counters, tally, error, created_at, started_at, finished_at
FROM bulk_operations WHERE id = %(id)s
"""

# The uploaded file is kept while there are rejected rows to download from it.
_END = """
UPDATE bulk_operations AS o
SET status = %(status)s, error = %(error)s, finished_at = clock_timestamp(),
    upload = CASE WHEN EXISTS (SELECT FROM bulk_row_errors WHERE operation_id = o.id) THEN o.upload END
WHERE id = %(id)s AND status IN ('queued', 'running')
"""

_ROW_ERRORS = """
SELECT row_number, field, outcome, message FROM bulk_row_errors
WHERE operation_id = %(id)s AND (row_number, field) > (%(row_number)s, %(field)s)
ORDER BY row_number, field LIMIT %(limit)s
"""

_ABANDONED = """
SELECT id, kind FROM bulk_operations
WHERE (status = 'queued'
       AND coalesce(heartbeat_at, created_at) < clock_timestamp() - make_interval(secs => %(look_again)s))
   OR (status = 'running' AND heartbeat_at < clock_timestamp() - make_interval(secs => %(dead_after)s))
ORDER BY id
"""

_FORGET_CHUNKS = """
DELETE FROM bulk_chunks AS c USING bulk_operations AS o
WHERE o.id = c.operation_id AND o.finished_at IS NOT NULL
  AND (NOT coalesce((o.params->>'keeps')::boolean, false)
       OR o.finished_at < clock_timestamp() - make_interval(hours => %(hours)s))
"""

_FORGET_UPLOADS = """
UPDATE bulk_operations SET upload = NULL
WHERE upload IS NOT NULL AND finished_at < clock_timestamp() - make_interval(days => %(days)s)
"""
