"""The sweep: what the carrier received or delivered, and no webhook told us. Its repairs are counted; 0 is right.

Everything that it finds goes through ``intake``, exactly as if the webhook had come. It trusts the carrier's own
times for how far it has read, with overlap, and compares texts by SID: a gap in a thread's indexes proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp import clock, database
from webapp.carrier.errors import CarrierError, GoneError
from webapp.carrier.types import CarrierMessage, ClassicMessage, ConversationInfo, Pair, Receipt, Thread
from webapp.database import Connection
from webapp.messaging import counters, inbound, intake, receipts, synthetic
from webapp.models.constants import Event

log = structlog.get_logger(__name__)

_OVERLAP = timedelta(minutes=10)
_FIRST_LOOK = timedelta(days=1)
_THREADS_A_SWEEP = 30
_RECEIPTS_A_SWEEP = 100
#: A thread with news in the last hour is read again once in this many machine seconds.
_REREAD_ACTIVE_SECONDS = 300
#: A text is on its way for so long before its absence here is called a repair.
_WEBHOOK_TAKES = timedelta(seconds=10)
_KNOWN_ENOUGH = 5


class Lists(Protocol):
    """What the sweep needs of a carrier."""

    def find_thread(self, address: str, sender: str) -> Thread | None: ...

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]: ...

    def received_since(self, number: str, since: datetime) -> Iterator[ClassicMessage]: ...

    def conversations_since(self, since: datetime) -> Iterator[ConversationInfo]: ...

    def fetch_participants(self, conversation_sid: str) -> Pair | None: ...

    def receipts(self, conversation_sid: str, message_sid: str) -> list[Receipt]: ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: inbound texts and receipts that no webhook had brought."""

    inbound: int
    receipts: int


def sweep(carrier: Lists) -> Swept:
    """One whole sweep. A carrier that cannot be read ends it early; the next one starts where this one did."""
    try:
        found = _sweep_inbound(carrier)
        settled = sweep_receipts(carrier)
    except CarrierError as error:
        log.warning("sweep ended early", error=type(error).__name__, code=error.code)
        return Swept(0, 0)
    return Swept(found, settled)


def _sweep_inbound(carrier: Lists) -> int:
    """Suspect threads are found first, then read: the log names pairs, only the thread has the texts' SIDs."""
    _look_through_the_log(carrier)
    _look_for_new_threads(carrier)
    return sum(read_thread(carrier, thread) for thread in _threads_to_read())


def _look_through_the_log(carrier: Lists) -> None:
    """The carrier's log of received texts: each must be in its thread here, or the thread is suspect."""
    with database.autocommit() as conn:
        senders = conn.execute("SELECT id, e164 FROM phone_numbers WHERE active ORDER BY id").fetchall()
    for sender_id, number in senders:
        name = f"sweep log {sender_id}"
        newest = since = _read_up_to(name)
        for text in carrier.received_since(number, since - _OVERLAP):
            newest = max(newest, text.sent_at or newest)
            _check_logged(carrier, text)
        _remember_read_up_to(name, newest)


def _check_logged(carrier: Lists, text: ClassicMessage) -> None:
    """An entry is ticked off once it is here or its thread is under suspicion; not before."""
    with database.autocommit() as conn:
        if _is_ticked_off(conn, text.sid):
            return
        here = _is_here(conn, text)
    thread = None if here else carrier.find_thread(text.from_, text.to)
    with database.transaction() as conn:
        if thread is not None:
            _suspect(conn, thread.conversation_sid, Pair(text.from_, text.to))
        _tick_off(conn, text.sid)


def _is_ticked_off(conn: Connection, log_sid: str) -> bool:
    return (
        conn.execute("SELECT 1 FROM webhook_receipts WHERE dedupe_key = %s", [f"log:{log_sid}"]).fetchone() is not None
    )


def _tick_off(conn: Connection, log_sid: str) -> None:
    conn.execute(
        """
        INSERT INTO webhook_receipts (dedupe_key, event_type, form, at, applied_at, outcome)
        VALUES (%s, 'log', '{}', %s, now(), 'ignored') ON CONFLICT (dedupe_key) DO NOTHING
        """,
        [f"log:{log_sid}", clock.now()],
    )


