"""When texts may go, as data: windows of local wall time by weekday, days without any, and rules that hold together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from webapp.rules.ban_days import Calendar


@dataclass(frozen=True, slots=True)
class Window:
    """Local minutes after midnight of one day, `opens` inclusive and `closes` exclusive.

    Raises ValueError, with a sentence for the settings page, for a window past midnight or without length.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24 * 60:
            raise ValueError(
                f"Sending hours must close later than they open on the same day, unlike {self}. "
                "Give the hours when texts may go, not the quiet ones."
            )

    def __str__(self) -> str:
        return f"{clock_time(self.opens)} to {clock_time(self.closes)}"

    @classmethod
    def between(cls, opens: str, closes: str) -> "Window":
        """The window between two times of day, as in `Window.between("08:00", "21:00")`; 24:00 ends a day."""
        return cls(minutes(opens), minutes(closes))


Week = tuple[Window | None, ...]
"""Seven windows from Monday to Sunday; None is a day without texts."""


@dataclass(frozen=True)
class Rule:
    """One law or setting: `week` says when texts may go, `holidays` and `calendar` the days when none may.

    `label` begins sentences such as "in Texas no texts may go on Sundays". `killed` stops everything until a person
    lifts it; `label` is then what is stopped, such as "texts to Texas", and `because` may say why.
    """

    id: str
    version: str
    label: str
    week: Week
    holidays: frozenset[tuple[date, str]] = frozenset()
    calendar: Calendar | None = None
    killed: bool = False
    because: str = ""

    @cached_property
    def _own_holidays(self) -> dict[date, str]:
        return dict(self.holidays)

    def holiday_on(self, day: date) -> str | None:
        """What keeps texts back on a local calendar day whatever its weekday, by name; None on the others."""
        return self._own_holidays.get(day) or (self.calendar.name_of(day) if self.calendar else None)

    def window_on(self, day: date) -> Window | None:
        """The window of a local calendar day, or None when no text may go on it."""
        return None if self.killed or self.holiday_on(day) else self.week[day.weekday()]


class Schedule:
    """Rules that hold together: a text may go when all allow it. Hashes cheaply, so that its days are computed once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._hash = hash(self.rules)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and self.rules == other.rules

    @cached_property
    def killed(self) -> tuple[Rule, ...]:
        """The rules that stop everything until a person lifts them."""
        return tuple(rule for rule in self.rules if rule.killed)

    def span_on(self, day: date) -> tuple[int, int]:
        """Minutes of a local day between which every rule is open; empty where the first is not below the second."""
        opens, closes = 0, 24 * 60
        for rule in self.rules:
            window = rule.window_on(day)
            if window is None:
                return 0, 0
            opens, closes = max(opens, window.opens), min(closes, window.closes)
        return opens, closes


def minutes(clock: str) -> int:
    """Minutes after midnight of "HH:MM", from 00:00 to 24:00. Raises ValueError for anything else."""
    hours, colon, rest = clock.partition(":")
    if colon and len(hours) == len(rest) == 2 and (hours + rest).isascii() and (hours + rest).isdigit():
        total = int(hours) * 60 + int(rest)
        if int(rest) < 60 and total <= 24 * 60:
            return total
    raise ValueError(f"{clock!r} is not a time of day: write it as 08:00 or 21:30.")


def clock_time(minute: int) -> str:
    """The time of day "HH:MM" of a minute after midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"
