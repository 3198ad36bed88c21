"""Taking back, for a moment, what a person decided: an opt-out that they entered or confirmed, or a doubt dismissed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from webapp.accounts.actors import Actor
from webapp.compliance.consent import rows
from webapp.compliance.consent.rows import Row
from webapp.compliance.optouts import before, doubts, effects
from webapp.compliance.optouts.effects import Told
from webapp.database import Connection
from webapp.models.constants import ConsentChannel, ConsentEvent, Event, SuppressionSource

#: The toast offers Undo for ten seconds; a slow connection gets some more. Machine time.
UNDO_SECONDS: Final = 60
#: The source of the thread's line that says so.
UNDONE: Final = "undo"
TOO_LATE: Final = "Too late to take it back."


class TakenBack(StrEnum):
    """What was taken back, as the page says it."""

    OPT_OUT = "Taken back: they are not opted out."
    CONFIRMATION = "Taken back: it waits for your decision again."
    DISMISSAL = "Taken back: it waits for a decision again, and automatic texts with it."


def undo(conn: Connection, contact_number_id: int, *, actor: Actor, now: datetime) -> TakenBack | None:
    """Takes back what this actor decided about the number a moment ago. None when it is too late, or nothing."""
    conn.execute("SELECT 1 FROM contact_numbers WHERE id = %s FOR UPDATE", [contact_number_id])
    done = _opt_out(conn, contact_number_id, actor, now)
    return done or _dismissal(conn, contact_number_id, actor, now)


def _opt_out(conn: Connection, contact_number_id: int, actor: Actor, now: datetime) -> TakenBack | None:
    """Queues again what the opt-out canceled. The ledger keeps both rows; consent, and a doubt, stand as they did."""
    row = conn.execute(_LAST, [contact_number_id, actor.id, UNDO_SECONDS]).fetchone()
    if row is None:
        return None
    row_id, decided_at, stood = row
    before.restore(conn, contact_number_id, stood)
    rows.write(conn, [_taken_back(contact_number_id, row_id, actor, now)])
    conn.execute(_QUEUE_AGAIN, {"number": contact_number_id, "at": decided_at, "now": now})
    conn.execute(_WAIT_AGAIN, [contact_number_id])
    effects.note_in_conversations(conn, {contact_number_id: Told(Event.OPTED_IN, now, UNDONE, None, actor.id)})
    return TakenBack.CONFIRMATION if stood["doubt_at"] else TakenBack.OPT_OUT


def _dismissal(conn: Connection, contact_number_id: int, actor: Actor, now: datetime) -> TakenBack | None:
    """Raises the doubt again with its old date. The audit log has what it was."""
    row = conn.execute(
        _LAST_DISMISSED,
        {
            "recent": _RECENT,
            "target": f"number:{contact_number_id}",
            "actor": actor.id,
            "seconds": UNDO_SECONDS,
            "number": contact_number_id,
        },
    ).fetchone()
    if row is None:
        return None
    doubt = doubts.Doubt(SuppressionSource(row[0]), row[1] or "", row[2], row[3])
    told = Told(Event.DOUBT, now, UNDONE, None, actor.id)
    return TakenBack.DISMISSAL if doubts.raise_doubt(conn, contact_number_id, doubt, told=told) else None


def _taken_back(contact_number_id: int, undone: int, actor: Actor, now: datetime) -> Row:
    return Row(
        contact_number_id,
        ConsentEvent.RECONFIRM,
        SuppressionSource.MANUAL,
        ConsentChannel.OTHER,
        now,
        attested=False,
        actor_id=actor.id,
        details={"undoes": undone},
    )


# Only the number's newest row: nothing that was said since may be undone with it.
_LAST = """
SELECT id, coalesce((details ->> 'confirmed_by_a_person_at')::timestamptz, occurred_at), details -> 'before' FROM (
    SELECT id, event, actor_id, occurred_at, recorded_at, details
    FROM consent_events WHERE contact_number_id = %s ORDER BY id DESC LIMIT 1) last
WHERE event = 'opt_out' AND actor_id = %s AND details -> 'before' ->> 'suppressed' = 'false'
  AND recorded_at > now() - %s * interval '1 second'
"""

# More than a busy account writes in a minute: the audit log has no index by target, and need not have one for this.
_RECENT: Final = 2000

_LAST_DISMISSED = """
SELECT details ->> 'source', details ->> 'matched', (details ->> 'raised_at')::timestamptz,
       (details ->> 'message_id')::bigint
FROM (SELECT * FROM audit_log ORDER BY id DESC LIMIT %(recent)s) AS a
WHERE a.action = 'opt_out.dismissed' AND a.target = %(target)s AND a.actor_id = %(actor)s
  AND a.at > now() - %(seconds)s * interval '1 second'
  AND NOT EXISTS (SELECT 1 FROM consent_events e WHERE e.contact_number_id = %(number)s AND e.recorded_at > a.at)
ORDER BY a.id DESC LIMIT 1
"""

# The gate judges each again when it is claimed; what had a time keeps it.
_QUEUE_AGAIN = """
UPDATE sms_messages
SET status = CASE WHEN send_after > %(now)s THEN 'held' ELSE 'queued' END,
    reason = CASE WHEN send_after > %(now)s THEN 'scheduled' END, ended_at = NULL, not_before = now()
WHERE contact_number_id = %(number)s AND status = 'canceled' AND reason = 'opted_out' AND ended_at = %(at)s
"""

_WAIT_AGAIN = """
UPDATE sms_conversations SET waiting_since = last_inbound_at
WHERE contact_number_id = %s AND state = 'open' AND last_direction = 'inbound'
"""
