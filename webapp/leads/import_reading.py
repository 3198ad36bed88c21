"""Imports as their starters, and managers, see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp import clock
from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation, RowError
from webapp.leads.importing import KIND
from webapp.models.constants import BulkStatus


@dataclass(frozen=True, slots=True)
class Recent:
    """An import in the list of the last ones. ``actor_name`` is None for the command line.

    ``started_at`` is what the business clock would have said then, had it always been as far ahead as it is now: pages
    show that clock alone, and operations are kept by the machine's.
    """

    id: int
    filename: str
    status: BulkStatus
    total: int
    done: int
    actor_name: str | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Row errors, and where the next page begins; None on the last."""

    errors: Sequence[RowError]
    next_after: tuple[int, str] | None


def find(conn: Connection, actor: Actor, operation_id: int) -> Operation | None:
    """A bulk operation that the actor started; managers see all. None when there is no such."""
    operation = bulk.find(conn, operation_id)
    if operation is None or not (actor.sees_all or operation.actor_id == actor.id):
        return None
    return operation


def recent(conn: Connection, actor: Actor, limit: int) -> list[Recent]:
    """The newest imports that the actor may see."""
    with conn.cursor(row_factory=class_row(Recent)) as cursor:
        return cursor.execute(
            _RECENT, {**actor.params(), "kind": KIND, "limit": limit, "offset": clock.offset()}
        ).fetchall()


def errors(conn: Connection, operation_id: int, *, after: tuple[int, str] | None, limit: int) -> ErrorPage:
    """At most ``limit`` row errors in the file's order, ``after`` a row's number and field."""
    found = bulk.row_errors(conn, operation_id, after=after or (0, ""), limit=limit + 1)
    if len(found) <= limit:
        return ErrorPage(found, None)
    last = found[limit - 1]
    return ErrorPage(found[:limit], (last.row_number, last.field))


_RECENT = """
SELECT o.id, o.params->>'filename' AS filename, o.status, o.total, o.done, u.name AS actor_name,
       o.created_at + %(offset)s AS started_at
FROM bulk_operations AS o LEFT JOIN users AS u ON u.id = o.actor_id
WHERE o.kind = %(kind)s AND (%(sees_all)s OR o.actor_id = %(actor_id)s)
ORDER BY o.id DESC LIMIT %(limit)s
"""
