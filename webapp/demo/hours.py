"""When things happen in the demo: by day, on the clock of where the lead is."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from webapp.rules.zones import zone_info

_OPENS, _CLOSES = time(9, 2), time(19, 30)
#: Nobody is texted earlier on a Sunday: in Texas it opens at noon.
_SUNDAY_OPENS = time(12, 2)
_SUNDAY = 6
_EVENING = time(19, 41)


def daytime(rng: random.Random, zone: str, day: date) -> datetime:
    """Some moment of a working day."""
    hour, minute, second = 9 + rng.randrange(9), rng.randrange(60), rng.randrange(60)
    if day.weekday() == _SUNDAY:
        hour = max(hour, 13)
    return datetime.combine(day, time(hour, minute, second), zone_info(zone))


def evening_before(zone: str, now: datetime) -> datetime:
    """Yesterday evening, when somebody wrote who waits since."""
    yesterday = now.astimezone(zone_info(zone)).date() - timedelta(days=1)
    return datetime.combine(yesterday, _EVENING, zone_info(zone))


def into_the_day(at: datetime, zone: str) -> datetime:
    """``at`` if people text at that hour; else the next morning, some minutes in."""
    local = at.astimezone(zone_info(zone))
    if _opens(local.date()) <= local.time() <= _CLOSES:
        return at
    day = local.date() + timedelta(days=1 if local.time() > _CLOSES else 0)
    minutes = timedelta(minutes=local.minute % 29, seconds=local.second)
    return datetime.combine(day, _opens(day), zone_info(zone)) + minutes


def too_early(at: datetime, zone: str) -> bool:
    """Whether nobody texts yet at that hour."""
    local = at.astimezone(zone_info(zone))
    return local.time() < _opens(local.date())


def _opens(day: date) -> time:
    return _SUNDAY_OPENS if day.weekday() == _SUNDAY else _OPENS
