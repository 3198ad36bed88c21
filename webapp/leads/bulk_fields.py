"""Setting one field of many leads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads.bulk_actions import Action, Done, Params, RefusedError, Task, changes, undone
from webapp.leads.bulk_sql import BEFORE
from webapp.leads.fields import CUSTOM_COUNT, clean, tidy

#: The fields that many leads can have in common, by their words.
FIELDS: dict[str, str] = {
    "state": "State",
    "timezone": "Time zone",
    "postal_code": "ZIP code",
    "source": "Source",
    "first_name": "First name",
    "last_name": "Last name",
}
OWN = "own"
_SOURCE_LENGTH = 100
_FULL = f"It has {CUSTOM_COUNT} fields of your own already, and a lead has no more."


def _read(_conn: Connection, _actor: Actor, given: Mapping[str, str]) -> Params:
    field, value = given.get("field", ""), tidy(given.get("value", "").replace("\x00", ""))
    if field == OWN:
        return _read_own(tidy(given.get("name", "").replace("\x00", "")), value)
    if field not in FIELDS:
        raise RefusedError("field", "Choose the field.")
    if field == "source":
        if not 0 < len(value) <= _SOURCE_LENGTH:
            raise RefusedError("value", f"Give the source, in {_SOURCE_LENGTH} characters or fewer.")
        return {"field": field, "value": value}
    cleaned = clean({field: value})
    if cleaned.errors:
        raise RefusedError("value", cleaned.errors[0].message)
    return {"field": field, "value": dict(cleaned.values)[field]}


def _read_own(name: str, value: str) -> Params:
    cleaned = clean({"custom": {name: value}})
    if cleaned.errors:
        raise RefusedError("value" if name else "name", cleaned.errors[0].message)
    return {"field": OWN, "name": name, "value": value}


def _says(params: Params) -> str:
    field = params["name"] if params["field"] == OWN else FIELDS[params["field"]]
    return f"Set {field} to “{params['value']}”" if params["value"] else f"Empty {field}"


def _apply(task: Task, ids: Sequence[int]) -> Done:
    values = {"ids": list(ids), "value": task.params["value"], "now": task.now}
    if task.params["field"] != OWN:
        before = task.conn.execute(_SET.format(column=task.params["field"]), values).fetchall()
        return changes(ids, before)
    values |= {"name": task.params["name"], "most": CUSTOM_COUNT}
    before = task.conn.execute(_SET_OWN, values).fetchall()
    full = [(row[0], _FULL) for row in task.conn.execute(_FULL_WITHOUT, values)]
    return changes(ids, before, full)


def _undo(task: Task, kept: bytes) -> Done:
    """Only where the field still has what was set."""
    before = json.loads(kept)
    values = {"before": Jsonb(before), "value": task.params["value"], "now": task.now, **task.actor.params()}
    if task.params["field"] != OWN:
        rows = task.conn.execute(_SET_BACK.format(column=task.params["field"]), values)
    else:
        rows = task.conn.execute(_SET_OWN_BACK, values | {"name": task.params["name"]})
    return undone([lead_id for lead_id, _ in before], {row[0] for row in rows})


ACTION = Action(
    "set_field", "Set a field", says=_says, read=_read, apply=_apply, undo=_undo, asks="leads/bulk/_field.html",
    offers=lambda _conn, _actor: {"fields": FIELDS},
)  # fmt: skip

# ``column`` is one of FIELDS, never what was typed.
_SET = """
WITH before AS (
    SELECT id, {column} AS was FROM leads WHERE id = ANY(%(ids)s) AND {column} IS DISTINCT FROM %(value)s::text
)
UPDATE leads AS l SET {column} = %(value)s, updated_at = %(now)s FROM before WHERE l.id = before.id
RETURNING l.id, before.was
"""

_SET_BACK = f"""
{BEFORE}
UPDATE leads AS l SET {{column}} = before.was #>> '{{{{}}}}', updated_at = %(now)s FROM before
WHERE l.id = before.id AND {visible("l.owner_id")} AND l.{{column}} IS NOT DISTINCT FROM %(value)s::text
RETURNING l.id
"""  # noqa: S608 (our own words)

# An emptied field goes.
_SET_OWN = """
WITH before AS (
    SELECT id, custom -> %(name)s::text AS was FROM leads
    WHERE id = ANY(%(ids)s) AND coalesce(custom ->> %(name)s::text, '') <> %(value)s::text
      AND (custom ? %(name)s::text OR (SELECT count(*) FROM jsonb_object_keys(custom)) < %(most)s)
)
UPDATE leads AS l SET updated_at = %(now)s, custom = CASE
    WHEN %(value)s::text = '' THEN l.custom - %(name)s::text
    ELSE l.custom || jsonb_build_object(%(name)s::text, %(value)s::text) END
FROM before WHERE l.id = before.id
RETURNING l.id, before.was
"""

_FULL_WITHOUT = """
SELECT id FROM leads
WHERE id = ANY(%(ids)s) AND %(value)s::text <> '' AND NOT custom ? %(name)s::text
  AND (SELECT count(*) FROM jsonb_object_keys(custom)) >= %(most)s
"""

_SET_OWN_BACK = f"""
{BEFORE}
UPDATE leads AS l SET updated_at = %(now)s, custom = CASE
    WHEN before.was = 'null' THEN l.custom - %(name)s::text
    ELSE l.custom || jsonb_build_object(%(name)s::text, before.was) END
FROM before
WHERE l.id = before.id AND {visible("l.owner_id")} AND coalesce(l.custom ->> %(name)s::text, '') = %(value)s::text
RETURNING l.id
"""  # noqa: S608 (our own words)
