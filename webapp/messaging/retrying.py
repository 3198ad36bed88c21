"""A text that was not delivered, asked for once more by a person."""

from __future__ import annotations

from datetime import datetime

from webapp.database import Connection
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText, Queued
from webapp.models.constants import Origin


def retry(conn: Connection, message_id: int, *, actor_id: int, now: datetime) -> Queued | None:
    """Asks for a text that was not delivered once more, as a new text; None when it did not fail or its words are gone.

    The key is the old text's, so that two clicks are one retry.
    """
    row = conn.execute(
        """
        SELECT conversation_id, body FROM sms_messages
        WHERE id = %s AND direction = 'outbound' AND status IN ('failed', 'undelivered') AND body_removed_at IS NULL
        """,
        [message_id],
    ).fetchone()
    if row is None:
        return None
    text = NewText(row[0], row[1], origin=Origin.MANUAL, author_id=actor_id, client_key=f"retry of {message_id}")
    return outbox.queue(conn, text, now=now)
