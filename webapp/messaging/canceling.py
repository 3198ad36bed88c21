"""Taking back what has not gone."""

from __future__ import annotations

from datetime import datetime

from webapp.database import Connection
from webapp.messaging import threads


def cancel(conn: Connection, message_id: int, *, now: datetime) -> bool:
    """Takes back a text that has not gone; False when it is too late."""
    row = conn.execute(
        """
        UPDATE sms_messages SET status = 'canceled', reason = NULL, ended_at = %s, claimed_by = NULL
        WHERE id = %s AND status IN ('held', 'queued', 'claimed') RETURNING conversation_id
        """,
        [now, message_id],
    ).fetchone()
    if row is None:
        return False
    threads.show_change(conn, [row[0]])
    return True


def cancel_all_to(conn: Connection, contact_number_id: int, *, now: datetime) -> int:
    """Takes back everything to a number that has not gone: its lead was deleted. Returns how many."""
    rows = conn.execute(
        """
        UPDATE sms_messages SET status = 'canceled', ended_at = %s, claimed_by = NULL
        WHERE contact_number_id = %s AND status IN ('held', 'queued', 'claimed') RETURNING conversation_id
        """,
        [now, contact_number_id],
    ).fetchall()
    threads.show_change(conn, {row[0] for row in rows})
    return len(rows)
