"""When a text may go: inside every rule's window in every zone its reader may be in, exact through summer time.

Windows are half-open, [open, close), in local wall time: at the closing minute itself no text goes any more.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# Narrow windows in far zones may overlap only when one of them changes its clocks, so a year is searched.
HORIZON_DAYS = 366
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class Window:
    """Local minutes after midnight, `opens` inclusive and `closes` exclusive, on one day."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24 * 60:
            raise ValueError(
                f"A sending window must close later than it opens on the same day, unlike {_clock(self.opens)} to "
                f"{_clock(self.closes)}. Give the hours when texts may go, not the quiet hours."
            )


@dataclass(frozen=True)
class Rule:
    """One law or setting: `week` holds a window or None (no texts) from Monday to Sunday, `holidays` days without any.

    `label` completes "it opens at 08:00 for …" in sentences, such as "Texas" or "your sending hours".
    """

    id: str
    version: str
    label: str
    week: tuple[Window | None, ...]
    holidays: frozenset[tuple[date, str]] = frozenset()

    @cached_property
    def holiday_names(self) -> dict[date, str]:
        return dict(self.holidays)

    def window_on(self, day: date) -> Window | None:
        """The window of a local calendar day, or None when no text may go on it."""
        return None if day in self.holiday_names else self.week[day.weekday()]


class Schedule:
    """Rules that hold together; a text may go when all of them allow it. Hashable, so that its days are computed once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._hash = hash(self.rules)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and self.rules == other.rules

    def span_on(self, day: date) -> tuple[int, int]:
        """Minutes after midnight when all rules are open on a local day; empty when the first is not below the second."""
        windows = [rule.window_on(day) for rule in self.rules]
        if None in windows:
            return 0, 0
        opens = max((window.opens for window in windows if window), default=0)
        return opens, min((window.closes for window in windows if window), default=24 * 60)


class Reason(NamedTuple):
    """Why a rule keeps a text back in one zone; `text` is a sentence."""

    zone: str
    rule: str
    rule_version: str
    text: str


class HoursVerdict(NamedTuple):
    """Whether a text may go at `at`; if so until when, if not from when. Times are UTC; None: not within a year."""

    allowed: bool
    next_allowed_at: datetime | None
    open_until: datetime | None
    at: datetime
    zones: tuple[str, ...]
    schedule: Schedule

    @property
    def rules(self) -> list[str]:
        """The ids of the rules that were asked, each with its version, as in "FL@2026-11-22"."""
        return [f"{rule.id}@{rule.version}" for rule in self.schedule.rules]

    @property
    def reasons(self) -> list[Reason]:
        """Every rule and zone that keeps the text back; empty when it may go."""
        return [] if self.allowed else explain(self.at, self.zones, self.schedule)


@lru_cache(maxsize=256)
def one_window(opens: str, closes: str) -> Schedule:
    """The simplest schedule: one window every day, such as `one_window("08:00", "21:00")`; 24:00 ends a day.

    Raises ValueError, with a sentence for the settings page, for a time that is none and for a window past midnight.
    """
    window = Window(minutes(opens), minutes(closes))
    return Schedule([Rule("account", f"{opens}-{closes}", "your sending hours", (window,) * 7)])


def minutes(clock: str) -> int:
    """Minutes after midnight of "HH:MM", 00:00 to 24:00. Raises ValueError otherwise."""
    hours, _, rest = clock.partition(":")
    if len(hours) == 2 and len(rest) == 2 and (hours + rest).isascii() and (hours + rest).isdigit():
        total = int(hours) * 60 + int(rest)
        if total <= 24 * 60 and int(rest) < 60:
            return total
    raise ValueError(f"{clock!r} is not a time of day: write it as 08:00 or 21:30.")


def check(at: datetime, zones: Sequence[str], schedule: Schedule) -> HoursVerdict:
    """Whether a text may go at `at` (aware) to someone who may be in any of `zones` (IANA names, at least one).

    Raises ValueError for a time without zone or no zones: nothing may be allowed by forgetting either.
    """
    if at.tzinfo is None or not zones:
        raise ValueError("Quiet hours need an aware time and at least one zone.")
    zones = tuple(zones)
    now = at.timestamp()
    bounds = _open_bounds(int(now // DAY), zones, schedule)
    place = bisect_right(bounds, now)
    if place % 2:
        return HoursVerdict(True, None, _end(bounds[place], zones, schedule), at, zones, schedule)
    opening = bounds[place] if place < len(bounds) else _next_opening(int(now // DAY) + 1, zones, schedule)
    return HoursVerdict(False, _instant(opening), None, at, zones, schedule)


def explain(at: datetime, zones: Sequence[str], schedule: Schedule) -> list[Reason]:
    """The rules that keep a text back at `at`, zone by zone."""
    locals_ = [(zone, at.astimezone(ZoneInfo(zone))) for zone in zones]
    return [
        Reason(zone, rule.id, rule.version, f"It is {local:%H:%M} on {local:%A} in {_city(zone)}: {obstacle}")
        for zone, local in locals_
        for rule in schedule.rules
        if (obstacle := _obstacle(rule, local))
    ]


def _obstacle(rule: Rule, local: datetime) -> str | None:
    window = rule.window_on(local.date())
    if window is None:
        holiday = rule.holiday_names.get(local.date())
        return f"{rule.label} allow{_s(rule)} no texts on {holiday or WEEKDAYS[local.weekday()]}."
    minute = local.hour * 60 + local.minute
    if minute < window.opens:
        return f"{rule.label} open{_s(rule)} at {_clock(window.opens)}."
    if minute >= window.closes:
        return f"{rule.label} close{_s(rule)} at {_clock(window.closes)}."
    return None
