"""The ten business days in which a request to stop must be honoured (47 CFR 64.1200(a)(10)).

A business day is none of Saturday, Sunday and the federal holidays, as they are observed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import holidays

from webapp.rules.zones import zone_info

HONOUR_WITHIN: Final = 10


def days_left(since: datetime, now: datetime, zone: str) -> int:
    """How many business days are left of those that the law gives, after today; 0 on the last one and later.

    The day of the request itself does not count. ``zone``: the business's own time zone.
    """
    first, today = since.astimezone(zone_info(zone)).date(), now.astimezone(zone_info(zone)).date()
    return max(HONOUR_WITHIN - between(first, today), 0)


def between(first: date, last: date) -> int:
    """The business days after ``first`` up to ``last``."""
    return sum(is_business_day(first + timedelta(days=day)) for day in range(1, (last - first).days + 1))


def is_business_day(day: date) -> bool:
    """Whether federal offices are open on this day."""
    saturday = 5
    return day.weekday() < saturday and day not in _federal_holidays(day.year)


@lru_cache
def _federal_holidays(year: int) -> frozenset[date]:
    """Those observed in the year: New Year's Day of the next can be kept on its last Friday."""
    return frozenset(day for day in holidays.country_holidays("US", years=[year, year + 1]) if day.year == year)