def _is_here(conn: Connection, text: ClassicMessage) -> bool:
    """Whether a text like it is stored: applied, or still among the webhooks of this minute."""
    row = conn.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
            WHERE n.e164 = %(from)s AND m.direction = 'inbound' AND m.body = %(body)s
              AND m.created_at BETWEEN %(at)s - interval '2 minutes' AND %(at)s + interval '2 minutes')
        """,
        {"from": text.from_, "body": text.body, "at": text.sent_at or clock.now()},
    ).fetchone()
    return row is not None and bool(row[0])


def _suspect(conn: Connection, conversation_sid: str, pair: Pair) -> None:
    conversation_id = inbound.adopt_thread(conn, conversation_sid, pair, clock.now())
    conn.execute("UPDATE sms_conversations SET suspect = true WHERE id = %s", [conversation_id])


def _look_for_new_threads(carrier: Lists) -> None:
    """Threads that Twilio made for strangers: each is known here, or is adopted and read."""
    newest = since = _read_up_to("sweep threads")
    for info in carrier.conversations_since(since - _OVERLAP):
        newest = max(newest, info.created_at)
        with database.autocommit() as conn:
            known = conn.execute("SELECT 1 FROM sms_conversations WHERE twilio_sid = %s", [info.sid]).fetchone()
        if known is None and info.state != "closed":
            _adopt_unknown(carrier, info)
    _remember_read_up_to("sweep threads", newest)


def _adopt_unknown(carrier: Lists, info: ConversationInfo) -> None:
    try:
        pair = carrier.fetch_participants(info.sid)
    except GoneError:
        return  # deleted since it was listed
    if pair is not None:
        with database.transaction() as conn:
            _suspect(conn, info.sid, pair)


@dataclass(frozen=True, slots=True)
class _Thread:
    id: int
    twilio_sid: str


def _threads_to_read() -> list[_Thread]:
    """Suspect ones, and recently active ones whose last reading is some minutes old."""
    with database.autocommit() as conn, conn.cursor(row_factory=class_row(_Thread)) as cursor:
        return cursor.execute(
            """
            SELECT id, twilio_sid FROM sms_conversations
            WHERE twilio_sid IS NOT NULL AND (suspect OR (
                last_message_at > %s - interval '1 hour'
                AND (read_back_at IS NULL OR read_back_at < clock_timestamp() - %s * interval '1 second')))
            ORDER BY suspect DESC, read_back_at NULLS FIRST LIMIT %s
            """,
            [clock.now(), _REREAD_ACTIVE_SECONDS, _THREADS_A_SWEEP],
        ).fetchall()


def read_thread(carrier: Lists, thread: _Thread) -> int:
    """Takes in what the carrier's copy of the thread has and ours has not. Returns how many texts that was."""
    repaired = known = 0
    try:
        for message in carrier.read_back(thread.twilio_sid):
            if not message.from_contact:
                continue
            if _take_in(thread, message):
                repaired += 1
            else:
                known += 1
            if known >= _KNOWN_ENOUGH:
                break
    except GoneError:
        log.warning("thread is gone at the carrier", conversation_id=thread.id)
    with database.autocommit() as conn:
        conn.execute(
            "UPDATE sms_conversations SET suspect = false, read_back_at = clock_timestamp() WHERE id = %s", [thread.id]
        )
    return repaired


def _take_in(thread: _Thread, message: CarrierMessage) -> bool:
    """True if the text was missing here. A late one counts as repaired; one of this moment is just early."""
    now = clock.now()
    with database.transaction() as conn:
        here = conn.execute("SELECT 1 FROM sms_messages WHERE twilio_sid = %s", [message.sid]).fetchone()
        form = synthetic.message_added(thread.twilio_sid, message)
        if here is not None or not intake.take(conn, form, now=min(message.created_at, now)).is_new:
            return False
        if now - message.created_at > _WEBHOOK_TAKES:
            counters.add(conn, "repaired", {"inbound": 1})
            _note_repair(conn, thread.id, now)
    return True


def _note_repair(conn: Connection, conversation_id: int, now: datetime) -> None:
    conn.execute(
        "INSERT INTO sms_events (at, type, conversation_id) VALUES (%s, %s, %s)", [now, Event.REPAIRED, conversation_id]
    )


@dataclass(frozen=True, slots=True)
class _OpenReceipt:
    message_sid: str
    conversation_sid: str


def sweep_receipts(carrier: Lists) -> int:
    """Asks about sent texts whose last receipt is overdue. Returns how many moved."""
    return sum(_ask(carrier, due) for due in _open_receipts())


def _open_receipts() -> list[_OpenReceipt]:
    """The next question comes after as long again as the text has been under way: 2 minutes, 4, 8, …"""
    with database.transaction() as conn, conn.cursor(row_factory=class_row(_OpenReceipt)) as cursor:
        return cursor.execute(
            """
            UPDATE sms_messages m
            SET check_at = clock_timestamp() + greatest(clock_timestamp() - m.attempted_at, interval '2 minutes')
            FROM sms_conversations c
            WHERE c.id = m.conversation_id AND c.twilio_sid IS NOT NULL AND m.id IN (
                SELECT id FROM sms_messages
                WHERE status = 'sent' AND check_at <= clock_timestamp()
                ORDER BY check_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING m.twilio_sid AS message_sid, c.twilio_sid AS conversation_sid
            """,
            [_RECEIPTS_A_SWEEP],
        ).fetchall()


def _ask(carrier: Lists, due: _OpenReceipt) -> int:
    try:
        found = carrier.receipts(due.conversation_sid, due.message_sid)
    except GoneError:
        return 0
    moved = 0
    for receipt in found:
        with database.transaction() as conn:
            moved += _settle(conn, receipt)
    return moved


def _settle(conn: Connection, receipt: Receipt) -> int:
    before = conn.execute("SELECT status FROM sms_messages WHERE twilio_sid = %s", [receipt.message_sid]).fetchone()
    receipts.settle(conn, receipt.message_sid, receipt.status, receipt.error_code, at=clock.now())
    after = conn.execute("SELECT status FROM sms_messages WHERE twilio_sid = %s", [receipt.message_sid]).fetchone()
    moved = int(before != after)
    counters.add(conn, "repaired", {"receipts": moved})
    return moved


def _read_up_to(name: str) -> datetime:
    """The carrier's own time up to which a listing has been read; a day back at the very first."""
    with database.autocommit() as conn:
        row = conn.execute("SELECT detail ->> 'up_to' FROM heartbeats WHERE name = %s", [name]).fetchone()
    if row is None or row[0] is None:
        return clock.now() - _FIRST_LOOK
    return datetime.fromisoformat(row[0]).astimezone(UTC)


def _remember_read_up_to(name: str, up_to: datetime) -> None:
    with database.autocommit() as conn:
        conn.execute(
            """
            INSERT INTO heartbeats (name, detail) VALUES (%s, %s)
            ON CONFLICT (name) DO UPDATE SET at = now(), detail = EXCLUDED.detail
            """,
            [name, Jsonb({"up_to": up_to.isoformat()})],
        )
