"""Writing down what attempts came to: many at once, each by a conditional update, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from webapp.database import Connection
from webapp.messaging import counters, threads
from webapp.messaging.attempts import NotSent, Result, Sent, Unknown
from webapp.models.constants import Event

log = structlog.get_logger(__name__)

#: A text that was certainly not sent is tried again after these seconds (machine time), then it has failed.
RETRY_AFTER_SECONDS = (2, 10, 30, 120, 600, 1800, 3600)
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
    _record_unknown(conn, unknown, settle_seconds)
    _record_not_sent(conn, not_sent, now)
    _record_sent(conn, sent, now)
    threads.show_change(conn, {result.text.conversation_id for result in listed})
    counters.add(conn, "sends", {"sent": len(sent), "not_sent": len(not_sent), "unknown": len(unknown)})
    return _wake_parked(conn, [result.accepted.sid for result in sent])


def _record_sent(conn: Connection, sent: Sequence[Sent], now: datetime) -> None:
    """A text released meanwhile, but not begun again, was sent after all: it is not sent twice."""
    if not sent:
        return
    recorded = conn.execute(
        """
        UPDATE sms_messages m SET status = 'sent', twilio_sid = r.sid, sent_at = %s, reason = NULL, claimed_by = NULL,
               check_at = clock_timestamp() + %s * interval '1 second'
        FROM unnest(%s::bigint[], %s::int[], %s::text[]) AS r (id, attempt, sid)
        WHERE m.id = r.id AND m.attempt = r.attempt AND m.status IN ('sending', 'unconfirmed', 'queued')
        RETURNING m.id, m.conversation_id
        """,
        [
            now,
            RECEIPT_DUE_SECONDS,
            [result.text.id for result in sent],
            [result.attempt for result in sent],
            [result.accepted.sid for result in sent],
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
        log.info("sends already settled by a read-back", count=len(sent) - len(recorded))


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
    """Failed for good, or queued again with its retry time in Postgres."""
    if not not_sent:
        return
    waits = [_wait(result) for result in not_sent]
    conn.execute(
        """
        UPDATE sms_messages m
        SET status = CASE WHEN r.wait IS NULL THEN 'failed' ELSE 'queued' END, error_code = r.code, claimed_by = NULL,
            attempt = greatest(m.attempt, 1),
            ended_at = CASE WHEN r.wait IS NULL THEN %s::timestamptz END,
            not_before = CASE WHEN r.wait IS NULL THEN m.not_before
                              ELSE clock_timestamp() + r.wait * interval '1 second' END
        FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::float[]) AS r (id, attempt, code, wait)
        WHERE m.id = r.id AND m.status IN ('sending', 'claimed') AND m.attempt = r.attempt
        """,
        [
            now,
            [result.text.id for result in not_sent],
            [result.attempt for result in not_sent],
            [result.error_code for result in not_sent],
            waits,
        ],
    )


def _wait(result: NotSent) -> float | None:
    """Seconds until the next try; None when there is none."""
    if result.permanent:
        return None
    if result.scope != "message":
        return float(max(ILLNESS_WAIT_SECONDS, result.retry_after or 0))
    if result.attempt > len(RETRY_AFTER_SECONDS):
        return None
    return float(max(RETRY_AFTER_SECONDS[max(result.attempt, 1) - 1], result.retry_after or 0))


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
