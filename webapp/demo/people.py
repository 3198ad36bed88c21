"""The demo's leads, before anything happened to them: made from one random generator, so always the same ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from webapp.demo.names import AREAS, FIRST_NAMES, LAST_NAMES, Area
from webapp.demo.team import REPS, Member
from webapp.models.constants import LeadStatus
from webapp.rules import zones

_TAGS = ("buyer", "buyer", "buyer", "seller", "seller", "renter", "investor")
_MORE_TAGS = (
    "open house",
    "first home",
    "relocation",
    "luxury",
    "downsizing",
    "financing",
    "newsletter",
    "past client",
)
_SOURCES = ("web form", "web form", "portal", "open house", "referral", "import")
_BUDGETS = ("under $250k", "$250k to $350k", "$350k to $500k", "$500k to $750k", "over $750k")


@dataclass(slots=True)
class LeadPlan:
    """A lead to be. ``created_at`` and consent are set once it is known what was texted. Times are business time."""

    phone: str
    area: Area
    first_name: str
    last_name: str
    email: str | None
    tags: list[str]
    custom: dict[str, str]
    owner: Member | None
    score: int
    source: str
    created_at: datetime
    consent_source: str | None = "web_form"
    suppressed_at: datetime | None = None
    suppression_source: str | None = None
    suppression_reason: str | None = None
    doubt_matched: str | None = None
    """Words of the lead's last text that may be an opt-out, in the thread that waits for somebody to say so."""
    last_inbound_at: datetime | None = None
    status: LeadStatus = LeadStatus.NEW

    @property
    def postal_code(self) -> str:
        """One of its town's."""
        return self.area.postal_codes[int(self.phone[-2:]) % len(self.area.postal_codes)]

    @property
    def zone(self) -> str:
        """Where the lead most likely is."""
        return zones.candidates(self.phone, self.area.state).zones[0]

    @property
    def consent_at(self) -> datetime | None:
        """The consent was given where the lead came from."""
        return self.created_at if self.consent_source else None


@dataclass
class Numbers:
    """The fictional numbers 555-0100 to 555-0199 of each area code, each given out once."""

    rng: random.Random
    taken: frozenset[str] = frozenset()
    _left: dict[str, list[str]] = field(default_factory=dict)

    def next(self, area: Area) -> str:
        """A number of ``area`` that nobody has."""
        left = self._left.setdefault(area.code, self._shuffled(area))
        return left.pop()

    def _shuffled(self, area: Area) -> list[str]:
        listed = [f"+1{area.code}55501{last:02d}" for last in range(100)]
        free = [number for number in listed if number not in self.taken]
        self.rng.shuffle(free)
        return free


def strangers(rng: random.Random, numbers: Numbers, now: datetime) -> Iterator[LeadPlan]:
    """Leads without end, spread over the areas; no two with the same name."""
    names = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    rng.shuffle(names)
    weights = [area.weight for area in AREAS]
    for first, last in names:
        area = rng.choices(AREAS, weights)[0]
        yield make_lead(rng, numbers, area, first, last, now)


def make_lead(
    rng: random.Random, numbers: Numbers, area: Area, first_name: str, last_name: str, now: datetime
) -> LeadPlan:
    """One lead in ``area``, as if it had come at ``now``."""
    handle = f"{first_name}.{last_name}".lower()
    return LeadPlan(
        phone=numbers.next(area),
        area=area,
        first_name=first_name,
        last_name=last_name,
        email=f"{handle}@mail.example" if handle != "." and rng.random() < 0.85 else None,
        tags=[rng.choice(_TAGS), *rng.sample(_MORE_TAGS, rng.choice((0, 0, 1, 1, 2)))],
        custom={"budget": rng.choice(_BUDGETS), "city": area.city},
        owner=rng.choice(REPS),
        score=rng.randrange(5, 96),
        source=rng.choice(_SOURCES),
        created_at=now,
    )


def area_of(code: str) -> Area:
    """The area with this code."""
    return next(area for area in AREAS if area.code == code)
