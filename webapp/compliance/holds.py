"""Texts that are held, let go before their time: a person has decided, what was paused goes on, or a rule changed."""

from __future__ import annotations

from webapp.compliance.signals import WaitEnded, wait_ended
from webapp.database import Connection
from webapp.models.constants import Reason


def release(
    conn: Connection, reason: Reason, contact_number_id: int | None = None, *, sender_id: int | None = None
) -> int:
    """Queues what waits for this reason, to one number or to all, from one of ours or from all; the gate judges each
    again when it is claimed.

    The outbox looks for queued texts every few seconds, so nobody has to ring. Returns how many.
    """
    wait_ended.send(WaitEnded(conn, reason, contact_number_id, sender_id))
    return conn.execute(
        """
        UPDATE sms_messages SET status = 'queued', reason = NULL, not_before = now()
        WHERE status = 'held' AND send_after IS NULL AND reason = %(reason)s
          AND (%(number)s::bigint IS NULL OR contact_number_id = %(number)s)
          AND (%(sender)s::bigint IS NULL OR phone_number_id = %(sender)s)
        """,
        {"reason": reason, "number": contact_number_id, "sender": sender_id},
    ).rowcount


def ask_again(conn: Connection, reason: Reason) -> int:
    """Queues what waits for a time for this reason, so that the gate judges it by the rules as they are now.

    Returns how many.
    """
    wait_ended.send(WaitEnded(conn, reason))
    return conn.execute(
        """
        UPDATE sms_messages SET status = 'queued', reason = NULL, send_after = NULL, not_before = now()
        WHERE status = 'held' AND send_after IS NOT NULL AND reason = %s
        """,
        [reason],
    ).rowcount
