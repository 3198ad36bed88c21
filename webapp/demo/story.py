"""The whole demo as a plan: 600 leads and 220 conversations, in the proportions of a working agency."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from webapp.compliance import gate
from webapp.demo import drips, hours, outreach, scripts, statuses, waiting
from webapp.demo.journeys import Walker, Way
from webapp.demo.people import LeadPlan, Numbers, area_of, make_lead, strangers
from webapp.demo.runs import Runs
from webapp.demo.threads import DAYS, ThreadPlan, Writer
from webapp.demo.waiting import Opening
from webapp.models.constants import ConversationState, EnrollmentStatus, Status, SuppressionSource
from webapp.rules.zones import zone_info

LEADS, THREADS = 600, 220
_SEED = 555_0100
_TALKS = 56
_TOLD_TO_STOP_BY_HAND = 2
_WITHOUT_CONSENT = 48
#: The list that the clean draft is for: so many of its leads can be texted, and so many are left out.
_TEXTED, _NOT_AGREED, _STOPPED, _ELSEWHERE = 380, 17, 9, 6
_DONE_AFTER = timedelta(days=8)
_FAILED_CODE = 30003


@dataclass(frozen=True)
class Story:
    """Leads in the order in which they came; conversations in the order of their last text; ways through campaigns.

    ``tripped_at``: when the filtered campaign had its last text.
    """

    leads: list[LeadPlan]
    threads: list[ThreadPlan]
    ways: list[Way]
    tripped_at: datetime


def tell(now: datetime, taken: frozenset[str], around: gate.Circumstances) -> Story:
    """The story as of business time ``now``. ``taken`` are numbers that leads may not have: our own.

    The same for the same ``now``: one seed, no clock. ``around``: by what the account's texts are decided on.
    """
    now = now.replace(microsecond=0)
    rng = random.Random(_SEED)  # noqa: S311 (a made-up agency keeps no secret)
    numbers = Numbers(rng, taken)
    writer = Writer(rng, now)
    teller, others = _Teller(writer, numbers), strangers(rng, numbers, now)
    runs = Runs(writer, Walker(around, now), others)
    told = [*runs.finished(), *runs.filtered(), *runs.running()]
    threads = [*told, *teller.openings(), *teller.stopped(others), *teller.resolved(others), *teller.talks(others)]
    by_hand = [thread for thread in threads if thread not in told]
    by_hand += outreach.write(writer, others, threads, THREADS, runs.silent)
    for thread in by_hand:
        thread.lead.created_at = _came_before(thread, rng)
    threads = [*told, *by_hand]
    known = [*(thread.lead for thread in threads), *runs.waiting]
    quiet = list(islice(others, LEADS - len(known)))
    for place, lead in enumerate(quiet):
        _never_texted(lead, place, rng, now)
    _tag_old_inquiries(quiet, threads, runs)
    statuses.settle([*known, *quiet], threads, runs.ways)
    return Story(
        sorted([*known, *quiet], key=lambda lead: lead.created_at),
        sorted(threads, key=lambda thread: thread.turns[-1].at),
        runs.ways,
        runs.tripped_at,
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
        """Those who texted the word, and two who said so on the phone."""
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


def _tag_old_inquiries(quiet: list[LeadPlan], threads: list[ThreadPlan], runs: Runs) -> None:
    """Whom the clean draft's list finds: who can be texted and is in no other campaign, and some who are left out."""
    elsewhere = {way.lead.phone for way in runs.ways if way.status == EnrollmentStatus.ACTIVE}
    # Whoever got all of the finished campaign is left for one that a newcomer makes.
    taken = elsewhere | {way.lead.phone for way in runs.ways if way.status == EnrollmentStatus.COMPLETED}
    # Who never answered comes first: with some of those who did the team has got further.
    spoken = sorted((thread for thread in threads if not thread.waits), key=lambda thread: thread.answered)
    free = [
        lead
        for lead in (*quiet, *(thread.lead for thread in spoken))
        if lead.consent_source and not lead.suppressed_at and not lead.doubt_matched and lead.phone not in taken
    ]
    assert len(free) >= _TEXTED, "the clean draft needs more leads"
    groups = (
        (free, _TEXTED),
        ([lead for lead in quiet if not lead.consent_source], _NOT_AGREED),
        ([thread.lead for thread in threads if thread.lead.suppressed_at], _STOPPED),
        ([way.lead for way in runs.ways if way.lead.phone in elsewhere], _ELSEWHERE),
    )
    for leads, count in groups:
        for lead in leads[:count]:
            lead.tags = [*lead.tags, drips.OLD_INQUIRY]
