"""How each lead went through a campaign: decided by the engine itself, at each moment as it came. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webapp.campaigns import engine, timing
from webapp.campaigns.deciding import Pace
from webapp.campaigns.engine import Moment, Person, Send, Wait
from webapp.compliance import gate
from webapp.compliance.decisions import Decision
from webapp.compliance.facts import Facts
from webapp.demo import team
from webapp.demo.drips import Drip
from webapp.demo.people import LeadPlan
from webapp.demo.threads import Said, Turn
from webapp.models.constants import EndReason, EnrollmentStatus, Reason, Status
from webapp.rules import phones
from webapp.rules.footers import EarlierText
from webapp.texts.render import MergeFields

_SENTENCES = {
    EndReason.REPLIED: "Stopped: the lead has answered.",
    EndReason.OPTED_OUT: "Stopped: the lead has opted out.",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A step that had to wait, as the ledger has it."""

    at: datetime
    step_key: str
    decision: Decision


@dataclass(slots=True)
class Way:
    """One lead's way through a campaign: an enrollment to be. Times are business time.

    ``turns`` are its texts. ``by_itself``: nobody enrolled it, it joined the campaign's list.
    """

    drip: Drip
    lead: LeadPlan
    entered_at: datetime
    by_itself: bool = False
    status: EnrollmentStatus = EnrollmentStatus.ACTIVE
    position: int = 0
    next_run_at: datetime | None = None
    reason: str | None = None
    sentence: str = ""
    last_text_at: datetime | None = None
    ended_at: datetime | None = None
    turns: list[Turn] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    def stop(self, why: EndReason, at: datetime) -> None:
        """The lead's answer ends it where it stands."""
        self.status, self.reason, self.sentence = EnrollmentStatus.STOPPED, why, _SENTENCES[why]
        self.next_run_at, self.ended_at = None, at


@dataclass
class Walker:
    """Lets leads go through campaigns up to ``now``, each text a moment after it was due. ``around``: the account's."""

    around: gate.Circumstances
    now: datetime

    def walk(
        self,
        way: Way,
        *,
        most: int | None = None,
        pace: Pace | None = None,
        until: datetime | None = None,
        undelivered: Mapping[int, int] | None = None,
    ) -> Way:
        """The way with what happened on it: at most so many texts, none after ``until``.

        ``undelivered``: the carrier's code by the number of the step, from 1. ``pace`` gives out the places to begin.
        """
        steps, failed, until = way.drip.steps, undelivered or {}, until or self.now
        person = _person(way)
        sent: list[datetime] = []
        told: list[EarlierText] = []
        due_at = timing.due(steps[0], way.entered_at, person.zone)
        while way.position < len(steps) and len(sent) != most and due_at <= until:
            step = steps[way.position]
            then = engine.as_of(person, sent, told, due_at)
            verdict = engine.decide(step, way.drip.rules, then, self.around, Moment(due_at, due_at))
            if pace is not None and isinstance(verdict, Send):
                verdict, pace = _in_turn(verdict, pace, due_at), None
            if isinstance(verdict, Wait):
                assert verdict.decision.until is not None, "nothing in the demo waits for a person"
                way.held.append(Held(due_at, step.key, verdict.decision))
                way.reason, way.sentence = verdict.decision.reason, verdict.decision.sentence
                due_at = verdict.decision.until
                continue
            assert isinstance(verdict, Send), "nobody in the demo is stopped by a rule"
            code = failed.get(way.position + 1)
            way.turns.append(_turn(way, step.key, verdict, due_at, code))
            sent.append(due_at)
            if code is None:
                told.insert(0, EarlierText(due_at, verdict.tells_how_to_stop))
            way.position, way.last_text_at, way.reason, way.sentence = way.position + 1, due_at, None, ""
            if way.position < len(steps):
                due_at = timing.due(steps[way.position], due_at, person.zone)
        _leave(way, due_at)
        return way


def _in_turn(verdict: Send, pace: Pace, at: datetime) -> Send | Wait:
    """As the tick does it: a lead's first text waits for its place."""
    place = pace.place(at)
    if place <= at:
        return verdict
    sentence = f"Held: at most {pace.per_hour} leads begin in an hour."
    return Wait(engine.held("pace", Reason.PACE, sentence, place))


def _leave(way: Way, due_at: datetime) -> None:
    """Where the lead stands now: before a step that is yet to come, or behind the last one."""
    if way.position < len(way.drip.steps):
        way.next_run_at = due_at
    else:
        way.status, way.ended_at = EnrollmentStatus.COMPLETED, way.last_text_at


def _turn(way: Way, step_key: str, sent: Send, at: datetime, code: int | None) -> Turn:
    status = Status.DELIVERED if code is None else Status.UNDELIVERED
    return Turn(False, sent.body, at, status, code, said=Said(way.drip.name, step_key, sent))


def _person(way: Way) -> Person:
    lead = way.lead
    owner = lead.owner.name if lead.owner else ""
    fields = MergeFields(
        first_name=lead.first_name,
        last_name=lead.last_name,
        phone=phones.display(lead.phone),
        email=lead.email or "",
        state=lead.area.state,
        my_name=owner,
        business_name=team.BUSINESS_NAME,
        custom=lead.custom,
    )
    facts = Facts(
        contact_number_id=0,
        e164=lead.phone,
        consent_at=lead.consent_at,
        simulated=True,
        state=lead.area.state,
        postal_code=lead.postal_code,
    )
    return engine.signed_for(Person(facts, fields, signed_by=owner, tags=lead.tags), way.drip.signed_by)
