"""Claiming: which queued texts a worker takes next, and the gate's second word on each.

A claim is one short transaction. It serialises per sender on the sender's row, which also carries the pacing: each
text is given its own place in the sender's throughput, so any number of workers together never exceed it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.compliance import decisions, facts, gate
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.database import Connection
from webapp.messaging import outbox, threads
from webapp.models.constants import Origin

#: Places in a sender's throughput are given out this far ahead, in seconds: enough to keep every thread busy.
_HORIZON_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text in this worker's hands. ``wait`` is the seconds until its place in the sender's throughput."""

    id: int
    claim: str
    conversation_id: int
    contact_number_id: int
    conversation_sid: str | None
    unique_name: uuid.UUID
    address: str
    sender: str
    body: str
    marker: uuid.UUID
    exempt: bool
    wait: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    conversation_id: int
    contact_number_id: int
    origin: str
    automatic: bool
    created_at: datetime
    body: str
    marker: uuid.UUID
    segments: int
    conversation_sid: str | None
    unique_name: uuid.UUID
    address: str
    sender: str
    wait: float


def release_due(conn: Connection, *, now: datetime) -> int:
    """Queues the held texts whose time has come. They pass the gate again when they are claimed."""
    return conn.execute(
        """
        UPDATE sms_messages SET status = 'queued', reason = NULL, not_before = now()
        WHERE id IN (SELECT id FROM sms_messages WHERE status = 'held' AND send_after <= %s
                     ORDER BY send_after, id LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """,
        [now],
    ).rowcount


def claim(conn: Connection, *, slots: int, now: datetime) -> list[Claimed]:
    """At most ``slots`` texts that may go now, in this worker's hands once the caller commits.

    What the gate no longer allows is held or refused here, with its ledger entry.
    """
    candidates = _pick(conn, slots)
    if not candidates:
        return []
    about = facts.load(conn, [candidate.contact_number_id for candidate in candidates])
    around = outbox.circumstances(conn)
    judged = [
        (candidate, gate.judge(about[candidate.contact_number_id], _asked(candidate), around, now))
        for candidate in candidates
    ]
    decisions.record(conn, [_ledger_row(candidate, decision, now) for candidate, decision in judged])
    _put_back(conn, [(candidate, decision) for candidate, decision in judged if not _allowed(decision)], now)
    return _take(conn, [candidate for candidate, decision in judged if _allowed(decision)])


def _asked(candidate: _Candidate) -> gate.Asked:
    return gate.Asked(Origin(candidate.origin), candidate.automatic, candidate.created_at)


def _allowed(decision: Decision) -> bool:
    return decision.outcome is Outcome.ALLOW


def _ledger_row(candidate: _Candidate, decision: Decision, now: datetime) -> LedgerRow:
    return LedgerRow(candidate.id, candidate.contact_number_id, Stage.CLAIM, now, decision)


# Two statements: the second sees everything that the last holder of the senders' locks has committed.
_LOCK_SENDERS = """
SELECT id FROM phone_numbers p
WHERE active AND paced_until < clock_timestamp() + %(horizon)s * interval '1 second'
  AND EXISTS (SELECT 1 FROM sms_messages q WHERE q.phone_number_id = p.id AND q.status = 'queued')
ORDER BY id FOR UPDATE
"""

# People's texts go before automatic ones. Within a conversation one text at a time goes, and the oldest first: so
# what was attempted before a text had certainly ended when that text's own attempt began.
_NOTHING_BEFORE = """
NOT EXISTS (
    SELECT 1 FROM sms_messages e WHERE e.conversation_id = m.conversation_id AND e.id <> m.id
    AND (e.status IN ('claimed', 'sending', 'unconfirmed') OR (e.status = 'queued' AND e.id < m.id)))
"""

