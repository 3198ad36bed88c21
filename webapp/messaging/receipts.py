"""Delivery receipts: statuses only move forward, failure sticks, an unknown code is shown as itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from psycopg.rows import class_row

from webapp.carrier import codes, statuses
from webapp.carrier.events import DeliveryUpdated
from webapp.compliance.optouts import floods
from webapp.compliance.optouts.suppressions import Cause
from webapp.database import Connection
from webapp.messaging import counters, threads
from webapp.models.constants import Event, Status, SuppressionSource

log = structlog.get_logger(__name__)

#: The carrier's words in ours. ``read`` does not exist for SMS; where it comes, the text has certainly arrived.
_STATUS_OF = {
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
}
_EVENT_OF = {
    Status.DELIVERED: Event.DELIVERED,
    Status.UNDELIVERED: Event.UNDELIVERED,
    Status.FAILED: Event.FAILED,
}


@dataclass(frozen=True, slots=True)
class News:
    """What a receipt says of one text: the carrier's ``word``, and when it said so, where it names a time."""

    message_sid: str
    word: str
    error_code: int | None
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Sent:
    id: int
    conversation_id: int
    contact_number_id: int
    status: str
    toll_free: bool


def apply(conn: Connection, event: DeliveryUpdated, at: datetime, _intent: str | None) -> bool:
    """Moves the text forward. False while its SID is not known: our own record of the send may still be coming."""
    news = News(event.message_sid, event.status, event.error_code, event.updated_at)
    return settle(conn, news, at=at)


def settle(conn: Connection, news: News, *, at: datetime) -> bool:
    """Applies one receipt, from a webhook or a read; ``at``: business time. False when no text has this SID."""
    message_sid, word = news.message_sid, news.word
    sent = _find(conn, "m.twilio_sid = %s", message_sid)
    if sent is None:
        return False
    if not statuses.is_known(word):
        log.warning("unknown receipt status", status=word, message_id=sent.id)
    status = _STATUS_OF.get(word)
    if status is not None and statuses.moves_forward(sent.status, status):
        _move(conn, sent, status, news, at)
    return True


def refused(conn: Connection, message_id: int, error_code: int, *, at: datetime) -> None:
    """The carrier did not even take the text: what its code says of the number takes effect as from a receipt."""
    asked = _find(conn, "m.id = %s", message_id)
    if asked is not None:
        _take_effect(conn, asked, News("", "failed", error_code, None), at)


def _find(conn: Connection, condition: str, value: object) -> _Sent | None:
    """``condition`` is SQL of ours."""
    with conn.cursor(row_factory=class_row(_Sent)) as cursor:
        return cursor.execute(
            f"""
            SELECT m.id, m.conversation_id, m.contact_number_id, m.status, p.toll_free
            FROM sms_messages m JOIN phone_numbers p ON p.id = m.phone_number_id
            WHERE {condition} AND m.direction = 'outbound'
            """,  # noqa: S608
            [value],
        ).fetchone()


def _move(conn: Connection, sent: _Sent, status: Status, news: News, at: datetime) -> None:
    """The effect on the number first: it locks the number before the text and the thread."""
    if status is not Status.DELIVERED:
        _take_effect(conn, sent, news, at)
    moved = conn.execute(
        """
        UPDATE sms_messages SET status = %(status)s, error_code = %(error_code)s, check_at = NULL,
            delivered_at = CASE WHEN %(status)s = 'delivered' THEN %(at)s ELSE delivered_at END,
            ended_at = %(at)s
        WHERE id = %(id)s AND status = 'sent'
        """,
        {"status": status, "error_code": news.error_code, "at": at, "id": sent.id},
    ).rowcount
    if moved:
        threads.show_change(conn, [sent.conversation_id])
        counters.add(conn, "receipts", {status: 1})
        conn.execute(
            "INSERT INTO sms_events (at, type, conversation_id, message_id) VALUES (%s, %s, %s, %s)",
            [at, _EVENT_OF[status], sent.conversation_id, sent.id],
        )


def _take_effect(conn: Connection, sent: _Sent, news: News, at: datetime) -> None:
    """What the code says of the number: opted out at the carrier, or out of use.

    An opt-out counts from when the carrier found it, so that a late receipt does not undo the START after it.
    """
    error_code = news.error_code
    effect = codes.receipt_effect(error_code, sent.toll_free)
    if effect == "suppress":
        details = {"message_sid": news.message_sid} if news.message_sid else {}
        at_carrier = news.said_at or at
        cause = Cause(SuppressionSource.CARRIER, str(error_code), at_carrier, message_id=sent.id, details=details)
        floods.take(conn, sent.contact_number_id, cause, now=at)
    elif effect == "bad_number" and error_code is not None:
        conn.execute(
            """
            UPDATE contact_numbers SET invalid_at = %s, invalid_reason = %s
            WHERE id = %s AND invalid_at IS NULL
            """,
            [at, codes.explain(error_code).title, sent.contact_number_id],
        )
