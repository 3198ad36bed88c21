"""Rows of the consent ledger, written: every consent, opt-out and confirmation gets into it here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from psycopg.types.json import Jsonb

from webapp.database import Connection
from webapp.models.constants import ConsentChannel, ConsentEvent

Scope = Literal["marketing", "transactional", "all"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row to be written. ``at`` and ``until`` (None: without an end) are business time.

    ``attested``: whoever enters it vouches for it. ``details`` is the rest of the evidence, as JSON.
    """

    contact_number_id: int
    event: ConsentEvent
    source: str
    channel: ConsentChannel
    at: datetime
    until: datetime | None = None
    scope: Scope = "all"
    attested: bool = True
    disclosure_id: int | None = None
    actor_id: int | None = None
    message_id: int | None = None
    note: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def write(conn: Connection, rows: Sequence[Row]) -> None:
    """Adds the rows to the ledger in one statement: those of one number in the order in which they are given."""
    _execute(conn, _INSERT, rows)


def hold_good(conn: Connection, rows: Sequence[Row]) -> None:
    """Makes each row the consent of its number, as the gate reads it, where the number is not suppressed.

    The newest holds, and an implied one, which ends, never takes the place of one that was expressed.
    """
    _execute(conn, _HOLD_GOOD, rows)


def _execute(conn: Connection, query: str, rows: Sequence[Row]) -> None:
    if rows:
        # In the order of ids: each row locks its number, and two batches must not wait for each other.
        listed = sorted(rows, key=lambda row: row.contact_number_id)
        columns = map(list, zip(*map(_values, listed), strict=True))
        conn.execute(query, dict(zip(_NAMES, columns, strict=True)))


def _values(row: Row) -> tuple[object, ...]:
    """As ``_NAMES`` has them."""
    return (
        *(row.contact_number_id, row.event, row.source, row.channel, row.at, row.until, row.scope, row.attested),
        *(row.disclosure_id, row.actor_id, row.message_id, row.note, Jsonb(dict(row.details))),
    )


_NAMES = (
    *("numbers", "events", "sources", "channels", "instants", "until", "scopes", "attested"),
    *("disclosures", "actors", "messages", "notes", "details"),
)

_INSERT = """
INSERT INTO consent_events (contact_number_id, event, source, channel, occurred_at, expires_at, scope, attested,
                            disclosure_id, actor_id, message_id, note, details)
SELECT * FROM unnest(
    %(numbers)s::bigint[], %(events)s::text[], %(sources)s::text[], %(channels)s::text[], %(instants)s::timestamptz[],
    %(until)s::timestamptz[], %(scopes)s::text[], %(attested)s::boolean[], %(disclosures)s::bigint[],
    %(actors)s::bigint[], %(messages)s::bigint[], %(notes)s::text[], %(details)s::jsonb[])
"""

_HOLD_GOOD = """
UPDATE contact_numbers AS n
SET consent_at = s.at, consent_source = s.source, consent_channel = s.channel, consent_until = s.until
FROM unnest(%(numbers)s::bigint[], %(sources)s::text[], %(channels)s::text[], %(instants)s::timestamptz[],
            %(until)s::timestamptz[]) AS s (number, source, channel, at, until)
WHERE n.id = s.number AND n.suppressed_at IS NULL AND CASE
    WHEN n.consent_at IS NULL THEN true
    WHEN s.until IS NULL THEN n.consent_until IS NOT NULL OR n.consent_at < s.at
    ELSE n.consent_until < s.until END
"""