_PICK = f"""
WITH senders AS (
    SELECT id, e164, segments_per_second, greatest(paced_until, clock_timestamp()) AS free_at
    FROM phone_numbers WHERE id = ANY(%(senders)s)
), picked AS (
    SELECT m.*, p.e164 AS sender, p.free_at, p.segments_per_second,
           sum(m.segments) OVER (PARTITION BY p.id ORDER BY m.automatic, m.id) - m.segments AS segments_before
    FROM senders p CROSS JOIN LATERAL (
        SELECT m.id, m.conversation_id, m.contact_number_id, m.phone_number_id, m.origin, m.automatic,
               m.created_at, m.body, m.marker, m.segments
        FROM sms_messages m
        WHERE m.phone_number_id = p.id AND m.status = 'queued' AND m.not_before <= clock_timestamp()
          AND {_NOTHING_BEFORE}
        ORDER BY m.automatic, m.id
        LIMIT least(%(slots)s, ceil(%(horizon)s * p.segments_per_second)::int)
        FOR UPDATE OF m SKIP LOCKED) m
), placed AS (
    SELECT *, free_at + segments_before / segments_per_second * interval '1 second' AS place
    FROM picked ORDER BY automatic, id LIMIT %(slots)s
), kept AS (
    SELECT * FROM placed WHERE place < clock_timestamp() + %(horizon)s * interval '1 second'
), paced AS (
    UPDATE phone_numbers p SET paced_until = t.until
    FROM (SELECT phone_number_id, max(place + segments / segments_per_second * interval '1 second') AS until
          FROM kept GROUP BY phone_number_id) t
    WHERE p.id = t.phone_number_id
)
SELECT k.id, k.conversation_id, k.contact_number_id, k.origin, k.automatic, k.created_at, k.body, k.marker, k.segments,
       c.twilio_sid AS conversation_sid, c.unique_name, n.e164 AS address, k.sender,
       greatest(EXTRACT(epoch FROM k.place - clock_timestamp()), 0)::float AS wait
FROM kept k
JOIN sms_conversations c ON c.id = k.conversation_id
JOIN contact_numbers n ON n.id = k.contact_number_id
ORDER BY k.place, k.id
"""  # noqa: S608 (our own words)


def _pick(conn: Connection, slots: int) -> list[_Candidate]:
    senders = [row[0] for row in conn.execute(_LOCK_SENDERS, {"horizon": _HORIZON_SECONDS})]
    if not senders:
        return []
    with conn.cursor(row_factory=class_row(_Candidate)) as cursor:
        return cursor.execute(_PICK, {"senders": senders, "slots": slots, "horizon": _HORIZON_SECONDS}).fetchall()


def _put_back(conn: Connection, objected: list[tuple[_Candidate, Decision]], now: datetime) -> None:
    """Held until the decision's time, or refused for good; the pages show it."""
    if not objected:
        return
    conn.execute(
        """
        UPDATE sms_messages m SET status = CASE WHEN d.until IS NULL THEN 'refused' ELSE 'held' END,
               reason = d.reason, send_after = d.until, ended_at = CASE WHEN d.until IS NULL THEN %s::timestamptz END
        FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS d (id, reason, until) WHERE m.id = d.id
        """,
        [
            now,
            [candidate.id for candidate, _ in objected],
            [decision.reason for _, decision in objected],
            [decision.until for _, decision in objected],
        ],
    )
    threads.show_change(conn, {candidate.conversation_id for candidate, _ in objected})


def _take(conn: Connection, candidates: list[_Candidate]) -> list[Claimed]:
    claim = uuid.uuid4().hex
    conn.execute(
        """
        UPDATE sms_messages SET status = 'claimed', claimed_by = %s, claimed_at = clock_timestamp()
        WHERE id = ANY(%s)
        """,
        [claim, [candidate.id for candidate in candidates]],
    )
    return [
        Claimed(
            id=candidate.id,
            claim=claim,
            conversation_id=candidate.conversation_id,
            contact_number_id=candidate.contact_number_id,
            conversation_sid=candidate.conversation_sid,
            unique_name=candidate.unique_name,
            address=candidate.address,
            sender=candidate.sender,
            body=candidate.body,
            marker=candidate.marker,
            exempt=candidate.origin == Origin.CONFIRMATION,
            wait=candidate.wait,
        )
        for candidate in candidates
    ]


def seconds_to_next(conn: Connection) -> float | None:
    """How long until a queued text can be claimed, in seconds of machine time; None when nothing is queued.

    Texts behind an unsettled one of their conversation do not count: what settles it rings.
    """
    row = conn.execute(
        f"""
        SELECT EXTRACT(epoch FROM min(greatest(m.not_before, p.paced_until - %s * interval '1 second')) - now())::float
        FROM phone_numbers p CROSS JOIN LATERAL (
            SELECT not_before FROM sms_messages m
            WHERE m.phone_number_id = p.id AND m.status = 'queued' AND {_NOTHING_BEFORE}
            ORDER BY m.automatic, m.id LIMIT 50) m
        WHERE p.active
        """,  # noqa: S608 (our own words)
        [_HORIZON_SECONDS],
    ).fetchone()
    return None if row is None or row[0] is None else max(float(row[0]), 0.0)
