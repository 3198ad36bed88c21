"""Ways through a campaign, foreseen: the engine itself, asked at each moment that will come. Pure.

Where nothing binds leads to each other, each way is followed to its end alone. A pace and the caps on volume are shared
by all: then all ways go on together, from one moment to the next, as the tick takes them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from webapp.campaigns import engine, timing
from webapp.campaigns.deciding import Pace
from webapp.campaigns.engine import Moment, Person, Send, Stop, Wait
from webapp.campaigns.steps import Version
from webapp.compliance import gate, hours, usage, waits
from webapp.compliance.decisions import Decision
from webapp.models.constants import Origin, Reason
from webapp.rules.footers import EarlierText

#: A step that waits so often, or so long for a cap, never goes; nothing that a year brings does.
_MOST_WAITS = 400
_LONGEST_WAIT = timedelta(days=400)


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


@dataclass(slots=True)
class Way:
    """Where a lead stands: before the step at ``position``, due ``at`` (business time), ``sender_id`` writes.

    ``id``: of the enrollment; of those due at one moment the lowest comes first. ``held_for``: what it waits for.
    ``place``: what tells apart where people may be. ``since``: from when its step was due; ``waits``: how often it was
    held since, volume apart.
    """

    id: int
    person: Person
    position: int
    at: datetime
    sender_id: int
    place: str
    held_for: str | None = None
    for_volume: bool = False
    since: datetime | None = None
    waits: int = 0
    over: bool = False
    sent: list[datetime] = field(default_factory=list)
    told: list[EarlierText] = field(default_factory=list)


Came = Foreseen | LeftOut


@dataclass(frozen=True, slots=True)
class Course:
    """What all ways have in common. ``around``'s usage, where it has one, is counted along."""

    version: Version
    around: gate.Circumstances
    pace: Pace | None = None

    @property
    def shared(self) -> bool:
        """Whether one lead's text may hold up another's."""
        return self.pace is not None or self.around.usage is not None

    def alone(self, way: Way) -> list[Came]:
        """What will become of each step that is left, in order, if the lead stays silent and nothing changes."""
        found = []
        while not way.over:
            if (came := self.go_on(way)) is not None:
                found.append(came)
        return found

    def together(self, ways: Iterable[Way]) -> Iterator[tuple[Way, Came]]:
        """The same of many, moment by moment: each thing that comes, with the way it comes to."""
        due: dict[datetime, list[Way]] = {}
        for way in ways:
            if not way.over:
                due.setdefault(way.at, []).append(way)
        moments = list(due)
        heapq.heapify(moments)
        while moments:
            full: dict[tuple[int, str], datetime] = {}
            for way in sorted(due.pop(heapq.heappop(moments)), key=_in_order):
                if not self._put_off(way, full) and (came := self.go_on(way)) is not None:
                    yield way, came
                if way.over:
                    continue
                if way.at in due:
                    due[way.at].append(way)
                else:
                    due[way.at] = [way]
                    heapq.heappush(moments, way.at)

    def go_on(self, way: Way) -> Came | None:
        """One asking, at the moment of the way: what came of it, or None, and it waits for a later one."""
        if way.position >= len(self.version.steps):
            way.over = True
            return None
        step, at = self.version.steps[way.position], way.at
        if self.around.usage is not None:
            self.around.usage.roll(at, self.around.settings)
        then = engine.as_of(way.person, way.sent, way.told, at)
        verdict = engine.decide(step, self.version.rules, then, self.around, Moment(at, at, way.sender_id))
        if isinstance(verdict, Wait) and _waited(way, verdict.decision):
            return None
        if isinstance(verdict, Send):
            if self._waits_for_its_place(way):
                return None
            return self._sent(way, step.key, verdict)
        decision = verdict.decision
        reason = verdict.why if isinstance(verdict, Stop) else decision.reason or decision.rule
        self._past(way, ended=isinstance(verdict, Stop | Wait))
        return LeftOut(step.key, str(reason), decision.sentence)

    def _sent(self, way: Way, step_key: str, text: Send) -> Foreseen:
        found = Foreseen(step_key, way.at, way.held_for, text.body, text.counted.segments)
        if self.around.usage is not None:
            self.around.usage.add(way.sender_id, text.counted.segments)
        way.sent.append(way.at)
        way.told.insert(0, EarlierText(way.at, text.tells_how_to_stop))
        self._past(way)
        return found

    def _waits_for_its_place(self, way: Way) -> bool:
        """As the tick asks for it: of a first text alone, and once."""
        if self.pace is None or way.position or way.held_for == Reason.PACE:
            return False
        place = self.pace.place(way.at)
        if place > way.at:
            way.at, way.held_for, way.for_volume, way.since = place, str(Reason.PACE), False, way.since or way.at
            return True
        return False

    def _past(self, way: Way, *, ended: bool = False) -> None:
        way.position, way.held_for, way.for_volume, way.since, way.waits = way.position + 1, None, False, None, 0
        if ended or way.position >= len(self.version.steps):
            way.over = True
        else:
            way.at = timing.due(self.version.steps[way.position], way.at, way.person.zone)

    def _put_off(self, way: Way, full: dict[tuple[int, str], datetime]) -> bool:
        """Whether a cap on volume that held it up a moment ago still does: it does for all in the same place.

        ``full``: until when, by sender and place, as far as it was asked at this moment; a cap that is full stays so.
        """
        if not way.for_volume:
            return False
        key = way.sender_id, way.place
        until = full.get(key) or self._full_until(way)
        if until is None or way.since is None or until - way.since > _LONGEST_WAIT:
            return False
        full[key] = way.at = until
        return True

    def _full_until(self, way: Way) -> datetime | None:
        """Until when what held it up a moment ago still does; None where it does not. The engine would find the same,
        at the price of a whole decision, and in each hour all who are left over are asked."""
        if self.version.steps[way.position].window or self.version.rules.window or self.around.usage is None:
            return None
        self.around.usage.roll(way.at, self.around.settings)
        asked = gate.Asked(Origin.CAMPAIGN, automatic=True, asked_at=way.at, sender_id=way.sender_id)
        held = waits.below_the_volume(way.person.facts, asked, self.around, way.at)
        return None if held is None else held.until


def way_of(
    version: Version, person: Person, enrollment_id: int, position: int, at: datetime, sender_id: int, *, now: datetime
) -> Way:
    """The way that lies before somebody, in the name of whose campaign it is. ``now``: as their facts are."""
    person = engine.once_all_is_gone(engine.signed_for(person, version.signed_by), now)
    place = hours.place_key(person.facts)
    return Way(enrollment_id, person, position, at, sender_id, place, over=position >= len(version.steps))


def foresee(version: Version, around: gate.Circumstances, way: Way) -> Sequence[Came]:
    """One lead's way as far as ``version`` goes. What others fill of the caps meanwhile is not known."""
    if around.usage is not None:
        around = replace(around, usage=around.usage.copy())
    return Course(version, around).alone(way)


def _waited(way: Way, held: Decision) -> bool:
    """Puts the way off to the end of its wait. False where that never comes."""
    way.since = way.since or way.at
    for_volume = held.rule in usage.NAMES
    if held.until is None or way.waits >= _MOST_WAITS or held.until - way.since > _LONGEST_WAIT:
        return False
    way.at, way.held_for, way.for_volume = held.until, str(held.reason), for_volume
    way.waits += not for_volume
    return True


def _in_order(way: Way) -> int:
    return way.id
