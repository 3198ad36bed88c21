"""Opted out by phone, e-mail, in person or by letter: a person enters it, and for a moment can take it back.

Any way of telling us counts (47 CFR 64.1200(a)(10)): the ledger keeps who heard it, how, and their note.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor
from webapp.compliance import effects, suppressions
from webapp.compliance.effects import Told
from webapp.compliance.suppressions import Cause
from webapp.database import Connection
from webapp.models.constants import ConsentChannel, ConsentEvent, Event, SuppressionSource

#: How somebody can have told us, as it stands after "opted out".
METHODS: Final = {
    "phone": "by phone",
    "email": "by e-mail",
    "in_person": "in person",
    "letter": "by letter",
}
NOTE_LENGTH: Final = 300
#: The toast offers Undo for ten seconds; a slow connection gets some more. Machine time.
UNDO_SECONDS: Final = 60
#: The source of the thread's line that says so.
UNDONE: Final = "undo"

_CHANNELS: Final = {
    "phone": ConsentChannel.VERBAL,
    "email": ConsentChannel.EMAIL,
    "in_person": ConsentChannel.VERBAL,
    "letter": ConsentChannel.PAPER,
}


def opt_out(conn: Connection, contact_number_id: int, method: str, note: str, *, actor: Actor, now: datetime) -> bool:
    """Suppresses the number; False if it was already. Raises ValueError for a method that is none of ``METHODS``."""
    if method not in METHODS:
        raise ValueError("Say how they told you.")
    note = " ".join(note.split())[:NOTE_LENGTH]
    cause = Cause(
        SuppressionSource.MANUAL,
        f"{METHODS[method]}: {note}" if note else METHODS[method],
        now,
        actor_id=actor.id,
        channel=_CHANNELS[method],
        details={"method": method, "before": _standing(conn, contact_number_id)},
    )
    return suppressions.suppress(conn, contact_number_id, cause, now=now)


def undo(conn: Connection, contact_number_id: int, *, actor: Actor, now: datetime) -> bool:
    """Takes back what this actor entered a moment ago, and queues again what it canceled. False when it is too late.

    The ledger keeps both rows. Consent, and a doubt, stand again as they did.
    """
    conn.execute("SELECT 1 FROM contact_numbers WHERE id = %s FOR UPDATE", [contact_number_id])
    row = conn.execute(_LAST, [contact_number_id, actor.id, UNDO_SECONDS]).fetchone()
    if row is None:
        return False
    row_id, at, before = row
    conn.execute(_RESTORE, {"number": contact_number_id, "before": Jsonb(before)})
    _write(conn, contact_number_id, row_id, actor, now)
    conn.execute(_QUEUE_AGAIN, {"number": contact_number_id, "at": at, "now": now})
    conn.execute(_WAIT_AGAIN, [contact_number_id])
    told = Told(Event.OPTED_IN, now, UNDONE, None, actor.id)
    effects.note_in_conversations(conn, {contact_number_id: told})
    return True


def _standing(conn: Connection, contact_number_id: int) -> dict[str, object]:
    """What the suppression will overwrite; the number is locked from here on."""
    row = conn.execute(
        """
        SELECT jsonb_build_object(
            'suppressed', suppressed_at IS NOT NULL, 'consent_at', consent_at, 'consent_source', consent_source,
            'consent_channel', consent_channel, 'consent_until', consent_until, 'pending_at', pending_at,
            'doubt_at', doubt_at, 'doubt_source', doubt_source, 'doubt_matched', doubt_matched,
            'doubt_message_id', doubt_message_id)
        FROM contact_numbers WHERE id = %s FOR UPDATE
        """,
        [contact_number_id],
    ).fetchone()
    assert row is not None
    return dict(row[0])


def _write(conn: Connection, contact_number_id: int, undone: int, actor: Actor, now: datetime) -> None:
    conn.execute(
        """
        INSERT INTO consent_events (contact_number_id, event, source, channel, occurred_at, actor_id, attested, details)
        VALUES (%s, %s, %s, %s, %s, %s, false, %s)
        """,
        [
            *(contact_number_id, ConsentEvent.RECONFIRM, SuppressionSource.MANUAL, ConsentChannel.OTHER, now, actor.id),
            Jsonb({"undoes": undone}),
        ],
    )


# Only the number's newest row: nothing that was said since may be undone with it.
_LAST = """
SELECT id, occurred_at, before FROM (
    SELECT id, event, source, actor_id, occurred_at, recorded_at, details -> 'before' AS before
    FROM consent_events WHERE contact_number_id = %s ORDER BY id DESC LIMIT 1) last
WHERE event = 'opt_out' AND source = 'manual' AND actor_id = %s AND before ->> 'suppressed' = 'false'
  AND recorded_at > now() - %s * interval '1 second'
"""

_RESTORE = """
UPDATE contact_numbers n
SET suppressed_at = NULL, suppression_source = NULL, suppression_reason = NULL,
    consent_at = b.consent_at, consent_source = b.consent_source, consent_channel = b.consent_channel,
    consent_until = b.consent_until, pending_at = b.pending_at, doubt_at = b.doubt_at, doubt_source = b.doubt_source,
    doubt_matched = b.doubt_matched, doubt_message_id = b.doubt_message_id
FROM jsonb_to_record(%(before)s) AS b (
    consent_at timestamptz, consent_source text, consent_channel text, consent_until timestamptz,
    pending_at timestamptz, doubt_at timestamptz, doubt_source text, doubt_matched text, doubt_message_id bigint)
WHERE n.id = %(number)s
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
