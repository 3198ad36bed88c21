"""Which time zones a person may be in, from what is known of them; a text may go only if it may in all of them.

The zones come from the person, the address or the area code, in that order, and the time data from PyPI's `tzdata`
alone: Python would prefer the system's files, which on many servers are older than Canada's changes of 2026.
"""

import zoneinfo
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from importlib.metadata import version
from typing import Final, Literal, NamedTuple, cast

import phonenumbers

from webapp.rules.area_codes import AREA_CODES
from webapp.rules.postal_codes import PLACES, PostalPlace, postal_area

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

# Territories keep their own time far from the states; a number that tells nothing is not taken to be there.
_territories: Final = frozenset({"AS", "GU", "MP", "PR", "VI"})
PROVINCES: Final = frozenset({"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"})
STATES: Final = frozenset(AREA_CODES.state_zones) - PROVINCES

Source = Literal[
    "timezone",
    "postal code",
    "postal code or state",
    "state",
    "state and area code",
    "postal code or area code",
    "postal code or state or area code",
    "state or area code",
    "area code",
    "country",
    "nothing",
]


class Candidates(NamedTuple):
    """Where a person may be.

    `zones` are IANA names. `states` are those whose law may apply: the address's first, then the area code's.
    `countries` (ISO 3166) are those whose law may. `source` says what decided: with "and" two hints agree and narrow
    each other, with "or" they disagree and all count.
    """

    zones: tuple[str, ...]
    states: tuple[str, ...]
    source: Source
    countries: tuple[str, ...] = ("US",)


class _Place(NamedTuple):
    """What a phone number alone tells."""

    zones: tuple[str, ...]
    regions: tuple[str, ...]
    source: Source
    country: str


def candidates(
    phone: str, state: str | None = None, timezone: str | None = None, postal_code: str | None = None
) -> Candidates:
    """Every zone the holder of `phone` (E.164) may be in.

    `timezone` (IANA) is what the person told or the account recorded and decides the zone alone; the laws of the
    address and the area code hold in it all the same. Next comes the address: the postal code, else the `state` (two
    letters), which together with an area code of that state has the smaller set of zones. Hints of different states
    count all. Nothing known means every zone of the fifty states. Unknown states, zones and postal codes count as not
    given: `is_state` and `is_zone` check them at the doors.
    """
    return candidates_in(area_of(phone), state, timezone, postal_area(postal_code))


def area_of(phone: str) -> str:
    """The part of an E.164 number that tells of its place: the area code within +1, else the number."""
    return phone[2:5] if phone.startswith("+1") else phone


@lru_cache(maxsize=8192)
def candidates_in(area: str, state: str | None, timezone: str | None, postal: str) -> Candidates:
    """`candidates` by `area_of` the number and `postal_codes.postal_area` of the postal code."""
    place, told = _place(area), PLACES.get(postal)
    address = _states_of_address(state if state and is_state(state) else None, told)
    states = _distinct(address + place.regions)
    countries = _distinct(tuple(map(_country_of_state, states)) or (place.country,))
    if timezone and is_zone(timezone):
        return Candidates((timezone,), states, "timezone", countries)
    if not address:
        return Candidates(place.zones, states, place.source, countries)
    zones, source = _at_address(address, told, place)
    if place.source == "nothing" or set(address) & set(place.regions) or _within(zones, place):
        return Candidates(zones, states, source, countries)
    return Candidates(_sorted({*zones, *place.zones}), states, cast("Source", f"{source} or area code"), countries)


def is_state(code: str) -> bool:
    """Whether `code` is the two-letter code of a US state or territory or a Canadian province."""
    return code in AREA_CODES.state_zones


def is_zone(name: str) -> bool:
    """Whether `name` is a time zone of a place.

    Abbreviations such as EST are refused though the data knows them: they lack summer time, an hour out half the year.
    """
    return "/" in name and name in _known_zones()


