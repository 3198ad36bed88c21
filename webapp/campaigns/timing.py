"""When a step is due: a delay, then perhaps a time of day where the lead is. Pure; daylight saving is exact."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from webapp.campaigns.rules import Window
from webapp.campaigns.steps import Step

_DAY = timedelta(days=1)
_SATURDAY = 5


def due(step: Step, since: datetime, zone: str) -> datetime:
    """The moment from which the step may go, after the step before went (or the lead was enrolled) at ``since``.

    Aware, in UTC. A time of day that the change to summer time skips is the first one after it; one that comes twice
    is the first.
    """
    at = since + timedelta(minutes=step.delay_minutes)
    if step.at_local is None:
        return _on_weekday(at, zone) if step.weekdays_only else at
    return _next_time_of_day(at, step.at_local, zone, weekdays_only=step.weekdays_only)


def opening(window: Window, at: datetime, zone: str) -> datetime:
    """The first instant from ``at`` on inside the window where the lead is: ``at`` itself while it is open."""
    day = at.astimezone(_zone(zone)).date()
    for _ in range(3):
        opens, closes = _instant(day, window.opens, zone), _instant(day, window.closes, zone)
        if at < closes:
            return max(at, opens)
        day += _DAY
    raise AssertionError("a window has a length every day")


def _next_time_of_day(at: datetime, time_of_day: str, zone: str, *, weekdays_only: bool) -> datetime:
    day = at.astimezone(_zone(zone)).date()
    while True:
        moment = _instant(day, time_of_day, zone)
        if moment >= at and not (weekdays_only and day.weekday() >= _SATURDAY):
            return moment
        day += _DAY


def _on_weekday(at: datetime, zone: str) -> datetime:
    """The same time of day on the Monday after a weekend."""
    local = at.astimezone(_zone(zone))
    if local.weekday() < _SATURDAY:
        return at
    monday = local.date() + (7 - local.weekday()) * _DAY
    return _utc(datetime.combine(monday, local.time(), _zone(zone)))


@lru_cache(maxsize=4096)
def _instant(day: date, time_of_day: str, zone: str) -> datetime:
    return _utc(datetime.combine(day, time.fromisoformat(time_of_day), _zone(zone)))


def _utc(local: datetime) -> datetime:
    """A local time that does not exist is read by the offset before the gap, which lands behind it."""
    return local.astimezone(UTC)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
