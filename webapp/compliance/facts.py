"""What the gate knows about a number before it decides: loaded for many numbers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    """A contact number with what its lead says of the place where it is. Times are business time."""

    contact_number_id: int
    e164: str
    suppressed_at: datetime | None
    suppression_source: str | None
    suppression_reason: str | None
    invalid_at: datetime | None
    invalid_reason: str | None
    consent_at: datetime | None
    last_inbound_at: datetime | None
    simulated: bool
    state: str | None
    postal_code: str | None
    timezone: str | None


_SQL = """
SELECT n.id AS contact_number_id, n.e164, n.suppressed_at, n.suppression_source, n.suppression_reason,
       n.invalid_at, n.invalid_reason, n.consent_at, n.last_inbound_at, n.simulated,
       l.state, l.postal_code, l.timezone
FROM contact_numbers n LEFT JOIN leads l ON l.contact_number_id = n.id
WHERE n.id = ANY(%s)
"""


_LOCK = "SELECT 1 FROM contact_numbers WHERE id = %s FOR SHARE"
_LOCK_TO_CHANGE = "SELECT 1 FROM contact_numbers WHERE id = %s FOR NO KEY UPDATE"


def load(conn: Connection, contact_number_ids: Sequence[int]) -> dict[int, Facts]:
    """The facts by contact number id, in one query."""
    with conn.cursor(row_factory=class_row(Facts)) as cursor:
        return {facts.contact_number_id: facts for facts in cursor.execute(_SQL, [list(contact_number_ids)])}


def load_locked(conn: Connection, contact_number_id: int, *, to_change: bool = False) -> Facts:
    """The facts of one number, which no STOP can change before this transaction ends.

    ``to_change``: this transaction writes to the number itself. Two that shared the lock first and then both wanted it
    alone would wait for each other. Raises LookupError when there is no such number.
    """
    conn.execute(_LOCK_TO_CHANGE if to_change else _LOCK, [contact_number_id])
    found = load(conn, [contact_number_id])
    if contact_number_id not in found:
        raise LookupError(f"contact number {contact_number_id} does not exist")
    return found[contact_number_id]
