"""Threads at the carrier: those it made for strangers, those that did not add up, and those with news."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

import structlog
from psycopg.rows import class_row

from webapp import clock, database
from webapp.carrier.errors import CarrierError, GoneError
from webapp.carrier.types import CarrierMessage, ConversationInfo
from webapp.compliance import webhook_health
from webapp.database import Connection
from webapp.messaging import counters, cursors, inbound, intake, recognising, synthetic, threads
from webapp.messaging.sweeping import Lists, total
from webapp.models.constants import Event

log = structlog.get_logger(__name__)

_THREADS_A_SWEEP = 30
#: A thread with news in the last hour is read again once in this many machine seconds, back to before that hour.
_REREAD_ACTIVE_SECONDS = 300
_ACTIVE = timedelta(hours=1)
#: A text is on its way for so long before its absence here is called a repair.
_WEBHOOK_TAKES = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class OurThread:
    """A thread at the carrier (``sid``), the conversation that it belongs to here, and that one's sender."""

    id: int
    sid: str
    sender: str


@dataclass(frozen=True, slots=True)
class _ToRead(OurThread):
    suspect: bool


def run(carrier: Lists) -> int:
    """Finds unknown threads, then reads. Returns how many texts were missing. Raises CarrierError."""
    _look_for_new_ones(carrier)
    return total(_to_read(), lambda thread: _read_whole(carrier, thread))


def read(carrier: Lists, thread: OurThread, *, since: datetime) -> int:
    """Takes in what the carrier's copy has from ``since`` on (its own time) and ours has not. Returns how many texts.

    Raises CarrierError.
    """
    try:
        found = list(_newest_first(carrier, thread.sid, since))
    except GoneError:
        log.warning("thread is gone at the carrier", conversation_id=thread.id)
        return 0
    return take_in(thread, found)


def take_in(thread: OurThread, found: Sequence[CarrierMessage]) -> int:
    """Takes in what ours has not of ``found``, the thread's texts, newest first. Returns how many the contact wrote."""
    with database.transaction() as conn:
        recognising.recognise(conn, thread.id, found, now=clock.now())
    return sum(_take_in(thread, message) for message in reversed(found) if message.from_contact)


def _newest_first(carrier: Lists, sid: str, since: datetime) -> Iterator[CarrierMessage]:
    return takewhile(lambda message: message.created_at >= since, carrier.read_back(sid))


def _look_for_new_ones(carrier: Lists) -> None:
    """Threads that Twilio made for strangers: each is known here, or is adopted and read."""
    name = "sweep threads"
    newest = up_to = cursors.read_up_to(name)
    for info in carrier.conversations_since(up_to - cursors.OVERLAP):
        newest = max(newest, info.created_at)
        with database.autocommit() as conn:
            known = conn.execute("SELECT 1 FROM sms_conversations WHERE twilio_sid = %s", [info.sid]).fetchone()
        if known is None and info.state != "closed":
            _adopt(carrier, info)
    cursors.remember(name, newest)


def _adopt(carrier: Lists, info: ConversationInfo) -> None:
    try:
        pair = carrier.fetch_participants(info.sid)
    except GoneError:
        return  # deleted since it was listed
    if pair is not None:
        with database.transaction() as conn:
            inbound.adopt_thread(conn, info.sid, pair, clock.now())
            threads.suspect(conn, info.sid)


def _to_read() -> list[_ToRead]:
    """Suspect ones first, then the recently active ones that have waited longest."""
    with database.autocommit() as conn, conn.cursor(row_factory=class_row(_ToRead)) as cursor:
        return cursor.execute(
            """
            WITH chosen AS (
                (SELECT id FROM sms_conversations WHERE suspect ORDER BY id LIMIT %(limit)s)
                UNION
                (SELECT id FROM sms_conversations
                 WHERE state IN ('open', 'snoozed', 'done') AND last_message_at > %(since)s
                   AND (read_back_at IS NULL OR read_back_at < clock_timestamp() - %(pause)s * interval '1 second')
                 ORDER BY read_back_at NULLS FIRST LIMIT %(limit)s))
            SELECT c.id, c.twilio_sid AS sid, p.e164 AS sender, c.suspect
            FROM chosen JOIN sms_conversations c USING (id) JOIN phone_numbers p ON p.id = c.phone_number_id
            WHERE c.twilio_sid IS NOT NULL ORDER BY c.suspect DESC, c.read_back_at NULLS FIRST LIMIT %(limit)s
            """,
            {"since": clock.now() - _ACTIVE, "pause": _REREAD_ACTIVE_SECONDS, "limit": _THREADS_A_SWEEP},
        ).fetchall()


def _read_whole(carrier: Lists, thread: _ToRead) -> int:
    """The flag goes down before the reading: a suspicion that arises meanwhile stays. A failed reading raises it."""
    _note_read(thread, suspect=False)
    try:
        return read(carrier, thread, since=cursors.BEGINNING if thread.suspect else clock.now() - 2 * _ACTIVE)
    except CarrierError:
        _note_read(thread, suspect=thread.suspect)
        raise


def _note_read(thread: _ToRead, *, suspect: bool) -> None:
    with database.autocommit() as conn:
        conn.execute(
            "UPDATE sms_conversations SET suspect = %s, read_back_at = clock_timestamp() WHERE id = %s",
            [suspect, thread.id],
        )


def _take_in(thread: OurThread, message: CarrierMessage) -> bool:
    """True if the text was missing here. A late one counts as repaired; one of this moment is just early."""
    now = clock.now()
    with database.transaction() as conn:
        here = conn.execute("SELECT 1 FROM sms_messages WHERE twilio_sid = %s", [message.sid]).fetchone()
        if here is not None:
            return False
        form = synthetic.message_added(thread.sid, thread.sender, message)
        taken = intake.take(conn, form, now=min(message.created_at, now))
        if not (taken.is_new and taken.from_contact):
            return False
        if now - message.created_at > _WEBHOOK_TAKES:
            counters.add(conn, "repaired", {"inbound": 1})
            _note_repair(conn, thread.id, now)
            webhook_health.note_repair(conn)
    return True


def _note_repair(conn: Connection, conversation_id: int, now: datetime) -> None:
    conn.execute(
        "INSERT INTO sms_events (at, type, conversation_id) VALUES (%s, %s, %s)", [now, Event.REPAIRED, conversation_id]
    )
