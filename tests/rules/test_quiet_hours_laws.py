"""Quiet hours by law: the example cases, and properties against a checker that knows the laws from another table.

The checker (`slow_checker`) reads the laws as they were first written down, not the form that the engine has, and walks
wall clocks minute by minute.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.slow_checker import lawful
from webapp.rules.area_codes import AREA_CODES
from webapp.rules.policy import Change, HoursPolicy
from webapp.rules.policy_rules import schedule_for
from webapp.rules.postal_codes import PLACES
from webapp.rules.quiet_hours import HoursVerdict, check, judge, next_dispatch
from webapp.rules.zones import candidates

DATA = Path(__file__).parent / "data"
CASES = [json.loads(line) for line in (DATA / "quiet_hours.jsonl").read_text("utf-8").splitlines()]
DEFAULT = HoursPolicy()

phones = st.sampled_from([f"+1{code}5550123" for code in [*AREA_CODES.areas, "800", "600"]])
states = st.none() | st.sampled_from(sorted(AREA_CODES.state_zones))
zips = st.none() | st.sampled_from([f"{key:0<5}" for key in PLACES if key.isdigit()] + ["V5K 0A1", "A1A 1A1"])
timezones = st.sampled_from([None, None, None, "America/St_Johns", "America/Chicago", "America/Phoenix"])
people = st.tuples(phones, states, zips, timezones)
# From the first day of the reference table to its last, with the changes of clocks as likely as all other days.
CHANGES = [datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 3, 14, tzinfo=UTC)]
anytime = st.integers(0, 3 * 364 * 86_400).map(lambda second: datetime(2026, 1, 2, tzinfo=UTC) + timedelta(0, second))
near_changes = st.builds(
    lambda day, second: day + timedelta(seconds=second), st.sampled_from(CHANGES), st.integers(-90_000, 90_000)
)
moments = anytime | near_changes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_example_is_decided_as_labelled_the_disputed_ones_too(case: dict[str, Any]):
    """The disputed labels are the stricter reading, and ours.

    21:00 itself is closed (half-open); Utah's Sundays hold with consent too, until an account decides otherwise;
    Mississippi's "Central Standard Time" is what its clocks show; Kentucky opens at 10 and Nevada at 9, the strictest
    of what sources say; a Florida number keeps Florida's hours at an address elsewhere.
    """
    policy = DEFAULT.with_account_hours(*case["window"])
    at = datetime.fromisoformat(case["utc"])
    verdict = judge(case["phone"], case["state"], None, case["timezone"], policy, at)
    opening = case["next_allowed_utc"] and datetime.fromisoformat(case["next_allowed_utc"])
    assert (verdict.allowed, verdict.next_allowed_at) == (case["allowed"], opening), case["why"]
    assert set(verdict.place.zones) == set(case["zones"])
    assert [rule.id for rule in verdict.schedule.rules if len(rule.id) == 2] == case["rules_applied"]


@settings(max_examples=150, deadline=None)
@given(people, moments)
def test_the_verdict_is_that_of_the_laws_as_they_were_first_written_down(
    person: tuple[str, str | None, str | None, str | None], at: datetime
):
    verdict = judge(*person, DEFAULT, at)
    assert verdict.allowed is lawful(at, verdict.place)


@settings(max_examples=40, deadline=None)
@given(people, moments)
def test_no_minute_before_the_next_opening_is_lawful_and_the_opening_is(
    person: tuple[str, str | None, str | None, str | None], at: datetime
):
    verdict = judge(*person, DEFAULT, at)
    if verdict.allowed or verdict.next_allowed_at is None:
        return
    opening, minute = verdict.next_allowed_at, at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    assert opening.second == 0
    assert lawful(opening, verdict.place)
    while minute < opening:
        assert not lawful(minute, verdict.place), f"{minute} was open"
        minute += timedelta(minutes=1)


@settings(max_examples=40, deadline=None)
@given(people, moments)
def test_until_the_hours_end_every_minute_is_lawful_and_then_none_is(
    person: tuple[str, str | None, str | None, str | None], at: datetime
):
    verdict = judge(*person, DEFAULT, at)
    if not verdict.allowed:
        return
    assert verdict.open_until is not None, "no law leaves a night open"
    minute = at
    while minute < verdict.open_until:
        assert lawful(minute, verdict.place)
        minute += timedelta(minutes=1)
    assert not lawful(verdict.open_until, verdict.place)


@pytest.mark.parametrize(
    "person",
    [
        ("+17095550123", None, None, None),  # half an hour between its zones
        ("+19155550123", "TX", None, None),
        ("+14015550123", "RI", "02903", None),
    ],
)
def test_a_whole_year_of_quarters_of_an_hour_is_right(person: tuple[str, str | None, str | None, str | None]):
    at = datetime(2027, 1, 1, tzinfo=UTC)
    place = candidates(person[0], person[1], person[3], person[2])
    wrong = []
    for _ in range(365 * 24 * 4):
        if judge(*person, DEFAULT, at).allowed is not lawful(at, place):
            wrong.append(at)
        at += timedelta(minutes=15)
    assert wrong == []


@given(people, st.sampled_from(sorted(AREA_CODES.state_zones)), moments)
def test_another_states_law_never_opens_what_was_closed(
    person: tuple[str, str | None, str | None, str | None], elsewhere: str, at: datetime
):
    alone = judge(*person, DEFAULT, at)
    place = alone.place
    both = check(at, place, schedule_for(DEFAULT, (*place.states, elsewhere), place.countries))
    assert alone.allowed or not both.allowed
    if alone.next_allowed_at and both.next_allowed_at:
        assert both.next_allowed_at >= alone.next_allowed_at


@given(people, st.sampled_from(["America/Adak", "America/New_York", "Pacific/Guam", "America/St_Johns"]), moments)
def test_another_zone_never_opens_what_was_closed(
    person: tuple[str, str | None, str | None, str | None], another: str, at: datetime
):
    alone = judge(*person, DEFAULT, at)
    wider = alone.place._replace(zones=(*alone.place.zones, another))
    assert alone.allowed or not check(at, wider, alone.schedule).allowed


def test_an_answer_is_remembered_only_for_as_long_as_it_holds():
    """The same person at instants that go back and forth across openings and closings."""
    person = ("+13055550128", "FL", "33101", None)
    instants = [datetime(2026, 12, 9, hour, minute, tzinfo=UTC) for hour in range(24) for minute in (0, 59)]
    forth = [judge(*person, DEFAULT, at) for at in instants]
    back = [judge(*person, DEFAULT, at) for at in reversed(instants)]
    assert [_told(verdict) for verdict in forth] == [_told(verdict) for verdict in reversed(back)]
    assert {verdict.allowed for verdict in forth} == {True, False}


def test_years_beyond_the_reference_have_their_holidays_too():
    """Memorial Day 2041, computed."""
    verdict = judge("+14015550141", "RI", None, None, DEFAULT, datetime(2041, 5, 27, 16, tzinfo=UTC))
    assert not verdict.allowed
    assert "no texts may go on Memorial Day" in verdict.reasons[0].text


def test_a_number_with_no_place_is_bound_by_the_hours_of_every_state_and_by_no_states_law():
    verdict = judge("+18005550150", None, None, None, DEFAULT, datetime(2026, 12, 13, 20, tzinfo=UTC))
    assert verdict.allowed
    assert verdict.rules == ["account@08:00-21:00", "federal@2026-11-22"]


def test_federal_hours_hold_in_the_country_alone():
    night = HoursPolicy().with_account_hours("00:00", "24:00")
    at = datetime(2026, 12, 10, 4, tzinfo=UTC)
    assert not judge("+12125550101", None, None, None, night, at).allowed
    assert judge("+14165550151", None, None, None, night, at).rules == ["account@00:00-24:00"]
    assert judge("+442079460958", None, None, None, night, at).allowed


def test_canadas_hours_for_calls_are_a_courtesy_that_an_account_may_turn_on():
    saturday_evening = datetime(2026, 12, 12, 23, 30, tzinfo=UTC)
    courtesy = HoursPolicy(changes={"canada": Change(enforced=True)})
    assert judge("+14165550151", None, None, None, DEFAULT, saturday_evening).allowed
    assert not judge("+14165550151", None, None, None, courtesy, saturday_evening).allowed
    assert judge("+12125550101", None, None, None, courtesy, saturday_evening).allowed


def test_sending_ends_before_a_states_hours_do():
    verdict = judge("+13055550128", "FL", None, None, DEFAULT, datetime(2026, 12, 10, 0, 56, tzinfo=UTC))
    assert verdict.allowed
    assert verdict.dispatch_until(timedelta(minutes=5)) == datetime(2026, 12, 10, 0, 55, tzinfo=UTC)
    assert next_dispatch(verdict, timedelta(minutes=5)) == datetime(2026, 12, 10, 13, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware time"):
        judge("+13055550128", None, None, None, DEFAULT, datetime(2026, 12, 10))  # noqa: DTZ001


def _told(verdict: HoursVerdict) -> tuple[object, ...]:
    return verdict.at, verdict.allowed, verdict.next_allowed_at, verdict.open_until
