"""A contact's text becomes a message in its thread, once, whoever brings it: webhook or sweep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from blinker import Signal

from webapp.carrier import segments
from webapp.carrier.events import ConversationAdded, MessageAdded
from webapp.carrier.types import Pair
from webapp.compliance.optouts import doubts
from webapp.compliance.optouts.by_text import Meaning
from webapp.database import Connection
from webapp.leads.contacts import ensure_contact_number
from webapp.leads.strangers import lead_of_number
from webapp.messaging import confirmations, intake, threads
from webapp.models.constants import Event

log = structlog.get_logger(__name__)

#: *Inbound applied*: rooms above listen (campaigns stop, rules answer). Receivers get one ``Applied``.
inbound_applied = Signal()


@dataclass(frozen=True, slots=True)
class Applied:
    """The news: a contact's text is in its thread. Receivers work in the same transaction."""

    conn: Connection
    conversation_id: int
    message_id: int
    contact_number_id: int
    intent: str
    at: datetime


def apply(conn: Connection, event: MessageAdded, at: datetime, intent: str | None) -> bool:
    """Puts the text into its thread. False while it is not known which of our senders it came to.

    Locks the number before the thread, as everything does that takes both.
    """
    if not intake.is_inbound(conn, event):
        return True
    contact_number_id = ensure_contact_number(conn, event.author, at)
    _note_heard(conn, contact_number_id, at)
    conversation_id = _conversation(conn, event, contact_number_id, at)
    if conversation_id is None:
        return False
    message_id = _insert(conn, event, conversation_id, contact_number_id, at)
    if message_id is None:
        return True
    _store_media(conn, event, message_id)
    meaning = Meaning(intent or Meaning.NONE)
    if meaning is Meaning.DOUBT:
        doubts.name_text(conn, contact_number_id, message_id)
    _show(conn, event, conversation_id, message_id, at, quiet=meaning.needs_nobody)
    confirmations.answer(conn, conversation_id, event.body, intent, now=at)
    inbound_applied.send(Applied(conn, conversation_id, message_id, contact_number_id, intent or "none", at))
    return True


def note_conversation(conn: Connection, event: ConversationAdded, at: datetime, _intent: str | None) -> bool:
    """A thread that Twilio made for a stranger's text: now its pair is known."""
    if event.pair is not None:
        adopt_thread(conn, event.conversation_sid, event.pair, at)
    return True


def adopt_thread(conn: Connection, conversation_sid: str | None, pair: Pair, at: datetime) -> int | None:
    """Our conversation for a pair that the carrier knows; None when it is not a person and one of our numbers.

    ``conversation_sid``: the open thread that holds the pair now, to be used from here on.
    """
    sender_id = _sender_id(conn, pair.sender)
    if sender_id is None or not intake.is_contact(conn, pair.address):
        return None
    contact_number_id = ensure_contact_number(conn, pair.address, at)
    return _attach(conn, conversation_sid, contact_number_id, sender_id, at)


def _conversation(conn: Connection, event: MessageAdded, contact_number_id: int, at: datetime) -> int | None:
    """By the thread's SID, by the sender that the event names, or because we have only one; else a look-up is needed,
    and comes."""
    row = conn.execute("SELECT id FROM sms_conversations WHERE twilio_sid = %s", [event.conversation_sid]).fetchone()
    if row is not None:
        _attach_lead(conn, row[0], contact_number_id, at)
        return int(row[0])
    if event.sender is not None:
        named = _sender_id(conn, event.sender)
        return None if named is None else _attach(conn, None, contact_number_id, named, at)
    senders = conn.execute("SELECT id FROM phone_numbers LIMIT 2").fetchall()
    if len(senders) != 1:
        return None
    return _attach(conn, event.conversation_sid, contact_number_id, senders[0][0], at)


def _sender_id(conn: Connection, e164: str) -> int | None:
    row = conn.execute("SELECT id FROM phone_numbers WHERE e164 = %s", [e164]).fetchone()
    return None if row is None else int(row[0])


