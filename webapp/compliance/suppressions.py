"""Suppression: who must not be texted, account-wide, whatever becomes of the lead.

``suppress`` locks the number's row. The update that puts a text on the wire takes a share of the same lock, so
after the suppressing transaction has committed no request to that number begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.compliance import decisions
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.database import Connection
from webapp.models.constants import ConsentEvent, Event, Reason, SuppressionSource

RULE_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why, and since when (business time): ``matched`` is the word or the note, never a text's body."""

    source: SuppressionSource
    matched: str
    at: datetime
    actor_id: int | None = None
    message_id: int | None = None


def suppress(conn: Connection, contact_number_id: int, cause: Cause, *, now: datetime) -> bool:
    """Suppresses the number, cancels what has not gone, and writes it all down; False if it was suppressed already.

    A stop that is older than the START which answered it (its webhook came late) changes nothing but the ledger.
    """
    already = _lock(conn, contact_number_id) is not None
    outdated = _said_later(conn, contact_number_id, ConsentEvent.OPT_IN, cause.at)
    _write_consent_event(conn, contact_number_id, ConsentEvent.OPT_OUT, cause)
    if outdated:
        return False
    if not already:
        conn.execute(
            """
            UPDATE contact_numbers
            SET suppressed_at = %s, suppression_source = %s, suppression_reason = %s,
                consent_at = NULL, consent_source = NULL
            WHERE id = %s
            """,
            [cause.at, cause.source, cause.matched, contact_number_id],
        )
    _cancel_what_has_not_gone(conn, contact_number_id, cause, now)
    _close_conversations(conn, contact_number_id, cause, already=already)
    return not already


def lift(conn: Connection, contact_number_id: int, cause: Cause) -> bool:
    """Ends a suppression, with its evidence; False if there was none or the number was stopped after ``cause.at``.

    Either way the ledger has it: a stop from before it, whose webhook comes later, is then known to be answered.
    """
    stopped_at = _lock(conn, contact_number_id)
    outdated = _said_later(conn, contact_number_id, ConsentEvent.OPT_OUT, cause.at)
    _write_consent_event(conn, contact_number_id, ConsentEvent.OPT_IN, cause)
    if stopped_at is None or stopped_at > cause.at or outdated:
        return False
    conn.execute(
        """
        UPDATE contact_numbers
        SET suppressed_at = NULL, suppression_source = NULL, suppression_reason = NULL,
            consent_at = %s, consent_source = %s
        WHERE id = %s
        """,
        [cause.at, cause.source, contact_number_id],
    )
    _note_in_conversations(conn, contact_number_id, Event.OPTED_IN, cause)
    return True


def _lock(conn: Connection, contact_number_id: int) -> datetime | None:
    """Locks the number's row; since when it has been suppressed, if it is."""
    row = conn.execute(
        "SELECT suppressed_at FROM contact_numbers WHERE id = %s FOR UPDATE", [contact_number_id]
    ).fetchone()
    assert row is not None
    stopped_at: datetime | None = row[0]
    return stopped_at


def _said_later(conn: Connection, contact_number_id: int, event: ConsentEvent, at: datetime) -> bool:
    """Whether the person's own later word is in the ledger: a START by keyword, or any stop."""
    row = conn.execute(
        """
        SELECT EXISTS (
            SELECT 1 FROM consent_events
            WHERE contact_number_id = %s AND event = %s AND occurred_at > %s
              AND (event = 'opt_out' OR source = 'keyword'))
        """,
        [contact_number_id, event, at],
    ).fetchone()
    return row is not None and bool(row[0])


def _cancel_what_has_not_gone(conn: Connection, contact_number_id: int, cause: Cause, now: datetime) -> None:
    """Queued, held and claimed texts; the one permitted confirmation stays."""
    rows = conn.execute(
        """
        UPDATE sms_messages SET status = 'canceled', reason = 'opted_out', ended_at = %s, claimed_by = NULL
        WHERE contact_number_id = %s AND status IN ('held', 'queued', 'claimed') AND origin <> 'confirmation'
        RETURNING id
        """,
        [now, contact_number_id],
    ).fetchall()
    decision = Decision(
        Outcome.REFUSE,
        rule="opt-out",
        rule_version=RULE_VERSION,
        reason=Reason.OPTED_OUT,
        sentence=f"Canceled before it went: {describe(cause.source, cause.matched)}.",
        inputs={"source": cause.source, "matched": cause.matched},
    )
    decisions.record(conn, [LedgerRow(row[0], contact_number_id, Stage.STOP, now, decision) for row in rows])


def describe(source: str | None, matched: str | None) -> str:
    """Who stopped the texts, in a few words for a sentence."""
    if source == SuppressionSource.KEYWORD:
        return f"the lead texted “{matched}”"
    if source == SuppressionSource.CARRIER:
        return "the carrier reports that the lead opted out"
    if source == SuppressionSource.IMPORT:
        return "the number is on an imported opt-out list"
    return f"the lead opted out ({matched})" if matched else "the lead opted out"


def _close_conversations(conn: Connection, contact_number_id: int, cause: Cause, *, already: bool) -> None:
    """The work item is done: nobody has to answer a stop."""
    conn.execute(
        """
        WITH locked AS (
            SELECT id FROM sms_conversations WHERE contact_number_id = %s ORDER BY id FOR NO KEY UPDATE)
        UPDATE sms_conversations c SET waiting_since = NULL, version = nextval('change_seq')
        FROM locked WHERE c.id = locked.id
        """,
        [contact_number_id],
    )
    if not already:
        _note_in_conversations(conn, contact_number_id, Event.OPTED_OUT, cause)


def _note_in_conversations(conn: Connection, contact_number_id: int, event: Event, cause: Cause) -> None:
    conn.execute(
        """
        INSERT INTO sms_events (at, type, conversation_id, user_id, data)
        SELECT %s, %s, id, %s, jsonb_build_object('source', %s::text, 'matched', %s::text)
        FROM sms_conversations WHERE contact_number_id = %s
        """,
        [cause.at, event, cause.actor_id, cause.source, cause.matched, contact_number_id],
    )
    conn.execute(
        "UPDATE sms_conversations SET version = nextval('change_seq') WHERE contact_number_id = %s",
        [contact_number_id],
    )


def _write_consent_event(conn: Connection, contact_number_id: int, event: ConsentEvent, cause: Cause) -> None:
    values: list[Any] = [
        contact_number_id,
        event,
        cause.source,
        cause.at,
        cause.actor_id,
        cause.message_id,
        cause.matched,
    ]
    conn.execute(
        """
        INSERT INTO consent_events (contact_number_id, event, source, occurred_at, actor_id, message_id, note, attested)
        VALUES (%s, %s, %s, %s, %s, %s, %s, true)
        """,
        values,
    )
