"""What becomes of one lead's step at one moment. Pure: the tick and the dry run ask the same function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from webapp.campaigns import timing
from webapp.campaigns.rules import Rules
from webapp.campaigns.steps import Step
from webapp.carrier import segments
from webapp.carrier.segments import LONGEST_BODY, SegmentCount
from webapp.compliance import footers, gate
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts
from webapp.models.constants import EndReason, LeadStatus, Origin, Reason
from webapp.rules.footers import EarlierText, due
from webapp.texts.render import MergeFields, UnresolvedField, render

VERSION = "2026-11-25"

#: A registration that is under review is looked at again so much later.
_REVIEW = timedelta(hours=1)
_WEEK = timedelta(days=7)


@dataclass(slots=True)
class Person:
    """All that is known of a lead when a step is decided on. Nobody changes one (not frozen, as ``Facts`` is not).

    ``earlier``: the newest automatic texts to the number, newest first. ``signed_by``: the colleague behind the text;
    empty for nobody. ``touched_at``: when a colleague last wrote by hand. ``tags`` and ``status``: the lead's.
    """

    facts: Facts
    fields: MergeFields
    earlier: Sequence[EarlierText] = ()
    signed_by: str = ""
    touched_at: datetime | None = None
    tags: Sequence[str] = ()
    status: str = LeadStatus.NEW

    @property
    def zone(self) -> str:
        """Where the lead most likely is: times of day of a campaign are meant there (IANA)."""
        return self.facts.place.zones[0]


class Moment(NamedTuple):
    """When a step is decided on: it was due at ``due_at``, it is ``now`` (business time), our number ``sender_id``
    would write."""

    due_at: datetime
    now: datetime
    sender_id: int | None = None


class Send(NamedTuple):
    """The text goes into the outbox now, as this person will read it."""

    body: str
    counted: SegmentCount
    tells_how_to_stop: bool
    decision: Decision


class Wait(NamedTuple):
    """Asked again at ``decision.until``, or when a person has decided."""

    decision: Decision


class Skip(NamedTuple):
    """This step is left out for this person; the next one follows."""

    decision: Decision


class Stop(NamedTuple):
    """Nothing more goes to this person from this campaign."""

    why: EndReason
    decision: Decision


Verdict = Send | Wait | Skip | Stop


def having_got(person: Person, sent: Send, now: datetime) -> Person:
    """The person once this text is on its way: what is decided next in the same moment counts it."""
    facts = replace(
        person.facts,
        solicitations_on_the_way=person.facts.solicitations_on_the_way + 1,
        automatic_on_the_way=person.facts.automatic_on_the_way + 1,
    )
    return replace(person, facts=facts, earlier=(EarlierText(now, sent.tells_how_to_stop), *person.earlier))


def once_all_is_gone(person: Person, now: datetime) -> Person:
    """The person once what is queued, or with the carrier, has gone: ``now``, as far as any later moment can tell."""
    facts = person.facts
    solicitations = len(facts.solicitations_ahead) + facts.solicitations_on_the_way
    if not solicitations:
        return person
    automatic = facts.automatic_ahead or facts.automatic_on_the_way
    gone = replace(
        facts,
        solicited_at=[*facts.solicited_at, *[now] * solicitations],
        last_automatic_at=now if automatic else facts.last_automatic_at,
        solicitations_ahead=(),
        automatic_ahead=(),
        solicitations_on_the_way=0,
        automatic_on_the_way=0,
    )
    return replace(person, facts=gone)


def as_of(person: Person, sent: Sequence[datetime], told: Sequence[EarlierText], now: datetime) -> Person:
    """The person as the facts of a later moment will show them, once the carrier has the texts of ``sent``.

    ``told``: the same texts and whether each told how to stop, newest first.
    """
    if not sent and not person.facts.solicited_at:
        return person
    solicited = [at for at in (*person.facts.solicited_at, *sent) if at > now - gate.CAP_WINDOW]
    newest = sent[-1] if sent else person.facts.last_automatic_at
    facts = replace(person.facts, solicited_at=solicited, last_automatic_at=newest)
    return replace(person, facts=facts, earlier=(*told, *person.earlier))


def decide(step: Step, rules: Rules, person: Person, around: gate.Circumstances, moment: Moment) -> Verdict:
    """The verdict on a step at one moment."""
    if _has_reached_goal(rules, person):
        return Stop(EndReason.GOAL, _decision(Outcome.REFUSE, "goal", None, "Stopped: the lead has reached its goal."))
    held = _must_wait(step, rules, person, moment)
    if held is not None:
        return Wait(held)
    try:
        body = render(step.body, person.fields)
    except UnresolvedField as error:
        sentence = f"Skipped: {error}"
        return Skip(_decision(Outcome.REFUSE, "merge fields", Reason.UNRESOLVED_FIELD, sentence, field=error.name))
    return _through_the_gate(body, person, around, moment)


def _has_reached_goal(rules: Rules, person: Person) -> bool:
    if person.status in rules.exit_statuses:
        return True
    return bool(rules.exit_tags) and not _folded(rules.exit_tags).isdisjoint(_folded(person.tags))


def _folded(tags: Sequence[str]) -> set[str]:
    return {tag.casefold() for tag in tags}


def signed_for(person: Person, name: str) -> Person:
    """The person as somebody else's: ``name`` stands in for a colleague where the lead has none."""
    if person.signed_by or not name:
        return person
    return replace(person, signed_by=name, fields=replace(person.fields, my_name=name))


