"""The seconds at which a schedule is open in all of several zones, computed once per day and exact through DST."""

from bisect import bisect_right
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from webapp.rules.schedule import Schedule
from webapp.rules.zones import zone_info

DAY = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# Narrow windows in far zones may meet only after one of them changes its clocks, so a year is searched.
HORIZON_DAYS = 366
# Who asks for the closing wants to know how long a text may wait, which is never a week.
CLOSING_DAYS = 7

Span = tuple[int, int]


class Run(NamedTuple):
    """A time in which nothing changes: POSIX seconds from `since` until just before `until`, all open or all closed.

    `change` is the second when that ends, or None: it opens not within a year, or stays open for a week. It is
    `until` where it is known; else `until` is as far as was looked.
    """

    open: bool
    since: int
    until: int
    change: int | None


def run_at(second: float, zones: tuple[str, ...], schedule: Schedule) -> Run:
    """The run of `schedule` in all `zones` at once that holds a POSIX time; it may have begun before `since`."""
    day = int(second // DAY)
    bounds = _bounds(day, zones, schedule)
    place = bisect_right(bounds, second)
    since = bounds[place - 1] if place else day * DAY
    if place % 2:
        change = _closing(bounds[place], day, zones, schedule)
        return Run(True, since, change or bounds[place], change)
    change = bounds[place] if place < len(bounds) else _next_opening(day, zones, schedule)
    return Run(False, since, change or (day + 1) * DAY, change)


def _next_opening(day: int, zones: tuple[str, ...], schedule: Schedule) -> int | None:
    for later in range(day + 1, day + HORIZON_DAYS):
        bounds = _bounds(later, zones, schedule)
        if bounds:
            return bounds[0]
    return None


def _closing(closing: int, day: int, zones: tuple[str, ...], schedule: Schedule) -> int | None:
    """Follow a span that ends with its UTC day into the next days."""
    for later in range(day + 1, day + CLOSING_DAYS):
        if closing < later * DAY:
            return closing
        bounds = _bounds(later, zones, schedule)
        if not bounds or bounds[0] != closing:
            return closing
        closing = bounds[1]
    return None


@lru_cache(maxsize=65_536)
def _bounds(day: int, zones: tuple[str, ...], schedule: Schedule) -> tuple[int, ...]:
    """Openings and closings in turn, as POSIX seconds, of one UTC day (counted from 1970) in all zones at once."""
    spans: list[Span] = [(day * DAY, (day + 1) * DAY)]
    for zone in zones:
        spans = _overlap(spans, _zone_spans(day, zone, schedule))
    return tuple(bound for span in spans for bound in span)


@lru_cache(maxsize=65_536)
def _zone_spans(day: int, zone: str, schedule: Schedule) -> tuple[Span, ...]:
    spans: list[Span] = []
    for start, end, offset in _pieces(day, zone):
        for local_day in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
            opens, closes = schedule.span_on(date.fromordinal(EPOCH_ORDINAL + local_day))
            midnight = local_day * DAY - offset
            _append(spans, max(start, midnight + opens * 60), min(end, midnight + closes * 60))
    return tuple(spans)


def _append(spans: list[Span], start: int, end: int) -> None:
    """Add a span behind the others; one that touches the last continues it."""
    if start >= end:
        return
    if spans and spans[-1][1] == start:
        start = spans.pop()[0]
    spans.append((start, end))


@lru_cache(maxsize=65_536)
def _pieces(day: int, zone: str) -> tuple[tuple[int, int, int], ...]:
    """One UTC day cut where the zone changes its clocks: start, end and seconds east of UTC of each piece.

    A gap or a repeated hour needs no further care: within a piece, wall time and UTC run alike. No zone changes twice
    within a day.
    """
    start, end = day * DAY, (day + 1) * DAY
    before, after = _offset(start, zone), _offset(end - 1, zone)
    if before == after:
        return ((start, end, before),)
    change = bisect_right(range(start, end), 0, key=lambda second: _offset(second, zone) != before) + start
    return (start, change, before), (change, end, after)


def _offset(second: int, zone: str) -> int:
    east = datetime.fromtimestamp(second, zone_info(zone)).utcoffset()
    assert east is not None
    return int(east.total_seconds())


def _overlap(left: list[Span], right: tuple[Span, ...]) -> list[Span]:
    return [
        (max(a_start, b_start), min(a_end, b_end))
        for a_start, a_end in left
        for b_start, b_end in right
        if max(a_start, b_start) < min(a_end, b_end)
    ]
