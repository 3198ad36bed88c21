"""Works on bulk operations, step by step, in whatever process it is called.

Each step is one transaction that locks the operation's row, deals with the next rows and counts them as done. So a
killed worker's successor goes on after the last commit, a cancellation takes effect between two steps, and two workers
that meet on one operation cannot repeat a row.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import psycopg
from psycopg.types.json import Jsonb

from webapp import database
from webapp.database import Connection
from webapp.jobs.bulk import DEAD_AFTER_SECONDS, Operation, RowError, end, find, upload_of
from webapp.models.constants import BulkStatus

_FAILED = "Something went wrong on our side. What was done until then is kept; the rest can be started again."


class StoppedError(Exception):
    """Raised by a step that cannot be done, nor can any after it. ``str()`` says why to who started the operation."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a step did: ``rows`` dealt with, how many of each outcome, and what was wrong.

    ``tally`` counts what is no row's outcome, and so adds up to nothing.
    """

    rows: int
    counters: Counter[str] = field(default_factory=Counter)
    errors: Sequence[RowError] = ()
    tally: Counter[str] = field(default_factory=Counter)


#: Deals with the next rows through the connection that it gets, and says what it did.
Step: TypeAlias = Callable[[Connection], Batch]
#: The steps that are left of an operation, from ``done`` on, read from its uploaded file.
Plan: TypeAlias = Callable[[Operation, bytes], Iterator[Step]]


def run(operation_id: int, plan: Plan, *, seconds: float) -> bool:
    """Does an operation's next steps for about ``seconds``. True when it is over, or in other hands.

    Commits each step. When a step raises StoppedError, the operation has failed and says why. When it raises anything
    else but a lost database, it has failed through our fault; the exception goes on to whoever logs it. A lost database
    leaves the operation to ``ring_abandoned``.
    """
    with database.transaction() as conn:
        operation = _take(conn, operation_id)
        upload = upload_of(conn, operation_id)
    if operation is None or upload is None:
        return True
    try:
        return _follow(operation, plan(operation, upload), time.monotonic() + seconds)
    except psycopg.OperationalError:
        raise
    except StoppedError as stopped:
        _end(operation_id, BulkStatus.FAILED, str(stopped))
        return True
    except Exception:
        _end(operation_id, BulkStatus.FAILED, _FAILED)
        raise


def _take(conn: Connection, operation_id: int) -> Operation | None:
    """Takes an operation in hand; None when it is over, or a worker that is alive has it."""
    values = {"id": operation_id, "dead_after": DEAD_AFTER_SECONDS}
    return find(conn, operation_id) if conn.execute(_TAKE, values).rowcount else None


def _follow(operation: Operation, steps: Iterator[Step], until: float) -> bool:
    done = operation.done
    for step in steps:
        dealt_with = _commit_step(operation.id, done, step)
        if dealt_with is None:
            return True
        done += dealt_with
        if time.monotonic() >= until:
            return not _release(operation.id)
    _end(operation.id, BulkStatus.DONE)
    return True


def _commit_step(operation_id: int, done: int, step: Step) -> int | None:
    """One step in one transaction; None when the operation was canceled, or somebody else has got further."""
    with database.transaction() as conn:
        row = conn.execute(_LOCK, {"id": operation_id, "done": done}).fetchone()
        if row is None:
            return None
        batch = step(conn)
        counters, tally = row[0] | (Counter(row[0]) + batch.counters), Counter(row[1])
        tally.update(batch.tally)
        values = {"id": operation_id, "rows": batch.rows, "counters": Jsonb(counters), "tally": Jsonb(tally)}
        conn.execute(_ADVANCE, values)
        _write_errors(conn, operation_id, batch.errors)
        return batch.rows


def _write_errors(conn: Connection, operation_id: int, errors: Sequence[RowError]) -> None:
    if errors:
        columns = zip(*((e.row_number, e.field, e.outcome, e.message) for e in errors), strict=True)
        conn.execute(_WRITE_ERRORS, (operation_id, *(list(column) for column in columns)))


def _release(operation_id: int) -> bool:
    """Lets go of an operation between two jobs. False when it was canceled meanwhile."""
    with database.transaction() as conn:
        return conn.execute(_RELEASE, {"id": operation_id}).rowcount == 1


def _end(operation_id: int, status: BulkStatus, error: str | None = None) -> None:
    with database.transaction() as conn:
        end(conn, operation_id, status, error)


_TAKE = """
UPDATE bulk_operations
SET status = 'running', started_at = coalesce(started_at, now()), heartbeat_at = clock_timestamp()
WHERE id = %(id)s
  AND (status = 'queued'
       OR (status = 'running' AND heartbeat_at < clock_timestamp() - make_interval(secs => %(dead_after)s)))
"""

_LOCK = """
SELECT counters, tally FROM bulk_operations
WHERE id = %(id)s AND status = 'running' AND done = %(done)s FOR UPDATE
"""

_ADVANCE = """
UPDATE bulk_operations SET done = done + %(rows)s, counters = %(counters)s, tally = %(tally)s,
    heartbeat_at = clock_timestamp()
WHERE id = %(id)s
"""

_WRITE_ERRORS = """
INSERT INTO bulk_row_errors (operation_id, row_number, field, outcome, message)
SELECT %s, * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
"""

_RELEASE = """
UPDATE bulk_operations SET status = 'queued', heartbeat_at = clock_timestamp() WHERE id = %(id)s AND status = 'running'
"""
