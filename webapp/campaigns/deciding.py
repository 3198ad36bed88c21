"""A batch's decisions: the engine's verdict on each claimed row, and where that leaves the row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import structlog

from webapp.campaigns import engine, timing
from webapp.campaigns.engine import Moment, Person, Send, Skip, Stop, Verdict, Wait
from webapp.campaigns.steps import Step, Version
from webapp.compliance import gate
from webapp.compliance.decisions import Decision, Outcome
from webapp.models.constants import EndReason, EnrollmentStatus, Reason

log = structlog.get_logger(__name__)

RowOutcome = Literal["queued", "held", "skipped", "finished", "failed"]


class Claimed(NamedTuple):
    """A due row in this tick's hands. ``lead_id`` is None once the lead is gone."""

    id: int
    campaign_id: int
    version_id: int
    lead_id: int | None
    contact_number_id: int
    conversation_id: int
    phone_number_id: int
    position: int
    visit: int
    next_run_at: datetime
    reason: str | None


class Decided(NamedTuple):
    """The row as it is to be written: its next moment, or its end; and the text, if one goes."""

    row: Claimed
    outcome: RowOutcome
    status: EnrollmentStatus
    position: int
    next_run_at: datetime | None = None
    reason: str | None = None
    sentence: str = ""
    error: str | None = None
    step_key: str | None = None
    send: Send | None = None
    decision: Decision | None = None


@dataclass
class Pace:
    """So many of a campaign's leads begin in an hour; ``free_from`` is the next one's place."""

    per_hour: int
    free_from: datetime | None

    def place(self, now: datetime) -> datetime:
        """Takes the next place: ``now``, or the moment when it comes."""
        place = max(now, self.free_from or now)
        self.free_from = place + timedelta(hours=1) / self.per_hour
        return place


@dataclass
class Deciding:
    """What one batch is decided by. ``persons`` by lead id, ``paces`` by campaign id.

    ``sent``: enrollment, step key and visit of what rows of later versions have had. ``doubled``: leads with more than
    one row in the batch, whose second is decided on as the first one leaves them.
    """

    around: gate.Circumstances
    versions: dict[int, Version]
    persons: dict[int, Person]
    now: datetime
    paces: dict[int, Pace] = field(default_factory=dict)
    sent: set[tuple[int, str, int]] = field(default_factory=set)
    doubled: frozenset[int] = frozenset()
    _moments: dict[tuple[int, int, str], datetime] = field(default_factory=dict)

    def decide(self, row: Claimed) -> Decided:
        """One row. What breaks on it is written down there, and stops none of the others."""
        try:
            return self._decide(row)
        except Exception as error:
            log.exception("enrollment could not be decided", enrollment_id=row.id)
            return Decided(
                row,
                "failed",
                EnrollmentStatus.FAILED,
                row.position,
                error=f"{type(error).__name__}: {error}"[:500],
                sentence="Set aside: this step could not be decided on.",
            )

    def _decide(self, row: Claimed) -> Decided:
        version = self.versions[row.version_id]
        person = self.persons.get(row.lead_id) if row.lead_id is not None else None
        if person is None:
            return _stopped(row, EndReason.REMOVED, "Stopped: the lead was deleted.")
        person = engine.signed_for(person, version.signed_by)
        if row.position >= len(version.steps):
            return Decided(row, "finished", EnrollmentStatus.COMPLETED, row.position)
        step = version.steps[row.position]
        if self.sent and (row.id, step.key, row.visit) in self.sent:
            return self._gone_on(row, version, step, person, Skip(HAD_IT))
        moment = Moment(row.next_run_at, self.now, row.phone_number_id)
        verdict = self._in_its_turn(row, engine.decide(step, version.rules, person, self.around, moment))
        if isinstance(verdict, Send):
            self._count(row, person, verdict)
        return self._written(row, version, step, person, verdict)

    def _in_its_turn(self, row: Claimed, verdict: Verdict) -> Verdict:
        """A lead's first text waits for its place in the pace; it is asked for one once."""
        pace = self.paces.get(row.campaign_id)
        if pace is None or row.position or row.reason == Reason.PACE or not isinstance(verdict, Send):
            return verdict
        place = pace.place(self.now)
        if place <= self.now:
            return verdict
        sentence = f"Held: at most {pace.per_hour} leads begin in an hour."
        return Wait(engine.held("pace", Reason.PACE, sentence, place))

    def _count(self, row: Claimed, person: Person, sent: Send) -> None:
        if row.lead_id is not None and row.lead_id in self.doubled:
            self.persons[row.lead_id] = engine.having_got(person, sent, self.now)
        if self.around.usage is not None:
            self.around.usage.add(row.phone_number_id, sent.counted.segments)

    def _written(self, row: Claimed, version: Version, step: Step, person: Person, verdict: Verdict) -> Decided:
        if isinstance(verdict, Wait):
            return _held(row, step, verdict.decision)
        if isinstance(verdict, Stop):
            return _stopped(row, verdict.why, verdict.decision.sentence, step.key, verdict.decision)
        return self._gone_on(row, version, step, person, verdict)

    def _gone_on(self, row: Claimed, version: Version, step: Step, person: Person, verdict: Send | Skip) -> Decided:
        """The step is done with, by a text or without one: the next one's moment, or the end."""
        position, decision = row.position + 1, verdict.decision
        goes_on = position < len(version.steps)
        status = EnrollmentStatus.ACTIVE if goes_on else EnrollmentStatus.COMPLETED
        next_run_at = self._moment(version, position, person.zone) if goes_on else None
        if isinstance(verdict, Send):
            return Decided(row, "queued", status, position, next_run_at, None, "", None, step.key, verdict, decision)
        reason, sentence = decision.reason, decision.sentence
        return Decided(row, "skipped", status, position, next_run_at, reason, sentence, None, step.key, None, decision)

    def _moment(self, version: Version, position: int, zone: str) -> datetime:
        """When a step is due that is counted from now: the same for all who are in one zone."""
        known = (version.id, position, zone)
        moment = self._moments.get(known)
        if moment is None:
            moment = self._moments[known] = timing.due(version.steps[position], self.now, zone)
        return moment


HAD_IT = engine.skipped("step", "Skipped: this lead has had this step in an earlier version.")


def _held(row: Claimed, step: Step, decision: Decision) -> Decided:
    return Decided(
        row,
        "held",
        EnrollmentStatus.ACTIVE,
        row.position,
        next_run_at=decision.until,
        reason=decision.reason,
        sentence=decision.sentence,
        step_key=step.key,
        decision=decision,
    )


def _stopped(
    row: Claimed, why: EndReason, sentence: str, step_key: str | None = None, decision: Decision | None = None
) -> Decided:
    assert decision is None or decision.outcome is Outcome.REFUSE
    return Decided(
        row,
        "finished",
        EnrollmentStatus.STOPPED,
        row.position,
        reason=why,
        sentence=sentence,
        step_key=step_key,
        decision=decision,
    )
