"""Doubts: what may have been an opt-out. Automatic texts wait until a person confirms or dismisses it.

A number has one doubt at a time, and the ten business days run from the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.compliance.optouts import before, effects, suppressions
from webapp.compliance.optouts.effects import Told
from webapp.compliance.optouts.suppressions import Cause
from webapp.database import Connection
from webapp.models.constants import Event, SuppressionSource


@dataclass(frozen=True, slots=True)
class Doubt:
    """``source``: the person's own words (natural) or the carrier. ``matched``: those words, or the carrier's code."""

    source: SuppressionSource
    matched: str
    at: datetime
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    id: int
    doubt_at: datetime
    doubt_source: str
    doubt_matched: str | None
    doubt_message_id: int | None


def raise_doubt(conn: Connection, contact_number_id: int, doubt: Doubt, *, told: Told | None = None) -> bool:
    """Writes the doubt down; False where there is nothing to ask: suppressed, in doubt already, or answered since.

    ``told`` is the thread's line, where it is not the doubt itself.

    Automatic texts that a worker has claimed go back into the queue, where the gate holds them.
    """
    raised = conn.execute(
        """
        UPDATE contact_numbers n
        SET doubt_at = %(at)s, doubt_source = %(source)s, doubt_matched = %(matched)s, doubt_message_id = %(message)s
        WHERE id = %(number)s AND suppressed_at IS NULL AND doubt_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM consent_events e
            WHERE e.contact_number_id = n.id AND e.event = 'opt_in' AND e.source = 'keyword' AND e.occurred_at > %(at)s)
        """,
        {
            "number": contact_number_id,
            "at": doubt.at,
            "source": doubt.source,
            "matched": doubt.matched,
            "message": doubt.message_id,
        },
    ).rowcount
    if not raised:
        return False
    conn.execute(
        """
        UPDATE sms_messages SET status = 'queued', claimed_by = NULL
        WHERE contact_number_id = %s AND status = 'claimed' AND automatic AND origin <> 'confirmation'
        """,
        [contact_number_id],
    )
    told = told or Told(Event.DOUBT, doubt.at, doubt.source, doubt.matched)
    effects.note_in_conversations(conn, {contact_number_id: told})
    return True


def name_text(conn: Connection, contact_number_id: int, message_id: int) -> None:
    """Says which text raised the number's newest doubt: it is stored only after the doubt."""
    conn.execute(
        "UPDATE contact_numbers SET doubt_message_id = %s WHERE id = %s AND doubt_message_id IS NULL"
        " AND doubt_source = 'natural'",
        [message_id, contact_number_id],
    )


def confirm(conn: Connection, contact_number_ids: Sequence[int], *, actor_id: int, now: datetime) -> int:
    """They were opt-outs: suppresses each since the moment of its doubt. Returns how many had one."""
    doubts = _lock(conn, contact_number_ids)
    stood = before.standing(conn, [doubt.id for doubt in doubts])
    causes = {doubt.id: _cause(doubt, stood[doubt.id], actor_id, now) for doubt in doubts}
    suppressions.suppress_all(conn, causes, now=now)
    effects.release_doubts(conn, causes)  # of whoever has opted in since: there the stop changed nothing
    return len(causes)


def dismiss(conn: Connection, contact_number_ids: Sequence[int], *, actor_id: int, now: datetime) -> int:
    """They were none: what waited goes on. Audited, each. Returns how many had a doubt."""
    doubts = _lock(conn, contact_number_ids)
    effects.release_doubts(conn, [doubt.id for doubt in doubts])
    effects.note_in_conversations(conn, {doubt.id: _dismissed(doubt, actor_id, now) for doubt in doubts})
    for doubt in doubts:
        audit.record(
            conn,
            actor_id,
            "opt_out.dismissed",
            f"number:{doubt.id}",
            source=doubt.doubt_source,
            matched=doubt.doubt_matched,
            raised_at=doubt.doubt_at.isoformat(),
            message_id=doubt.doubt_message_id,
        )
    return len(doubts)


def of_carrier(conn: Connection) -> list[int]:
    """The numbers whose doubt the carrier raised."""
    rows = conn.execute(
        "SELECT id FROM contact_numbers WHERE doubt_at IS NOT NULL AND doubt_source = %s ORDER BY id",
        [SuppressionSource.CARRIER],
    )
    return [row[0] for row in rows]


def _lock(conn: Connection, contact_number_ids: Sequence[int]) -> list[_Standing]:
    with conn.cursor(row_factory=class_row(_Standing)) as cursor:
        return cursor.execute(
            """
            SELECT id, doubt_at, doubt_source, doubt_matched, doubt_message_id FROM contact_numbers
            WHERE id = ANY(%s) AND doubt_at IS NOT NULL ORDER BY id FOR UPDATE
            """,
            [list(contact_number_ids)],
        ).fetchall()


def _cause(doubt: _Standing, stood: dict[str, object], actor_id: int, now: datetime) -> Cause:
    return Cause(
        SuppressionSource(doubt.doubt_source),
        doubt.doubt_matched or "",
        doubt.doubt_at,
        actor_id=actor_id,
        message_id=doubt.doubt_message_id,
        details={"confirmed_by_a_person_at": now.isoformat(), "before": stood},
    )


def _dismissed(doubt: _Standing, actor_id: int, now: datetime) -> Told:
    return Told(Event.DOUBT_DISMISSED, now, doubt.doubt_source, None, actor_id)
