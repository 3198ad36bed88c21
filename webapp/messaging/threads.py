"""Conversations: made once for a pair of numbers, assigned, read, resolved."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from webapp.database import Connection
from webapp.leads.ownership import assign_lead
from webapp.models.constants import Event


class NoSenderError(Exception):
    """No active phone number to send from: the setup is not finished."""


def ensure_conversation(
    conn: Connection,
    *,
    contact_number_id: int,
    lead_id: int | None,
    assigned_to: int | None,
    now: datetime,
    phone_number_id: int | None = None,
) -> int:
    """The id of the pair's conversation, found or made. Without a sender: the one last used, else the default.

    Raises NoSenderError.
    """
    sender = phone_number_id or sticky_sender(conn, contact_number_id)
    conn.execute(
        """
        INSERT INTO sms_conversations (contact_number_id, phone_number_id, lead_id, assigned_to, created_at)
        VALUES (%s, %s, %s, %s, %s) ON CONFLICT (contact_number_id, phone_number_id) DO NOTHING
        """,
        [contact_number_id, sender, lead_id, assigned_to, now],
    )
    row = conn.execute(
        "SELECT id FROM sms_conversations WHERE contact_number_id = %s AND phone_number_id = %s",
        [contact_number_id, sender],
    ).fetchone()
    assert row is not None
    return int(row[0])


def sticky_sender(conn: Connection, contact_number_id: int) -> int:
    """The sender that this contact already knows, else the account's default one. Raises NoSenderError."""
    row = conn.execute(
        """
        SELECT p.id FROM phone_numbers p
        LEFT JOIN sms_conversations c ON c.phone_number_id = p.id AND c.contact_number_id = %s
        WHERE p.active
        ORDER BY c.last_message_at DESC NULLS LAST, c.id DESC NULLS LAST, p.is_default DESC, p.id LIMIT 1
        """,
        [contact_number_id],
    ).fetchone()
    if row is None:
        raise NoSenderError("There is no phone number to send from yet. Add one in the settings.")
    return int(row[0])


def show_change(conn: Connection, conversation_ids: Collection[int]) -> None:
    """New versions, so that pages which poll see a change. Locked in one order, whoever else does the same."""
    if not conversation_ids:
        return
    conn.execute(
        """
        WITH locked AS (SELECT id FROM sms_conversations WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
        UPDATE sms_conversations c SET version = nextval('change_seq') FROM locked WHERE c.id = locked.id
        """,
        [list(conversation_ids)],
    )


def suspect(conn: Connection, conversation_sid: str) -> None:
    """Something about this thread of the carrier's did not add up: the next sweep reads it back."""
    conn.execute("UPDATE sms_conversations SET suspect = true WHERE twilio_sid = %s", [conversation_sid])


def mark_read(conn: Connection, conversation_id: int) -> bool:
    """Nothing unread any more; False, and no new version, if there was nothing."""
    return bool(
        conn.execute(
            "UPDATE sms_conversations SET unread = 0, version = nextval('change_seq') WHERE id = %s AND unread > 0",
            [conversation_id],
        ).rowcount
    )


def assign(conn: Connection, conversation_id: int, user_id: int | None, *, actor_id: int | None, now: datetime) -> None:
    """Gives the conversation, with its lead and the lead's other conversations, to one person, or to nobody."""
    row = conn.execute("SELECT lead_id, assigned_to FROM sms_conversations WHERE id = %s", [conversation_id]).fetchone()
    if row is None or row[1] == user_id:
        return
    if row[0] is None:
        _assign_alone(conn, conversation_id, user_id)
    else:
        assign_lead(conn, row[0], user_id)
    conn.execute(
        """
        INSERT INTO sms_events (at, type, conversation_id, user_id, data)
        VALUES (%s, %s, %s, %s, jsonb_build_object('to', %s::bigint))
        """,
        [now, Event.ASSIGNED, conversation_id, actor_id, user_id],
    )


def _assign_alone(conn: Connection, conversation_id: int, user_id: int | None) -> None:
    """A conversation that has outlived its lead."""
    conn.execute(
        """
        UPDATE users SET inbox_version = inbox_version + 1
        WHERE id = (SELECT assigned_to FROM sms_conversations WHERE id = %s)
        """,
        [conversation_id],
    )
    conn.execute(
        "UPDATE sms_conversations SET assigned_to = %s, version = nextval('change_seq') WHERE id = %s",
        [user_id, conversation_id],
    )


def assign_if_unassigned(conn: Connection, conversation_id: int, user_id: int, *, now: datetime) -> None:
    """Replying to an unassigned thread assigns it."""
    row = conn.execute("SELECT assigned_to FROM sms_conversations WHERE id = %s", [conversation_id]).fetchone()
    if row is not None and row[0] is None:
        assign(conn, conversation_id, user_id, actor_id=user_id, now=now)


def resolve(conn: Connection, conversation_id: int) -> None:
    """Done: nobody waits any more."""
    _set_state(conn, conversation_id, "done")


def reopen(conn: Connection, conversation_id: int) -> None:
    """Open again, waiting since the lead's last text if nobody has answered that."""
    _set_state(conn, conversation_id, "open")


def _set_state(conn: Connection, conversation_id: int, state: str) -> None:
    conn.execute(
        """
        UPDATE sms_conversations
        SET state = %(state)s, snoozed_until = NULL, version = nextval('change_seq'),
            waiting_since = CASE
                WHEN %(state)s = 'open' AND last_direction = 'inbound' THEN last_inbound_at ELSE NULL
            END
        WHERE id = %(id)s
        """,
        {"id": conversation_id, "state": state},
    )
