"""The webhook-health gate: while webhooks are distrusted, an automatic text reads its thread before it goes.

A STOP that no webhook brought is then found, and suppresses, before the text's own ``claimed → sending``. A person's
text and a confirmation do not wait: the one was just read by whoever writes, the other answers what has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Protocol

from webapp.carrier.types import CarrierMessage
from webapp.compliance import decisions, webhook_health
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.database import Connection
from webapp.messaging import hints, sweep_threads
from webapp.messaging.claims import Claimed
from webapp.messaging.sweep_threads import OurThread
from webapp.models.constants import Reason

VERSION = "2026-11"
#: One request: the newest page of the thread. What is older than fifty texts is the sweep's.
_PAGE = 50
#: A text whose thread could not be read is tried again after so long, in machine time: a moved clock is no matter.
RETRY_SECONDS = 120
#: Until what was found is applied; then the gate judges the text again.
_APPLIED_WITHIN_SECONDS = 5
_RELEASED_AT_ONCE = 1000


class ReadsThread(Protocol):
    """What looking needs of a carrier."""

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]: ...


def must_look(text: Claimed) -> bool:
    """Whether this text reads its thread first. Costs one row every few seconds."""
    return text.automatic and not text.exempt and webhook_health.recent().distrusted


def look(carrier: ReadsThread, text: Claimed, conversation_sid: str) -> bool:
    """Takes in what the thread's newest page has and we have not, as the webhook would have; True if there was news.

    Raises CarrierError when it cannot be read.
    """
    found = list(islice(carrier.read_back(conversation_sid, page_size=_PAGE), _PAGE))
    thread = OurThread(text.conversation_id, conversation_sid, text.sender)
    news = sweep_threads.take_in(thread, found)
    if news:
        hints.ring_flow()
    return bool(news)


def hold(conn: Connection, texts: Sequence[Claimed], now: datetime) -> None:
    """Their threads could not be read: held, each with its ledger entry. ``now``: business time."""
    if not texts:
        return
    held = conn.execute(
        """
        UPDATE sms_messages m SET status = 'held', reason = 'health', send_after = NULL, claimed_by = NULL,
               not_before = clock_timestamp() + %s * interval '1 second'
        FROM unnest(%s::bigint[], %s::text[]) AS t (id, claim)
        WHERE m.id = t.id AND m.claimed_by = t.claim AND m.status = 'claimed' RETURNING m.id, m.contact_number_id
        """,
        [RETRY_SECONDS, [text.id for text in texts], [text.claim for text in texts]],
    ).fetchall()
    decisions.record(conn, [LedgerRow(row[0], row[1], Stage.SEND, now, _UNREAD) for row in held])


def judge_again(conn: Connection, texts: Sequence[Claimed], *, in_seconds: float = _APPLIED_WITHIN_SECONDS) -> None:
    """Back into the queue, until the news that their threads had is applied, and through the gate once more."""
    if not texts:
        return
    conn.execute(
        """
        UPDATE sms_messages m SET status = 'queued', claimed_by = NULL,
               not_before = clock_timestamp() + %s * interval '1 second'
        FROM unnest(%s::bigint[], %s::text[]) AS t (id, claim)
        WHERE m.id = t.id AND m.claimed_by = t.claim AND m.status = 'claimed'
        """,
        [in_seconds, [text.id for text in texts], [text.claim for text in texts]],
    )


def release_due(conn: Connection) -> int:
    """Queues the texts whose thread is to be tried again. Returns how many."""
    return conn.execute(
        """
        UPDATE sms_messages SET status = 'queued', reason = NULL
        WHERE id IN (SELECT id FROM sms_messages
                     WHERE status = 'held' AND send_after IS NULL AND reason = 'health'
                       AND not_before <= clock_timestamp()
                     ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
        """,
        [_RELEASED_AT_ONCE],
    ).rowcount


_UNREAD = Decision(
    Outcome.HOLD,
    rule="webhook health",
    rule_version=VERSION,
    reason=Reason.HEALTH,
    sentence=(
        "Held: Twilio’s webhooks are not arriving and this thread could not be read, so a STOP in it might be unseen. "
        f"Tried again in {RETRY_SECONDS // 60} minutes."
    ),
    inputs={"retry_seconds": RETRY_SECONDS},
)
