"""Numbers by how they stand: opted out, to be confirmed, agreed, never asked; one keyset page at a time.

Each list reads a partial index of its own and stops after a page, however many numbers there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from psycopg.rows import class_row

from webapp.compliance.public import opt_in
from webapp.database import Connection
from webapp.leads.fields import REGION
from webapp.leads.search import text_query
from webapp.models.constants import DncKind
from webapp.rules.phones import parse

PAGE: Final = 50
#: Nobody counts further than this; above it a page says "more than".
COUNTED_AT_MOST: Final = 1000

#: Where a number stands in its list: what a cursor carries.
Position: TypeAlias = tuple[object, ...]


class Show(StrEnum):
    SUPPRESSED = "suppressed"
    DOUBT = "confirm"
    AGREED = "consent"
    UNASKED = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """A contact number, how it stands, and its lead if there is one.

    ``by`` entered the row of the ledger by which it stands so; ``day``: where that row knows only the day. ``dnc``: the
    kinds of the do-not-call lists in use that have the number. ``pending_at``: since when their YES is waited for.
    """

    id: int
    e164: str
    lead_id: int | None
    first_name: str
    last_name: str
    suppressed_at: datetime | None
    suppression_source: str | None
    suppression_reason: str | None
    consent_at: datetime | None
    consent_source: str | None
    consent_channel: str | None
    consent_until: datetime | None
    doubt_at: datetime | None
    doubt_source: str | None
    doubt_matched: str | None
    created_at: datetime
    erased_at: datetime | None
    pending_at: datetime | None
    by: str | None
    day: date | None
    dnc: Sequence[str]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def sues(self) -> bool:
        """Whether a list of people who sue has the number: then nothing is sent to it, whatever is on file."""
        return DncKind.LITIGATOR in self.dnc

    def waits_for_yes(self, now: datetime) -> bool:
        """Whether they signed up on the public page, and have not confirmed it yet."""
        unsettled = self.suppressed_at is None and self.consent_at is None
        return unsettled and opt_in.is_pending(self.pending_at, now)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand in each way, counted no further than one above COUNTED_AT_MOST."""

    suppressed: int
    confirm: int
    consent: int
    none: int


class _List(NamedTuple):
    condition: str
    keys: tuple[str, ...]
    descending: bool = True


_LISTS = {
    Show.SUPPRESSED: _List("n.suppressed_at IS NOT NULL", ("n.suppressed_at", "n.id")),
    Show.DOUBT: _List("n.doubt_at IS NOT NULL", ("n.doubt_at", "n.id"), descending=False),
    Show.AGREED: _List("n.consent_at IS NOT NULL", ("n.consent_at", "n.id")),
    Show.UNASKED: _List("n.consent_at IS NULL AND n.suppressed_at IS NULL", ("n.id",)),
}
_FOUND = _List("true", ("n.id",))


def find(conn: Connection, contact_number_id: int) -> Standing | None:
    """One number."""
    with conn.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(
            _ROWS.format(numbers="SELECT * FROM contact_numbers WHERE id = %s"), [contact_number_id]
        ).fetchone()


def listed(conn: Connection, show: Show, *, after: Position = (), limit: int = PAGE) -> list[Standing]:
    """Up to ``limit`` numbers of a list, from the top or after a position: newest first, doubts oldest first."""
    return _read(conn, _LISTS[show], "contact_numbers n", {}, after, limit)


def matching(conn: Connection, typed: str, *, after: Position = (), limit: int = PAGE) -> list[Standing]:
    """Numbers found by name, by the number in any form, or by its last four digits, however they stand."""
    words = text_query(typed)
    if words is None:
        return []
    digits = re.sub(r"\D", "", typed)
    values: dict[str, object] = {
        "words": words,
        "number": parse(typed, REGION).e164,
        "last_four": digits if len(digits) == 4 else None,
    }
    return _read(conn, _FOUND, f"({_SEARCH}) found JOIN contact_numbers n USING (id)", values, after, limit)


def position_of(row: Standing, show: Show | None) -> Position:
    """The position of a number in a list, or among what was searched for."""
    match show:
        case Show.SUPPRESSED:
            return (row.suppressed_at, row.id)
        case Show.DOUBT:
            return (row.doubt_at, row.id)
        case Show.AGREED:
            return (row.consent_at, row.id)
        case _:
            return (row.id,)


