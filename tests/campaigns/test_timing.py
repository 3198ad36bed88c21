"""When a step is due, against a calendar that is read hour by hour: days, times of day, weekends, daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.campaigns.support import DAY, HOUR, text
from webapp.campaigns import timing
from webapp.campaigns.building import timeline

ZONES = ("America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles", "America/St_Johns", "UTC")
#: In 2026 and 2027 clocks change in these weeks.
_FROM = datetime(2026, 10, 28, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

moments = st.integers(0, 240 * DAY).map(lambda minutes: _FROM + minutes * _MINUTE)
times = st.integers(0, DAY - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
zones = st.sampled_from(ZONES)


def local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def shown(at: datetime, zone: str) -> str:
    return f"{local(at, zone):%a %H:%M}"


@pytest.mark.parametrize(
    ("enrolled", "came"),
    [("2026-12-07 09:00", "Tue 10:05"), ("2026-12-07 10:30", "Tue 10:05"), ("2026-12-07 23:59", "Tue 10:05")],
)
def test_a_day_then_a_time_is_tomorrow_however_late_it_is_today(enrolled: str, came: str) -> None:
    since = datetime.fromisoformat(enrolled).replace(tzinfo=ZoneInfo("America/Chicago"))
    assert shown(timing.due(text("Two", DAY, at_local="10:05"), since, "America/Chicago"), "America/Chicago") == came


@settings(deadline=None)
@given(since=moments, zone=zones, days=st.integers(1, 30), at=times, weekdays=st.booleans())
@example(_FROM + 4 * DAY * _MINUTE, "America/Chicago", 1, "01:30", False)
@example(datetime(2027, 3, 13, 18, tzinfo=UTC), "America/New_York", 1, "02:30", False)
def test_whole_days_before_a_time_of_day_are_days_of_the_calendar(
    since: datetime, zone: str, days: int, at: str, weekdays: bool
) -> None:
    due = timing.due(text("x", days * DAY, at_local=at, weekdays_only=weekdays), since, zone)
    later = (local(due, zone).date() - local(since, zone).date()).days
    wanted = local(since, zone) + timedelta(days=days)
    moved = {5: 2, 6: 1}.get(wanted.weekday(), 0) if weekdays else 0
    assert later == days + moved
    assert due == first_instant(due, at, zone)
    assert due > since


@settings(deadline=None)
@given(since=moments, zone=zones, delay=st.integers(0, 72 * HOUR).filter(lambda d: d == 0 or d % DAY), at=times)
def test_after_any_other_delay_it_is_the_next_such_time(since: datetime, zone: str, delay: int, at: str) -> None:
    earliest = since + delay * _MINUTE
    due = timing.due(text("x", delay, at_local=at), since, zone)
    assert due >= earliest
    assert due == first_instant(due, at, zone)
    day_before = first_instant(due - timedelta(days=1), at, zone)
    assert day_before < earliest


@settings(deadline=None)
@given(since=moments, zone=zones, delay=st.integers(0, 72 * HOUR), at=st.none() | times)
def test_on_weekdays_only_it_is_never_a_weekend_and_moves_no_further_than_to_monday(
    since: datetime, zone: str, delay: int, at: str | None
) -> None:
    free = timing.due(text("x", delay, at_local=at), since, zone)
    due = timing.due(text("x", delay, at_local=at, weekdays_only=True), since, zone)
    assert local(due, zone).weekday() < 5
    if local(free, zone).weekday() < 5:
        assert due == free
    else:
        assert local(due, zone).weekday() == 0
        assert 0 < (local(due, zone).date() - local(free, zone).date()).days <= 2


@settings(deadline=None)
@given(since=moments, zone=zones, delay=st.integers(0, 72 * HOUR))
def test_a_delay_alone_is_exact_to_the_minute(since: datetime, zone: str, delay: int) -> None:
    assert timing.due(text("x", delay), since, zone) - since == delay * _MINUTE


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (text("x", DAY, at_local="10:05"), "1 day after step 1, at 10:05"),
        (text("x", 2 * DAY, at_local="10:05", weekdays_only=True), "2 days after step 1, at 10:05, a weekend moved to "
         "Monday"),
        (text("x", 0, at_local="10:05"), "At 10:05, after step 1"),
        (text("x", 3 * HOUR, at_local="10:05"), "At 10:05, 3 hours after step 1 at the earliest"),
        (text("x", 3 * HOUR, at_local="10:05", weekdays_only=True), "At 10:05 on the next weekday, 3 hours after step "
         "1 at the earliest"),
        (text("x", 90), "90 minutes after step 1"),
    ],
)  # fmt: skip
def test_the_builder_says_it_in_these_words(step: timing.Step, words: str) -> None:
    assert timeline.when_words(step, 1) == words


def first_instant(day_of: datetime, at: str, zone: str) -> datetime:
    """The instant at which clocks first show ``at`` on the local day of ``day_of``; where they skip it, as long after
    the change. Found by looking at every minute of that day."""
    day = local(day_of, zone).date()
    minutes = [day_of + n * _MINUTE for n in range(-26 * HOUR, 26 * HOUR)]
    shown = [minute for minute in minutes if local(minute, zone).date() == day]
    for minute in shown:
        if f"{local(minute, zone):%H:%M}" == at:
            return minute
    later = f"{(datetime.fromisoformat(f'2026-01-01T{at}') + timedelta(hours=1)):%H:%M}"
    return next(minute for minute in shown if f"{local(minute, zone):%H:%M}" == later)
