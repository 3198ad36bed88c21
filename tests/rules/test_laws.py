"""The laws as data: what was first written down is all there, dated and sourced, and holidays are computed for good."""

import json
from datetime import date
from pathlib import Path

import pytest

from webapp.rules.ban_days import names_in
from webapp.rules.laws import FEDERAL, LAWS, is_jurisdiction, law_of
from webapp.rules.places import NAMES, city
from webapp.rules.schedule import Window
from webapp.rules.zones import AREA_CODES

DATA = Path(__file__).parent / "data"
STATES = json.loads((DATA / "reference_state_rules.json").read_text("utf-8"))["states"]
HOLIDAYS = json.loads((DATA / "reference_state_holidays.json").read_text("utf-8"))["holidays"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.mark.parametrize("state", sorted(STATES))
def test_each_law_has_the_hours_the_cap_and_the_standing_that_were_written_down(state: str):
    law, reference = LAWS[state], STATES[state]
    expected = tuple(hours and Window.between(*hours) for hours in (reference["windows"][day] for day in DAYS))
    assert law.week == expected
    assert (law.calendar is not None) is reference["holiday_ban"]
    assert (law.cap_24h, law.confidence) == (reference["cap_24h"], reference["confidence"])
    assert law.enforced is reference["enforce_by_default"]


def test_every_law_is_dated_named_and_says_where_it_stands():
    for law in LAWS.values():
        assert date.fromisoformat(law.version) <= date(2026, 11, 25)
        assert law.name
        assert law.basis
        assert law.source


@pytest.mark.parametrize("year", [2026, 2027, 2028])
@pytest.mark.parametrize("state", sorted(HOLIDAYS))
def test_the_days_without_texts_are_those_of_the_reference(state: str, year: int):
    calendar = LAWS[state].calendar
    assert calendar is not None
    computed = {day.isoformat() for day in names_in(calendar, year)}
    listed = {day for day in HOLIDAYS[state] if day.startswith(str(year))}
    general_election = {"2026-11-03", "2028-11-07"} if state == "LA" else set()  # La. R.S. 1:55, even years
    assert computed - general_election == listed


@pytest.mark.parametrize(
    ("state", "day", "name"),
    [
        ("LA", date(2035, 2, 6), "Mardi Gras"),
        ("LA", date(2035, 3, 23), "Good Friday"),
        ("LA", date(2034, 11, 7), "Election Day"),
        ("RI", date(2033, 8, 8), "Victory Day"),
        ("RI", date(2034, 11, 7), "Election Day"),
        ("UT", date(2033, 7, 25), "Pioneer Day (observed)"),
        ("PA", date(2033, 11, 8), "Election Day"),
        ("AL", date(2033, 4, 25), "Confederate Memorial Day"),
        ("AL", date(2032, 12, 31), "New Year's Day (observed)"),
        ("AL", date(2033, 12, 26), "Christmas Day (observed)"),
    ],
)
def test_years_beyond_the_reference_are_computed_and_every_day_has_its_name(state: str, day: date, name: str):
    calendar = LAWS[state].calendar
    assert calendar is not None
    assert calendar.name_of(day) == name


@pytest.mark.parametrize("day", [date(2033, 11, 8), date(2027, 11, 2)])
def test_general_elections_are_in_even_years(day: date):
    for state in ("LA", "RI"):
        calendar = LAWS[state].calendar
        assert calendar is not None
        assert calendar.name_of(day) is None


def test_a_state_without_a_law_of_its_own_has_the_federal_hours_and_is_not_enforced():
    ohio = law_of("OH")
    assert (ohio.week, ohio.enforced, ohio.confidence) == (LAWS[FEDERAL].week, False, None)
    assert is_jurisdiction("OH")
    assert not is_jurisdiction("ZZ")
    with pytest.raises(KeyError):
        law_of("ZZ")


def test_every_state_and_province_has_a_name_and_a_town_for_each_of_its_zones():
    assert set(NAMES) == set(AREA_CODES.state_zones)
    for state, zones in AREA_CODES.state_zones.items():
        assert set(NAMES[state].cities) == set(zones)


@pytest.mark.parametrize(
    ("zone", "states", "town"),
    [
        ("America/Chicago", ("TX",), "Dallas"),
        ("America/Denver", ("TX",), "El Paso"),
        ("America/Chicago", ("NY", "FL"), "Pensacola"),
        ("America/Chicago", ("NY",), "Chicago"),
        ("Europe/London", (), "London"),
        ("America/New_York", (), "New York"),
    ],
)
def test_a_time_is_told_in_a_town_of_the_leads_own_state(zone: str, states: tuple[str, ...], town: str):
    assert city(zone, states) == town
