"""Suppression: who must not be texted, account-wide, whatever becomes of the lead.

``suppress`` locks the number's row. The update that puts a text on the wire takes a share of the same lock, so
after the suppressing transaction has committed no request to that number begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from webapp.compliance.consent import rows
from webapp.compliance.consent.giving import channel_of
from webapp.compliance.consent.rows import Row
from webapp.compliance.optouts import effects
from webapp.compliance.optouts.effects import Told
from webapp.database import Connection
from webapp.models.constants import ConsentChannel, ConsentEvent, Event, SuppressionSource


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, and since when (business time): ``matched`` is the word or the note, never a text's body.

    ``source`` is a SuppressionSource, but for a re-opt-in: then it is how the person agreed. ``channel`` is read from
    it where it is not given. ``details`` goes to the ledger: matched rule, engine version, the text's SID, …
    """

    source: SuppressionSource | str
    matched: str
    at: datetime
    actor_id: int | None = None
    message_id: int | None = None
    channel: ConsentChannel | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def suppress(conn: Connection, contact_number_id: int, cause: Cause, *, now: datetime) -> bool:
    """Suppresses the number, cancels what has not gone, and writes it all down; False if it was suppressed already.

    A stop that is older than the START which answered it (its webhook came late) changes nothing but the ledger.
    """
    return contact_number_id in suppress_all(conn, {contact_number_id: cause}, now=now)


def suppress_all(conn: Connection, causes: Mapping[int, Cause], *, now: datetime) -> set[int]:
    """The same for many numbers, in a fixed number of statements; the ids of those that were not suppressed before."""
    if not causes:
        return set()
    suppressed = _lock(conn, list(causes))
    outdated = _said_later(conn, causes, ConsentEvent.OPT_IN)
    _write_consent_events(conn, causes, ConsentEvent.OPT_OUT)
    binding = {number: cause for number, cause in causes.items() if number not in outdated}
    fresh = {number: cause for number, cause in binding.items() if suppressed[number] is None}
    _mark(conn, fresh)
    effects.cancel_what_has_not_gone(conn, _told(binding, Event.OPTED_OUT), now)
    effects.close_conversations(conn, list(binding))
    effects.note_in_conversations(conn, _told(fresh, Event.OPTED_OUT))
    return set(fresh)


def lift(conn: Connection, contact_number_id: int, cause: Cause) -> bool:
    """Ends a suppression, with its evidence; False if there was none or the number was stopped after ``cause.at``.

    Either way the ledger has it: a stop from before it, whose webhook comes later, is then known to be answered.
    It also answers a doubt, and is the consent of somebody who had given none.
    """
    stopped_at = _lock(conn, [contact_number_id])[contact_number_id]
    outdated = bool(_said_later(conn, {contact_number_id: cause}, ConsentEvent.OPT_OUT))
    _write_consent_events(conn, {contact_number_id: cause}, ConsentEvent.OPT_IN)
    effects.release_doubts(conn, [contact_number_id], before=cause.at)
    if outdated or (stopped_at is not None and stopped_at > cause.at):
        return False
    conn.execute(
        """
        UPDATE contact_numbers
        SET suppressed_at = NULL, suppression_source = NULL, suppression_reason = NULL, pending_at = NULL,
            consent_at = %s, consent_source = %s, consent_channel = %s, consent_until = NULL
        WHERE id = %s AND (suppressed_at IS NOT NULL OR consent_at IS NULL OR consent_until IS NOT NULL)
        """,
        [cause.at, cause.source, _channel(cause), contact_number_id],
    )
    if stopped_at is None:
        return False
    effects.note_in_conversations(conn, _told({contact_number_id: cause}, Event.OPTED_IN))
    return True


def _lock(conn: Connection, contact_number_ids: Sequence[int]) -> dict[int, datetime | None]:
    """Locks the numbers' rows, in one order for everybody; since when each has been suppressed, if it is."""
    found = conn.execute(
        "SELECT id, suppressed_at FROM contact_numbers WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
        [list(contact_number_ids)],
    )
    return {row[0]: row[1] for row in found}


def _said_later(conn: Connection, causes: Mapping[int, Cause], event: ConsentEvent) -> set[int]:
    """The numbers whose own later word is in the ledger: a START by keyword, a re-opt-in, or any stop."""
    found = conn.execute(
        """
        SELECT s.number FROM unnest(%(numbers)s::bigint[], %(instants)s::timestamptz[]) AS s (number, at)
        WHERE EXISTS (
            SELECT 1 FROM consent_events e
            WHERE e.contact_number_id = s.number AND e.event = %(event)s AND e.occurred_at > s.at
              AND (e.event = 'opt_out' OR e.source = 'keyword' OR e.details ? 're_opt_in'))
        """,
        {"numbers": list(causes), "instants": [cause.at for cause in causes.values()], "event": event},
    )
    return {row[0] for row in found}


def _mark(conn: Connection, causes: Mapping[int, Cause]) -> None:
    conn.execute(
        """
        UPDATE contact_numbers n
        SET suppressed_at = s.at, suppression_source = s.source, suppression_reason = s.reason,
            consent_at = NULL, consent_source = NULL, consent_channel = NULL, consent_until = NULL, pending_at = NULL,
            doubt_at = NULL, doubt_source = NULL, doubt_matched = NULL, doubt_message_id = NULL
        FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[]) AS s (number, at, source, reason)
        WHERE n.id = s.number
        """,
        [
            list(causes),
            [cause.at for cause in causes.values()],
            [cause.source for cause in causes.values()],
            [cause.matched for cause in causes.values()],
        ],
    )


def _told(causes: Mapping[int, Cause], event: Event) -> dict[int, Told]:
    return {
        number: Told(event, cause.at, cause.source, cause.matched, cause.actor_id) for number, cause in causes.items()
    }


def _channel(cause: Cause) -> ConsentChannel:
    return cause.channel or channel_of(cause.source)


def _write_consent_events(conn: Connection, causes: Mapping[int, Cause], event: ConsentEvent) -> None:
    rows.write(conn, [_row(number, cause, event) for number, cause in causes.items()])


def _row(contact_number_id: int, cause: Cause, event: ConsentEvent) -> Row:
    return Row(
        contact_number_id,
        event,
        cause.source,
        _channel(cause),
        cause.at,
        actor_id=cause.actor_id,
        message_id=cause.message_id,
        note=cause.matched,
        details=cause.details,
    )
