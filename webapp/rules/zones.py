"""Which time zones a person may be in, from what is known of them; a text may go only if it may in all of them.

The zones come from the person, the address or the area code, in that order, and the time data from PyPI's `tzdata`
alone: Python would prefer the system's files, which on many servers are older than Canada's changes of 2026.
"""

import zoneinfo
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Final, Literal, NamedTuple

import phonenumbers

from webapp.rules.area_codes import AREA_CODES

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

# Territories keep their own time far from the states; a number that tells nothing is not taken to be there.
_territories: Final = frozenset({"AS", "GU", "MP", "PR", "VI"})
PROVINCES: Final = frozenset({"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"})
STATES: Final = frozenset(AREA_CODES.state_zones) - PROVINCES

Source = Literal["timezone", "state and area code", "state or area code", "state", "area code", "country", "nothing"]


class Candidates(NamedTuple):
    """Where a person may be.

    `zones` are IANA names. `states` are those whose law may apply: the address's first, then the area code's. `source`
    says what decided: "state and area code" agree and narrow each other, "state or area code" disagree and count both.
    """

    zones: tuple[str, ...]
    states: tuple[str, ...]
    source: Source


class _Place(NamedTuple):
    """What a phone number alone tells."""

    zones: tuple[str, ...]
    regions: tuple[str, ...]
    source: Source


def candidates(phone: str, state: str | None = None, timezone: str | None = None) -> Candidates:
    """Every zone the holder of `phone` (E.164) may be in.

    `timezone` (IANA) is what the person told or the account recorded and decides alone. `state` (two letters) is the
    address; together with an area code of that state the smaller set counts, with one of another state the union.
    Nothing known means every zone of the fifty states. Unknown states and zones count as not given: `is_state` and
    `is_zone` check them at the doors.
    """
    area = phone[2:5] if phone.startswith("+1") else phone
    return _candidates(area, state if state and is_state(state) else None, timezone)


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


@lru_cache(maxsize=8192)
def _candidates(area: str, state: str | None, timezone: str | None) -> Candidates:
    place = _place(area)
    states = _distinct(((state,) if state else ()) + place.regions)
    if timezone and is_zone(timezone):
        return Candidates((timezone,), states, "timezone")
    if not state:
        return Candidates(place.zones, states, place.source)
    at_address = AREA_CODES.state_zones[state]
    if place.source == "nothing":
        return Candidates(at_address, states, "state")
    if state in place.regions:
        both = tuple(zone for zone in place.zones if zone in at_address)
        return Candidates(both or at_address, states, "state and area code")
    return Candidates(tuple(sorted({*at_address, *place.zones})), states, "state or area code")


def _place(area: str) -> _Place:
    """What the area code, or a number outside +1, tells of the place."""
    known = AREA_CODES.areas.get(area)
    if known:
        return _Place(known.zones, known.regions, "area code")
    if AREA_CODES.without_place.get(area) == "canadian_nongeographic":
        return _Place(_all_zones(PROVINCES), (), "country")
    abroad = None if area in AREA_CODES.without_place else _country(area)
    if abroad in _zones_by_country():
        return _Place(_zones_by_country()[abroad], (), "country")
    return _Place(_all_zones(STATES - _territories), (), "nothing")


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
def _zones_by_country() -> dict[str | None, tuple[str, ...]]:
    """Zones by country from the table that ships with the time data; the US has its own rules above."""
    table: dict[str | None, tuple[str, ...]] = {}
    for line in resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            table[country] = (*table.get(country, ()), zone)
    return {country: zones for country, zones in table.items() if country != "US"}


def _all_zones(states: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({zone for state in states for zone in AREA_CODES.state_zones[state]}))


def _distinct(states: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(states))
