"""The list pane: one page of conversations by keyset, and the counts beside the selectors.

Each assignment that makes up the selection is read through its own index and cut before the union, so that the cost
does not grow with the number of conversations (a rep's OR over two indexes would sort all of both).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.inbox import search
from webapp.inbox.selection import ALL, MINE, NOBODYS, Assignment, Selection, View, Whose, assignments

PAGE = 30
#: Counts stop here: "99+" needs no more than a hundred index entries.
COUNT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. Times are business time."""

    id: int
    first_name: str
    last_name: str
    phone: str
    preview: str
    removed: bool
    """Its last words are gone, for their age or because the person wanted it."""
    last_direction: str | None
    unread: int
    state: str
    waiting_since: datetime | None
    last_message_at: datetime
    assigned_to: int | None
    assignee: str | None
    opted_out: bool
    doubt: bool


@dataclass(frozen=True, slots=True)
class Key:
    """The keyset: the instant that the list is ordered by, and the id."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, by whose, each up to ``COUNT_LIMIT``; and whether anything is snoozed."""

    mine: int
    unassigned: int
    everyone: int
    snoozed: bool

    def of(self, whose: Whose) -> int:
        return {Whose.MINE: self.mine, Whose.UNASSIGNED: self.unassigned, Whose.EVERYONE: self.everyone}[whose]


def key_of(row: Row, selection: Selection) -> Key:
    """Where the next page begins after ``row``."""
    if _longest_wait_first(selection) and row.waiting_since is not None:
        return Key(row.waiting_since, row.id)
    return Key(row.last_message_at, row.id)


def load(
    conn: Connection, actor: Actor, selection: Selection, *, limit: int = PAGE, after: Key | None = None
) -> list[Row]:
    """Up to ``limit`` rows of the selection that this actor may see. Waiting: longest wait first; else newest first."""
    asked = search.understand(selection.search) if selection.search else None
    if selection.search and asked is None:
        return []
    sql = _found_sql(selection, after) if asked else _listed_sql(actor, selection, after)
    params = actor.params() | {"limit": limit}
    params |= {"at": after.at, "id": after.id} if after else {}
    params |= {"words": asked.words, "number": asked.number} if asked else {}
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        # A search is planned anew each time: a plan for any words at all may walk the whole table.
        return cursor.execute(sql, params, prepare=False if asked else None).fetchall()


def counts(conn: Connection, actor: Actor) -> Counts:
    """What waits, in one query of bounded cost."""
    with conn.cursor(row_factory=class_row(Counts)) as cursor:
        found = cursor.execute(_COUNTS, actor.params() | {"limit": COUNT_LIMIT}).fetchone()
    assert found is not None
    return found


def _longest_wait_first(selection: Selection) -> bool:
    return selection.view is View.WAITING and not selection.search


_COLUMNS = """
SELECT c.id, COALESCE(l.first_name, '') AS first_name, COALESCE(l.last_name, '') AS last_name, n.e164 AS phone,
       left(c.last_body, 160) AS preview,
       c.last_body = '' AND EXISTS (
           SELECT FROM sms_messages WHERE id = c.last_message_id AND body_removed_at IS NOT NULL) AS removed,
       c.last_direction, c.unread, c.state, c.waiting_since, c.last_message_at,
       c.assigned_to, u.name AS assignee, n.suppressed_at IS NOT NULL AS opted_out,
       n.doubt_at IS NOT NULL AS doubt
"""

_PEOPLE = """
JOIN contact_numbers n ON n.id = c.contact_number_id
LEFT JOIN leads l ON l.id = c.lead_id
LEFT JOIN users u ON u.id = c.assigned_to
"""


def _listed_sql(actor: Actor, selection: Selection, after: Key | None) -> str:
    order, state, beyond = _ordering(selection, after)
    parts = [
        f"""
        (SELECT * FROM sms_conversations WHERE {whose.condition} AND {state}{beyond}
         ORDER BY {whose.order}{order} LIMIT %(limit)s)
        """  # noqa: S608 (every part is written here)
        for whose in assignments(actor, selection.whose, first_page=after is None)
    ]
    page = f"SELECT * FROM ({' UNION ALL '.join(parts)}) parts ORDER BY {order} LIMIT %(limit)s"  # noqa: S608
    return f"{_COLUMNS} FROM ({page}) c {_PEOPLE} ORDER BY {order}"


def _ordering(selection: Selection, after: Key | None) -> tuple[str, str, str]:
    """The order, the state's condition, and the condition for what comes after the keyset."""
    if selection.view is View.WAITING:
        beyond = " AND (waiting_since, id) > (%(at)s, %(id)s)" if after else ""
        return "waiting_since, id", "waiting_since IS NOT NULL", beyond
    # A conversation without a text yet has nothing to show; the condition also keeps NULL out of the keyset.
    beyond = " AND (last_message_at, id) < (%(at)s, %(id)s)" if after else " AND last_message_at IS NOT NULL"
    return "last_message_at DESC, id DESC", f"state = '{selection.view.value}'", beyond


_BY_LEAD = f"""
SELECT c.* FROM ({search.LEADS}) found JOIN sms_conversations c ON c.lead_id = found.id
"""  # noqa: S608 (every part is written here)

# A conversation outlives its lead: the whole number still finds it.
_BY_NUMBER = """
SELECT c.* FROM contact_numbers n JOIN sms_conversations c ON c.contact_number_id = n.id
WHERE n.e164 = %(number)s AND c.lead_id IS NULL
"""

_WHOSE = {
    Whose.MINE: "c.assigned_to = %(actor_id)s",
    Whose.UNASSIGNED: "c.assigned_to IS NULL",
    Whose.EVERYONE: "true",
}


def _found_sql(selection: Selection, after: Key | None) -> str:
    beyond = "AND (c.last_message_at, c.id) < (%(at)s, %(id)s)" if after else ""
    return f"""
    {_COLUMNS} FROM ({_BY_LEAD} UNION ALL {_BY_NUMBER}) c {_PEOPLE}
    WHERE {visible("c.assigned_to")} AND {_WHOSE[selection.whose]} AND c.last_message_at IS NOT NULL {beyond}
    ORDER BY c.last_message_at DESC, c.id DESC LIMIT %(limit)s
    """


def _waiting(whose: Assignment) -> str:
    return f"""
    (SELECT count(*) FROM (
        SELECT 1 FROM sms_conversations WHERE {whose.condition} AND waiting_since IS NOT NULL
        ORDER BY {whose.order}waiting_since LIMIT %(limit)s) capped)
    """  # noqa: S608 (every part is written here)


def _snoozed(whose: Assignment) -> str:
    return f"EXISTS (SELECT 1 FROM sms_conversations WHERE {whose.condition} AND state = 'snoozed')"  # noqa: S608


_COUNTS = f"""
SELECT mine, unassigned,
       CASE WHEN %(sees_all)s THEN {_waiting(ALL)} ELSE LEAST(mine + unassigned, %(limit)s) END AS everyone,
       CASE WHEN %(sees_all)s THEN {_snoozed(ALL)} ELSE {_snoozed(MINE)} OR {_snoozed(NOBODYS)} END AS snoozed
FROM (SELECT {_waiting(MINE)} AS mine, {_waiting(NOBODYS)} AS unassigned) counted
"""  # noqa: S608 (every part is written here)
