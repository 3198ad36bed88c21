"""Changes of many leads as tests start and follow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from tests.leads.running import PATIENCE, found
from tests.leads.support import NOW
from webapp import database
from webapp.accounts.actors import Actor
from webapp.jobs import bulk, bulk_runner
from webapp.jobs.bulk import Operation
from webapp.leads import bulk_work, filters
from webapp.leads.bulk_actions import action_of


def begin(
    actor: Actor,
    name: str,
    given: dict[str, str] | None = None,
    *,
    chosen: Any = None,
    ids: Sequence[int] | None = None,
) -> int:
    action = action_of(name, actor)
    assert action is not None
    with database.transaction() as conn:
        query = (
            bulk_work.chosen_leads(ids, actor)
            if ids is not None
            else filters.leads_sql(filters.parse(chosen or {}), actor, NOW)
        )
        return bulk_work.begin(conn, actor, action, action.read(conn, actor, given or {}), query)


def run(operation_id: int) -> Operation:
    bulk_runner.run(operation_id, bulk_work.plan, seconds=PATIENCE)
    return found(operation_id)


def did(actor: Actor, name: str, given: dict[str, str] | None = None, **which: Any) -> Operation:
    return run(begin(actor, name, given, **which))


def undone(actor: Actor, operation: Operation) -> Operation:
    with database.transaction() as conn:
        operation_id = bulk_work.undo(conn, actor, found(operation.id))
    return run(operation_id)


def column(conn: psycopg.Connection[Any], name: str) -> dict[int, Any]:
    return dict(conn.execute(f"SELECT id, {name} FROM leads").fetchall())


def errors(conn: psycopg.Connection[Any], operation: Operation) -> dict[str, str]:
    return {e.field: e.message for e in bulk.row_errors(conn, operation.id, after=(0, ""), limit=100)}
