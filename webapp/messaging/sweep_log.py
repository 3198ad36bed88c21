"""The carrier's log of what our numbers received: each entry must have its own text in a thread here.

The log knows no thread's SIDs, so an entry is matched by pair, words and time, each text with one entry only: of two
equal texts, one of which was lost, one stays unmatched. Then the pair's threads are read, closed ones too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby

import structlog

from webapp import clock, database
from webapp.carrier.types import ClassicMessage, Pair
from webapp.compliance import webhook_health
from webapp.database import Connection
from webapp.leads.contacts import was_erased_since
from webapp.messaging import counters, cursors, inbound, intake, sweep_threads, synthetic
from webapp.messaging.sweep_threads import OurThread
from webapp.messaging.sweeping import Lists, total

log = structlog.get_logger(__name__)

#: An entry that nothing was found for is looked into again until it is so old, then noted and left.
_LEFT_AFTER = timedelta(minutes=5)


def run(carrier: Lists) -> int:
    """Reads the log of each number of ours, active or not. Returns how many texts were missing. Raises CarrierError."""
    with database.autocommit() as conn:
        numbers = conn.execute("SELECT id, e164 FROM phone_numbers ORDER BY id").fetchall()
    return sum(_look_through(carrier, f"sweep log {number_id}", e164) for number_id, e164 in numbers)


def _look_through(carrier: Lists, name: str, number: str) -> int:
    """An error leaves the cursor where it was, and what was taken in till then is not taken in again."""
    newest = up_to = cursors.read_up_to(name)
    unmatched = []
    for entry in carrier.received_since(number, up_to - cursors.OVERLAP):
        newest = max(newest, entry.sent_at or newest)
        if not _accounted_for(entry):
            unmatched.append(entry)
    found = _look_into(carrier, unmatched)
    cursors.remember(name, newest)
    return found


def _accounted_for(entry: ClassicMessage) -> bool:
    """Also what no person wrote (a short code, another number of ours), and what was erased here since."""
    with database.transaction() as conn:
        return (
            _known(conn, entry.sid)
            or _match(conn, entry)
            or not intake.is_contact(conn, entry.from_)
            or was_erased_since(conn, entry.from_, entry.sent_at or clock.now())
        )


def _known(conn: Connection, log_sid: str) -> bool:
    row = conn.execute(
        """
        SELECT EXISTS (SELECT 1 FROM sms_messages WHERE channel_sid = %s)
            OR EXISTS (SELECT 1 FROM webhook_receipts WHERE dedupe_key = %s)
        """,
        [log_sid, f"log:{log_sid}"],
    ).fetchone()
    return row is not None and bool(row[0])


def _match(conn: Connection, entry: ClassicMessage) -> bool:
    """Gives the entry to the oldest text like it that none has yet. ``created_at`` is when we heard of it."""
    return bool(
        conn.execute(
            """
            UPDATE sms_messages SET channel_sid = %(sid)s WHERE id = (
                SELECT m.id FROM contact_numbers n
                JOIN phone_numbers p ON p.e164 = %(to)s
                JOIN sms_conversations c ON c.contact_number_id = n.id AND c.phone_number_id = p.id
                JOIN sms_messages m ON m.conversation_id = c.id
                WHERE n.e164 = %(from)s AND m.direction = 'inbound' AND m.channel_sid IS NULL AND m.body = %(body)s
                  AND m.created_at BETWEEN %(at)s - interval '15 minutes' AND %(at)s + interval '15 minutes'
                ORDER BY m.id LIMIT 1)
            """,
            {
                "sid": entry.sid,
                "from": entry.from_,
                "to": entry.to,
                "body": entry.body.replace("\x00", ""),
                "at": entry.sent_at or clock.now(),
            },
        ).rowcount
    )


def _look_into(carrier: Lists, unmatched: Iterable[ClassicMessage]) -> int:
    """Reads each pair's threads once."""
    return total(_by_pair(unmatched), lambda found: _recover(carrier, *found))


def _by_pair(entries: Iterable[ClassicMessage]) -> Iterator[tuple[Pair, list[ClassicMessage]]]:
    ordered = sorted(entries, key=lambda entry: (entry.from_, entry.to))
    for numbers, of_pair in groupby(ordered, lambda entry: (entry.from_, entry.to)):
        yield Pair(*numbers), list(of_pair)


def _recover(carrier: Lists, pair: Pair, entries: list[ClassicMessage]) -> int:
    back_to = min(entry.sent_at or cursors.BEGINNING for entry in entries)
    found, held = 0, carrier.threads_of(pair.address, pair.sender)
    for thread in held:
        with database.transaction() as conn:
            sid = thread.conversation_sid if thread.is_open else None
            conversation_id = inbound.adopt_thread(conn, sid, pair, clock.now())
        if conversation_id is not None:
            ours = OurThread(conversation_id, thread.conversation_sid, pair.sender)
            found += sweep_threads.read(carrier, ours, since=back_to - cursors.OVERLAP)
    for entry in entries:
        if clock.now() - (entry.sent_at or clock.now()) > _LEFT_AFTER:
            found += _leave(entry, in_a_thread=bool(held))
    return found


def _leave(entry: ClassicMessage, *, in_a_thread: bool) -> int:
    """Noted and left: the carrier had changed its words in the thread. One that is in no thread comes as it is."""
    now = clock.now()
    with database.transaction() as conn:
        conn.execute(
            """
            INSERT INTO webhook_receipts (dedupe_key, event_type, form, at, applied_at, outcome)
            VALUES (%s, 'log', '{}', %s, now(), 'ignored') ON CONFLICT (dedupe_key) DO NOTHING
            """,
            [f"log:{entry.sid}", now],
        )
        if in_a_thread:
            return 0
        taken = intake.take(conn, synthetic.logged(entry), now=min(entry.sent_at or now, now))
        repaired = taken.is_new and taken.from_contact
        counters.add(conn, "repaired", {"inbound": int(repaired)})
        if repaired:
            webhook_health.note_repair(conn)
    log.warning("a text was in no thread of the carrier's", log_sid=entry.sid)
    return int(repaired)
