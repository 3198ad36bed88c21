"""Zones: what is known of a person decides, the address and the number narrow or widen, and the data is fresh."""

import zoneinfo
from datetime import date

import pytest

from webapp.rules.area_codes import AREA_CODES
from webapp.rules.zones import (
    Candidates,
    candidates,
    is_state,
    is_zone,
    zone_data_age,
    zone_data_is_fresh,
    zone_info,
)

NEW_YORK, CHICAGO, DENVER = "America/New_York", "America/Chicago", "America/Denver"


def test_the_zone_data_is_pypis_and_knows_the_changes_of_2026():
    assert zone_data_is_fresh()
    assert zoneinfo.TZPATH == ()


def test_a_zone_on_record_decides_alone():
    assert candidates("+14155550149", timezone=NEW_YORK).zones == (NEW_YORK,)
    assert candidates("+14155550149", state="TX", timezone=NEW_YORK).zones == (NEW_YORK,)


def test_the_laws_of_address_and_area_code_count_even_with_a_zone_on_record():
    assert candidates("+13055550128", state="NY", timezone=CHICAGO).states == ("NY", "FL")


def test_an_area_code_narrows_its_own_state():
    assert candidates("+19155550127", "TX") == Candidates((DENVER,), ("TX",), "state and area code")
    assert candidates("+13175550126", "IN").zones == ("America/Indiana/Indianapolis",)


def test_an_area_code_of_a_whole_split_state_does_not_narrow_it():
    assert set(candidates("+12085550119", "ID").zones) == {"America/Boise", "America/Los_Angeles"}


def test_an_address_elsewhere_widens():
    moved = candidates("+12125550101", "FL")
    assert moved == Candidates((CHICAGO, NEW_YORK), ("FL", "NY"), "state or area code")


def test_a_province_narrows_the_code_that_it_shares_with_others():
    assert candidates("+18675550123", "YT").zones == ("America/Whitehorse",)
    assert candidates("+19025550156", "NS").zones == ("America/Halifax",)


def test_a_number_without_place_has_the_zones_of_its_address():
    assert set(candidates("+18005550150", "TX").zones) == {CHICAGO, DENVER}


@pytest.mark.parametrize("phone", ["+18005550150", "+15005550150", "+19245550123", "24365", ""])
def test_nothing_known_means_every_zone_of_the_fifty_states(phone: str):
    anywhere = candidates(phone)
    assert anywhere.source == "nothing"
    assert {"Pacific/Honolulu", "America/Anchorage", "America/Adak", NEW_YORK} <= set(anywhere.zones)
    assert "Pacific/Guam" not in anywhere.zones


def test_a_canadian_number_without_place_means_every_zone_of_canada():
    assert {"America/St_Johns", "America/Vancouver"} <= set(candidates("+16005550123").zones)


def test_numbers_abroad_have_the_zones_of_their_country():
    assert candidates("+442079460958") == Candidates(("Europe/London",), (), "country", ("GB",))
    assert candidates("+18095551234").zones == ("America/Santo_Domingo",)
    assert {"America/Mexico_City", "America/Tijuana"} <= set(candidates("+525512345678").zones)


def test_what_is_no_state_or_zone_counts_as_not_given():
    assert candidates("+12125550101", "Texas", "EST") == candidates("+12125550101")


@pytest.mark.parametrize("name", ["EST", "EST5EDT", "Mars/Base", "", "../etc/passwd", "America/New York"])
def test_abbreviations_and_inventions_are_no_zones(name: str):
    assert not is_zone(name)


def test_states_territories_and_provinces_are_known():
    assert is_state("TX")
    assert is_state("PR")
    assert is_state("ON")
    assert not is_state("ZZ")


def test_every_zone_of_the_table_exists_and_every_area_lies_in_its_state():
    for area in AREA_CODES.areas.values():
        at_home = {zone for region in area.regions for zone in AREA_CODES.state_zones[region]}
        assert set(area.zones) <= at_home
        assert all(zone_info(zone).key == zone for zone in area.zones)


@pytest.mark.parametrize(
    "area",
    [
        "850",
        "448",
        "219",
        "574",
        "812",
        "930",
        "270",
        "364",
        "606",
        "906",
        "423",
        "729",
        "308",
        "605",
        "701",
        "620",
        "785",
        "208",
        "986",
        "541",
        "458",
        "775",
        "928",
        "907",
    ],
)
def test_the_area_codes_on_a_border_have_both_zones(area: str):
    assert len(AREA_CODES.areas[area].zones) == 2


@pytest.mark.parametrize(("month", "months"), [(date(2026, 12, 31), 0), (date(2027, 1, 1), 0), (date(2028, 7, 4), 18)])
def test_the_age_of_the_time_data_is_reckoned_from_the_end_of_its_year(
    monkeypatch: pytest.MonkeyPatch, month: date, months: int
):
    monkeypatch.setattr("webapp.rules.zones.version", lambda _package: "2026.6")
    assert zone_data_age(month) == months
