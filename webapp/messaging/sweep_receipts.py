"""Sent texts whose last receipt is overdue: the carrier is asked how far they got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from webapp import clock, database
from webapp.carrier.errors import CarrierError, GoneError
from webapp.carrier.types import Receipt
from webapp.database import Connection
from webapp.messaging import counters, receipts
from webapp.messaging.receipts import News

if TYPE_CHECKING:
    from webapp.messaging.sweep import Lists

_RECEIPTS_A_SWEEP = 100
_ERRORS_THAT_END_IT = 3


@dataclass(frozen=True, slots=True)
class _Open:
    message_sid: str
    thread_sid: str


def run(carrier: Lists) -> int:
    """Asks about a batch of them. Returns how many texts moved. Raises CarrierError."""
    moved, errors = 0, []
    for due in _due():
        try:
            moved += _ask(carrier, due)
        except CarrierError as error:
            errors.append(error)
            if len(errors) == _ERRORS_THAT_END_IT:
                break
    if errors:
        raise errors[0]
    return moved


def _due() -> list[_Open]:
    """The next question comes after as long again as the text has been under way: 2 minutes, 4, 8, …"""
    with database.transaction() as conn, conn.cursor(row_factory=class_row(_Open)) as cursor:
        return cursor.execute(
            """
            UPDATE sms_messages m
            SET check_at = clock_timestamp() + greatest(clock_timestamp() - m.attempted_at, interval '2 minutes')
            WHERE m.thread_sid IS NOT NULL AND m.id IN (
                SELECT id FROM sms_messages
                WHERE status = 'sent' AND check_at <= clock_timestamp()
                ORDER BY check_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING m.twilio_sid AS message_sid, m.thread_sid
            """,
            [_RECEIPTS_A_SWEEP],
        ).fetchall()


def _ask(carrier: Lists, due: _Open) -> int:
    try:
        found = carrier.receipts(due.thread_sid, due.message_sid)
    except GoneError:
        return 0
    moved = 0
    for receipt in found:
        with database.transaction() as conn:
            moved += _settle(conn, receipt)
    return moved


def _settle(conn: Connection, receipt: Receipt) -> int:
    before = _status(conn, receipt.message_sid)
    news = News(receipt.message_sid, receipt.status, receipt.error_code, receipt.updated_at)
    receipts.settle(conn, news, at=clock.now())
    moved = int(_status(conn, receipt.message_sid) != before)
    counters.add(conn, "repaired", {"receipts": moved})
    return moved


def _status(conn: Connection, message_sid: str) -> str | None:
    row = conn.execute("SELECT status FROM sms_messages WHERE twilio_sid = %s", [message_sid]).fetchone()
    return None if row is None else str(row[0])
