"""The sums of a plan: counted text by text in little room, kept as JSON, and read by day, by month and by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self, TypeAlias
from zoneinfo import ZoneInfo

from webapp.carrier import prices

_Slot: TypeAlias = tuple[int, str, int]
#: Days of every zone begin at a whole quarter of an hour of UTC.
_QUARTER = 900


@dataclass(frozen=True, slots=True)
class Sum:
    """So many texts, their segments, and US dollars."""

    texts: int = 0
    segments: int = 0
    cost: Decimal = Decimal(0)

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.texts + other.texts, self.segments + other.segments, self.cost + other.cost)


@dataclass
class Totals:
    """``leads`` of the plan, ``texted`` those who get a text.

    ``slots`` counts texts by quarter of an hour since 1970, step key and segments. ``excluded`` counts leads that get
    nothing, whether or not they could be enrolled; ``skipped`` steps left out for leads that get others; ``holds``
    texts that wait first, each by reason. ``months`` counts leads with a text by UTC month, as YYYY-MM.
    """

    leads: int = 0
    texted: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    slots: Counter[_Slot] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def texts(self) -> int:
        return self.slots.total()

    @property
    def segments(self) -> int:
        return sum(count * segments for (_, _, segments), count in self.slots.items())

    @property
    def cost(self) -> Decimal:
        """US dollars for the texts, carrier fees included."""
        return prices.estimate(self.segments)

    @property
    def days(self) -> dict[str, int]:
        """Texts by UTC date, as YYYY-MM-DD."""
        return {day: one.texts for day, one in self.by_day("UTC").items()}

    def by_day(self, zone: str) -> dict[str, Sum]:
        """By date in an IANA zone, as YYYY-MM-DD, in order."""
        where = ZoneInfo(zone)
        return self._by(lambda slot: f"{_start(slot[0]).astimezone(where):%Y-%m-%d}")

    def by_step(self) -> dict[str, Sum]:
        """By step key."""
        return self._by(lambda slot: slot[1])

    def until(self, now: datetime) -> Totals:
        """What of it was to go until business time ``now``, to a quarter of an hour; the texts alone."""
        last = int(now.timestamp()) // _QUARTER
        return Totals(slots=Counter({slot: count for slot, count in self.slots.items() if slot[0] <= last}))

    def add(self, at: datetime, step_key: str, segments: int, hold_reason: str | None) -> None:
        """One more text, at business time ``at``."""
        self.slots[int(at.timestamp()) // _QUARTER, step_key, segments] += 1
        if hold_reason:
            self.holds[hold_reason] += 1
        if self.first_at is None or at < self.first_at:
            self.first_at = at
        if self.last_at is None or at > self.last_at:
            self.last_at = at

    def close(self, months: Iterable[str], missed: list[str]) -> None:
        """A lead's way is known to its end: its months with a text, and the reasons of what it misses, in order."""
        self.leads += 1
        texted = False
        for month in months:
            self.months[month] += 1
            texted = True
        if texted:
            self.texted += 1
            self.skipped.update(missed)
        elif missed:
            self.excluded[missed[-1]] += 1

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "leads": self.leads,
            "texted": self.texted,
            "first_at": self.first_at and self.first_at.isoformat(),
            "last_at": self.last_at and self.last_at.isoformat(),
            "slots": [[*slot, count] for slot, count in self.slots.items()],
            "months": self.months,
            "holds": self.holds,
            "excluded": self.excluded,
            "skipped": self.skipped,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """What ``stored`` gave."""
        return cls(
            leads=stored["leads"],
            texted=stored["texted"],
            first_at=_instant(stored["first_at"]),
            last_at=_instant(stored["last_at"]),
            slots=Counter({(quarter, key, segments): count for quarter, key, segments, count in stored["slots"]}),
            months=Counter(stored["months"]),
            holds=Counter(stored["holds"]),
            excluded=Counter(stored["excluded"]),
            skipped=Counter(stored["skipped"]),
        )

    def _by(self, name: Callable[[_Slot], str]) -> dict[str, Sum]:
        found: dict[str, Sum] = {}
        for slot, count in sorted(self.slots.items()):
            segments = count * slot[2]
            part = Sum(count, segments, prices.estimate(segments))
            key = name(slot)
            found[key] = found.get(key, Sum()) + part
        return found


def day_words(day: str) -> str:
    """A day as YYYY-MM-DD in the words of a page: Wed, Nov 25."""
    return f"{date.fromisoformat(day):%a, %b %-d}"


def _start(quarter: int) -> datetime:
    return datetime.fromtimestamp(quarter * _QUARTER, UTC)


def _instant(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
