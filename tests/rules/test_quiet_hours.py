"""Quiet hours: the example cases, and properties against a checker that walks minute by minute."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.ban_days import FEDERAL
from webapp.rules.quiet_hours import HoursVerdict, next_dispatch
from webapp.rules.quiet_hours import check as check_place
from webapp.rules.schedule import Rule, Schedule, Window, minutes
from webapp.rules.zones import Candidates, candidates

ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Phoenix",
    "America/St_Johns",
    "America/Adak",
    "Pacific/Guam",
    "America/Vancouver",
]
# The hours around the changes of clocks and of the calendar year, where mistakes live, and some ordinary ones.
MOMENTS = [
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2027, 3, 14, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
    datetime(2026, 7, 1, tzinfo=UTC),
]

FEDERAL_DAYS = {date(2026, 12, 25), date(2027, 1, 1), date(2026, 7, 3), date(2026, 7, 4)}
"""Those within four days of the moments."""

moments = st.builds(
    lambda day, second: day + timedelta(seconds=second), st.sampled_from(MOMENTS), st.integers(-40 * 3600, 40 * 3600)
)
zone_sets = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True)
windows = (
    st.tuples(st.integers(0, 1439), st.integers(1, 1440))
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: Window(*pair))
)
weeks = st.lists(st.none() | windows, min_size=7, max_size=7).map(tuple)
holidays = st.frozensets(st.sampled_from([(date(2026, 3, 8), "A"), (date(2026, 11, 1), "B"), (date(2027, 1, 1), "C")]))
rules = st.builds(
    Rule,
    id=st.just("r"),
    version=st.just("1"),
    label=st.just("by law"),
    week=weeks,
    holidays=holidays,
    calendar=st.sampled_from([None, FEDERAL]),
)
schedules = st.lists(rules, min_size=1, max_size=2).map(Schedule)


def one_window(opens: str, closes: str) -> Schedule:
    """The same hours every day."""
    week = (Window.between(opens, closes),) * 7
    return Schedule([Rule("account", f"{opens}-{closes}", "by your sending hours", week)])


def check(at: datetime, zones: Sequence[str], schedule: Schedule) -> HoursVerdict:
    return check_place(at, Candidates(tuple(zones), (), "timezone"), schedule)


@settings(max_examples=60, deadline=None)
@given(moments, zone_sets, schedules)
def test_the_verdict_and_its_next_change_are_those_of_a_walk_minute_by_minute(
    at: datetime, zones: list[str], schedule: Schedule
):
    verdict = check(at, zones, schedule)
    assert verdict.allowed is _slowly_open(at, zones, schedule)
    change = verdict.open_until if verdict.allowed else verdict.next_allowed_at
    walked = _slow_change(at, zones, schedule, days=4)
    if walked is None:
        assert change is None or change > at + timedelta(days=4)
    else:
        assert change == walked


@given(moments, zone_sets, st.sampled_from(ZONES), schedules)
def test_another_zone_never_opens_what_was_closed(at: datetime, zones: list[str], another: str, schedule: Schedule):
    before, after = check(at, zones, schedule), check(at, [*zones, another], schedule)
    assert before.allowed or not after.allowed
    if not before.allowed and before.next_allowed_at and after.next_allowed_at:
        assert after.next_allowed_at >= before.next_allowed_at


@given(moments, zone_sets, schedules, rules)
def test_another_rule_never_opens_what_was_closed(at: datetime, zones: list[str], schedule: Schedule, another: Rule):
    assert check(at, zones, schedule).allowed or not check(at, zones, Schedule([*schedule.rules, another])).allowed


@given(moments, zone_sets, schedules)
def test_the_next_opening_is_open_and_the_second_before_it_is_not(at: datetime, zones: list[str], schedule: Schedule):
    opening = check(at, zones, schedule).next_allowed_at
    if opening:
        assert check(opening, zones, schedule).allowed
        assert not check(opening - timedelta(seconds=1), zones, schedule).allowed


@settings(max_examples=60, deadline=None)
@given(moments, zone_sets, schedules, st.integers(1, 240))
def test_a_text_is_handed_over_at_the_first_minute_from_which_it_may_wait_and_still_arrive(
    at: datetime, zones: list[str], schedule: Schedule, guard: int
):
    """Checked minute by minute: the whole time that the carrier may keep it lies inside every window."""
    found = next_dispatch(check(at, zones, schedule), timedelta(minutes=guard))
    minute = at.replace(second=0, microsecond=0)
    opened = [_slowly_open(minute + timedelta(minutes=n), zones, schedule) for n in range(2 * 24 * 60 + guard + 1)]
    walked = next((n for n in range(2 * 24 * 60) if all(opened[n : n + guard + 1])), None)
    if walked is None:
        assert found is None or found > at + timedelta(days=2) - timedelta(minutes=1)
    else:
        assert found == max(at, minute + timedelta(minutes=walked))


def test_sending_ends_before_the_hours_do_by_the_time_that_the_carrier_may_keep_a_text():
    zone, guard = ["America/New_York"], timedelta(minutes=5)
    noon = check(datetime(2026, 12, 9, 17, tzinfo=UTC), zone, one_window("08:00", "21:00"))
    end = datetime(2026, 12, 10, 1, 55, tzinfo=UTC)
    assert noon.dispatch_until(guard) == end
    late = check(end, zone, one_window("08:00", "21:00"))
    assert late.allowed
    assert next_dispatch(late, guard) == datetime(2026, 12, 10, 13, tzinfo=UTC)
    assert next_dispatch(noon, guard) == noon.at


def test_a_window_shorter_than_the_carriers_patience_never_serves():
    closed = check(datetime(2026, 12, 9, tzinfo=UTC), ["America/New_York"], one_window("08:00", "08:04"))
    assert next_dispatch(closed, timedelta(minutes=5)) is None


def test_a_window_is_open_at_its_first_instant_and_closed_at_its_last():
    window, zone = one_window("08:00", "21:00"), ["America/New_York"]
    closing = datetime(2026, 12, 10, 2, tzinfo=UTC)
    assert check(closing - timedelta(microseconds=1), zone, window).allowed
    assert not check(closing, zone, window).allowed
    assert check(datetime(2026, 12, 9, 13, tzinfo=UTC), zone, window).open_until == closing


def test_an_opening_inside_the_skipped_hour_is_the_instant_of_the_change():
    verdict = check(datetime(2027, 3, 14, 5, tzinfo=UTC), ["America/New_York"], one_window("02:30", "05:00"))
    assert verdict.next_allowed_at == datetime(2027, 3, 14, 7, tzinfo=UTC)


def test_a_window_in_the_repeated_hour_opens_twice():
    zone, window = ["America/New_York"], one_window("01:30", "02:00")
    first = check(datetime(2026, 11, 1, 4, tzinfo=UTC), zone, window).next_allowed_at
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert check(first, zone, window).open_until == datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert check(datetime(2026, 11, 1, 6, tzinfo=UTC), zone, window).next_allowed_at == first + timedelta(hours=1)


def test_zones_too_far_apart_for_the_window_never_open():
    verdict = check(
        datetime(2026, 12, 9, tzinfo=UTC), ["Pacific/Guam", "America/New_York"], one_window("10:00", "12:00")
    )
    assert (verdict.allowed, verdict.next_allowed_at) == (False, None)


def test_zones_that_meet_only_in_winter_wait_for_it():
    verdict = check(
        datetime(2026, 6, 1, tzinfo=UTC), ["America/New_York", "Pacific/Honolulu"], one_window("09:00", "14:30")
    )
    assert verdict.next_allowed_at == datetime(2026, 11, 1, 19, tzinfo=UTC)


def test_a_window_that_never_closes_has_no_end():
    assert check(datetime(2026, 6, 1, tzinfo=UTC), ["America/Chicago"], one_window("00:00", "24:00")).open_until is None


def test_every_zone_that_keeps_a_text_back_is_explained():
    verdict = check(
        datetime(2026, 12, 10, 2, 30, tzinfo=UTC), candidates("+12195550112").zones, one_window("08:00", "21:00")
    )
    assert [reason.text for reason in verdict.reasons] == [
        "It is 21:30 on Wednesday in Indianapolis; by your sending hours texts may go from 08:00 to 21:00."
    ]
    assert verdict.rules == ["account@08:00-21:00"]


def test_an_allowed_text_has_no_reasons():
    assert check(datetime(2026, 12, 9, 17, tzinfo=UTC), ["America/Chicago"], one_window("08:00", "21:00")).reasons == []


@pytest.mark.parametrize("hours", [("21:00", "08:00"), ("08:00", "08:00")])
def test_a_window_past_midnight_is_refused_with_the_likely_mistake(hours: tuple[str, str]):
    with pytest.raises(ValueError, match=rf"unlike {hours[0]} to {hours[1]}.*not the quiet ones"):
        one_window(*hours)


@pytest.mark.parametrize("clock", ["8:00", "25:00", "08:60", "24:01", "0800", "", "٠٨:00", "08:00 "])
def test_what_is_no_time_of_day_is_refused(clock: str):
    with pytest.raises(ValueError, match="write it as 08:00"):
        minutes(clock)


def test_forgetting_the_zone_of_the_time_or_of_the_reader_allows_nothing():
    with pytest.raises(ValueError, match="aware time"):
        check(datetime(2026, 6, 1), ["America/Chicago"], one_window("08:00", "21:00"))  # noqa: DTZ001
    with pytest.raises(ValueError, match="at least one zone"):
        check(datetime(2026, 6, 1, tzinfo=UTC), [], one_window("08:00", "21:00"))


def _slowly_open(at: datetime, zones: Sequence[str], schedule: Schedule) -> bool:
    """By the words of the law alone: in each zone, by each rule, is the wall clock inside that weekday's window?"""
    for zone in zones:
        wall = at.astimezone(ZoneInfo(zone))
        for rule in schedule.rules:
            window = rule.week[wall.weekday()]
            if window is None or wall.date() in dict(rule.holidays):
                return False
            if rule.calendar and wall.date() in FEDERAL_DAYS:
                return False
            if not window.opens <= wall.hour * 60 + wall.minute < window.closes:
                return False
    return True


def _slow_change(at: datetime, zones: Sequence[str], schedule: Schedule, days: int) -> datetime | None:
    state = _slowly_open(at, zones, schedule)
    minute = at.replace(second=0, microsecond=0)
    for _ in range(days * 24 * 60):
        minute += timedelta(minutes=1)
        if _slowly_open(minute, zones, schedule) is not state:
            return minute
    return None
