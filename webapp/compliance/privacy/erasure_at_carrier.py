"""The second half of an erasure: what the carrier holds, and what was on the wire. After the commit, until it is done.

The work stands in the request's own row: which threads are left. So nothing is lost while the carrier is away, and no
number is kept for it: the carrier's thread names its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp import database
from webapp.carrier.errors import CarrierError
from webapp.compliance.privacy import erasure
from webapp.database import Connection

log = structlog.get_logger(__name__)


class Forgets(Protocol):
    """What this needs of a carrier; both raise CarrierError, and do nothing where the thing is gone."""

    def forget_thread(self, conversation_sid: str, *, before: datetime) -> None: ...

    def forget_logged(self, message_sid: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _Begun:
    """An erasure whose second half is due. ``done_at``: when the first was done."""

    id: int
    contact_number_id: int
    done_at: datetime
    outcome: dict[str, Any]


def finish_due(carrier: Forgets) -> int:
    """Goes on with every erasure that is not finished. Returns how many still are not."""
    with database.transaction() as conn, conn.cursor(row_factory=class_row(_Begun)) as cursor:
        begun = cursor.execute(_BEGUN).fetchall()
    return sum(not _finish(carrier, each) for each in begun)


def _finish(carrier: Forgets, begun: _Begun) -> bool:
    """True once nothing is left. What failed is noted for the page, and tried again with the next run."""
    with database.transaction() as conn:
        erasure.blank_texts(conn, begun.contact_number_id, begun.done_at)
        if erasure.on_the_wire(conn, begun.contact_number_id):
            return False  # its thread has to be read back before it may go
    try:
        for sid in begun.outcome["threads"]:
            carrier.forget_thread(sid, before=begun.done_at)
            _note_thread_gone(begun, sid)
        for sid in begun.outcome["logged"]:
            carrier.forget_logged(sid)
    except CarrierError as error:
        log.warning("erasure waits for the carrier", request_id=begun.id, error=type(error).__name__, code=error.code)
        _note(begun, {"error": str(error.code or type(error).__name__)})
        return False
    _note(begun, {"carrier": "done", "logged": [], "error": None})
    return True


def _note_thread_gone(begun: _Begun, sid: str) -> None:
    """The carrier takes a new thread for the pair, should there ever be one."""
    with database.transaction() as conn:
        conn.execute(_UNBIND, [sid])
        conn.execute(_THREAD_GONE, {"id": begun.id, "sid": sid})


def _note(begun: _Begun, news: dict[str, object]) -> None:
    with database.transaction() as conn:
        note_outcome(conn, begun.id, news)


def note_outcome(conn: Connection, request_id: int, news: dict[str, object]) -> None:
    """Adds to what came of a request."""
    conn.execute("UPDATE privacy_requests SET outcome = outcome || %s WHERE id = %s", [Jsonb(news), request_id])


_BEGUN = """
SELECT id, contact_number_id, done_at, outcome FROM privacy_requests
WHERE kind = 'erasure' AND done_at IS NOT NULL AND outcome ->> 'carrier' = 'pending' ORDER BY id
"""

_UNBIND = """
UPDATE sms_conversations SET twilio_sid = NULL, suspect = false, version = nextval('change_seq') WHERE twilio_sid = %s
"""

_THREAD_GONE = """
UPDATE privacy_requests SET outcome = jsonb_set(outcome, '{threads}', (outcome -> 'threads') - %(sid)s::text)
WHERE id = %(id)s
"""
