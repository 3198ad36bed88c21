"""Saved lists: a filter that is asked anew each time, or the leads that it found when it was frozen.

Functions leave the commit to the door. Whoever may use a list still sees only the leads that they may see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads import filters
from webapp.leads.arithmetic import Arithmetic, arithmetic
from webapp.leads.filters import Filter
from webapp.leads.list_reading import SavedList, count_of, demand, find, leads_sql, visible_lists
from webapp.web.problems import Problem

__all__ = [
    "Arithmetic",
    "NameTakenError",
    "NewList",
    "SavedList",
    "TooManyError",
    "arithmetic",
    "change",
    "count",
    "count_of",
    "create",
    "delete",
    "demand",
    "duplicate",
    "find",
    "keep_count",
    "leads_sql",
    "restore",
    "visible_lists",
]

NAME_LENGTH = 100
#: So many leads a frozen list keeps at most: writing them down takes a second for every 50,000.
MOST_FROZEN = 200_000
TOO_MANY = f"A frozen list keeps {MOST_FROZEN:,} leads or fewer. Narrow the filter, or save it as a dynamic list."
#: A deleted list is there for this long to be brought back; then the next deletion takes it along.
_UNDO_WITHIN = timedelta(days=1)
#: What a person is told whose list of that name is there already.
TAKEN = "You have a list of this name. Choose another one."


class NameTakenError(Exception):
    """Its owner has another list of this name."""


class TooManyError(Exception):
    """A frozen list keeps each of its leads: there is a limit to that."""


@dataclass(frozen=True, slots=True)
class NewList:
    """A list to be made; ``frozen`` keeps whom the filter finds now."""

    name: str
    chosen: Filter
    shared: bool = False
    frozen: bool = False


def create(conn: Connection, actor: Actor, new: NewList, now: datetime) -> int:
    """Saves a list of the actor's and counts it. Returns its id. Raises NameTakenError and TooManyError."""
    _refuse_too_many(conn, new, actor, now)
    values = {
        "name": new.name,
        "owner_id": actor.id,
        "shared": new.shared,
        "frozen": new.frozen,
        "filter": Jsonb(new.chosen.stored()),
        "now": now,
    }
    list_id = int(_unless_taken(conn, _CREATE, values))
    if new.frozen:
        _freeze(conn, list_id, new.chosen, actor, now)
    count(conn, list_id, actor, now)
    return list_id


def change(conn: Connection, saved: SavedList, actor: Actor, changed: NewList, now: datetime) -> None:
    """Changes a list that the actor may change. A frozen one keeps its leads, unless it is frozen only now or its
    filter is another one. Raises NameTakenError and TooManyError."""
    _refuse_too_many(conn, changed, actor, now)
    values = {
        "id": saved.id,
        "name": changed.name,
        "shared": changed.shared,
        "frozen": changed.frozen,
        "filter": Jsonb(changed.chosen.stored()),
        "now": now,
    }
    _unless_taken(conn, _CHANGE, values)
    asked_anew = changed.chosen.stored() != saved.filter or not saved.frozen
    if not changed.frozen or asked_anew:
        conn.execute("DELETE FROM saved_list_members WHERE list_id = %s", (saved.id,))
    if changed.frozen and asked_anew:
        _freeze(conn, saved.id, changed.chosen, actor, now)
    count(conn, saved.id, actor, now)


def duplicate(conn: Connection, saved: SavedList, actor: Actor, now: datetime) -> int:
    """A private copy of the actor's, with those of a frozen list's leads whom they may see. Returns its id."""
    new = NewList(_free_name(conn, saved.name, actor), saved.finds if saved.frozen else saved.described, False, False)
    list_id = create(conn, actor, new, now)
    if saved.frozen:
        _freeze(conn, list_id, saved.finds, actor, now)
        values = {"id": list_id, "filter": Jsonb(saved.filter)}
        conn.execute("UPDATE saved_lists SET frozen = true, filter = %(filter)s WHERE id = %(id)s", values)
    return list_id


