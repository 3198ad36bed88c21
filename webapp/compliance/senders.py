"""Our numbers, and how each stands: which is the default one, and which a circuit breaker has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Sender:
    """One of our numbers. While it is stopped ``paused_because`` has the figures in a sentence, and ``paused_at`` is
    since when (business time); else both are None. From one that is not ``active`` nothing goes."""

    id: int
    phone: str
    label: str
    active: bool
    is_default: bool
    paused_because: str | None
    paused_at: datetime | None


_SENDERS = """
SELECT id, e164 AS phone, label, active, is_default, nullif(paused_because, '') AS paused_because, paused_at
FROM phone_numbers
"""


def page(conn: Connection, limit: int, after: int) -> list[Sender]:
    """In the order of their ids, beyond the id ``after``; one more than ``limit`` where there is another page."""
    with conn.cursor(row_factory=class_row(Sender)) as cursor:
        return cursor.execute(_SENDERS + "WHERE id > %s ORDER BY id LIMIT %s", [after, limit + 1]).fetchall()


def find(conn: Connection, sender_id: int) -> Sender | None:
    """The one with this id."""
    with conn.cursor(row_factory=class_row(Sender)) as cursor:
        return cursor.execute(_SENDERS + "WHERE id = %s", [sender_id]).fetchone()
