"""Our own texts, as they stand in the carrier's copy of a thread: taken over if unknown here, flagged if there twice.

A text whose send was released after an unknown outcome can still be taken up by the carrier later. Before it is sent
again, it is adopted instead; afterwards there are two, and all that is left is to say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp.carrier.types import CarrierMessage
from webapp.database import Connection
from webapp.messaging import counters, threads
from webapp.models.constants import Event

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Ours:
    id: int
    marker: str
    twilio_sid: str | None


def recognise(conn: Connection, conversation_id: int, found: Sequence[CarrierMessage], *, now: datetime) -> None:
    """Compares the marked ones among ``found``, texts of this conversation's thread, with what is on record here."""
    marked = {message.sid: message.marker.key for message in found if message.marker is not None}
    if not marked:
        return
    ours = _by_marker(conn, conversation_id, sorted(marked.values()))
    for sid, key in marked.items():
        text = ours.get(key)
        if text is None or text.twilio_sid == sid:
            continue
        if text.twilio_sid is None:
            adopt(conn, text.id, sid, now=now)
        else:
            _flag(conn, conversation_id, text, sid, now)


def adopt(conn: Connection, message_id: int, sid: str, *, now: datetime) -> bool:
    """The carrier has the text under this SID: it is sent, whatever we were about to do with it.

    Not while an attempt is under way, which may be what put it there: its own answer is on the way.
    """
    row = conn.execute(
        """
        UPDATE sms_messages SET status = 'sent', twilio_sid = %s, sent_at = %s, reason = NULL, error_code = NULL,
            ended_at = NULL, claimed_by = NULL, check_at = clock_timestamp()
        WHERE id = %s AND twilio_sid IS NULL AND status <> 'sending' RETURNING conversation_id
        """,
        [sid, now, message_id],
    ).fetchone()
    if row is None:
        return False
    threads.show_change(conn, [row[0]])
    counters.add(conn, "unconfirmed", {"adopted": 1})
    conn.execute(
        "INSERT INTO sms_events (at, type, conversation_id, message_id) VALUES (%s, %s, %s, %s)",
        [now, Event.SENT, row[0], message_id],
    )
    conn.execute(
        "UPDATE webhook_receipts SET not_before = clock_timestamp() WHERE message_sid = %s AND applied_at IS NULL",
        [sid],
    )
    return True


def _by_marker(conn: Connection, conversation_id: int, markers: list[str]) -> dict[str, _Ours]:
    with conn.cursor(row_factory=class_row(_Ours)) as cursor:
        rows = cursor.execute(
            """
            SELECT id, marker::text, twilio_sid FROM sms_messages
            WHERE conversation_id = %s AND direction = 'outbound' AND marker::text = ANY(%s)
            """,
            [conversation_id, markers],
        )
        return {row.marker: row for row in rows}


def _flag(conn: Connection, conversation_id: int, text: _Ours, sid: str, now: datetime) -> None:
    """Once for each copy: the thread's own line, and a number that should be 0."""
    noted = conn.execute(
        "SELECT 1 FROM sms_events WHERE conversation_id = %s AND type = %s AND data ->> 'sid' = %s",
        [conversation_id, Event.DUPLICATE_SEEN, sid],
    ).fetchone()
    if noted is not None:
        return
    log.warning("a text is at the carrier twice", message_id=text.id)
    threads.show_change(conn, [conversation_id])
    counters.add(conn, "duplicates", {"seen": 1})
    conn.execute(
        "INSERT INTO sms_events (at, type, conversation_id, message_id, data) VALUES (%s, %s, %s, %s, %s)",
        [now, Event.DUPLICATE_SEEN, conversation_id, text.id, Jsonb({"sid": sid})],
    )
