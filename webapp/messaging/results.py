"""Writing down what attempts came to: many at once, each by a conditional update, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from webapp.database import Connection
from webapp.messaging import counters, health, receipts, returned, threads
from webapp.messaging.attempts import NotSent, Overtaken, Result, Sent, Stale, Unknown, Unread
from webapp.models.constants import Event, Status

log = structlog.get_logger(__name__)

#: A text that was certainly not sent is tried again after these seconds (machine time), then it has failed. A new
#: thread takes two requests before the text's own, and each may be turned away: five misses in a row are nothing
#: unusual while a carrier is busy, and somebody waits.
RETRY_AFTER_SECONDS = (2, 10, 30, 60, 90, 120, 300, 600, 1800, 3600)
#: While the account or the sender is ill, its texts wait this long and never fail for it.
ILLNESS_WAIT_SECONDS = 60
#: An unknown outcome is looked into this long after the attempt ended (client timeout 10 s; design promise 3).
SETTLE_SECONDS = 60.0
#: A sent text without a final receipt is asked about after this long.
RECEIPT_DUE_SECONDS = 120


def record(
    conn: Connection, results: Iterable[Result], *, now: datetime, settle_seconds: float = SETTLE_SECONDS
) -> bool:
    """Writes all results and the conversations' new versions. ``now``: business time of the batch.

    True when a receipt was parked for one of the texts, so that it can be applied now.
    """
    listed = list(results)
    sent = [result for result in listed if isinstance(result, Sent)]
    not_sent = [result for result in listed if isinstance(result, NotSent)]
    unknown = [result for result in listed if isinstance(result, Unknown)]
    _take_effects(conn, not_sent, now)
    _record_unknown(conn, unknown, settle_seconds)
    _record_not_sent(conn, not_sent, now)
    _record_sent(conn, sent, now)
    health.hold(conn, [result.text for result in listed if isinstance(result, Unread)], now)
    health.judge_again(conn, [result.text for result in listed if isinstance(result, Overtaken)])
    health.judge_again(conn, [result.text for result in listed if isinstance(result, Stale)], in_seconds=0)
    threads.show_change(conn, {result.text.conversation_id for result in listed})
    counters.add(conn, "sends", {"sent": len(sent), "not_sent": len(not_sent), "unknown": len(unknown)})
    return _wake_parked(conn, [result.accepted.sid for result in sent])


def _take_effects(conn: Connection, not_sent: Sequence[NotSent], now: datetime) -> None:
    """What a refusal says of the number, such as 21610: opted out at the carrier. Numbers are locked before texts."""
    told = [(result.text, result.error_code) for result in not_sent if result.permanent and result.error_code]
    for text, error_code in sorted(told, key=lambda one: one[0].contact_number_id):
        receipts.refused(conn, text.id, error_code, at=now)


def _record_sent(conn: Connection, sent: Sequence[Sent], now: datetime) -> None:
    """Whatever became of a text meanwhile (released, canceled, given up): it was sent after all, and not sent twice."""
    if not sent:
        return
    recorded = conn.execute(
        """
        UPDATE sms_messages m SET status = 'sent', twilio_sid = r.sid, thread_sid = r.thread_sid, sent_at = %s,
               reason = NULL, error_code = NULL, ended_at = NULL, claimed_by = NULL,
               check_at = clock_timestamp() + %s * interval '1 second'
        FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[]) AS r (id, attempt, sid, thread_sid)
        WHERE m.id = r.id AND m.twilio_sid IS NULL AND (m.attempt = r.attempt OR m.status <> 'sending')
        RETURNING m.id, m.conversation_id
        """,
        [
            now,
            RECEIPT_DUE_SECONDS,
            [result.text.id for result in sent],
            [result.attempt for result in sent],
            [result.accepted.sid for result in sent],
            [result.conversation_sid for result in sent],
        ],
    ).fetchall()
    conn.execute(
        """
        INSERT INTO sms_events (at, type, conversation_id, message_id)
        SELECT %s, %s, conversation_id, id FROM unnest(%s::bigint[], %s::bigint[]) AS r (id, conversation_id)
        """,
        [now, Event.SENT, [row[0] for row in recorded], [row[1] for row in recorded]],
    )
    if len(recorded) < len(sent):
        _suspect_a_second_copy(conn, sent)


def _suspect_a_second_copy(conn: Connection, sent: Sequence[Sent]) -> None:
    """Released and begun again before its first acceptance was known here: the next sweep reads the thread back."""
    suspected = conn.execute(
        """
        UPDATE sms_conversations SET suspect = true WHERE id IN (
            SELECT m.conversation_id FROM sms_messages m
            JOIN unnest(%s::bigint[], %s::text[]) AS r (id, sid) ON m.id = r.id
            WHERE m.twilio_sid IS DISTINCT FROM r.sid ORDER BY m.conversation_id)
        """,
        [[result.text.id for result in sent], [result.accepted.sid for result in sent]],
    ).rowcount
    if suspected:
        log.warning("accepted a second time", conversations=suspected)


def _record_unknown(conn: Connection, unknown: Sequence[Unknown], settle_seconds: float) -> None:
    if not unknown:
        return
    conn.execute(
        """
        UPDATE sms_messages m
        SET status = 'unconfirmed', claimed_by = NULL, clean_reads = 0,
            check_at = clock_timestamp() + %s * interval '1 second'
        FROM unnest(%s::bigint[], %s::int[]) AS r (id, attempt)
        WHERE m.id = r.id AND m.attempt = r.attempt AND m.status = 'sending'
        """,
        [settle_seconds, [result.text.id for result in unknown], [result.attempt for result in unknown]],
    )


def _record_not_sent(conn: Connection, not_sent: Sequence[NotSent], now: datetime) -> None:
    """Failed for good, or queued again with its retry time in Postgres, as long as it is still this worker's."""
    if not not_sent:
        return
    waits = [_wait(result) for result in not_sent]
    rows = conn.execute(
        """
        UPDATE sms_messages m
        SET status = CASE WHEN r.wait IS NULL THEN 'failed' ELSE 'queued' END, error_code = r.code, claimed_by = NULL,
            tries = m.tries + r.counts::int,
            ended_at = CASE WHEN r.wait IS NULL THEN %s::timestamptz END,
            not_before = CASE WHEN r.wait IS NULL THEN m.not_before
                              ELSE clock_timestamp() + r.wait * interval '1 second' END
        FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::float[], %s::bool[]) AS r (id, claim, code, wait, counts)
        WHERE m.id = r.id AND m.claimed_by = r.claim AND m.status IN ('claimed', 'sending')
        RETURNING m.id, m.status
        """,
        [
            now,
            [result.text.id for result in not_sent],
            [result.text.claim for result in not_sent],
            [result.error_code for result in not_sent],
            waits,
            [_counts(result) for result in not_sent],
        ],
    ).fetchall()
    returned.announce(conn, [row[0] for row in rows if row[1] == Status.QUEUED], now)


def _wait(result: NotSent) -> float | None:
    """Seconds until the next try; None when there is none."""
    if result.permanent:
        return None
    if not _counts(result):
        return float(max(ILLNESS_WAIT_SECONDS, result.retry_after or 0))
    if result.text.tries >= len(RETRY_AFTER_SECONDS):
        return None
    return float(max(RETRY_AFTER_SECONDS[result.text.tries], result.retry_after or 0))


def _counts(result: NotSent) -> bool:
    """Whether this try uses up one of the text's: an illness of the account or the sender costs it none."""
    return result.scope == "message"


def _wake_parked(conn: Connection, sids: list[str]) -> bool:
    """A receipt can be here before our own record of the send: it waited, parked, for this SID."""
    return bool(
        conn.execute(
            """
            UPDATE webhook_receipts SET not_before = clock_timestamp()
            WHERE message_sid = ANY(%s) AND applied_at IS NULL
            """,
            [sids],
        ).rowcount
    )
