"""What a person has typed and not sent, kept so that it follows them to another page, browser or phone."""

from __future__ import annotations

from psycopg.rows import scalar_row

from webapp.database import Connection

#: More than can be sent, so that a text which is too long is not lost either.
LONGEST = 10_000


def load(conn: Connection, conversation_id: int, user_id: int) -> str:
    """The draft, or an empty text."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        body: str | None = cursor.execute(
            "SELECT body FROM drafts WHERE conversation_id = %s AND user_id = %s", [conversation_id, user_id]
        ).fetchone()
    return body or ""


def save(conn: Connection, conversation_id: int, user_id: int, body: str, *, client_key: str | None) -> None:
    """Keeps the draft; an empty one is forgotten.

    A draft whose text was sent meanwhile (same ``client_key``) is not kept: the save may arrive after the send. The
    lock makes one wait for the other, since a send changes the conversation's row before it forgets the draft.
    """
    if not body.strip():
        forget(conn, conversation_id, user_id)
        return
    conn.execute("SELECT FROM sms_conversations WHERE id = %s FOR SHARE", [conversation_id])
    conn.execute(
        """
        INSERT INTO drafts (conversation_id, user_id, body)
        SELECT %(conversation_id)s, %(user_id)s, %(body)s
        WHERE NOT EXISTS (SELECT 1 FROM sms_messages WHERE client_key = %(client_key)s)
        ON CONFLICT (conversation_id, user_id) DO UPDATE SET body = excluded.body, updated_at = now()
        """,
        {"conversation_id": conversation_id, "user_id": user_id, "body": body[:LONGEST], "client_key": client_key},
    )


def forget(conn: Connection, conversation_id: int, user_id: int) -> None:
    """The text was sent, or taken away."""
    conn.execute("DELETE FROM drafts WHERE conversation_id = %s AND user_id = %s", [conversation_id, user_id])