def delete(conn: Connection, saved: SavedList, now: datetime) -> None:
    """Takes a list off the pages; ``restore`` undoes it. Raises a 409 Problem naming a campaign that stands on it."""
    row = conn.execute(_STANDS_ON_IT, (saved.id,)).fetchone()
    if row is not None:
        raise Problem.conflict(f"The campaign “{row[0]}” stands on this list. End it, or give it another list first.")
    conn.execute("UPDATE saved_lists SET deleted_at = %s WHERE id = %s", (now, saved.id))
    conn.execute(_PURGE, (now - _UNDO_WITHIN,))


def restore(conn: Connection, actor: Actor, list_id: int) -> bool:
    """Brings back a deleted list that the actor may change. False where there is none, or its name is taken by now."""
    values = {"id": list_id, "actor_id": actor.id, "sees_all": actor.sees_all}
    try:
        with conn.transaction():
            return conn.execute(_RESTORE, values).rowcount == 1
    except UniqueViolation:
        return False


def count(conn: Connection, list_id: int, actor: Actor, now: datetime) -> int:
    """How many of the list's leads the actor may see; kept with its time where they own it. Raises LookupError."""
    ids = leads_sql(conn, list_id, actor, now)
    number = count_of(conn, ids)
    keep_count(conn, list_id, actor, number, now)
    return number


def keep_count(conn: Connection, list_id: int, actor: Actor, number: int, now: datetime) -> None:
    """Keeps how many leads the actor saw in a list, where they own it."""
    conn.execute(_KEEP_COUNT, {"id": list_id, "actor_id": actor.id, "number": number, "now": now})


def _refuse_too_many(conn: Connection, new: NewList, actor: Actor, now: datetime) -> None:
    if new.frozen and count_of(conn, filters.leads_sql(new.chosen, actor, now)) > MOST_FROZEN:
        raise TooManyError


def _freeze(conn: Connection, list_id: int, chosen: Filter, actor: Actor, now: datetime) -> None:
    ids = filters.leads_sql(chosen, actor, now)
    query = f"INSERT INTO saved_list_members (list_id, lead_id) SELECT %(list_id)s, id FROM ({ids.sql}) AS f ON CONFLICT DO NOTHING"  # noqa: S608, E501
    conn.execute(query, {**ids.params, "list_id": list_id}, prepare=False)


def _unless_taken(conn: Connection, query: str, values: dict[str, object]) -> int:
    try:
        with conn.transaction():
            row = conn.execute(query, values).fetchone()
    except UniqueViolation:
        raise NameTakenError from None
    assert row is not None
    return int(row[0])


def _free_name(conn: Connection, name: str, actor: Actor) -> str:
    """``Name copy``, ``Name copy 2``, …: the first that the actor has no list of."""
    stem = f"{name[: NAME_LENGTH - 10]} copy"
    taken = {row[0] for row in conn.execute(_NAMES, {"owner_id": actor.id})}
    names = [stem, *(f"{stem} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name.lower() not in taken)


_CREATE = """
INSERT INTO saved_lists (name, owner_id, shared, frozen, filter, created_at, updated_at)
VALUES (%(name)s, %(owner_id)s, %(shared)s, %(frozen)s, %(filter)s, %(now)s, %(now)s)
RETURNING id
"""

_CHANGE = """
UPDATE saved_lists
SET name = %(name)s, shared = %(shared)s, frozen = %(frozen)s, filter = %(filter)s, updated_at = %(now)s,
    counted = NULL, counted_at = NULL
WHERE id = %(id)s
RETURNING id
"""

_STANDS_ON_IT = """
SELECT name FROM sms_campaigns WHERE saved_list_id = %s AND status IN ('draft', 'running', 'paused') LIMIT 1
"""

# What an ended campaign once stood on stays for its page.
_PURGE = """
DELETE FROM saved_lists AS s
WHERE s.deleted_at < %s AND NOT EXISTS (SELECT FROM sms_campaigns AS c WHERE c.saved_list_id = s.id)
"""

_RESTORE = """
UPDATE saved_lists SET deleted_at = NULL
WHERE id = %(id)s AND deleted_at IS NOT NULL AND (owner_id = %(actor_id)s OR (shared AND %(sees_all)s))
"""

_KEEP_COUNT = """
UPDATE saved_lists SET counted = %(number)s, counted_at = %(now)s WHERE id = %(id)s AND owner_id = %(actor_id)s
"""

_NAMES = "SELECT lower(name) FROM saved_lists WHERE owner_id = %(owner_id)s AND deleted_at IS NULL"
