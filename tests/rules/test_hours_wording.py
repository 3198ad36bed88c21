"""Why a text is held, in one sentence that a person would say."""

from datetime import UTC, datetime

import pytest

from webapp.rules.policy import Change, ClosedDay, HoursPolicy
from webapp.rules.quiet_hours import judge

DEFAULT = HoursPolicy()
Person = tuple[str, str | None, str | None, str | None]
TEXAS: Person = ("+12145550123", "TX", None, None)
LOUISIANA: Person = ("+15045550138", "LA", None, None)


def held(person: Person, at: str, policy: HoursPolicy = DEFAULT) -> str:
    return judge(*person, policy, datetime.fromisoformat(at)).held_sentence()


@pytest.mark.parametrize(
    ("person", "at", "sentence"),
    [
        (TEXAS, "2026-12-13T16:00:00Z", "Held until 12:00 Sunday in Dallas: in Texas Sunday opens at noon."),
        (TEXAS, "2026-12-13T04:00:00Z", "Held until 12:00 Sunday in Dallas: in Texas Sunday opens at noon."),
        (
            TEXAS,
            "2026-12-10T04:00:00Z",
            "Held until 09:00 Thursday in Dallas: in Texas texts may go from 09:00 to 21:00.",
        ),
        (
            ("+19155550127", None, None, None),
            "2026-12-09T15:30:00Z",
            "Held until 09:00 Wednesday in El Paso: in Texas texts may go from 09:00 to 21:00.",
        ),
        (
            ("+13055550128", None, None, None),
            "2026-12-10T01:30:00Z",
            "Held until 08:00 Thursday in Miami: in Florida texts may go from 08:00 to 20:00.",
        ),
        (
            ("+14015550141", "RI", None, None),
            "2026-12-12T14:00:00Z",
            "Held until 10:00 Saturday in Providence: in Rhode Island Saturday opens at 10:00.",
        ),
        (
            LOUISIANA,
            "2026-12-13T02:30:00Z",
            "Held until 08:00 Monday in New Orleans: in Louisiana no texts may go on Sundays.",
        ),
        (
            LOUISIANA,
            "2026-11-26T18:00:00Z",
            "Held until 08:00 Saturday in New Orleans: in Louisiana no texts may go on Thanksgiving Day or the day"
            " after Thanksgiving.",
        ),
        (
            ("+12155550143", "PA", None, None),
            "2026-12-25T17:00:00Z",
            "Held until 08:00 Saturday in Philadelphia: in Pennsylvania no texts may go on Christmas Day.",
        ),
        (
            ("+12125550101", None, None, None),
            "2026-12-10T03:00:00Z",
            "Held until 08:00 Thursday in New York: by federal law texts may go from 08:00 to 21:00.",
        ),
        (
            ("+14165550151", None, None, None),
            "2026-12-10T03:00:00Z",
            "Held until 08:00 Thursday in Toronto: by your sending hours texts may go from 08:00 to 21:00.",
        ),
    ],
)
def test_it_says_until_when_where_and_by_which_law(person: Person, at: str, sentence: str):
    assert held(person, at) == sentence


def test_of_two_zones_the_one_that_opens_last_is_told():
    assert held(("+18505550129", "FL", None, None), "2026-12-09T12:30:00Z") == (
        "Held until 08:00 Wednesday in Pensacola: in Florida texts may go from 08:00 to 20:00."
    )


def test_the_accounts_tighter_hours_are_said_to_be_the_accounts():
    own = DEFAULT.with_account_hours("10:00", "17:00")
    assert held(TEXAS, "2026-12-09T15:30:00Z", own) == (
        "Held until 10:00 Wednesday in Dallas: by your sending hours texts may go from 10:00 to 17:00."
    )


def test_hours_that_the_account_gave_a_state_are_said_to_be_the_accounts():
    own = HoursPolicy(changes={"TX": Change(week=(("10:00", "17:00"),) * 7)})
    assert held(TEXAS, "2026-12-09T15:30:00Z", own) == (
        "Held until 10:00 Wednesday in Dallas: by your hours for Texas texts may go from 10:00 to 17:00."
    )


def test_an_opening_more_than_a_week_away_has_its_date():
    days = tuple(ClosedDay(day=f"2026-12-{day:02}", name="Moving house") for day in range(9, 20))
    own = HoursPolicy(changes={"account": Change(closed_days=days)})
    assert held(TEXAS, "2026-12-09T18:00:00Z", own) == (
        "Held until 12:00 Sunday 20 December in Dallas: by your sending hours no texts may go on Moving house."
    )


def test_hours_that_never_meet_are_said_to_be_so():
    own = DEFAULT.with_account_hours("10:00", "12:00")
    place: Person = ("+16715550109", "NY", None, None)
    assert "no hour is inside the window" in held(place, "2026-12-09T18:00:00Z", own)


def test_every_rule_in_every_zone_has_its_reason():
    verdict = judge("+18505550129", "FL", None, None, DEFAULT, datetime(2026, 12, 10, 2, 30, tzinfo=UTC))
    assert [(reason.zone, reason.rule) for reason in verdict.reasons] == [
        ("America/New_York", "account"),
        ("America/New_York", "federal"),
        ("America/New_York", "FL"),
        ("America/Chicago", "FL"),
    ]
    assert verdict.reasons[-1].text == (
        "It is 20:30 on Wednesday in Pensacola; in Florida texts may go from 08:00 to 20:00."
    )
