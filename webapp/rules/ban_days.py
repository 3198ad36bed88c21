"""Days on which a law lets no text go: federal holidays and a state's own, computed for any year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OBSERVED = {5: -1, 6: +1}
"""A Saturday's holiday is observed on Friday, a Sunday's on Monday."""


@dataclass(frozen=True, slots=True)
class BanDay:
    """A holiday as a rule says it; one of three ways decides its date.

    `library` is a state for which the `holidays` package knows `name`; `on` ("MM-DD") the date itself; `weekday`
    moves on to the first such day. `even` keeps it to even years, `observed` adds the working day beside a weekend.
    """

    name: str
    on: str = ""
    weekday: str = ""
    library: str = ""
    even: bool = False
    observed: bool = False

    @classmethod
    def of(cls, entry: dict[str, Any]) -> "BanDay":
        """The day of one entry in `state_rules.json`."""
        return cls(
            name=entry["name"],
            on=entry.get("on") or entry.get("from", ""),
            weekday=entry.get("weekday", ""),
            library=entry.get("library", ""),
            even=entry.get("years") == "even",
            observed=entry.get("observed", False),
        )

    def dates(self, year: int) -> Iterator[tuple[date, str]]:
        """The dates in `year`, each with its name."""
        if self.even and year % 2:
            return
        if self.library:
            known = holidays.country_holidays("US", subdiv=self.library, years=year)
            yield from ((day, self.name) for day in known.get_named(self.name, lookup="exact") if day.year == year)
            return
        day = date.fromisoformat(f"{year}-{self.on}")
        if self.weekday:
            day += timedelta(days=(WEEKDAYS.index(self.weekday) - day.weekday()) % 7)
        yield day, self.name
        if self.observed and day.weekday() in _OBSERVED:
            yield day + timedelta(days=_OBSERVED[day.weekday()]), f"{self.name} (observed)"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one law; with `federal`, the federal holidays and the days on which they are observed too."""

    days: tuple[BanDay, ...] = ()
    federal: bool = True

    def name_of(self, day: date) -> str | None:
        """What `day` is called where it is one of these days, else None."""
        return names_in(self, day.year).get(day)


FEDERAL = Calendar()


@lru_cache(maxsize=1024)
def names_in(calendar: Calendar, year: int) -> dict[date, str]:
    """Every day of the calendar in one year, with its name."""
    names = dict(day for rule in calendar.days for day in rule.dates(year))
    if calendar.federal:
        names.update(holidays.country_holidays("US", years=year).items())
    return names
