"""One lead's way through a campaign, foreseen: the engine itself, asked at each moment that will come. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp.campaigns import engine, timing
from webapp.campaigns.deciding import Pace
from webapp.campaigns.engine import Moment, Person, Send, Stop, Wait
from webapp.campaigns.steps import Version
from webapp.compliance import gate
from webapp.models.constants import Reason
from webapp.rules.footers import EarlierText

#: A step that is held so often never goes; nothing that a year brings is.
_MOST_WAITS = 400


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A text as it will go at ``send_at`` (business time). ``hold_reason``: what it will have waited for, last."""

    step_key: str
    send_at: datetime
    hold_reason: str | None
    body: str
    segments: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A step that the lead will not get, or the end of its way; ``reason`` as the ledger will have it."""

    step_key: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Start:
    """Where the lead stands: before the step at ``position``, due at ``due_at``; ``sender_id`` writes."""

    position: int
    due_at: datetime
    sender_id: int | None


def foresee(
    version: Version, person: Person, around: gate.Circumstances, start: Start, pace: Pace | None = None
) -> list[Foreseen | LeftOut]:
    """What will become of each step that is left, in order, if the lead stays silent and nothing changes."""
    person = engine.signed_for(person, version.signed_by)
    found: list[Foreseen | LeftOut] = []
    sent: list[datetime] = []
    told: list[EarlierText] = []
    due_at = start.due_at
    for number, step in enumerate(version.steps[start.position :], start.position):

        def ask(at: datetime) -> engine.Verdict:
            then = engine.as_of(person, sent, told, at)
            return engine.decide(step, version.rules, then, around, Moment(at, at, start.sender_id))  # noqa: B023 (asked at once)

        at, held_for, verdict = _when(ask, due_at, pace if number == 0 else None)
        if isinstance(verdict, Send):
            sent.append(at)
            told.insert(0, EarlierText(at, verdict.tells_how_to_stop))
            found.append(Foreseen(step.key, at, held_for, verdict.body, verdict.counted.segments))
        else:
            decision = verdict.decision
            reason = verdict.why if isinstance(verdict, Stop) else decision.reason or decision.rule
            found.append(LeftOut(step.key, str(reason), decision.sentence))
            if isinstance(verdict, Stop | Wait):
                break
        if number + 1 < len(version.steps):
            due_at = timing.due(version.steps[number + 1], at, person.zone)
    return found


def _when(
    ask: Callable[[datetime], engine.Verdict], due_at: datetime, pace: Pace | None
) -> tuple[datetime, str | None, engine.Verdict]:
    """The moment at which a step no longer waits for a time, what it waited for last, and the verdict then."""
    at, held_for = due_at, None
    verdict = ask(at)
    for _ in range(_MOST_WAITS):
        if isinstance(verdict, Wait) and verdict.decision.until is not None:
            at, held_for = verdict.decision.until, str(verdict.decision.reason)
        elif isinstance(verdict, Send) and pace is not None and (place := pace.place(at)) > at:
            at, held_for, pace = place, str(Reason.PACE), None
        else:
            break
        verdict = ask(at)
    return at, held_for, verdict