def _attach(
    conn: Connection, conversation_sid: str | None, contact_number_id: int, sender_id: int, at: datetime
) -> int:
    lead = lead_of_number(conn, contact_number_id, at)
    conversation_id = threads.ensure_conversation(
        conn,
        contact_number_id=contact_number_id,
        lead_id=lead.id,
        assigned_to=lead.owner_id,
        now=at,
        phone_number_id=sender_id,
    )
    if conversation_sid is not None:
        conn.execute(
            "UPDATE sms_conversations SET twilio_sid = %s WHERE id = %s AND twilio_sid IS DISTINCT FROM %s",
            [conversation_sid, conversation_id, conversation_sid],
        )
    _attach_lead(conn, conversation_id, contact_number_id, at)
    return conversation_id


def _attach_lead(conn: Connection, conversation_id: int, contact_number_id: int, at: datetime) -> None:
    """A thread that has outlived its lead gets the number's present one: a stranger who writes is a lead."""
    row = conn.execute("SELECT lead_id FROM sms_conversations WHERE id = %s", [conversation_id]).fetchone()
    if row is not None and row[0] is None:
        lead = lead_of_number(conn, contact_number_id, at)
        conn.execute("UPDATE sms_conversations SET lead_id = %s WHERE id = %s", [lead.id, conversation_id])


def _insert(
    conn: Connection, event: MessageAdded, conversation_id: int, contact_number_id: int, at: datetime
) -> int | None:
    """The new message's id; None when it is in its thread already."""
    body = event.body.replace("\x00", "")
    counted = segments.count(body)
    row = conn.execute(
        """
        INSERT INTO sms_messages
            (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin, twilio_sid,
             encoding, segments, created_at)
        SELECT id, %s, phone_number_id, 'inbound', %s, 'received', 'contact', %s, %s, %s, %s
        FROM sms_conversations WHERE id = %s
        ON CONFLICT (twilio_sid) DO NOTHING RETURNING id
        """,
        [contact_number_id, body, event.message_sid, counted.encoding, counted.segments, at, conversation_id],
    ).fetchone()
    return int(row[0]) if row else None


def _store_media(conn: Connection, event: MessageAdded, message_id: int) -> None:
    for item in event.media:
        conn.execute(
            """
            INSERT INTO media (message_id, carrier_sid, content_type, filename, size) VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (carrier_sid) DO NOTHING
            """,
            [message_id, item.sid, item.content_type, item.filename, item.size],
        )


def _show(
    conn: Connection,
    event: MessageAdded,
    conversation_id: int,
    message_id: int,
    at: datetime,
    *,
    quiet: bool,
) -> None:
    """Unread and waiting; a late text never pushes a newer one from the list. A stop asks for no answer."""
    conn.execute(
        """
        UPDATE sms_conversations
        SET unread = unread + 1, state = 'open', snoozed_until = NULL, version = nextval('change_seq'),
            waiting_since = CASE WHEN %(quiet)s THEN waiting_since ELSE coalesce(waiting_since, %(at)s) END,
            last_inbound_at = greatest(last_inbound_at, %(at)s),
            last_message_id = CASE WHEN %(newest)s THEN %(message_id)s ELSE last_message_id END,
            last_body = CASE WHEN %(newest)s THEN left(%(body)s, 200) ELSE last_body END,
            last_direction = CASE WHEN %(newest)s THEN 'inbound' ELSE last_direction END,
            last_message_at = greatest(last_message_at, %(at)s)
        WHERE id = %(conversation_id)s
        """,
        {
            "quiet": quiet,
            "at": at,
            "newest": _is_newest(conn, conversation_id, at),
            "message_id": message_id,
            "body": event.body.replace("\x00", ""),
            "conversation_id": conversation_id,
        },
    )
    conn.execute(
        "INSERT INTO sms_events (at, type, conversation_id, message_id) VALUES (%s, %s, %s, %s)",
        [at, Event.RECEIVED, conversation_id, message_id],
    )


def _is_newest(conn: Connection, conversation_id: int, at: datetime) -> bool:
    row = conn.execute(
        "SELECT last_message_at IS NULL OR last_message_at <= %s FROM sms_conversations WHERE id = %s FOR UPDATE",
        [at, conversation_id],
    ).fetchone()
    return row is not None and bool(row[0])


def _note_heard(conn: Connection, contact_number_id: int, at: datetime) -> None:
    conn.execute(
        "UPDATE contact_numbers SET last_inbound_at = greatest(last_inbound_at, %s) WHERE id = %s",
        [at, contact_number_id],
    )
