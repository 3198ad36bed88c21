"""The plan of conversations as rows of the database: texts, the ledger's decisions on them, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from webapp.carrier import prices, segments
from webapp.compliance import gate
from webapp.compliance.decisions import Decision, LedgerRow, Stage
from webapp.compliance.facts import Facts
from webapp.demo.people import LeadPlan
from webapp.demo.threads import ThreadPlan, Turn
from webapp.models.constants import Direction, Event, Origin, Status, SuppressionSource

_ACCEPTED_AFTER = timedelta(seconds=1)
_SETTLED_AFTER = timedelta(seconds=4)


@dataclass(frozen=True, slots=True)
class Placed:
    """A text with its place in the database. ``retry_of`` is the id of the text whose second try it is.

    ``solicitation``: it was no answer to somebody who had written in the 24 hours before. A campaign's has its ids.
    """

    id: int
    conversation_id: int
    contact_number_id: int
    author_id: int | None
    turn: Turn
    retry_of: int | None
    solicitation: bool
    campaign_id: int | None = None
    enrollment_id: int | None = None

    @property
    def step_key(self) -> str | None:
        return self.turn.said.step_key if self.turn.said else None


MESSAGE_COLUMNS = (
    *("id", "conversation_id", "contact_number_id", "phone_number_id", "direction", "body", "status", "reason"),
    *("origin", "author_id", "client_key", "attempt", "encoding", "segments", "cost", "error_code", "send_after"),
    *("created_at", "sent_at", "delivered_at", "ended_at", "automatic", "solicitation", "footer"),
    *("campaign_id", "enrollment_id", "step_key", "visit"),
)


def message_row(text: Placed, phone_number_id: int) -> tuple[Any, ...]:
    """The columns of ``MESSAGE_COLUMNS``."""
    turn, counted = text.turn, segments.count(text.turn.body)
    held, delivered = turn.status == Status.HELD, turn.status == Status.DELIVERED
    went = not turn.inbound and not held
    settled_at, said = _settled_at(turn), turn.said
    return (
        *(text.id, text.conversation_id, text.contact_number_id, phone_number_id),
        *(Direction.INBOUND if turn.inbound else Direction.OUTBOUND, turn.body, turn.status),
        "scheduled" if held else None,
        *(_origin(turn), text.author_id),
        f"retry of {text.retry_of}" if text.retry_of else None,
        *(int(went), counted.encoding, counted.segments),
        *(None if turn.inbound else prices.estimate(counted.segments), turn.error_code, turn.send_after, turn.at),
        *(turn.at + _ACCEPTED_AFTER if went else None, settled_at if delivered else None, settled_at if went else None),
        *(said is not None, text.solicitation, said is not None and said.sent.tells_how_to_stop),
        *(text.campaign_id, text.enrollment_id, text.step_key, 1 if said else None),
    )


def _origin(turn: Turn) -> Origin:
    if turn.inbound:
        return Origin.CONTACT
    return Origin.CAMPAIGN if turn.said else Origin.MANUAL


def _settled_at(turn: Turn) -> datetime:
    return turn.settled_at or turn.at + _SETTLED_AFTER


EVENT_COLUMNS = ("at", "type", "conversation_id", "message_id", "user_id", "data")
_EVENT_OF = {Status.DELIVERED: Event.DELIVERED, Status.UNDELIVERED: Event.UNDELIVERED}


def event_rows(text: Placed) -> Iterator[tuple[Any, ...]]:
    """What happened to one text."""
    turn = text.turn
    about = (text.conversation_id, text.id)
    if turn.inbound:
        yield (turn.at, Event.RECEIVED, *about, None, Jsonb({}))
        return
    yield (turn.at, Event.QUEUED, *about, text.author_id, Jsonb({}))
    if turn.status in _EVENT_OF:
        yield (turn.at + _ACCEPTED_AFTER, Event.SENT, *about, None, Jsonb({}))
        yield (_settled_at(turn), _EVENT_OF[turn.status], *about, None, Jsonb({}))


def opt_out_event(thread: ThreadPlan, conversation_id: int, actor_id: int | None) -> tuple[Any, ...]:
    """The line in a thread that says why nobody may write any more."""
    data = {"source": thread.lead.suppression_source, "matched": thread.lead.suppression_reason}
    return (thread.lead.suppressed_at, Event.OPTED_OUT, conversation_id, None, actor_id, Jsonb(data))


def doubt_event(thread: ThreadPlan, conversation_id: int) -> tuple[Any, ...]:
    """The line that says that a text may be an opt-out."""
    data = {"source": SuppressionSource.NATURAL, "matched": thread.lead.doubt_matched}
    return (thread.turns[-1].at, Event.DOUBT, conversation_id, None, None, Jsonb(data))


def decisions(thread: ThreadPlan, texts: list[Placed], around: gate.Circumstances) -> Iterator[LedgerRow]:
    """What the gate says to each of our texts at its own moment: when it was queued, and again when it was claimed."""
    heard: datetime | None = None
    for text in texts:
        turn = text.turn
        if turn.inbound:
            heard = turn.at
            continue
        decision = turn.said.sent.decision if turn.said else _by_hand(thread.lead, text, heard, around)
        yield _ledger(text, Stage.QUEUE, turn.at, decision)
        if turn.status != Status.HELD:
            yield _ledger(text, Stage.CLAIM, turn.at + _ACCEPTED_AFTER, decision)


def _by_hand(lead: LeadPlan, text: Placed, heard: datetime | None, around: gate.Circumstances) -> Decision:
    turn = text.turn
    facts = _facts(lead, text.contact_number_id, heard, simulated=around.simulated)
    asked = gate.Asked(Origin.MANUAL, automatic=False, asked_at=turn.at, send_at=turn.send_after)
    return gate.judge(facts, asked, around, turn.at)


def _ledger(text: Placed, stage: Stage, at: datetime, decision: Decision) -> LedgerRow:
    return LedgerRow(text.id, text.contact_number_id, stage, at, decision, text.enrollment_id, text.step_key)


def _facts(lead: LeadPlan, contact_number_id: int, heard: datetime | None, *, simulated: bool) -> Facts:
    """What was known of the number before it opted out."""
    return Facts(
        contact_number_id=contact_number_id,
        e164=lead.phone,
        consent_at=lead.consent_at,
        last_inbound_at=heard,
        simulated=simulated,
        state=lead.area.state,
    )
