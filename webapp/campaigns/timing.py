"""When a step is due: a delay, then perhaps a time of day where the lead is. Pure; daylight saving is exact."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from webapp.campaigns.rules import Window
from webapp.campaigns.steps import Step

_DAY = timedelta(days=1)
_DAY_MINUTES = 24 * 60
_SATURDAY = 5


def due(step: Step, since: datetime, zone: str) -> datetime:
    """The moment from which the step may go, after the step before went (or the lead was enrolled) at ``since``.

    Aware, in UTC. Whole days before a time of day are days of the calendar where the lead is: "1 day, then at 10:05" is
    10:05 tomorrow, however late it is today. Any other delay has to be over first. A time of day that the change to
    summer time skips is as long after the change; one that comes twice is the first.
    """
    at = since + timedelta(minutes=step.delay_minutes)
    if step.at_local is None:
        return _on_weekday(at, zone) if step.weekdays_only else at
    days, minutes = divmod(step.delay_minutes, _DAY_MINUTES)
    if days and not minutes:
        day = since.astimezone(_zone(zone)).date() + days * _DAY
        return _on_day(day, step.at_local, zone, weekdays_only=step.weekdays_only)
    day = at.astimezone(_zone(zone)).date()
    if _instant(day, step.at_local, zone) < at:
        day += _DAY
    return _on_day(day, step.at_local, zone, weekdays_only=step.weekdays_only)


def opening(window: Window, at: datetime, zone: str) -> datetime:
    """The first instant from ``at`` on inside the window where the lead is: ``at`` itself while it is open."""
    day = at.astimezone(_zone(zone)).date()
    for _ in range(3):
        opens, closes = _instant(day, window.opens, zone), _instant(day, window.closes, zone)
        if at < closes:
            return max(at, opens)
        day += _DAY
    raise AssertionError("a window has a length every day")


def _on_day(day: date, time_of_day: str, zone: str, *, weekdays_only: bool) -> datetime:
    return _instant(_weekday_from(day) if weekdays_only else day, time_of_day, zone)


def _on_weekday(at: datetime, zone: str) -> datetime:
    """The same time of day on the Monday after a weekend."""
    local = at.astimezone(_zone(zone))
    if local.weekday() < _SATURDAY:
        return at
    return _utc(datetime.combine(_weekday_from(local.date()), local.time(), _zone(zone)))


def _weekday_from(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day if day.weekday() < _SATURDAY else day + (7 - day.weekday()) * _DAY


@lru_cache(maxsize=4096)
def _instant(day: date, time_of_day: str, zone: str) -> datetime:
    return _utc(datetime.combine(day, time.fromisoformat(time_of_day), _zone(zone)))


def _utc(local: datetime) -> datetime:
    """A local time that does not exist is read by the offset before the gap, which lands behind it."""
    return local.astimezone(UTC)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
