"""A policy: what an account changes of the laws, kept as JSON, and the rules that come of it."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from webapp.rules.policy import Change, ClosedDay, HoursPolicy, WeekHours
from webapp.rules.quiet_hours import HoursVerdict, judge

FLORIDA = ("+13055550128", "FL", None, None)
TEXAS = ("+12145550123", "TX", None, None)
LOUISIANA = ("+15045550138", "LA", None, None)
NEW_YORK = ("+12125550101", "NY", None, None)
EVENING = datetime(2026, 12, 10, 1, 30, tzinfo=UTC)  # Wednesday, 20:30 in Miami and New York, 19:30 in Texas
NOON = datetime(2026, 12, 9, 18, tzinfo=UTC)


def every_day(opens: str, closes: str) -> WeekHours:
    return ((opens, closes),) * 7


def after(person: tuple[str, str, None, None], at: datetime = NOON, **changes: Change) -> HoursVerdict:
    return judge(*person, HoursPolicy(changes=changes), at)


def test_a_policy_comes_back_from_json_as_the_same_value():
    policy = HoursPolicy(
        changes={
            "account": Change(week=(None, *every_day("09:00", "17:00")[:5], None)),
            "FL": Change(enforced=False),
            "LA": Change(killed=True, killed_because="PSC", closed_days=(ClosedDay(day="2027-02-09", name="Storm"),)),
        }
    )
    stored = json.loads(json.dumps(policy.model_dump()))
    assert HoursPolicy.model_validate(stored) == policy
    assert hash(HoursPolicy.model_validate(stored)) == hash(policy)
    assert policy != HoursPolicy()


def test_a_change_that_changes_nothing_is_none():
    assert HoursPolicy(changes={"FL": Change()}) == HoursPolicy()


@pytest.mark.parametrize(
    "changes",
    [
        {"ZZ": {"killed": True}},
        {"FL": {"week": [["21:00", "08:00"]] * 7}},
        {"FL": {"week": [["8:00", "21:00"]] * 7}},
        {"FL": {"week": [["08:00", "21:00"]] * 6}},
        {"FL": {"closed_days": [{"day": "2027-02-30", "name": "Never"}]}},
        {"FL": {"closed_days": [{"day": "2027-02-28", "name": " "}]}},
        {"FL": {"enforce": False}},
    ],
)
def test_what_is_no_law_no_hours_or_no_day_is_refused(changes: dict[str, object]):
    with pytest.raises(ValidationError):
        HoursPolicy.model_validate({"changes": changes})


def test_a_law_that_is_not_enforced_leaves_the_federal_hours():
    assert not after(FLORIDA, EVENING).allowed
    verdict = after(FLORIDA, EVENING, FL=Change(enforced=False))
    assert verdict.allowed
    assert verdict.rules == ["account@08:00-21:00", "federal@2026-11-22"]


def test_a_law_that_is_off_by_default_can_be_enforced():
    jersey, early = ("+12015550123", "NJ", None, None), EVENING
    assert after(jersey, early).allowed
    assert not after(jersey, early, NJ=Change(enforced=True)).allowed


def test_a_states_hours_can_be_tightened_and_loosened_and_decisions_cite_the_change():
    tighter = after(FLORIDA, NOON, FL=Change(week=every_day("14:00", "15:00")))
    assert not tighter.allowed
    assert tighter.rules[-1].startswith("FL@2026-11-22+")
    assert after(FLORIDA, EVENING, FL=Change(week=every_day("08:00", "21:00"))).allowed


def test_the_version_tells_two_changes_of_one_law_apart():
    one = after(FLORIDA, FL=Change(week=every_day("09:00", "19:00"))).rules[-1]
    another = after(FLORIDA, FL=Change(week=every_day("09:00", "18:00"))).rules[-1]
    assert one != another
    assert one == after(FLORIDA, FL=Change(week=every_day("09:00", "19:00"))).rules[-1]


def test_a_state_without_a_law_can_have_hours_of_the_accounts():
    ohio = ("+16145550123", "OH", None, None)
    assert after(ohio).allowed
    assert not after(ohio, OH=Change(enforced=True, week=every_day("14:00", "15:00"))).allowed


def test_own_days_without_texts_come_on_top_of_a_laws():
    storm = Change(closed_days=(ClosedDay(day="2026-12-09", name="Proclaimed by the governor"),))
    verdict = after(LOUISIANA, LA=storm)
    assert not verdict.allowed
    assert "no texts may go on Proclaimed by the governor" in verdict.reasons[0].text
    assert verdict.next_allowed_at == datetime(2026, 12, 10, 14, tzinfo=UTC)


def test_holidays_can_be_dropped_where_a_law_has_them_and_kept_where_none_has():
    christmas = datetime(2026, 12, 25, 18, tzinfo=UTC)
    assert not after(LOUISIANA, christmas).allowed
    assert after(LOUISIANA, christmas, LA=Change(holidays=False)).allowed
    assert after(TEXAS, christmas).allowed
    assert not after(TEXAS, christmas, TX=Change(holidays=True)).allowed
    assert not after(NEW_YORK, christmas, account=Change(holidays=True)).allowed


def test_the_accounts_own_hours_hold_everywhere_by_weekday():
    weekdays = (*every_day("09:00", "17:00")[:5], None, None)
    policy = HoursPolicy(changes={"account": Change(week=weekdays)})
    assert judge(*NEW_YORK, policy, NOON).allowed
    saturday = judge(*NEW_YORK, policy, datetime(2026, 12, 12, 17, tzinfo=UTC))
    assert saturday.next_allowed_at == datetime(2026, 12, 14, 14, tzinfo=UTC)


def test_hours_by_weekday_are_not_replaced_by_the_simple_ones():
    own = HoursPolicy(changes={"account": Change(week=every_day("10:00", "12:00"))})
    assert own.with_account_hours("08:00", "21:00") is own
    assert HoursPolicy().with_account_hours("09:00", "17:00").change_of("account").week == every_day("09:00", "17:00")


def test_a_stopped_state_gets_no_text_at_any_hour_until_it_is_lifted():
    verdict = after(LOUISIANA, LA=Change(killed=True, killed_because="PSC emergency"))
    assert (verdict.allowed, verdict.next_allowed_at, verdict.killed) == (False, None, True)
    told = "exts to Louisiana are stopped until somebody lifts it (PSC emergency)."
    assert [reason.text for reason in verdict.reasons] == [f"T{told}"]
    assert verdict.held_sentence() == f"Held: t{told}"
    assert after(TEXAS, LA=Change(killed=True)).allowed


def test_a_stopped_state_is_stopped_for_whoever_its_law_may_protect_and_even_if_its_law_is_not_enforced():
    moved = ("+15045550138", "TX", None, None)
    assert not after(moved, LA=Change(killed=True, enforced=False)).allowed


def test_a_state_without_a_law_can_be_stopped():
    assert not after(NEW_YORK, NY=Change(killed=True)).allowed


def test_everything_can_be_stopped():
    verdict = after(NEW_YORK, account=Change(killed=True))
    assert verdict.held_sentence() == "Held: all texts are stopped until somebody lifts it."
    assert HoursPolicy(changes={"account": Change(killed=True)}).kills == ("account",)
