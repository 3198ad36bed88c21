"""The list of leads: searched, sorted, scoped, one keyset page at a time, forwards and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from psycopg.rows import class_row

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads import filters
from webapp.leads.filter_values import Bound
from webapp.leads.reading import COLUMNS, JOINS, Lead

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
    """What is looked for. ``owner`` is one of Owner or a user's id.

    ``chosen`` has the conditions, which reckon with business time ``now``; what is ``typed`` stands for its words.
    """

    typed: str = ""
    sort: Sort = Sort.NEWEST
    owner: Owner | int = Owner.ALL
    chosen: filters.Filter = filters.EVERYBODY
    now: datetime | None = None

    @property
    def whole(self) -> filters.Filter:
        """All of it but the owner, whom the list's indexes know, as one filter."""
        return self.chosen.model_copy(update={"q": self.typed}) if self.typed else self.chosen


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
    asked = _ask(actor, wanted)
    query = _page_query(asked, wanted.sort, backwards=backwards, from_the_top=not (after or before))
    keys = {f"key{n}": value for n, value in enumerate(before or after or ())}
    values = {**asked.params, **keys, "limit": limit + 1}
    with conn.cursor(row_factory=class_row(Lead)) as cursor:
        rows = cursor.execute(query, values, prepare=_prepare(wanted)).fetchall()
    kept, more = rows[:limit], len(rows) > limit
    if backwards:
        return Page(kept[::-1], more_before=more, more_after=True)
    return Page(kept, more_before=after is not None, more_after=more)


def count(conn: Connection, actor: Actor, wanted: Filter) -> int:
    """How many leads match, counted no further than one above COUNTED_AT_MOST."""
    asked = _ask(actor, wanted)
    branches = [f"(SELECT FROM leads AS l WHERE {where} LIMIT %(limit)s)" for where in asked.branches]
    query = f"SELECT count(*) FROM (SELECT FROM ({_united(branches)}) AS b LIMIT %(limit)s) AS found"  # noqa: S608
    values = asked.params | {"limit": COUNTED_AT_MOST + 1}
    row = conn.execute(query, values, prepare=_prepare(wanted)).fetchone()
    assert row is not None
    return int(row[0])


def position_of(lead: Lead, sort: Sort) -> Position:
    """The position of a lead in a list of this sort."""
    return (lead.last_name, lead.first_name, lead.id) if sort is Sort.NAME else (lead.created_at, lead.id)


def _prepare(wanted: Filter) -> bool | None:
    """A search is planned anew each time: a plan for any words at all walks the whole table."""
    return False if wanted.whole.narrows else None


class _Asked(NamedTuple):
    """``branches`` are conditions whose rows together are the list: one OR over owners would cost Postgres its ordered
    index. ``params`` are their values."""

    branches: list[str]
    params: dict[str, object]


def _ask(actor: Actor, wanted: Filter) -> _Asked:
    assert wanted.now or not wanted.chosen.narrows, "conditions need the time"
    bound = Bound(actor=actor, now=wanted.now or datetime.min.replace(tzinfo=UTC))
    where = filters.where_sql(wanted.whole, bound)
    branches = [f"{scope} AND {where}" for scope in _scopes(actor, wanted.owner)]
    return _Asked(branches, {**actor.params(), **bound.params, "owner_id": wanted.owner})


def _page_query(asked: _Asked, sort: Sort, *, backwards: bool, from_the_top: bool) -> str:
    """Each branch stops after a page of its own index; their union, two pages at most, is sorted once more."""
    order = _ORDERS[sort]
    beyond = "" if from_the_top else f" AND {_beyond(order, backwards=backwards)}"
    branches = [
        f"(SELECT l.* FROM leads AS l WHERE {where}{beyond} "  # noqa: S608 (our own words)
        f"ORDER BY {_by_index(sort, where, backwards=backwards)} LIMIT %(limit)s)"
        for where in asked.branches
    ]
    by = _by(order, backwards=backwards)
    return f"SELECT {COLUMNS} FROM ({_united(branches)}) AS l {JOINS} ORDER BY {by} LIMIT %(limit)s"  # noqa: S608


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
