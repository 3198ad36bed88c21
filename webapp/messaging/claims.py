"""Claiming: which queued texts a worker takes next, and the gate's second word on each.

A claim is one short transaction. It serialises per sender on the sender's row, which also carries the pacing: each
text is given its own place in the sender's throughput, so any number of workers together never exceed it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from psycopg.rows import class_row

from webapp.compliance import decisions, facts, gate, usage
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.compliance.facts import Facts
from webapp.database import Connection
from webapp.messaging import outbox, threads
from webapp.messaging.claims_sql import HORIZON_SECONDS, LOCK_SENDERS, NEXT, PICK
from webapp.models.constants import Origin

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text in this worker's hands. ``tries``: how many came to nothing so far. ``wait``: the seconds until its place
    in the sender's throughput. ``judged_at``: the business time for which the gate let it go."""

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
    tries: int
    automatic: bool
    exempt: bool
    wait: float
    judged_at: datetime

    @property
    def urgent(self) -> bool:
        """A person waits for it: one who wrote it, or one who is owed the answer to a STOP or HELP."""
        return self.exempt or not self.automatic


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    conversation_id: int
    contact_number_id: int
    phone_number_id: int
    origin: str
    automatic: bool
    created_at: datetime
    body: str
    marker: uuid.UUID
    tries: int
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
    judged = _judge(conn, candidates, now)
    decisions.record(conn, [_ledger_row(one, now) for one in judged])
    _put_back(conn, [one for one in judged if not one.allowed], now)
    going = [one for one in judged if one.allowed]
    usage.record(conn, [(one.candidate.phone_number_id, one.candidate.segments) for one in going], now)
    return _take(conn, going, now)


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: _Candidate
    decision: Decision
    solicitation: bool

    @property
    def allowed(self) -> bool:
        return self.decision.outcome is Outcome.ALLOW


def _judge(conn: Connection, candidates: list[_Candidate], now: datetime) -> list[_Judged]:
    """The gate's word on each. One that cannot be judged is set aside for a while, and holds up none of the others."""
    about = facts.load(conn, [candidate.contact_number_id for candidate in candidates], now)
    around = _circumstances(conn, now)
    judged, broken = [], []
    for candidate in candidates:
        try:
            one = _judge_one(candidate, about[candidate.contact_number_id], around, now)
        except Exception:
            log.exception("text could not be judged", message_id=candidate.id)
            broken.append(candidate.id)
        else:
            judged.append(one)
    conn.execute(
        "UPDATE sms_messages SET not_before = clock_timestamp() + interval '1 minute' WHERE id = ANY(%s)", [broken]
    )
    return judged


def _circumstances(conn: Connection, now: datetime) -> gate.Circumstances:
    """With what has gone in this hour and day: where that is capped, each text of the batch counts for the next."""
    around = outbox.circumstances(conn)
    if not usage.capped(around.settings):
        return around
    return replace(around, usage=usage.load(conn, around.settings, now))


def _judge_one(candidate: _Candidate, about: Facts, around: gate.Circumstances, now: datetime) -> _Judged:
    asked = gate.Asked(
        Origin(candidate.origin),
        candidate.automatic,
        candidate.created_at,
        message_id=candidate.id,
        sender_id=candidate.phone_number_id,
        segments=candidate.segments,
    )
    decision = gate.judge(about, asked, around, now)
    if decision.outcome is Outcome.ALLOW and around.usage is not None:
        around.usage.add(candidate.phone_number_id, candidate.segments)
    return _Judged(candidate, decision, gate.is_solicitation(about, asked, now))


def _ledger_row(one: _Judged, now: datetime) -> LedgerRow:
    return LedgerRow(one.candidate.id, one.candidate.contact_number_id, Stage.CLAIM, now, one.decision)


def _pick(conn: Connection, slots: int) -> list[_Candidate]:
    senders = [row[0] for row in conn.execute(LOCK_SENDERS, {"horizon": HORIZON_SECONDS})]
    if not senders:
        return []
    with conn.cursor(row_factory=class_row(_Candidate)) as cursor:
        return cursor.execute(PICK, {"senders": senders, "slots": slots, "horizon": HORIZON_SECONDS}).fetchall()


def _put_back(conn: Connection, objected: list[_Judged], now: datetime) -> None:
    """Held until the decision's time or until somebody decides, or refused for good; the pages show it."""
    if not objected:
        return
    conn.execute(
        """
        UPDATE sms_messages m SET status = CASE WHEN d.refused THEN 'refused' ELSE 'held' END,
               reason = d.reason, send_after = d.until, ended_at = CASE WHEN d.refused THEN %s::timestamptz END
        FROM unnest(%s::bigint[], %s::bool[], %s::text[], %s::timestamptz[]) AS d (id, refused, reason, until)
        WHERE m.id = d.id
        """,
        [
            now,
            [one.candidate.id for one in objected],
            [one.decision.outcome is Outcome.REFUSE for one in objected],
            [one.decision.reason for one in objected],
            [one.decision.until for one in objected],
        ],
    )
    threads.show_change(conn, {one.candidate.conversation_id for one in objected})


def _take(conn: Connection, going: list[_Judged], now: datetime) -> list[Claimed]:
    claim = uuid.uuid4().hex
    conn.execute(
        """
        UPDATE sms_messages m SET status = 'claimed', claimed_by = %s, claimed_at = clock_timestamp(),
               solicitation = t.solicitation
        FROM unnest(%s::bigint[], %s::bool[]) AS t (id, solicitation) WHERE m.id = t.id
        """,
        [claim, [one.candidate.id for one in going], [one.solicitation for one in going]],
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
            tries=candidate.tries,
            automatic=candidate.automatic,
            exempt=candidate.origin == Origin.CONFIRMATION,
            wait=candidate.wait,
            judged_at=now,
        )
        for candidate in (one.candidate for one in going)
    ]


def seconds_to_next(conn: Connection) -> float | None:
    """How long until a queued text can be claimed, in seconds of machine time; None when nothing is queued.

    Texts behind an unsettled one of their conversation do not count: what settles it rings. Where none is due, the
    first few of each sender speak for the rest: whoever asks again in some seconds misses nothing.
    """
    row = conn.execute(NEXT, {"horizon": HORIZON_SECONDS}).fetchone()
    return None if row is None or row[0] is None else max(float(row[0]), 0.0)
