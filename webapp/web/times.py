"""How instants are written: for programs, and for people in their own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import Flask

from webapp import clock

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHOWN_AS_AGE_DAYS = 7


def register(app: Flask) -> None:
    """The Jinja filters of this module's functions, by their names, and ``now()``."""
    for write in (rfc3339, age, local_time, local_day, local_date, local_moment, day_words, on_business_clock):
        app.jinja_env.filters[write.__name__] = write
    app.jinja_env.globals["now"] = clock.now


def rfc3339(instant: datetime) -> str:
    """An aware instant as the API writes it: UTC, whole seconds, ``2026-12-01T15:00:00Z``."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def age(instant: datetime, zone: str = "UTC") -> str:
    """How long ago in business time: ``now``, ``4 min``, ``3 h``, ``2 d``; after a week the day in ``zone``.

    ``static/js/app.js`` repeats this rule for the pages that stay open.
    """
    seconds = (clock.now() - instant).total_seconds()
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h"
    if seconds < _SHOWN_AS_AGE_DAYS * _DAY:
        return f"{int(seconds // _DAY)} d"
    return _day(instant.astimezone(ZoneInfo(zone)))


def local_time(instant: datetime, zone: str) -> str:
    """The time of day in a zone: ``9:05 AM``."""
    return _time(instant.astimezone(ZoneInfo(zone)))


def local_day(instant: datetime, zone: str) -> str:
    """The day in a zone: ``Today``, ``Yesterday``, ``Tue, Dec 1``, with the year when it is another one."""
    days = (clock.now().astimezone(ZoneInfo(zone)).date() - instant.astimezone(ZoneInfo(zone)).date()).days
    if days in (0, 1):
        return "Yesterday" if days else "Today"
    return _day(instant.astimezone(ZoneInfo(zone)), weekday=True)


def local_date(instant: datetime, zone: str) -> str:
    """The day in a zone as a date: ``Dec 1``. For machine time, which a moved clock's today says nothing about."""
    return _day(instant.astimezone(ZoneInfo(zone)))


def local_moment(instant: datetime, zone: str) -> str:
    """Day and time in a zone: ``Tue, Dec 1, 9:05 AM``."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{_day(local, weekday=True)}, {_time(local)}"


def day_words(day: date, zone: str) -> str:
    """A day of which no time is known: ``Tue, Dec 1``, with the year when it is another one than now in ``zone``."""
    this_year = day.year == clock.now().astimezone(ZoneInfo(zone)).year
    return f"{day:%a}, {day:%b} {day.day}" + ("" if this_year else f", {day.year}")


def on_business_clock(instant: datetime) -> datetime:
    """Machine time as the business clock, which may have been moved, has it: so that it reads right beside others."""
    return instant + clock.offset()


def _time(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local:%M} {local:%p}"


def _day(local: datetime, *, weekday: bool = False) -> str:
    this_year = local.year == clock.now().astimezone(local.tzinfo).year
    words = f"{local:%a}, " if weekday else ""
    return f"{words}{local:%b} {local.day}" + ("" if this_year else f", {local.year}")