def counts(conn: Connection) -> Counts:
    """All four, in one query of bounded cost."""
    with conn.cursor(row_factory=class_row(Counts)) as cursor:
        found = cursor.execute(_COUNTS, {"limit": COUNTED_AT_MOST + 1}).fetchone()
    assert found is not None
    return found


def count_suppressed(conn: Connection) -> int:
    """Exactly how many are opted out."""
    row = conn.execute("SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL").fetchone()
    assert row is not None
    return int(row[0])


def _read(
    conn: Connection, order: _List, source: str, values: dict[str, object], after: Position, limit: int
) -> list[Standing]:
    direction = "DESC" if order.descending else "ASC"
    by = ", ".join(f"{key} {direction}" for key in order.keys)
    beyond = ""
    if after:
        places = ", ".join(f"%(key{n})s" for n in range(len(order.keys)))
        beyond = f" AND ({', '.join(order.keys)}) {'<' if order.descending else '>'} ({places})"
    page = f"SELECT n.* FROM {source} WHERE {order.condition}{beyond} ORDER BY {by} LIMIT %(limit)s"  # noqa: S608
    params = values | {f"key{n}": value for n, value in enumerate(after)} | {"limit": limit}
    with conn.cursor(row_factory=class_row(Standing)) as cursor:
        # A search is planned anew each time: a plan for any words at all may walk the whole table.
        query = f"{_ROWS.format(numbers=page)} ORDER BY {by}"
        return cursor.execute(query, params, prepare=False if values else None).fetchall()


# Who entered it is told of the row that the number stands by, and of no later one: a STOP is its own person's.
_ROWS = """
SELECT n.id, n.e164, l.id AS lead_id, coalesce(l.first_name, '') AS first_name, coalesce(l.last_name, '') AS last_name,
       n.suppressed_at, n.suppression_source, n.suppression_reason, n.consent_at, n.consent_source, n.consent_channel,
       n.consent_until, n.doubt_at, n.doubt_source, n.doubt_matched, n.created_at, n.erased_at, n.pending_at,
       decisive.name AS by, decisive.day, d.dnc
FROM ({numbers}) n
LEFT JOIN leads l ON l.contact_number_id = n.id
LEFT JOIN LATERAL (
    SELECT u.name, (e.details ->> 'day')::date AS day
    FROM consent_events e LEFT JOIN users u ON u.id = e.actor_id
    WHERE e.contact_number_id = n.id AND CASE
        WHEN n.suppressed_at IS NOT NULL
        THEN e.event = 'opt_out' AND e.source = n.suppression_source AND e.occurred_at = n.suppressed_at
        WHEN n.doubt_at IS NOT NULL THEN false
        ELSE e.event <> 'opt_out' AND e.source = n.consent_source AND e.occurred_at = n.consent_at END
    ORDER BY e.id DESC LIMIT 1) decisive ON true
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT dl.kind), '{{}}') AS dnc
    FROM dnc_entries de JOIN dnc_lists dl ON dl.id = de.list_id AND dl.active WHERE de.e164 = n.e164) d
"""

# A number outlives its lead: then the whole number finds it, or its last four digits.
_SEARCH = """
(SELECT contact_number_id AS id FROM leads WHERE search @@ lower(%(words)s)::tsquery LIMIT 500)
UNION SELECT id FROM contact_numbers WHERE e164 = %(number)s
UNION (SELECT id FROM contact_numbers WHERE right(e164, 4) = %(last_four)s LIMIT 500)
"""


def _counted(show: Show) -> str:
    condition = _LISTS[show].condition
    return f"(SELECT count(*) FROM (SELECT 1 FROM contact_numbers n WHERE {condition} LIMIT %(limit)s) few) AS {show}"  # noqa: S608


_COUNTS = f"SELECT {', '.join(_counted(show) for show in Show)}"


def last_position(rows: Sequence[Standing], show: Show | None, limit: int = PAGE) -> Position | None:
    """Where the next page begins, for ``limit + 1`` rows that were read; None when these are the last."""
    return position_of(rows[limit - 1], show) if len(rows) > limit else None
