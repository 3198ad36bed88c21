"""Saved lists as whoever may use them finds them, and the leads that they hold for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads import filters
from webapp.leads.filters import Filter, Query
from webapp.web.problems import Problem


@dataclass(frozen=True, slots=True)
class SavedList:
    """A list as doors show it. ``counted`` leads were in it for its owner at ``counted_at``, business time."""

    id: int
    name: str
    owner_id: int
    owner_name: str
    shared: bool
    frozen: bool
    filter: dict[str, Any]
    counted: int | None
    counted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    sort_key: str

    @property
    def described(self) -> Filter:
        """The filter that it was saved with. Raises FilterError where fields have changed since."""
        return filters.parse(self.filter)

    @property
    def finds(self) -> Filter:
        """The filter that finds whom it holds: for a frozen list, whoever is on it."""
        if self.frozen:
            return filters.parse({"conditions": [{"field": "list", "op": "in", "value": str(self.id)}]})
        return self.described

    def count_for(self, actor: Actor) -> int | None:
        """The last count, for those whom it tells of no lead that they may not see."""
        return self.counted if actor.sees_all or self.owner_id == actor.id else None

    def may_change(self, actor: Actor) -> bool:
        """Its owner, and managers where it is shared."""
        return self.owner_id == actor.id or (self.shared and actor.sees_all)


def visible_lists(
    conn: Connection, actor: Actor, *, limit: int | None = None, after: tuple[str, int] | None = None
) -> Sequence[SavedList]:
    """The actor's own and the shared ones, by name, ``after`` a lower-case name and id."""
    name, list_id = after or ("", 0)
    beyond = "AND (lower(s.name), s.id) > (%(name)s, %(after)s)" if after else ""
    values = {"actor_id": actor.id, "name": name, "after": list_id, "limit": limit}
    with conn.cursor(row_factory=class_row(SavedList)) as cursor:
        query = f"{_SELECT} {beyond} ORDER BY lower(s.name), s.id LIMIT %(limit)s"
        return cursor.execute(query, values).fetchall()


def find(conn: Connection, actor: Actor, list_id: int) -> SavedList | None:
    """The list, if it is the actor's own or shared."""
    with conn.cursor(row_factory=class_row(SavedList)) as cursor:
        return cursor.execute(f"{_SELECT} AND s.id = %(id)s", {"actor_id": actor.id, "id": list_id}).fetchone()


def demand(conn: Connection, actor: Actor, list_id: int, *, to_change: bool = False) -> SavedList:
    """The list. Raises a 404 Problem where the actor may not see it, a 403 where they may not change it."""
    found = find(conn, actor, list_id)
    if found is None:
        raise Problem.not_found("list")
    if to_change and not found.may_change(actor):
        raise Problem.forbidden(f"This list is {found.owner_name}'s. Duplicate it, and change your own.")
    return found


def leads_sql(conn: Connection, list_id: int, actor: Actor, now: datetime) -> Query:
    """Selects the ids of the list's leads that the actor may see. Raises LookupError where they may not see the list,
    FilterError where its filter means nothing any more. ``now`` is business time."""
    found = find(conn, actor, list_id)
    if found is None:
        raise LookupError(f"list {list_id} does not exist, or is another's")
    return filters.leads_sql(found.finds, actor, now)


def count_of(conn: Connection, ids: Query) -> int:
    """How many leads a query finds, all of them counted."""
    row = conn.execute(f"SELECT count(*) FROM ({ids.sql}) AS found", ids.params, prepare=False).fetchone()  # noqa: S608
    assert row is not None
    return int(row[0])


_SELECT = """
SELECT s.id, s.name, s.owner_id, u.name AS owner_name, s.shared, s.frozen, s.filter, s.counted, s.counted_at,
       s.created_at, s.updated_at, lower(s.name) AS sort_key
FROM saved_lists AS s JOIN users AS u ON u.id = s.owner_id
WHERE s.deleted_at IS NULL AND (s.shared OR s.owner_id = %(actor_id)s)
"""
