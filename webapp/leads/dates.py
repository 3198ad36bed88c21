"""Days and instants as files have them: ISO 8601, the American ways, and months in words."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

NOT_A_DATE = "This is not a date. Write it like 2026-11-02 or 11/2/2026."

_FIRST_YEAR, _LAST_YEAR = 1990, 2199
#: A month before its day, as Americans write it; where dots are between them the day comes first.
_DAYS = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_FORMATS = tuple(day + time for day in _DAYS for time in _TIMES)
_LITTER = re.compile(r",|(?<=\d)(?:st|nd|rd|th)\b|\b(?:at|mon|tue|wed|thu|fri|sat|sun)[a-z]*\b\.?", re.IGNORECASE)
_HALF_OF_DAY = re.compile(r"(?<=\d)\s*([ap])\.?m\.?$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_instant(text: str, zone: str) -> datetime:
    """The instant that a cell names; a day is its first moment in ``zone``, and so is a time without a zone of its own.

    Raises ValueError with the fix.
    """
    instant = _iso(text.strip()) or _in_words(_HALF_OF_DAY.sub(r" \1m", " ".join(_LITTER.sub(" ", text).split())))
    if instant is None or not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(NOT_A_DATE)
    return (instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def day_alone(text: str, zone: str) -> date | None:
    """The day that a cell names without a time: nothing else is known. None where it names an instant.

    Raises ValueError with the fix.
    """
    if ":" in text:
        return None
    local = read_instant(text, zone).astimezone(ZoneInfo(zone))
    return None if local.time() != time() else local.date()


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper()) if len(text) >= len("2026-11-02") else None
    except ValueError:
        return None


def _in_words(text: str) -> datetime | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (the caller adds the zone)
        except ValueError:
            continue
    return None
