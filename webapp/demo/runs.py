"""The campaigns of the demo that were launched, with everybody who went through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from webapp.campaigns.deciding import Pace
from webapp.demo import drips, hours, scripts
from webapp.demo.journeys import Walker, Way
from webapp.demo.people import LeadPlan
from webapp.demo.team import MAYA, WALT
from webapp.demo.threads import DAYS, STILL, ThreadPlan, Turn, Writer
from webapp.models.constants import ConversationState, EndReason, SuppressionSource
from webapp.rules.zones import zone_info

#: Silent, talking, stopped: how many of each go through the finished campaign, and through the running one.
_FINISHED = (53, 13, 4)
_RUNNING = (28, 7, 1)
#: Of the running one's, so many were there when it was launched; the others joined its list since.
_AT_LAUNCH = 22
#: So many texts of the filtered one went before it was stopped, and so many leads wait.
_SENT, _WAITING = 31, 33
#: Which of them carriers filtered, counted from the first, and which were answered.
_FILTERED_PLACES, _ANSWERED_PLACES = (4, 11, 15, 19, 24, 28), (2, 9, 17)
FILTERED_CODE = 30007
#: The carrier told of all of them at once, so long after the last text.
_RECEIPTS_AFTER = timedelta(seconds=4)
#: Of the finished campaign's silent leads every so manieth missed a text: the phone was off, or no reason given.
_MISSES_EVERY = 6
_MISSED = ((2, 30003), (4, 30008), (6, 30003))
_DONE_AFTER = timedelta(days=8)


@dataclass
class Runs:
    """Tells the three campaigns; ``ways`` grows as it does. ``others`` are leads of whom nothing was told yet."""

    writer: Writer
    walker: Walker
    others: Iterator[LeadPlan]
    ways: list[Way] = field(default_factory=list)
    silent: list[ThreadPlan] = field(default_factory=list)
    """Conversations of the finished and the filtered campaign that nobody answered in."""

    @property
    def waiting(self) -> list[LeadPlan]:
        """Those who had no text so far."""
        return [way.lead for way in self.ways if not way.turns]

    @property
    def tripped_at(self) -> datetime:
        """When the filtered campaign had its last text."""
        launched_at = drips.FILTERED.launched_at(self.now)
        return max(way.last_text_at or launched_at for way in self.ways if way.drip is drips.FILTERED)

    @property
    def now(self) -> datetime:
        return self.writer.now

    def finished(self) -> list[ThreadPlan]:
        """Everybody is through, or has answered."""
        silent, talking, stopped = _FINISHED
        launched_at, missed = drips.FINISHED.launched_at(self.now), cycle(_MISSED)
        scripts_of, words = cycle(scripts.CAMPAIGN_REPLIES), iter(scripts.CAMPAIGN_STOPS)
        threads = []
        for place, lead in enumerate(islice(self.others, silent + talking + stopped)):
            self._ready(lead, "buyer", launched_at - timedelta(days=1 + place % 24, minutes=13 * place % 600))
            way = Way(drips.FINISHED, lead, launched_at)
            if place < silent:
                fails = dict([next(missed)]) if place % _MISSES_EVERY == 0 else {}
                threads.append(self._thread(self.walker.walk(way, undelivered=fails)))
            elif place < silent + talking:
                threads.append(self._talk(way, 1 + place % 4, next(scripts_of)))
            else:
                threads.append(self._stop(way, 1 + place % 3, next(words)))
        return threads

    def filtered(self) -> list[ThreadPlan]:
        """Carriers filtered what it says, and a breaker stopped it; most of its leads still wait."""
        launched_at = drips.FILTERED.launched_at(self.now)
        leads = list(islice(self.others, _SENT + _WAITING))
        for place, lead in enumerate(leads):
            # As old as all that was written to them by hand.
            self._ready(lead, "seller", self.now - timedelta(days=DAYS + 1 + place % 24, minutes=17 * place % 600))
        foreseen = self._paced(leads, launched_at, {})
        firsts = sorted((way.turns[0].at, place) for place, way in enumerate(foreseen) if way.turns)[:_SENT]
        last = firsts[-1][0] if firsts else launched_at
        filtered = {firsts[number][1] for number in _FILTERED_PLACES if number < len(firsts)}
        answered = {firsts[number][1] for number in _ANSWERED_PLACES if number < len(firsts)}
        for place in answered:
            self._give_to_somebody_quick(leads[place])
        walked = self._paced(leads, launched_at, dict.fromkeys(filtered, FILTERED_CODE), last)
        for place in filtered:
            [turn] = walked[place].turns
            walked[place].turns = [replace(turn, settled_at=last + _RECEIPTS_AFTER)]
        self.ways += [way for way in walked if not way.turns]
        return [
            (self._answered(way, scripts.OFFER_DECLINED) if place in answered else None) or self._thread(way)
            for place, way in enumerate(walked)
            if way.turns
        ]

    def running(self) -> list[ThreadPlan]:
        """On its third day: leads at several steps, some of whom joined by themselves."""
        silent, talking, stopped = _RUNNING
        launched_at, scripts_of = drips.RUNNING.launched_at(self.now), cycle(scripts.CAMPAIGN_REPLIES)
        threads = []
        for place, lead in enumerate(islice(self.others, silent + talking + stopped)):
            lead.source = "portal" if place % 3 else "web form"
            joined_at = self._joined_at(lead, place)
            early = timedelta(minutes=1 if joined_at else 300 + 41 * place)
            self._ready(lead, "buyer", (joined_at or launched_at) - early)
            way = Way(drips.RUNNING, lead, joined_at or launched_at, by_itself=joined_at is not None)
            if place < talking:
                self._give_to_somebody_quick(lead)
                threads.append(self._talk(way, 1, next(scripts_of)))
            elif place < talking + stopped:
                threads.append(self._stop(way, 1, scripts.CAMPAIGN_STOPS[-1]))
            else:
                fails = {1: 30003} if place == talking + stopped else {}
                threads.append(self._thread(self.walker.walk(way, undelivered=fails)))
        return threads

    def _joined_at(self, lead: LeadPlan, place: int) -> datetime | None:
        """None for those who were there from the start; the others came in the days since."""
        if place < _AT_LAUNCH:
            return None
        today = self.now.astimezone(zone_info(lead.zone)).date()
        return hours.daytime(self.writer.rng, lead.zone, today - timedelta(days=1 + place % 2))

    def _paced(
        self, leads: list[LeadPlan], launched_at: datetime, codes: dict[int, int], until: datetime | None = None
    ) -> list[Way]:
        per_hour = drips.FILTERED.pace_per_hour
        assert per_hour is not None
        pace = Pace(per_hour, None)
        ways = []
        for place, lead in enumerate(leads):
            fails = {1: codes[place]} if place in codes else {}
            way = Way(drips.FILTERED, lead, launched_at)
            ways.append(self.walker.walk(way, most=1, pace=pace, until=until, undelivered=fails))
        return ways

    def _talk(self, way: Way, texts: int, script: tuple[str, ...]) -> ThreadPlan:
        return self._answered(self.walker.walk(way, most=texts), script) or self._silent(way)

    def _stop(self, way: Way, texts: int, word: str) -> ThreadPlan:
        self.walker.walk(way, most=texts)
        turns = self.writer.answered(way.lead, way.turns, word) if way.turns else []
        if not turns or turns[-1].at > self.now - STILL:
            return self._silent(way)
        lead, at = way.lead, turns[-1].at
        lead.suppressed_at, lead.suppression_source, lead.suppression_reason = at, SuppressionSource.KEYWORD, word
        way.stop(EndReason.OPTED_OUT, at)
        return self._thread(way, turns[-1:])

    def _answered(self, way: Way, script: tuple[str, ...]) -> ThreadPlan | None:
        """The lead answers the newest text, and whoever has it takes over. None while they would not be through."""
        turns = self.writer.going_on(way.lead, script, way.turns[-1]) if way.turns else []
        if not turns or turns[-1].at > self.now - STILL:
            return None
        way.stop(EndReason.REPLIED, turns[0].at)
        return self._thread(way, turns)

    def _silent(self, way: Way) -> ThreadPlan:
        """The same lead, who has not answered so far."""
        return self._thread(self.walker.walk(Way(way.drip, way.lead, way.entered_at, by_itself=way.by_itself)))

    def _thread(self, way: Way, answer: list[Turn] | None = None) -> ThreadPlan:
        self.ways.append(way)
        turns = [*way.turns, *(answer or [])]
        stopped_by = way.lead.suppression_reason if way.reason == EndReason.OPTED_OUT else None
        quiet = bool(answer) and not stopped_by and self.now - turns[-1].at > _DONE_AFTER
        state = ConversationState.DONE if quiet else ConversationState.OPEN
        thread = ThreadPlan(way.lead, way.lead.owner, turns, state, stopped_by=stopped_by)
        if not answer and way.drip is not drips.RUNNING:
            self.silent.append(thread)
        return thread

    def _give_to_somebody_quick(self, lead: LeadPlan) -> None:
        """What was said in these days must have been said by now."""
        lead.owner = MAYA if lead.owner is WALT else lead.owner

    def _ready(self, lead: LeadPlan, tag: str, created_at: datetime) -> None:
        lead.tags = [tag, *(other for other in lead.tags[1:] if other != tag)]
        lead.created_at = created_at
