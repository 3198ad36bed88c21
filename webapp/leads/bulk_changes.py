"""Assigning, tagging and deleting many leads at once."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb

from webapp.accounts import users
from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads import leads, ownership, reading
from webapp.leads.bulk_actions import Action, Done, Params, RefusedError, Task, changes, undone
from webapp.leads.bulk_sql import BEFORE
from webapp.leads.fields import TAG_COUNT, clean
from webapp.leads.ownership import align_conversations
from webapp.leads.signals import announce_change
from webapp.web.fields import ID_REGEX

_FULL = f"It has {TAG_COUNT} tags already, and a lead has no more."

# --- Assigning ------------------------------------------------------------------------------------------------------


def _read_owner(conn: Connection, _actor: Actor, given: Mapping[str, str]) -> Params:
    chosen = given.get("owner", "")
    if not chosen:
        return {"owner_id": None, "name": "nobody"}
    if not re.fullmatch(ID_REGEX, chosen) or not ownership.can_own(conn, int(chosen)):
        raise RefusedError("owner", ownership.NOBODY)
    return {"owner_id": int(chosen), "name": users.get(conn, int(chosen)).name}


def _offer_people(conn: Connection, _actor: Actor) -> Mapping[str, object]:
    return {"people": [person for person in users.everyone(conn) if person.active]}


def _assign(task: Task, ids: Sequence[int]) -> Done:
    owner_id = task.params["owner_id"]
    if owner_id is not None and not ownership.can_own(task.conn, owner_id):
        return Done(Counter(), [(lead_id, ownership.NOBODY) for lead_id in ids])
    before = task.conn.execute(_ASSIGN, {"ids": list(ids), "owner_id": owner_id, "now": task.now}).fetchall()
    align_conversations(task.conn, [lead_id for lead_id, _ in before])
    return changes(ids, before)


def _assign_back(task: Task, kept: bytes) -> Done:
    """Whoever has got it meanwhile keeps it. Who gave leads away takes them back although they see them no more."""
    before = json.loads(kept)
    values = {"before": Jsonb(before), "owner_id": task.params["owner_id"], "now": task.now}
    back = {row[0] for row in task.conn.execute(_ASSIGN_BACK, values)}
    align_conversations(task.conn, sorted(back))
    return undone([lead_id for lead_id, _ in before], back)


# --- Tags -----------------------------------------------------------------------------------------------------------


def _read_tag(_conn: Connection, _actor: Actor, given: Mapping[str, str]) -> Params:
    cleaned = clean({"tags": [given.get("tag", "").replace("\x00", "")]})
    if cleaned.errors:
        raise RefusedError("tag", cleaned.errors[0].message)
    if not cleaned.values["tags"]:
        raise RefusedError("tag", "Give the tag.")
    return {"tag": cleaned.values["tags"][0]}


def _add_tag(task: Task, ids: Sequence[int]) -> Done:
    values = _tag_values(task, ids=list(ids))
    added = [(row[0], None) for row in task.conn.execute(_ADD_TAG, values)]
    announce_change(task.conn, [lead_id for lead_id, _ in added], task.now)
    full = [(row[0], _FULL) for row in task.conn.execute(_FULL_WITHOUT, values)]
    return changes(ids, added, full)


def _take_added(task: Task, kept: bytes) -> Done:
    ids = [lead_id for lead_id, _ in json.loads(kept)]
    reading.lock_many(task.conn, task.actor, ids)
    return undone(ids, {lead_id for lead_id, _ in _without_tag(task, ids)})


def _remove_tag(task: Task, ids: Sequence[int]) -> Done:
    return changes(ids, _without_tag(task, ids))


def _without_tag(task: Task, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Takes the tag from those that have it. Returns them, with how it was spelled."""
    before = task.conn.execute(_REMOVE_TAG, _tag_values(task, ids=list(ids))).fetchall()
    announce_change(task.conn, [lead_id for lead_id, _ in before], task.now)
    return before


def _put_back(task: Task, kept: bytes) -> Done:
    before = json.loads(kept)
    reading.lock_many(task.conn, task.actor, [lead_id for lead_id, _ in before])
    back = {row[0] for row in task.conn.execute(_PUT_TAG_BACK, _tag_values(task, before=Jsonb(before)))}
    announce_change(task.conn, sorted(back), task.now)
    return undone([lead_id for lead_id, _ in before], back)


def _tag_values(task: Task, **more: object) -> dict[str, object]:
    return {"tag": task.params["tag"], "most": TAG_COUNT, "now": task.now, **task.actor.params(), **more}


