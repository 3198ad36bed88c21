"""Do-not-call lists: which there are, how old, and who is on them.

The gate asks the lists themselves (``facts.py``). Registries' numbers change daily: a seller is safe for calling a
number only if their list is at most 31 days old (47 CFR 64.1200(c)(2)(i)(D)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from psycopg.rows import class_row

from webapp import clock
from webapp.accounts import settings as account_settings
from webapp.database import Connection
from webapp.models.constants import BulkStatus, DncKind

#: A list is good for so many days.
GOOD_FOR_DAYS: Final = 31

KIND_WORDS: Final = {
    DncKind.NATIONAL: "National registry",
    DncKind.STATE: "State list",
    DncKind.LITIGATOR: "Known litigators",
}


class State(StrEnum):
    """Where a list is in its life. Only an active one keeps texts back."""

    IMPORTING = "importing"
    UNFINISHED = "unfinished"
    """Its import failed or was stopped: what is in is not used."""
    ACTIVE = "active"
    INACTIVE = "inactive"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True)
class DncList:
    """A list as the page shows it. ``imported_at`` is what the business clock would have said then.

    ``operation_*`` are of the newest bulk operation upon it.
    """

    id: int
    kind: DncKind
    name: str
    as_of: date
    entries: int
    active: bool
    imported_at: datetime
    imported_by: str | None
    operation_id: int | None
    operation_kind: str | None
    operation_status: BulkStatus | None
    today: date

    @property
    def state(self) -> State:
        under_way = self.operation_status in {BulkStatus.QUEUED, BulkStatus.RUNNING}
        if self.operation_kind == DELETION:
            return State.REMOVING if under_way else State.UNFINISHED
        if self.operation_status in {BulkStatus.FAILED, BulkStatus.CANCELED}:
            return State.UNFINISHED
        if under_way:
            return State.IMPORTING
        return State.ACTIVE if self.active else State.INACTIVE

    @property
    def kind_words(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def means(self) -> str:
        """What being on it means for a person's texts, after a colon."""
        if self.state is not State.ACTIVE:
            return "not used now"
        if self.kind == DncKind.LITIGATOR:
            return "never texted, whatever is on file"
        return "texted only with consent on file in writing; what was only said is not enough"

    @property
    def days_old(self) -> int:
        return days_old(self.as_of, self.today)

    @property
    def outdated(self) -> bool:
        return self.days_old > GOOD_FOR_DAYS


@dataclass(frozen=True, slots=True)
class Age:
    """The active national lists: the newest one's day and age, and how many are past their 31 days.

    Registries give their list out by area code, so there may be several.
    """

    newest: date
    days: int
    outdated: int

    @property
    def stale(self) -> bool:
        return self.days > GOOD_FOR_DAYS


IMPORT: Final = "dnc_import"
DELETION: Final = "dnc_delete"


def days_old(as_of: date, today: date) -> int:
    """How many days ago a list was given out."""
    return (today - as_of).days


def today_here(conn: Connection) -> date:
    """The account's own day, by the business clock."""
    return clock.now().astimezone(ZoneInfo(account_settings.load(conn).default_timezone)).date()


def age(conn: Connection) -> Age | None:
    """How old the national registry's numbers are; None when no national list is active."""
    today = today_here(conn)
    row = conn.execute(_AGE, {"kind": DncKind.NATIONAL, "today": today, "days": GOOD_FOR_DAYS}).fetchone()
    return Age(row[0], days_old(row[0], today), row[1]) if row and row[0] else None


def lists(conn: Connection) -> Sequence[DncList]:
    """All lists, newest first within a kind."""
    return _read(conn, "true", {})


def find(conn: Connection, list_id: int) -> DncList | None:
    """The list with this id."""
    return next(iter(_read(conn, "l.id = %(id)s", {"id": list_id})), None)


def lists_with(conn: Connection, e164: str) -> Sequence[DncList]:
    """The lists that a number is on, whether or not they are active."""
    on_it = "EXISTS (SELECT 1 FROM dnc_entries AS e WHERE e.list_id = l.id AND e.e164 = %(e164)s)"
    return _read(conn, on_it, {"e164": e164})


def in_use_with(conn: Connection, e164: str) -> Sequence[DncList]:
    """The active ones among them: those that count for texts."""
    return [each for each in lists_with(conn, e164) if each.state is State.ACTIVE]


def newer_of_that_name(conn: Connection, kind: DncKind, name: str, as_of: date) -> date | None:
    """The day of an active list of this kind and name that is newer; an import would put an older one in its place."""
    row = conn.execute(_NEWER, {"kind": kind, "name": name, "as_of": as_of}).fetchone()
    return row[0] if row else None


def leads_on(conn: Connection) -> dict[int, int]:
    """How many leads are on each list, by its id. Some seconds at a million leads: ask for it apart from the page."""
    return dict(conn.execute(_LEADS_ON).fetchall())


def activate(conn: Connection, list_id: int, *, active: bool) -> bool:
    """Uses a list, or lets it rest. False when there is none that is whole."""
    found = find(conn, list_id)
    if found is None or found.state not in {State.ACTIVE, State.INACTIVE}:
        return False
    return conn.execute("UPDATE dnc_lists SET active = %s WHERE id = %s", (active, list_id)).rowcount == 1


def _read(conn: Connection, condition: str, values: dict[str, object]) -> Sequence[DncList]:
    given = {**values, "offset": clock.offset(), "today": today_here(conn)}
    with conn.cursor(row_factory=class_row(DncList)) as cursor:
        return cursor.execute(_LISTS.format(condition=condition), given).fetchall()


_LISTS = """
SELECT l.id, l.kind, l.name, l.as_of, l.entries, l.active, l.imported_at + %(offset)s AS imported_at,
       u.name AS imported_by, o.id AS operation_id, o.kind AS operation_kind, o.status AS operation_status,
       %(today)s::date AS today
FROM dnc_lists AS l
LEFT JOIN users AS u ON u.id = l.imported_by
LEFT JOIN LATERAL (
    SELECT b.id, b.kind, b.status FROM bulk_operations AS b
    WHERE b.kind IN ('dnc_import', 'dnc_delete') AND b.params->>'list_id' = l.id::text
    ORDER BY b.id DESC LIMIT 1
) AS o ON true
WHERE {condition}
ORDER BY array_position(ARRAY['national', 'state', 'litigator'], l.kind), l.as_of DESC, l.id DESC
"""

_AGE = """
SELECT max(as_of), count(*) FILTER (WHERE %(today)s::date - as_of > %(days)s)
FROM dnc_lists WHERE kind = %(kind)s AND active
"""

_NEWER = """
SELECT max(as_of) FROM dnc_lists
WHERE kind = %(kind)s AND lower(name) = lower(%(name)s) AND active AND as_of > %(as_of)s
HAVING count(*) > 0
"""

_LEADS_ON = """
SELECT e.list_id, count(*) FROM leads AS l JOIN dnc_entries AS e ON e.e164 = l.phone GROUP BY e.list_id
"""
