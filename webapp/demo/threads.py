"""The demo's 220 conversations as they went: who said what when, and what became of each text."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp.campaigns.engine import Send
from webapp.demo import hours, scripts
from webapp.demo.names import STREETS
from webapp.demo.people import LeadPlan
from webapp.demo.team import TEAM, Member
from webapp.models.constants import ConversationState, Status
from webapp.rules.zones import zone_info

DAYS = 60
_DAYS_OF_THE_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_PRICES = ("$285,000", "$319,000", "$345,000", "$389,000", "$425,000", "$468,000", "$540,000", "$615,000")
#: Passing troubles, by Twilio's code: phone off, and no reason given.
_PASSING = (30003, 30008)
#: Nobody said anything in the last minutes but those who wait.
STILL = timedelta(minutes=40)
#: Conversations that are going on began this long ago at most.
_RECENT_DAYS = 9


@dataclass(frozen=True, slots=True)
class Said:
    """Which campaign, by its name, said which step, and what the engine made of it."""

    drip: str
    step_key: str
    sent: Send


@dataclass(frozen=True, slots=True)
class Turn:
    """One text. ``retries_previous``: the text before it was not delivered, and this is it again.

    ``said``: it is a campaign's, and nobody wrote it by hand. ``settled_at``: when the carrier's receipt came, where
    that was late.
    """

    inbound: bool
    body: str
    at: datetime
    status: Status
    error_code: int | None = None
    send_after: datetime | None = None
    retries_previous: bool = False
    said: Said | None = None
    settled_at: datetime | None = None


@dataclass(slots=True)
class ThreadPlan:
    """A conversation to be, ``turns`` oldest first. ``owner`` is also who wrote our texts. Times are business time."""

    lead: LeadPlan
    owner: Member | None
    turns: list[Turn]
    state: ConversationState = ConversationState.OPEN
    waits: bool = False
    snoozed_until: datetime | None = None
    stopped_by: str | None = None
    """The word by which the lead opted out with the last turn."""

    @property
    def created_at(self) -> datetime:
        return self.turns[0].at

    @property
    def answered(self) -> bool:
        """Whether the lead has written."""
        return any(turn.inbound for turn in self.turns)


@dataclass
class Writer:
    """Writes conversations from one random generator, all of them before ``now``."""

    rng: random.Random
    now: datetime

    def spoken(self, lead: LeadPlan, lines: Sequence[str], *, ends_at: datetime | None = None) -> list[Turn]:
        """The lines as turns, ended somewhere in the last two months or exactly at ``ends_at``."""
        oldest = DAYS - 2 if ends_at is None else _RECENT_DAYS
        begins_at = self._on_day(lead, self.rng.randrange(3, oldest))
        turns = list(self._paced(lead, self._filled(lead, lines), begins_at))
        if ends_at is None:
            return _moved_before(turns, self.now - STILL, lead.zone)
        return _ended_at(turns, ends_at, lead.zone)

    def nurtured(
        self, lead: LeadPlan, count: int, *, failures: int = 0, days: tuple[int, int] = (DAYS, 1), first: int = 0
    ) -> list[Turn]:
        """``count`` texts without an answer, a week or so apart, of which the first ``failures`` took a second try.

        ``days``: how long ago the first and the last may be. ``first``: the place of the first one in the script.
        """
        oldest, newest = days
        first_day = self.rng.randrange(min(oldest - 2, 7 * count + newest), oldest)
        bodies = self._filled(lead, scripts.OUTREACH[first : first + count])
        turns: list[Turn] = []
        for place, body in enumerate(bodies):
            days_ago = first_day - place * max((first_day - newest) // count, 1)
            at = self._on_day(lead, max(days_ago, newest))
            if place < failures:
                failed = Turn(False, body, at, Status.UNDELIVERED, self.rng.choice(_PASSING))
                again = Turn(False, body, at + timedelta(minutes=31), Status.DELIVERED, retries_previous=True)
                turns += [failed, again]
            else:
                turns.append(Turn(False, body, at, Status.DELIVERED))
        return turns

    def answered(self, lead: LeadPlan, turns: Sequence[Turn], body: str) -> list[Turn]:
        """The turns, and some minutes after the last one the lead's word."""
        at = turns[-1].at + timedelta(minutes=self.rng.randrange(1, 50), seconds=self.rng.randrange(60))
        return [*turns, Turn(True, body, hours.into_the_day(at, lead.zone), Status.RECEIVED)]

    def going_on(self, lead: LeadPlan, lines: Sequence[str], after: Turn) -> list[Turn]:
        """The lead answers a text within the hour or so, and the two talk: the lines as turns."""
        begins_at = after.at + timedelta(minutes=self.rng.randrange(1, 70), seconds=self.rng.randrange(60))
        return list(self._paced(lead, self._filled(lead, lines), hours.into_the_day(begins_at, lead.zone)))

    def _paced(self, lead: LeadPlan, lines: Sequence[str], begins_at: datetime) -> Iterator[Turn]:
        at, owner = begins_at, lead.owner or TEAM[0]
        for place, line in enumerate(lines):
            inbound = line.startswith("> ")
            if place:
                at = hours.into_the_day(at + self._pause(owner, inbound, lines[place - 1].startswith("> ")), lead.zone)
            yield Turn(inbound, line.removeprefix("> "), at, Status.RECEIVED if inbound else Status.DELIVERED)

    def _pause(self, owner: Member, inbound: bool, after_inbound: bool) -> timedelta:
        """Leads answer within the hour or so, reps as fast as they are; a second text of the same side comes soon."""
        if inbound == after_inbound:
            return timedelta(seconds=self.rng.randrange(40, 150)) if inbound else timedelta(days=2)
        if inbound:
            return timedelta(seconds=self.rng.randrange(60, 4200))
        fastest, slowest = int(owner.fastest.total_seconds()), int(owner.slowest.total_seconds())
        return timedelta(seconds=self.rng.randrange(fastest, slowest))

    def _filled(self, lead: LeadPlan, lines: Sequence[str]) -> list[str]:
        words = {
            "first": lead.first_name,
            "rep": (lead.owner or TEAM[0]).first_name,
            "city": lead.area.city,
            "street": self.rng.choice(STREETS),
            "price": self.rng.choice(_PRICES),
            "day": self.rng.choice(_DAYS_OF_THE_WEEK),
        }
        return [line.format(**words) for line in lines]

    def _on_day(self, lead: LeadPlan, days_ago: int) -> datetime:
        today = self.now.astimezone(zone_info(lead.zone)).date()
        return hours.daytime(self.rng, lead.zone, today - timedelta(days=days_ago))


def _moved_before(turns: Sequence[Turn], limit: datetime, zone: str) -> list[Turn]:
    """Earlier by whole days, until all of it is past; the hours stay what they are where the lead is.

    Where that would be a Sunday morning, one day more.
    """
    moved = list(turns)
    while moved[-1].at > limit or any(hours.too_early(turn.at, zone) for turn in moved):
        moved = [replace(turn, at=turn.at - timedelta(days=1)) for turn in moved]
    return moved


def _ended_at(turns: Sequence[Turn], ends_at: datetime, zone: str) -> list[Turn]:
    """What one side said last moves to ``ends_at``, and what was before to earlier days, at its own hours."""
    start = len(turns) - 1
    while start and turns[start - 1].inbound == turns[-1].inbound:
        start -= 1
    last = [replace(turn, at=ends_at - (turns[-1].at - turn.at)) for turn in turns[start:]]
    before = _moved_before(turns[:start], last[0].at - timedelta(hours=2), zone) if start else []
    return [*before, *last]
