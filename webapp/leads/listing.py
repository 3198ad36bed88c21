"""The list of leads: searched, sorted, scoped, one keyset page at a time, forwards and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from psycopg.rows import class_row

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads.reading import COLUMNS, JOINS, Lead
from webapp.leads.search import text_query

#: Nobody counts further than this; above it a page says "more than".
COUNTED_AT_MOST = 1000

#: Where a lead stands in the list: what a cursor carries.
Position: TypeAlias = tuple[object, ...]


class Sort(StrEnum):
    NEWEST = "newest"
    NAME = "name"


class Owner(StrEnum):
    """Whose leads, where it is not one user's."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for. ``owner`` is one of Owner or a user's id."""

    typed: str = ""
    sort: Sort = Sort.NEWEST
    owner: Owner | int = Owner.ALL


@dataclass(frozen=True, slots=True)
class Page:
    """Leads in the list's order, and whether there are others on either side."""

    leads: Sequence[Lead]
    more_before: bool
    more_after: bool


class _Order(NamedTuple):
    """A sort as SQL: its keys, and a position's values to compare them with."""

    keys: tuple[str, ...]
    values: tuple[str, ...]
    descending: bool


_ORDERS = {
    Sort.NEWEST: _Order(("l.created_at", "l.id"), ("%(key0)s", "%(key1)s"), descending=True),
    Sort.NAME: _Order(
        ("lower(l.last_name)", "lower(l.first_name)", "l.id"),
        ("lower(%(key0)s)", "lower(%(key1)s)", "%(key2)s"),
        descending=False,
    ),
}
_MINE, _NOBODYS = "l.owner_id = %(actor_id)s", "l.owner_id IS NULL"


def find_page(
    conn: Connection,
    actor: Actor,
    wanted: Filter,
    limit: int,
    *,
    after: Position | None = None,
    before: Position | None = None,
) -> Page:
    """At most ``limit`` leads that the actor may see, from the top, ``after`` a position, or back ``before`` one."""
    backwards = before is not None
    query = _page_query(actor, wanted, backwards=backwards, from_the_top=not (after or before))
    values = _params(actor, wanted, before or after or ()) | {"limit": limit + 1}
    with conn.cursor(row_factory=class_row(Lead)) as cursor:
        rows = cursor.execute(query, values, prepare=_prepare(wanted)).fetchall()
    kept, more = rows[:limit], len(rows) > limit
    if backwards:
        return Page(kept[::-1], more_before=more, more_after=True)
    return Page(kept, more_before=after is not None, more_after=more)


def count(conn: Connection, actor: Actor, wanted: Filter) -> int:
    """How many leads match, counted no further than one above COUNTED_AT_MOST."""
    branches = [f"(SELECT FROM leads AS l WHERE {where} LIMIT %(limit)s)" for where in _branches(actor, wanted)]
    query = f"SELECT count(*) FROM (SELECT FROM ({_united(branches)}) AS b LIMIT %(limit)s) AS found"  # noqa: S608
    values = _params(actor, wanted, ()) | {"limit": COUNTED_AT_MOST + 1}
    row = conn.execute(query, values, prepare=_prepare(wanted)).fetchone()
    assert row is not None
    return int(row[0])


def position_of(lead: Lead, sort: Sort) -> Position:
    """The position of a lead in a list of this sort."""
    return (lead.last_name, lead.first_name, lead.id) if sort is Sort.NAME else (lead.created_at, lead.id)


def _prepare(wanted: Filter) -> bool | None:
    """A search is planned anew each time: a plan for any words at all walks the whole table."""
    return False if wanted.typed else None


def _page_query(actor: Actor, wanted: Filter, *, backwards: bool, from_the_top: bool) -> str:
    """Each branch stops after a page of its own index; their union, two pages at most, is sorted once more."""
    order = _ORDERS[wanted.sort]
    beyond = "" if from_the_top else f" AND {_beyond(order, backwards=backwards)}"
    branches = [
        f"(SELECT l.* FROM leads AS l WHERE {where}{beyond} "  # noqa: S608 (our own words)
        f"ORDER BY {_by_index(wanted.sort, where, backwards=backwards)} LIMIT %(limit)s)"
        for where in _branches(actor, wanted)
    ]
    by = _by(order, backwards=backwards)
    return f"SELECT {COLUMNS} FROM ({_united(branches)}) AS l {JOINS} ORDER BY {by} LIMIT %(limit)s"  # noqa: S608


def _branches(actor: Actor, wanted: Filter) -> list[str]:
    """The conditions whose rows together are the list. One OR over owners would cost Postgres its ordered index."""
    matches = " AND l.search @@ lower(%(text_query)s)::tsquery" if text_query(wanted.typed) else ""
    return [f"{scope}{matches}" for scope in _scopes(actor, wanted.owner)]


def _scopes(actor: Actor, owner: Owner | int) -> list[str]:
    match owner:
        case Owner.MINE:
            return [_MINE]
        case Owner.UNASSIGNED:
            return [_NOBODYS]
        case Owner.ALL:
            return ["true"] if actor.sees_all else [_MINE, _NOBODYS]
        case _:
            return ["l.owner_id = %(owner_id)s AND (%(sees_all)s OR l.owner_id = %(actor_id)s)"]


def _params(actor: Actor, wanted: Filter, position: Position) -> dict[str, object]:
    keys = {f"key{n}": value for n, value in enumerate(position)}
    return {**actor.params(), **keys, "owner_id": wanted.owner, "text_query": text_query(wanted.typed)}


def _by(order: _Order, *, backwards: bool) -> str:
    direction = "DESC" if order.descending is not backwards else "ASC"
    return ", ".join(f"{key} {direction}" for key in order.keys)


def _by_index(sort: Sort, where: str, *, backwards: bool) -> str:
    """Within one owner the order is the same with the owner in front, and so the owner's index has it."""
    by = _by(_ORDERS[sort], backwards=backwards)
    if sort is not Sort.NEWEST or not where.startswith("l.owner_id"):
        return by
    return f"l.owner_id {'DESC' if backwards else 'ASC'}, {by}"


def _beyond(order: _Order, *, backwards: bool) -> str:
    """The condition of the rows past a position."""
    compared = "<" if order.descending is not backwards else ">"
    return f"({', '.join(order.keys)}) {compared} ({', '.join(order.values)})"


def _united(branches: Sequence[str]) -> str:
    return " UNION ALL ".join(branches)
