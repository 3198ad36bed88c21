"""The second half of receiving: stored webhooks become messages, statuses and threads. Any order, any number of times.

A webhook that cannot be applied yet (its text is not recorded, its thread not known) is parked and tried again; one
that breaks is set aside with its error and stops none of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import structlog
from psycopg.rows import class_row

from webapp import database
from webapp.carrier import webhooks
from webapp.carrier.events import ConversationAdded, DeliveryUpdated, Event, MessageAdded
from webapp.database import Connection
from webapp.messaging import inbound, receipts, threads

log = structlog.get_logger(__name__)

_BATCH = 100
_PARK_SECONDS = (1, 2, 5, 15, 60, 300, 1800)
#: After so many tries, about a day, nothing will come for a parked receipt any more. A contact's text never gives up.
_TRIES = 48
#: A receipt whose text is still not known at this try, some seconds on, may be of a second copy.
_SUSPICIOUS_TRY = 3


class Outcome(StrEnum):
    APPLIED = "applied"
    IGNORED = "ignored"
    PARKED = "parked"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored webhook. ``at``: the business time of its arrival."""

    id: int
    form: dict[str, Any]
    at: datetime
    intent: str | None
    attempts: int


def apply_due(limit: int = _BATCH) -> int:
    """Applies what is due, each in a transaction of its own. Returns how many were looked at."""
    due = _due(limit)
    for stored in due:
        _apply_one(stored)
    return len(due)


def _due(limit: int) -> list[Stored]:
    """Takes a batch, in order of arrival, out of other workers' sight for a while: a lease, in machine time."""
    with database.transaction() as conn, conn.cursor(row_factory=class_row(Stored)) as cursor:
        return sorted(
            cursor.execute(
                """
                UPDATE webhook_receipts SET not_before = clock_timestamp() + interval '30 seconds'
                WHERE id IN (SELECT id FROM webhook_receipts
                             WHERE applied_at IS NULL AND not_before <= clock_timestamp()
                             ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED)
                RETURNING id, form, at, intent, attempts
                """,
                [limit],
            ).fetchall(),
            key=lambda stored: stored.id,
        )


def _apply_one(stored: Stored) -> None:
    try:
        with database.transaction() as conn:
            outcome = apply(conn, stored)
            _settle(conn, stored, outcome)
    except Exception:
        log.exception("webhook could not be applied", webhook_receipt_id=stored.id)
        with database.transaction() as conn:
            _settle(conn, stored, Outcome.BROKEN)


def apply(conn: Connection, stored: Stored) -> Outcome:
    """Applies one webhook. PARKED: what it speaks of is not known here yet."""
    event = webhooks.parse(stored.form)
    handler = _HANDLERS.get(type(event))
    if handler is None:
        return Outcome.IGNORED
    if handler(conn, event, stored.at, stored.intent):
        return Outcome.APPLIED
    if isinstance(event, DeliveryUpdated) and stored.attempts == _SUSPICIOUS_TRY:
        threads.suspect(conn, event.conversation_sid)
    return Outcome.PARKED


_HANDLERS: dict[type[Event], Callable[[Connection, Any, datetime, str | None], bool]] = {
    MessageAdded: inbound.apply,
    DeliveryUpdated: receipts.apply,
    ConversationAdded: inbound.note_conversation,
}


def _settle(conn: Connection, stored: Stored, outcome: Outcome) -> None:
    from_contact = stored.intent is not None
    waits = outcome in {Outcome.PARKED, Outcome.BROKEN} and (from_contact or stored.attempts < _TRIES)
    conn.execute(
        """
        UPDATE webhook_receipts SET outcome = %(outcome)s, attempts = attempts + 1,
            applied_at = CASE WHEN %(waits)s THEN NULL ELSE clock_timestamp() END,
            not_before = CASE WHEN %(waits)s THEN clock_timestamp() + %(seconds)s * interval '1 second'
                              ELSE not_before END
        WHERE id = %(id)s
        """,
        {
            "id": stored.id,
            "outcome": outcome,
            "waits": waits,
            "seconds": _PARK_SECONDS[min(stored.attempts, len(_PARK_SECONDS) - 1)],
        },
    )