@cache
def zone_info(zone: str) -> zoneinfo.ZoneInfo:
    """The zone of an IANA name, kept for good: Python itself keeps eight and reads the others from disk each time.

    Raises zoneinfo.ZoneInfoNotFoundError for a name that `is_zone` refuses.
    """
    return zoneinfo.ZoneInfo(zone)


def zone_data_is_fresh() -> bool:
    """Whether the time data knows British Columbia, Alberta and Manitoba as they are since 2026 (tzdata 2026e)."""
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    expected = {"America/Vancouver": -7, "America/Edmonton": -6, "America/Winnipeg": -5}
    return all(
        moment.astimezone(zone_info(zone)).utcoffset() == timedelta(hours=hours) for zone, hours in expected.items()
    )


def zone_data_age(today: date) -> int:
    """Months, at least, since the time data was made. Its version (2026.6) names its year, whose end they count from.

    Governments change their clocks a few times a year, some with weeks of notice.
    """
    year = int(version("tzdata").partition(".")[0])
    return max(0, (today.year - year - 1) * 12 + today.month - 1)


def _states_of_address(state: str | None, told: PostalPlace | None) -> tuple[str, ...]:
    """The state as written, and those of the postal code unless the state is among them."""
    if told is None:
        return (state,) if state else ()
    if state is None:
        return told.states
    return (state,) if state in told.states else (state, *told.states)


def _at_address(address: tuple[str, ...], told: PostalPlace | None, place: _Place) -> tuple[tuple[str, ...], Source]:
    """The zones of an address, whose first state is as written where it was: by postal code, else by state."""
    if told is None:
        return _in_state(address[0], place)
    if address[0] not in told.states:
        return _sorted({*_in_state(address[0], place)[0], *told.zones}), "postal code or state"
    here = AREA_CODES.state_zones[address[0]]
    narrowed = tuple(zone for zone in told.zones if zone in here) if address != told.states else ()
    return narrowed or told.zones, "postal code"


def _in_state(state: str, place: _Place) -> tuple[tuple[str, ...], Source]:
    """The state's zones, narrowed by an area code of that state."""
    zones = AREA_CODES.state_zones[state]
    if state not in place.regions:
        return zones, "state"
    both = tuple(zone for zone in place.zones if zone in zones)
    return both or zones, "state and area code"


def _within(zones: tuple[str, ...], place: _Place) -> bool:
    """Whether a number that tells the country alone agrees with an address there."""
    return not place.regions and set(zones) <= set(place.zones)


def _country_of_state(state: str) -> str:
    return "CA" if state in PROVINCES else "US"


def _place(area: str) -> _Place:
    """What the area code, or a number outside +1, tells of the place."""
    known = AREA_CODES.areas.get(area)
    if known:
        return _Place(known.zones, known.regions, "area code", known.country)
    if AREA_CODES.without_place.get(area) == "canadian_nongeographic":
        return _Place(_all_zones(PROVINCES), (), "country", "CA")
    abroad = None if area in AREA_CODES.without_place else _country(area)
    if abroad and abroad in _zones_by_country():
        return _Place(_zones_by_country()[abroad], (), "country", abroad)
    return _Place(_all_zones(STATES - _territories), (), "nothing", "US")


def _country(area: str) -> str | None:
    """The country of a number abroad, or of an area code that other countries have under +1."""
    number = area if area.startswith("+") else f"+1{area}2345678"
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@cache
def _zones_by_country() -> dict[str, tuple[str, ...]]:
    """Zones by country from the table that ships with the time data; the US has its own rules above."""
    table: dict[str, tuple[str, ...]] = {}
    for line in resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            table[country] = (*table.get(country, ()), zone)
    return {country: zones for country, zones in table.items() if country != "US"}


def _all_zones(states: Iterable[str]) -> tuple[str, ...]:
    return _sorted({zone for state in states for zone in AREA_CODES.state_zones[state]})


def _sorted(zones: set[str]) -> tuple[str, ...]:
    return tuple(sorted(zones))


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