def held(rule: str, reason: Reason, sentence: str, until: datetime | None, **inputs: object) -> Decision:
    """The campaign's own reasons to wait, as the ledger keeps them."""
    return _decision(Outcome.HOLD, rule, reason, sentence, until, **inputs)


def skipped(rule: str, sentence: str) -> Decision:
    """The campaign's own reasons to leave a step out."""
    return _decision(Outcome.REFUSE, rule, None, sentence)


def _must_wait(step: Step, rules: Rules, person: Person, moment: Moment) -> Decision | None:
    due_at, now = moment.due_at, moment.now
    if step.paused_because:
        return held("breaker", Reason.BREAKER, f"Held: {step.paused_because}", None)
    if now - due_at > rules.late_after:
        sentence = f"Held: its moment was {due_at:%-d %b, %H:%M} UTC; a person decides whether it is still right."
        return held("late", Reason.LATE, sentence, None, due_at=due_at.isoformat())
    return _touched(rules, person, now) or _had_enough(rules, person, now) or _outside_window(step, rules, person, now)


def _touched(rules: Rules, person: Person, now: datetime) -> Decision | None:
    if person.touched_at is None:
        return None
    gap = timedelta(hours=rules.touch_gap_hours)
    if person.touched_at + gap <= now:
        return None
    sentence = f"Held: a colleague wrote by hand less than {rules.touch_gap_hours} hours ago."
    return held("written by hand", Reason.TOUCHED, sentence, person.touched_at + gap)


def _had_enough(rules: Rules, person: Person, now: datetime) -> Decision | None:
    most = rules.most_a_week
    if most is None or len(person.earlier) < most:
        return None
    frees = person.earlier[most - 1].at + _WEEK
    if frees <= now:
        return None
    sentence = f"Held: this lead got {most} automatic texts within seven days, the most that this campaign allows."
    return held("texts a week", Reason.CAP, sentence, frees, most=most)


def _outside_window(step: Step, rules: Rules, person: Person, now: datetime) -> Decision | None:
    window = step.window or rules.window
    if window is None:
        return None
    opens = timing.opening(window, now, person.zone)
    if opens <= now:
        return None
    sentence = f"Held until {window.opens}: this campaign writes from {window.opens} to {window.closes} there."
    return held("window", Reason.SCHEDULED, sentence, opens)


def _through_the_gate(body: str, person: Person, around: gate.Circumstances, moment: Moment) -> Verdict:
    facts, now = person.facts, moment.now
    footer = due(person.earlier, footers.region(facts), now)
    dressed = footers.with_footer(body, footer, facts, around.settings, signed_by=person.signed_by)
    if not body.strip() or len(dressed.body) > LONGEST_BODY:
        what = "it says nothing" if not body.strip() else f"it is longer than {LONGEST_BODY} characters"
        return Skip(_decision(Outcome.REFUSE, "length", Reason.UNRESOLVED_FIELD, f"Skipped: {what}."))
    counted = segments.count(dressed.body)
    asked = gate.Asked(Origin.CAMPAIGN, True, now, sender_id=moment.sender_id, segments=counted.segments)
    decision = gate.judge(facts, asked, around, now)
    if decision.outcome is Outcome.ALLOW:
        return Send(dressed.body, counted, dressed.tells_how_to_stop, decision)
    if decision.outcome is Outcome.HOLD:
        return Wait(decision)
    if decision.reason is Reason.REGISTRATION:
        return Wait(decision._replace(outcome=Outcome.HOLD, until=now + _REVIEW))
    return Stop(_ENDS.get(decision.reason or Reason.NO_CONSENT, EndReason.REFUSED), decision)


_ENDS = {Reason.OPTED_OUT: EndReason.OPTED_OUT, Reason.INVALID_NUMBER: EndReason.BAD_NUMBER}


def _decision(
    outcome: Outcome, rule: str, reason: Reason | None, sentence: str, until: datetime | None = None, **inputs: object
) -> Decision:
    return Decision(
        outcome,
        rule=rule,
        rule_version=VERSION,
        sentence=sentence,
        reason=reason,
        until=until,
        inputs=dict(inputs),
    )
