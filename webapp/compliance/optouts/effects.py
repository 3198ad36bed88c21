"""What follows from a stop: texts are canceled, the work item closes, the threads say why. The number is locked first.

Everything here takes many numbers at once, in one statement each, and locks rows in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from webapp.compliance import decisions, holds
from webapp.compliance.consent.words import describe
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.compliance.signals import Suppressed, numbers_suppressed
from webapp.database import Connection
from webapp.models.constants import Event, Reason

RULE_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Told:
    """A line for the threads of one number: what happened when (business time), through whom, and by which words."""

    event: Event
    at: datetime
    source: str
    matched: str | None
    actor_id: int | None = None


def cancel_what_has_not_gone(conn: Connection, why: Mapping[int, Told], now: datetime) -> None:
    """Queued, held and claimed texts, and what would queue more; the one permitted confirmation stays."""
    rows = conn.execute(
        """
        UPDATE sms_messages SET status = 'canceled', reason = 'opted_out', ended_at = %s, claimed_by = NULL
        WHERE contact_number_id = ANY(%s) AND status IN ('held', 'queued', 'claimed') AND origin <> 'confirmation'
        RETURNING id, contact_number_id
        """,
        [now, list(why)],
    ).fetchall()
    decisions.record(conn, [LedgerRow(row[0], row[1], Stage.STOP, now, _canceled(why[row[1]])) for row in rows])
    numbers_suppressed.send(Suppressed(conn, list(why), now))


def _canceled(told: Told) -> Decision:
    return Decision(
        Outcome.REFUSE,
        rule="opt-out",
        rule_version=RULE_VERSION,
        reason=Reason.OPTED_OUT,
        sentence=f"Canceled before it went: {describe(told.source, told.matched)}.",
        inputs={"source": told.source, "matched": told.matched},
    )


def close_conversations(conn: Connection, contact_number_ids: Sequence[int]) -> None:
    """The work item is done: nobody has to answer a stop."""
    _touch(conn, contact_number_ids, "waiting_since = NULL,")


def note_in_conversations(conn: Connection, told: Mapping[int, Told]) -> None:
    """A line in each thread of the numbers, which the pages show."""
    if not told:
        return
    conn.execute(
        """
        INSERT INTO sms_events (at, type, conversation_id, user_id, data)
        SELECT s.at, s.type, c.id, s.actor_id, s.data
        FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::bigint[], %s::jsonb[])
             AS s (number, at, type, actor_id, data)
        JOIN sms_conversations c ON c.contact_number_id = s.number ORDER BY c.id
        """,
        [
            list(told),
            [each.at for each in told.values()],
            [each.event for each in told.values()],
            [each.actor_id for each in told.values()],
            [Jsonb({"source": each.source, "matched": each.matched}) for each in told.values()],
        ],
    )
    _touch(conn, list(told))


def release_doubts(conn: Connection, contact_number_ids: Iterable[int], *, before: datetime | None = None) -> list[int]:
    """Ends the numbers' doubts, raised at ``before`` at the latest, and lets what they held go on; whose ended."""
    rows = conn.execute(
        """
        UPDATE contact_numbers
        SET doubt_at = NULL, doubt_source = NULL, doubt_matched = NULL, doubt_message_id = NULL
        WHERE id = ANY(%(numbers)s) AND doubt_at IS NOT NULL
          AND (%(before)s::timestamptz IS NULL OR doubt_at <= %(before)s)
        RETURNING id
        """,
        {"numbers": sorted(contact_number_ids), "before": before},
    ).fetchall()
    ended = [row[0] for row in rows]
    for number in ended:
        holds.release(conn, Reason.PROBABLE_OPT_OUT, number)
    _touch(conn, ended)
    return ended


def _touch(conn: Connection, contact_number_ids: Sequence[int], change: str = "") -> None:
    """The threads' new version, so that pages look again. ``change`` is SQL of ours."""
    conn.execute(
        f"""
        WITH locked AS (
            SELECT id FROM sms_conversations WHERE contact_number_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
        UPDATE sms_conversations c SET {change} version = nextval('change_seq') FROM locked WHERE c.id = locked.id
        """,  # noqa: S608 (our own words)
        [list(contact_number_ids)],
    )
