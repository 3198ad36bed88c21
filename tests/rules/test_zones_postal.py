"""Postal codes: better than a state or an area code where they tell, and no narrower than what they tell."""

import pytest

from webapp.rules.area_codes import AREA_CODES
from webapp.rules.postal_codes import PLACES, postal_area
from webapp.rules.zones import Candidates, candidates, zone_info

NEW_YORK, CHICAGO, DENVER, LOS_ANGELES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("78701", "787"),
        ("78701-1234", "787"),
        ("787011234", "787"),
        (" 78701 ", "787"),
        ("96799", "96799"),
        ("k1a 0b1", "K"),
        ("K1A0B1", "K"),
        ("V5K", "V"),
        ("09012", ""),  # military mail
        ("96201", ""),
        ("34002", ""),
        ("96960", ""),  # the Marshall Islands, a country of their own
        ("96913", "96913"),
        ("00000", ""),
        ("7870", ""),
        ("D1A 0B1", ""),
        ("SW1A 1AA", ""),
        ("٧٨٧٠١", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_postal_code_as_people_write_it_has_its_area_or_tells_nothing(code: str | None, area: str):
    assert postal_area(code) == area


def test_a_zip_code_tells_the_state_and_the_zone_of_a_number_without_place():
    assert candidates("+18005550150", postal_code="79901") == Candidates((DENVER,), ("TX",), "postal code")


def test_a_zip_code_is_narrower_than_its_state():
    assert candidates("+18005550150", "TX").zones == (CHICAGO, DENVER)
    assert candidates("+18005550150", "TX", postal_code="75201").zones == (CHICAGO,)


def test_a_zip_code_decides_over_an_area_code_of_the_same_state():
    """A Dallas number may live in El Paso now; the address is what is known of today."""
    assert candidates("+12145550123", "TX", postal_code="79901").zones == (DENVER,)
    assert candidates("+12145550123", postal_code="79901").zones == (DENVER,)


def test_an_area_code_does_not_narrow_a_zip_code_on_a_border():
    """A Jacksonville number at a Panama City address says nothing of which side of the line that is."""
    assert candidates("+19045550123", "FL", postal_code="32401").zones == (NEW_YORK, CHICAGO)


def test_a_zip_code_and_a_state_that_disagree_count_both_in_zones_and_in_laws():
    torn = candidates("+12125550101", "CA", postal_code="33101")
    assert set(torn.zones) == {LOS_ANGELES, NEW_YORK}
    assert torn.states == ("CA", "FL", "NY")
    assert torn.source == "postal code or state or area code"


def test_a_zip_code_and_an_area_code_of_different_states_count_both():
    moved = candidates("+12125550101", postal_code="90001")
    assert moved == Candidates((LOS_ANGELES, NEW_YORK), ("CA", "NY"), "postal code or area code")


def test_a_zip_code_beside_a_zone_on_record_still_brings_its_law():
    told = candidates("+18005550150", timezone=NEW_YORK, postal_code="77002")
    assert (told.zones, told.states) == ((NEW_YORK,), ("TX",))


def test_a_town_across_the_state_line_is_not_put_into_its_neighbours_state():
    assert candidates("+18005550150", postal_code="06390").states == ("NY",)
    assert candidates("+18005550150", postal_code="06830").states == ("CT",)


def test_islands_far_out_keep_their_own_time():
    assert candidates("+19075550123", "AK", postal_code="99546").zones == ("America/Adak",)
    assert candidates("+19075550123", "AK", postal_code="99501").zones == ("America/Anchorage",)
    assert candidates("+18005550150", postal_code="96799").states == ("AS",)


def test_towns_that_keep_their_neighbours_clock_have_both():
    assert set(candidates("+13345550123", "AL", postal_code="36867").zones) == {CHICAGO, NEW_YORK}


def test_a_canadian_postal_code_tells_the_province_and_brings_no_american_law():
    quebec = candidates("+18005550150", postal_code="H2X 1Y4")
    assert quebec == Candidates(("America/Toronto",), ("QC",), "postal code", ("CA",))
    assert candidates("+16005550123", postal_code="B3H 4R2").zones == ("America/Halifax",)


def test_a_northern_postal_code_with_its_territory_has_that_territorys_zones():
    assert set(candidates("+18675550123", "NU", postal_code="X0A 0H0").zones) == set(AREA_CODES.state_zones["NU"])


def test_military_mail_counts_as_not_given():
    assert candidates("+12125550101", postal_code="09012") == candidates("+12125550101")


def test_every_postal_area_lies_in_its_states_and_has_zones_that_exist():
    neighbours_clock = {("368", NEW_YORK)}
    for code, place in PLACES.items():
        at_home = {zone for state in place.states for zone in AREA_CODES.state_zones[state]}
        assert {zone for zone in place.zones if (code, zone) not in neighbours_clock} <= at_home
        assert all(zone_info(zone).key == zone for zone in place.zones)


def test_every_state_and_province_has_postal_codes():
    assert {state for place in PLACES.values() for state in place.states} == set(AREA_CODES.state_zones)
