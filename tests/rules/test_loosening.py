"""Which of two policies is looser, and where: nothing that opens a minute goes unnamed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.loosening import looser, looser_than_law
from webapp.rules.places import NAMES
from webapp.rules.policy import Change, ClosedDay, HoursPolicy, WeekHours
from webapp.rules.policy_rules import schedule_for
from webapp.rules.quiet_hours import check
from webapp.rules.zones import Candidates

DEFAULT = HoursPolicy()
CLOSED = ClosedDay(day="2026-12-09", name="Storm")

windows = st.sampled_from([("08:00", "20:00"), ("09:00", "21:00"), ("08:00", "21:00"), ("00:00", "24:00"), None])
weeks = st.none() | st.tuples(*[windows] * 7)
changes = st.builds(
    Change,
    enforced=st.sampled_from([None, True, False]),
    week=weeks,
    holidays=st.sampled_from([None, True, False]),
    closed_days=st.sampled_from([(), (CLOSED,)]),
    killed=st.sampled_from([False, False, False, True]),
)
policies = st.dictionaries(st.sampled_from(["account", "federal", "canada", "LA", "TX", "OH", "ON"]), changes).map(
    lambda given: HoursPolicy(changes=given)
)
states = st.sampled_from(["LA", "TX", "OH", "ON"])
# December 2026 has an own closed day, a federal holiday that LA keeps, and every weekday.
moments = st.integers(0, 31 * 24 * 4).map(lambda n: datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=15 * n))


def every_day(opens: str, closes: str) -> WeekHours:
    return ((opens, closes),) * 7


def named(before: HoursPolicy, after: HoursPolicy) -> list[str]:
    return [found.text for found in looser(before, after)]


def changed(**changes: Change) -> HoursPolicy:
    return HoursPolicy(changes=changes)


@settings(max_examples=300, deadline=None)
@given(policies, policies, states, moments)
def test_where_nothing_is_named_nobody_gets_a_text_that_they_would_not_have_got(
    before: HoursPolicy, after: HoursPolicy, state: str, at: datetime
):
    opened = allowed(after, state, at) and not allowed(before, state, at)
    assert not opened or looser(before, after)


@settings(max_examples=200, deadline=None)
@given(policies, policies, states, moments)
def test_what_is_named_is_of_a_rule_that_opens_a_minute_or_a_day(
    before: HoursPolicy, after: HoursPolicy, state: str, at: datetime
):
    """Undoing all that is named leaves a policy that is nowhere looser."""
    undone = after
    for found in looser(before, after):
        undone = undone.changed(found.jurisdiction, before.change_of(found.jurisdiction))
    assert looser(before, undone) == []
    assert not (allowed(undone, state, at) and not allowed(before, state, at))


@given(policies)
def test_no_policy_is_looser_than_itself(policy: HoursPolicy):
    assert looser(policy, policy) == []


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (Change(week=every_day("09:00", "19:00")), []),
        (Change(week=every_day("08:00", "21:00")), ["Florida: every day from 20:00 to 21:00"]),
        (Change(week=every_day("07:00", "21:00")), ["Florida: every day from 07:00 to 08:00 and from 20:00 to 21:00"]),
        (Change(enforced=False), ["Florida: every day from 00:00 to 08:00 and from 20:00 to 24:00"]),
        (Change(killed=True), []),
        (Change(closed_days=(CLOSED,)), []),
        (Change(holidays=True), []),
    ],
)
def test_a_states_hours_are_named_where_they_grow(change: Change, texts: list[str]):
    assert named(DEFAULT, changed(FL=change)) == texts


def test_neighbouring_days_are_told_together():
    week = (*every_day("08:00", "21:00")[:5], ("08:00", "20:00"), ("10:00", "11:00"))
    assert named(DEFAULT, changed(LA=Change(week=week))) == [
        "Louisiana: Mondays to Fridays from 20:00 to 21:00",
        "Louisiana: Sundays from 10:00 to 11:00",
    ]


def test_a_noon_opening_given_up_is_named():
    week = every_day("09:00", "21:00")
    assert named(DEFAULT, changed(TX=Change(week=week))) == ["Texas: Sundays from 09:00 to 12:00"]


def test_holidays_given_up_are_named():
    assert named(DEFAULT, changed(PA=Change(holidays=False))) == ["Pennsylvania: holidays"]


def test_a_closed_day_given_up_is_named_unless_it_is_closed_anyway():
    kept = changed(TX=Change(closed_days=(CLOSED,)))
    assert named(kept, DEFAULT) == ["Texas: 9 December 2026 (Storm)"]
    sunday = ClosedDay(day="2026-12-13", name="Sunday")
    assert named(changed(LA=Change(closed_days=(sunday,))), DEFAULT) == []


def test_a_lifted_stop_is_named():
    stopped = changed(LA=Change(killed=True), account=Change(killed=True))
    assert named(stopped, DEFAULT) == [
        "Your sending hours: texts are no longer stopped",
        "Louisiana: texts are no longer stopped",
    ]


def test_the_accounts_hours_are_named_where_they_grow():
    before = DEFAULT.with_account_hours("09:00", "17:00")
    after = DEFAULT.with_account_hours("09:00", "18:30")
    assert named(before, after) == ["Your sending hours: every day from 17:00 to 18:30"]
    assert named(after, before) == []


def test_a_law_that_is_loosened_counts_even_while_the_accounts_hours_hide_it():
    narrow = DEFAULT.with_account_hours("10:00", "12:00")
    assert named(narrow, narrow.changed("FL", Change(enforced=False))) != []


def test_a_policy_is_measured_against_our_reading_of_the_laws():
    policy = changed(FL=Change(week=every_day("08:00", "20:30")), account=Change(week=every_day("00:00", "24:00")))
    assert [found.text for found in looser_than_law(policy)] == ["Florida: every day from 20:00 to 20:30"]


def allowed(policy: HoursPolicy, state: str, at: datetime) -> bool:
    countries = ("CA",) if state == "ON" else ("US",)
    place = Candidates((next(iter(NAMES[state].cities)),), (state,), "state", countries)
    return check(at, place, schedule_for(policy, (state,), countries)).allowed
