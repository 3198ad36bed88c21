"""Sent texts whose last receipt is overdue: the carrier is asked how far they got."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from webapp import clock, database
from webapp.carrier.errors import GoneError
from webapp.carrier.types import Receipt
from webapp.database import Connection
from webapp.messaging import counters, receipts
from webapp.messaging.receipts import News
from webapp.messaging.sweeping import Lists, total

_RECEIPTS_A_SWEEP = 100


@dataclass(frozen=True, slots=True)
class _Open:
    message_sid: str
    thread_sid: str


def run(carrier: Lists) -> int:
    """Asks about a batch of them. Returns how many texts moved. Raises CarrierError."""
    return total(_due(), lambda due: _ask(carrier, due))


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
