"""Setting the status of many leads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads import reading, statuses
from webapp.leads.bulk_actions import Action, Done, Params, RefusedError, Task, changes, undone
from webapp.leads.bulk_sql import BEFORE
from webapp.leads.signals import announce_change
from webapp.models.constants import LeadStatus


def _read(_conn: Connection, _actor: Actor, given: Mapping[str, str]) -> Params:
    status = statuses.find(given.get("status", ""))
    if status is None:
        raise RefusedError("status", "Choose the status.")
    return {"status": status}


def _says(params: Params) -> str:
    return f"Set the status to “{statuses.LABELS[LeadStatus(params['status'])]}”"


def _apply(task: Task, ids: Sequence[int]) -> Done:
    before = task.conn.execute(_SET, _values(task, ids=list(ids))).fetchall()
    announce_change(task.conn, [lead_id for lead_id, _ in before], task.now)
    return changes(ids, before)


def _undo(task: Task, kept: bytes) -> Done:
    """Only where the status still is what was set."""
    before = json.loads(kept)
    reading.lock_many(task.conn, task.actor, [lead_id for lead_id, _ in before])
    back = {row[0] for row in task.conn.execute(_SET_BACK, _values(task, before=Jsonb(before)))}
    announce_change(task.conn, sorted(back), task.now)
    return undone([lead_id for lead_id, _ in before], back)


def _values(task: Task, **more: object) -> dict[str, object]:
    return {"status": task.params["status"], "now": task.now, **task.actor.params(), **more}


ACTION = Action(
    "set_status",
    "Set the status",
    says=_says,
    read=_read,
    apply=_apply,
    undo=_undo,
    asks="leads/bulk/_status.html",
    offers=lambda _conn, _actor: {"statuses": statuses.LABELS},
)

_SET = """
WITH before AS (SELECT id, status FROM leads WHERE id = ANY(%(ids)s) AND status <> %(status)s)
UPDATE leads AS l SET status = %(status)s, updated_at = %(now)s FROM before WHERE l.id = before.id
RETURNING l.id, before.status
"""

_SET_BACK = f"""
{BEFORE}
UPDATE leads AS l SET status = before.was #>> '{{}}', updated_at = %(now)s FROM before
WHERE l.id = before.id AND {visible("l.owner_id")} AND l.status = %(status)s
RETURNING l.id
"""  # noqa: S608 (our own words)
