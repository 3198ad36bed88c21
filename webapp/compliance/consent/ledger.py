"""The consent ledger, read: what was written about a number, and whether the chain of its rows is whole.

Each row's hash covers the row and the hash of the number's row before it (migration 0002); a row that was changed, or
taken out of the middle, shows here. A chain whose end was cut off shows in the seals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.rows import class_row

from webapp.compliance.consent.words import event_words, source_words
from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that does not hold. ``why``: "changed" in itself, or "unlinked" from the row before it."""

    row_id: int
    contact_number_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger. ``occurred_at`` and ``expires_at`` are business time, ``recorded_at`` machine time."""

    id: int
    event: str
    scope: str
    channel: str
    source: str
    occurred_at: datetime
    recorded_at: datetime
    expires_at: datetime | None
    by: str | None
    note: str | None
    message_id: int | None
    disclosure_id: int | None
    details: dict[str, Any]
    row_hash: bytes

    @property
    def happened(self) -> str:
        return event_words(self.event, self.details)

    @property
    def day(self) -> date | None:
        """The day, where nothing more is known: the time in ``occurred_at`` is then nobody's word."""
        return date.fromisoformat(self.details["day"]) if "day" in self.details else None

    @property
    def entered(self) -> str:
        """What the person in ``by`` did: somebody else's own words are only confirmed."""
        return "confirmed" if "confirmed_by_a_person_at" in self.details else "entered"

    @property
    def how(self) -> str:
        return source_words(self.source)


def entries(conn: Connection, contact_number_id: int) -> list[Entry]:
    """A number's rows, oldest first."""
    with conn.cursor(row_factory=class_row(Entry)) as cursor:
        return cursor.execute(_ENTRIES, [contact_number_id]).fetchall()


def verify(conn: Connection, contact_number_id: int | None = None) -> Broken | None:
    """Computes the hashes again, of one number or of all; the first row that does not hold, or None."""
    with conn.cursor(row_factory=class_row(Broken)) as cursor:
        return cursor.execute(_FIRST_BROKEN, {"number": contact_number_id}).fetchone()


_ENTRIES = """
SELECT e.id, e.event, e.scope, e.channel, e.source, e.occurred_at, e.recorded_at, e.expires_at, u.name AS by, e.note,
       e.message_id, e.disclosure_id, e.details, e.row_hash
FROM consent_events e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.contact_number_id = %s ORDER BY e.id
"""

_FIRST_BROKEN = """
SELECT row_id, contact_number_id, why FROM (
    SELECT e.id AS row_id, e.contact_number_id, CASE
        WHEN e.row_hash <> consent_row_hash(e) THEN 'changed'
        WHEN e.prev_hash IS DISTINCT FROM lag(e.row_hash) OVER of_number THEN 'unlinked' END AS why
    FROM consent_events e
    WHERE %(number)s::bigint IS NULL OR e.contact_number_id = %(number)s
    WINDOW of_number AS (PARTITION BY e.contact_number_id ORDER BY e.id)
) checked WHERE why IS NOT NULL ORDER BY row_id LIMIT 1
"""