# --- Deleting -------------------------------------------------------------------------------------------------------


def _delete(task: Task, ids: Sequence[int]) -> Done:
    """One by one: those who listen take back what was still to be sent to each."""
    gone = sum(leads.delete(task.conn, lead_id, task.actor, task.now) for lead_id in ids)
    task.conn.execute(_AUDIT_DELETED, {"ids": list(ids), "actor_id": task.actor.id})
    return Done(Counter(changed=gone))


ACTIONS = (
    Action(
        "assign",
        "Assign",
        says=lambda params: f"Assign to {params['name']}",
        read=_read_owner,
        apply=_assign,
        undo=_assign_back,
        asks="leads/bulk/_owner.html",
        offers=_offer_people,
    ),
    Action(
        "add_tag",
        "Add a tag",
        says=lambda params: f"Add the tag “{params['tag']}”",
        read=_read_tag,
        apply=_add_tag,
        undo=_take_added,
        asks="leads/bulk/_tag.html",
    ),
    Action(
        "remove_tag",
        "Remove a tag",
        says=lambda params: f"Remove the tag “{params['tag']}”",
        read=_read_tag,
        apply=_remove_tag,
        undo=_put_back,
        asks="leads/bulk/_tag.html",
    ),
)
DELETE = Action(
    "delete",
    "Delete",
    says=lambda _: "Delete",
    apply=_delete,
    warns="This cannot be undone. Numbers, opt-outs, consents and texts stay; texts still to be sent are taken back.",
)

_ASSIGN = """
WITH before AS (
    SELECT id, owner_id FROM leads
    WHERE id = ANY(%(ids)s) AND owner_id IS DISTINCT FROM %(owner_id)s::bigint
)
UPDATE leads AS l SET owner_id = %(owner_id)s, updated_at = %(now)s FROM before WHERE l.id = before.id
RETURNING l.id, before.owner_id
"""

# Owners who have left since get nothing back.
_ASSIGN_BACK = f"""
{BEFORE}
UPDATE leads AS l SET owner_id = (before.was #>> '{{}}')::bigint, updated_at = %(now)s FROM before
WHERE l.id = before.id AND l.owner_id IS NOT DISTINCT FROM %(owner_id)s::bigint
  AND (before.was = 'null' OR EXISTS (SELECT FROM users AS u WHERE u.id = (before.was #>> '{{}}')::bigint AND u.active))
RETURNING l.id
"""  # noqa: S608 (our own words)

_ADD_TAG = """
UPDATE leads SET tags = tags || %(tag)s::text, updated_at = %(now)s
WHERE id = ANY(%(ids)s) AND cardinality(tags) < %(most)s
  AND NOT lower(tags::text)::text[] @> ARRAY[lower(%(tag)s)]
RETURNING id
"""

_FULL_WITHOUT = """
SELECT id FROM leads
WHERE id = ANY(%(ids)s) AND cardinality(tags) >= %(most)s AND NOT lower(tags::text)::text[] @> ARRAY[lower(%(tag)s)]
"""

_REMOVE_TAG = f"""
WITH before AS (
    SELECT id, (SELECT t FROM unnest(tags) AS t WHERE lower(t) = lower(%(tag)s) LIMIT 1) AS spelled
    FROM leads
    WHERE id = ANY(%(ids)s) AND {visible("owner_id")} AND lower(tags::text)::text[] @> ARRAY[lower(%(tag)s)]
    ORDER BY id FOR UPDATE
)
UPDATE leads AS l SET updated_at = %(now)s, tags = ARRAY(
    SELECT t FROM unnest(l.tags) WITH ORDINALITY AS u (t, n) WHERE lower(t) <> lower(%(tag)s) ORDER BY n)
FROM before WHERE l.id = before.id
RETURNING l.id, before.spelled
"""  # noqa: S608 (our own words)

_PUT_TAG_BACK = f"""
{BEFORE}
UPDATE leads AS l SET tags = tags || (before.was #>> '{{}}'), updated_at = %(now)s FROM before
WHERE l.id = before.id AND {visible("l.owner_id")} AND cardinality(tags) < %(most)s
  AND NOT lower(tags::text)::text[] @> ARRAY[lower(%(tag)s)]
RETURNING l.id
"""  # noqa: S608 (our own words)

_AUDIT_DELETED = """
INSERT INTO audit_log (actor_id, action, target)
SELECT %(actor_id)s, 'lead.deleted', 'lead:' || id FROM unnest(%(ids)s::bigint[]) AS id
"""
