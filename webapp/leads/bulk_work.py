"""Changes of many leads as bulk operations: whom they are for is settled when they begin, whatever changes meanwhile.

A rep's operation touches what the rep may see when a batch's turn comes. A batch is one transaction, so two operations
that meet wait for each other lead by lead, and a killed worker's successor repeats nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from webapp import clock, database
from webapp.accounts import audit, users
from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.jobs import bulk, bulk_rows
from webapp.jobs.bulk import Operation, RowError
from webapp.jobs.bulk_rows import Span
from webapp.jobs.bulk_runner import Batch, Step
from webapp.leads import reading
from webapp.leads.bulk_actions import Action, Done, Params, Task, action_of
from webapp.leads.filters import Query
from webapp.web.problems import Problem

KIND = "lead_change"
GONE = "This lead is gone, or is a colleague's by now."
_NOT_ANY_MORE = "Whoever started this may not do it any more. What was done until then is kept."


class NobodyError(Exception):
    """There is no lead to do it to."""


def chosen_leads(ids: Sequence[int], actor: Actor) -> Query:
    """Selects those of the leads that the actor may see."""
    query = f"SELECT l.id FROM leads AS l WHERE {visible('l.owner_id')} AND l.id = ANY(%(ids)s)"  # noqa: S608
    return Query(query, {**actor.params(), "ids": list(ids)})


def begin(conn: Connection, actor: Actor, action: Action, params: Params, ids: Query) -> int:
    """Stores what is to be done to the leads that a query finds, to be rung for after the commit. Returns its id.

    Raises NobodyError when it finds none, and RefusedError when the action objects.
    """
    action.objects(Task(conn, actor, params, clock.now()), ids)
    operation_id = _create(conn, actor, action, {"action": action.name, "with": params, "says": action.says(params)})
    total = bulk_rows.add_rows(conn, operation_id, ids.sql, ids.params, action.batch)
    if not total:
        raise NobodyError
    audit.record(conn, actor.id, f"leads.bulk.{action.name}", f"bulk:{operation_id}", rows=total)
    return operation_id


def undo(conn: Connection, actor: Actor, operation: Operation) -> int:
    """Begins to take an operation back, to be rung for after the commit. Returns the new operation's id.

    Raises a 409 Problem where it cannot be undone, or is already.
    """
    action = undoable(conn, actor, operation)
    if action is None:
        raise Problem.conflict("This cannot be undone, or not any more.")
    if conn.execute(_MARK_UNDONE, (operation.id,)).rowcount == 0:
        raise Problem.conflict("This is undone already.")
    params = {"action": action.name, "with": operation.params["with"], "undoes": operation.id}
    operation_id = _create(conn, actor, action, {**params, "says": f"Undo: {operation.params['says']}"})
    total = bulk_rows.copy_chunks(conn, operation.id, operation_id)
    audit.record(conn, actor.id, "leads.bulk.undone", f"bulk:{operation_id}", rows=total, undoes=operation.id)
    return operation_id


def undoable(conn: Connection, actor: Actor, operation: Operation) -> Action | None:
    """The action that can take an operation back: it is over, changed something, and has kept what that needs."""
    action = action_of(operation.params["action"], actor)
    if action is None or action.undo is None:
        return None
    row = conn.execute(_UNDOABLE, {"id": operation.id, "hours": bulk.KEPT_HOURS}).fetchone()
    return action if row else None


def plan(operation: Operation, _upload: bytes) -> Iterator[Step]:
    """The steps that are left of an operation."""
    with database.autocommit() as conn:
        left = bulk_rows.spans(conn, operation.id, after=operation.done)
    for span in left:
        yield partial(_step, operation, span)


def _step(operation: Operation, span: Span, conn: Connection) -> Batch:
    assert operation.actor_id is not None
    person = users.get(conn, operation.actor_id)
    action = action_of(operation.params["action"], person.actor)
    content = bulk_rows.content(conn, operation.id, span.first_row)
    if action is None or not person.active:
        return _refused(operation, span, conn)
    task = Task(conn, person.actor, operation.params["with"], clock.now())
    if "undoes" in operation.params:
        assert action.undo is not None
        done = action.undo(task, content)
        bulk_rows.finish_chunk(conn, operation.id, span.first_row, None, 0)
        return _told(span, done, done.refused)
    ids = bulk_rows.ids_in(content)
    seen = _visible(conn, person.actor, ids, lock=action.locks)
    done = action.apply(task, seen)
    bulk_rows.finish_chunk(conn, operation.id, span.first_row, done.kept, done.kept_rows)
    gone = [(lead_id, GONE) for lead_id in sorted(set(ids).difference(seen))]
    return _told(span, done, [*done.refused, *gone])


def _told(span: Span, done: Done, refused: Sequence[tuple[int, str]]) -> Batch:
    """What became of a chunk's leads; each that was skipped is named with the reason."""
    counters = done.counters + Counter(skipped=span.rows - sum(done.counters.values()))
    errors = [
        RowError(span.first_row + n, f"lead:{lead_id}", "skipped", why) for n, (lead_id, why) in enumerate(refused)
    ]
    return Batch(span.rows, counters, errors)


def _refused(operation: Operation, span: Span, conn: Connection) -> Batch:
    """Nothing is done for somebody who may not, and nothing of it is kept to be undone."""
    bulk_rows.finish_chunk(conn, operation.id, span.first_row, None, 0)
    return Batch(span.rows, Counter(skipped=span.rows), [RowError(span.first_row, "row", "skipped", _NOT_ANY_MORE)])


def _visible(conn: Connection, actor: Actor, ids: Sequence[int], *, lock: bool) -> list[int]:
    """Those of the leads that are there and that the actor may see; locked, they stay as they are until the commit."""
    if lock:
        return reading.lock_many(conn, actor, ids)
    query = f"SELECT id FROM leads WHERE id = ANY(%(ids)s) AND {visible('owner_id')} ORDER BY id"  # noqa: S608
    return [row[0] for row in conn.execute(query, {"ids": list(ids), **actor.params()})]


def _create(conn: Connection, actor: Actor, action: Action, params: Params) -> int:
    keeps = action.keeps or (action.undo is not None and "undoes" not in params)
    return bulk.create(
        conn,
        KIND,
        actor_id=actor.id,
        params={**params, "keeps": keeps, "filename": "", "notes": [params["says"]]},
        upload=b"",
        total=0,
        counters=tuple(action.counters),
    )


_MARK_UNDONE = """
UPDATE bulk_operations SET params = params || '{"undone": true}' WHERE id = %s AND NOT params ? 'undone'
"""

_UNDOABLE = """
SELECT 1 FROM bulk_operations AS o
WHERE o.id = %(id)s AND o.finished_at > clock_timestamp() - make_interval(hours => %(hours)s)
  AND NOT o.params ? 'undone' AND NOT o.params ? 'undoes' AND (o.params->>'keeps')::boolean
  AND EXISTS (SELECT FROM bulk_chunks AS c WHERE c.operation_id = o.id AND c.first_row <= o.done AND c.rows > 0)
"""
