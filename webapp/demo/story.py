"""The whole demo as a plan: 600 leads and 220 conversations, in the proportions of a working agency."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from webapp.demo import hours, scripts, waiting
from webapp.demo.people import LeadPlan, Numbers, area_of, make_lead, strangers
from webapp.demo.threads import DAYS, ThreadPlan, Writer
from webapp.demo.waiting import Opening
from webapp.models.constants import ConversationState, Status, SuppressionSource
from webapp.rules.zones import zone_info

LEADS, THREADS = 600, 220
_SEED = 555_0100
_TALKS = 72
_TOLD_TO_STOP_BY_HAND = 2
_WITHOUT_CONSENT = 48
#: Texts of ours to one of theirs, so that replies are 18 %.
_REPLY_RATE = 0.18
_UNDELIVERED = 37
_DONE_AFTER = timedelta(days=8)
_FAILED_CODE = 30003


@dataclass(frozen=True)
class Story:
    """Leads in the order in which they came; conversations in the order of their last text."""

    leads: list[LeadPlan]
    threads: list[ThreadPlan]


def tell(now: datetime, taken: frozenset[str]) -> Story:
    """The story as of business time ``now``. ``taken`` are numbers that leads may not have: our own.

    The same for the same ``now``: one seed, no clock.
    """
    now = now.replace(microsecond=0)
    rng = random.Random(_SEED)  # noqa: S311 (a made-up agency keeps no secret)
    numbers = Numbers(rng, taken)
    teller = _Teller(Writer(rng, now), numbers)
    others = strangers(rng, numbers, now)
    threads = [*teller.openings(), *teller.stopped(others), *teller.resolved(others), *teller.talks(others)]
    threads += teller.outreach(others, threads)
    for thread in threads:
        thread.lead.created_at = _came_before(thread, rng)
    quiet = list(islice(others, LEADS - len(threads)))
    for place, lead in enumerate(quiet):
        _never_texted(lead, place, rng, now)
    leads = [*(thread.lead for thread in threads), *quiet]
    return Story(
        sorted(leads, key=lambda lead: lead.created_at), sorted(threads, key=lambda thread: thread.turns[-1].at)
    )


@dataclass
class _Teller:
    writer: Writer
    numbers: Numbers

    @property
    def now(self) -> datetime:
        return self.writer.now

    def openings(self) -> Iterator[ThreadPlan]:
        """Who waits, what is snoozed, scheduled, and what failed."""
        for opening in waiting.WAITING:
            yield replace(self._open(opening), waits=True)
        for days, opening in zip((2, 3, 6), waiting.SNOOZED, strict=True):
            yield replace(self._open(opening), snoozed_until=self._morning(days, 9))
        for days, hour, opening in zip((1, 3), (9, 16), waiting.SCHEDULED, strict=True):
            thread = self._open(opening)
            held = replace(thread.turns[-1], status=Status.HELD, send_after=self._morning(days, hour))
            thread.turns[-1] = held
            yield thread
        failed = self._open(waiting.FAILED)
        failed.turns[-1] = replace(failed.turns[-1], status=Status.UNDELIVERED, error_code=_FAILED_CODE)
        yield failed

    def stopped(self, others: Iterator[LeadPlan]) -> Iterator[ThreadPlan]:
        """Twelve who texted the word, and two who said so on the phone."""
        words = [*scripts.STOPS, *[""] * _TOLD_TO_STOP_BY_HAND]
        for word, lead in zip(words, others, strict=False):
            turns = self.writer.nurtured(lead, self.writer.rng.randrange(1, 4))
            if word:
                turns = self.writer.answered(lead, turns, word)
            lead.suppressed_at = turns[-1].at + timedelta(hours=0 if word else 1)
            lead.suppression_source = SuppressionSource.KEYWORD if word else SuppressionSource.MANUAL
            lead.suppression_reason = word or "said so on the phone"
            yield ThreadPlan(lead, lead.owner, turns, stopped_by=lead.suppression_reason)

    def resolved(self, others: Iterator[LeadPlan]) -> Iterator[ThreadPlan]:
        """Nobody's conversations that need no answer."""
        for body, lead in zip(scripts.RESOLVED, others, strict=False):
            lead.owner, lead.consent_source, lead.source = None, None, "inbound"
            turns = self.writer.spoken(lead, [f"> {body}"])
            yield ThreadPlan(lead, None, turns, ConversationState.DONE)

    def talks(self, others: Iterator[LeadPlan]) -> Iterator[ThreadPlan]:
        """To and fro; what has been quiet for a week is resolved."""
        for script, lead in zip(islice(cycle(scripts.CONVERSATIONS), _TALKS), others, strict=False):
            turns = self.writer.spoken(lead, script)
            quiet = self.now - turns[-1].at > _DONE_AFTER
            yield ThreadPlan(lead, lead.owner, turns, ConversationState.DONE if quiet else ConversationState.OPEN)

    def outreach(self, others: Iterator[LeadPlan], so_far: list[ThreadPlan]) -> list[ThreadPlan]:
        """Texts without an answer, as many as make the rates of replies and deliveries what they should be."""
        threads = THREADS - len(so_far)
        turns = [turn for thread in so_far for turn in thread.turns]
        theirs = sum(turn.inbound for turn in turns)
        texts = round(theirs / _REPLY_RATE) - (len(turns) - theirs) - _UNDELIVERED
        plans = []
        for place, lead in enumerate(islice(others, threads)):
            count = texts * (place + 1) // threads - texts * place // threads
            told = self.writer.nurtured(lead, count, failures=int(place < _UNDELIVERED))
            plans.append(ThreadPlan(lead, lead.owner, told))
        return plans

    def _open(self, opening: Opening) -> ThreadPlan:
        lead = make_lead(
            self.writer.rng, self.numbers, area_of(opening.area), opening.first_name, opening.last_name, self.now
        )
        lead.owner, lead.tags, lead.doubt_matched = opening.owner, list(opening.tags), opening.doubt
        if opening.wrote_first:
            lead.consent_source, lead.source = None, "inbound"
        turns = self.writer.spoken(lead, opening.lines, ends_at=self._ended(opening, lead))
        return ThreadPlan(lead, opening.owner, turns, opening.state)

    def _ended(self, opening: Opening, lead: LeadPlan) -> datetime:
        if opening.ago is None:
            return hours.evening_before(lead.zone, self.now)
        at = self.now - opening.ago
        return hours.into_the_day(at, lead.zone) if opening.ago > timedelta(days=1) else at

    def _morning(self, days: int, hour: int) -> datetime:
        local = (self.now + timedelta(days=days)).astimezone(zone_info("America/Chicago"))
        return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def _came_before(thread: ThreadPlan, rng: random.Random) -> datetime:
    """A lead who writes comes with the text; one whom we write to some minutes before."""
    first = thread.turns[0]
    return first.at if first.inbound else first.at - timedelta(minutes=rng.randrange(3, 90))


def _never_texted(lead: LeadPlan, place: int, rng: random.Random, now: datetime) -> None:
    """Came some day and has not been texted; some of them never said that they may be."""
    lead.created_at = now - timedelta(days=rng.randrange(1, DAYS + 30), minutes=rng.randrange(1440))
    if place < _WITHOUT_CONSENT:
        lead.consent_source = None
        lead.source = "import"
    if rng.random() < 0.1:
        lead.owner = None
