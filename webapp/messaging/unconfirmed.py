"""Unconfirmed sends: never sent again before the carrier's copy of the thread has been read.

The thread is read back for our marker. Found: its SID is adopted. Absent in two clean reads, 15 seconds apart: the
text is released to be sent again. Between the two nothing later of the same thread goes (``claims``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from psycopg.rows import class_row

from webapp import clock, database
from webapp.carrier.errors import CarrierError, GoneError
from webapp.carrier.types import CarrierMessage
from webapp.database import Connection
from webapp.messaging import counters, recognising, results, returned, threads
from webapp.models.constants import Event

log = structlog.get_logger(__name__)

CLEAN_READS_NEEDED = 2
REREAD_SECONDS = 15.0
_BATCH = 20
#: Client timeout (10 s) and as much again: a worker that has not reported a send after this is gone.
_ABANDONED_SECONDS = 30
_CLAIM_ABANDONED_SECONDS = 60


class ReadsBack(Protocol):
    """What reconciling needs of a carrier."""

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]: ...


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A text that may have been sent. ``attempt`` is the newest one's number, ``thread_sid`` where it went."""

    id: int
    conversation_id: int
    thread_sid: str | None
    marker: uuid.UUID
    attempt: int


def adopt_abandoned(conn: Connection, *, settle_seconds: float = results.SETTLE_SECONDS) -> int:
    """What a dead worker left: a claim goes back to the queue, an attempt becomes unconfirmed. Returns how many."""
    returned = conn.execute(
        """
        UPDATE sms_messages SET status = 'queued', claimed_by = NULL
        WHERE status = 'claimed' AND claimed_at < clock_timestamp() - %s * interval '1 second'
        """,
        [min(_CLAIM_ABANDONED_SECONDS, settle_seconds + 10)],
    ).rowcount
    rows = conn.execute(
        """
        UPDATE sms_messages SET status = 'unconfirmed', claimed_by = NULL, clean_reads = 0,
            check_at = greatest(attempted_at + (10 + %s) * interval '1 second', clock_timestamp())
        WHERE status = 'sending' AND attempted_at < clock_timestamp() - %s * interval '1 second'
        RETURNING conversation_id
        """,
        [settle_seconds, min(_ABANDONED_SECONDS, settle_seconds + 10)],
    ).fetchall()
    threads.show_change(conn, {row[0] for row in rows})
    return returned + len(rows)


def reconcile_due(carrier: ReadsBack, *, reread_seconds: float = REREAD_SECONDS) -> int:
    """Reads back the threads of unconfirmed texts whose time has come. Returns how many were looked into."""
    due = _due(reread_seconds)
    for text in due:
        _reconcile(carrier, text)
    return len(due)


def _due(reread_seconds: float) -> list[Unconfirmed]:
    """Takes them, by setting the time of the next read: two sweeps at once do not count one read twice."""
    with database.transaction() as conn, conn.cursor(row_factory=class_row(Unconfirmed)) as cursor:
        return cursor.execute(
            """
            UPDATE sms_messages SET check_at = clock_timestamp() + %s * interval '1 second'
            WHERE id IN (
                SELECT id FROM sms_messages WHERE status = 'unconfirmed' AND check_at <= clock_timestamp()
                ORDER BY check_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id, conversation_id, thread_sid, marker, attempt
            """,
            [reread_seconds, _BATCH],
        ).fetchall()


def _reconcile(carrier: ReadsBack, text: Unconfirmed) -> None:
    try:
        found = find_marked(carrier, text)
    except GoneError as error:
        with database.transaction() as conn:
            _give_up(conn, text, error, clock.now())
        return
    except CarrierError as error:
        log.warning("thread could not be read back", message_id=text.id, error=type(error).__name__, code=error.code)
        return
    with database.transaction() as conn:
        if found is None:
            _count_clean_read(conn, text)
        else:
            _adopt(conn, text, found, clock.now())


def find_marked(carrier: ReadsBack, text: Unconfirmed) -> CarrierMessage | None:
    """The carrier's copy of the text, if it has one. Raises CarrierError.

    Reads past everything that can be newer than the attempt: down to the first text that we had on record before
    this one, by SID and not by any clock.
    """
    if text.thread_sid is None:
        return None
    with database.autocommit() as conn:
        older = _known_before(conn, text)
    for message in carrier.read_back(text.thread_sid):
        if message.marker is not None and message.marker.key == str(text.marker):
            return message
        if message.sid in older:
            return None
    return None


def _known_before(conn: Connection, text: Unconfirmed) -> frozenset[str]:
    """The newest few texts of ours whose attempt had ended before this one's began (``claims``: one at a time).

    None for a text that was attempted before: texts may have gone between its attempts, and any of these may be there.
    """
    if text.attempt > 1:
        return frozenset()
    rows = conn.execute(
        """
        SELECT o.twilio_sid FROM sms_messages m
        JOIN sms_messages o ON o.conversation_id = m.conversation_id AND o.attempted_at < m.attempted_at
        WHERE m.id = %s AND o.id <> m.id AND o.twilio_sid IS NOT NULL ORDER BY o.id DESC LIMIT 50
        """,
        [text.id],
    ).fetchall()
    return frozenset(row[0] for row in rows)


def _adopt(conn: Connection, text: Unconfirmed, found: CarrierMessage, now: datetime) -> None:
    """An earlier attempt of a text released since may be there as well: then the next sweep reads the whole thread."""
    adopted = recognising.adopt(conn, text.id, found.sid, now=now)
    if adopted and text.attempt > 1 and text.thread_sid is not None:
        threads.suspect(conn, text.thread_sid)


def _give_up(conn: Connection, text: Unconfirmed, error: GoneError, now: datetime) -> None:
    """The thread is gone from the carrier with all that would tell: only a person may decide to send it again."""
    failed = conn.execute(
        """
        UPDATE sms_messages SET status = 'failed', error_code = %s, ended_at = %s
        WHERE id = %s AND status = 'unconfirmed'
        """,
        [error.code, now, text.id],
    ).rowcount
    if failed:
        counters.add(conn, "unconfirmed", {"given_up": 1})
        threads.show_change(conn, [text.conversation_id])
        conn.execute(
            "INSERT INTO sms_events (at, type, conversation_id, message_id) VALUES (%s, %s, %s, %s)",
            [now, Event.FAILED, text.conversation_id, text.id],
        )


def _count_clean_read(conn: Connection, text: Unconfirmed) -> None:
    """The second clean read releases the text; its marker stays, so that a late arrival is recognised."""
    row = conn.execute(
        """
        UPDATE sms_messages SET clean_reads = clean_reads + 1,
            status = CASE WHEN clean_reads + 1 >= %(needed)s THEN 'queued' ELSE status END,
            not_before = clock_timestamp()
        WHERE id = %(id)s AND status = 'unconfirmed' AND attempt = %(attempt)s RETURNING status
        """,
        {"needed": CLEAN_READS_NEEDED, "id": text.id, "attempt": text.attempt},
    ).fetchone()
    if row is not None and row[0] == "queued":
        counters.add(conn, "unconfirmed", {"released": 1})
        returned.announce(conn, [text.id], clock.now())
        threads.show_change(conn, [text.conversation_id])
