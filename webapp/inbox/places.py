"""Where a lead is, for a rep: the place's name, its time now, and future moments on its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp import clock
from webapp.leads.places import state_name, zone_name
from webapp.rules.area_codes import AREA_CODES, Area
from webapp.web.times import local_moment, local_time

_SOON = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Place:
    """``zones``: every time zone that it may be in, the likeliest first; ``name`` as it stands after "in"."""

    zones: tuple[str, ...]
    name: str


def place_of(phone: str, region: str | None, timezone: str | None, default_timezone: str) -> Place:
    """Where the person behind ``phone`` (E.164) is: as the lead says, else where the area code belongs."""
    area = AREA_CODES.areas.get(phone[2:5]) if phone.startswith("+1") else None
    zones = (timezone,) if timezone else _zones(region, area) or (default_timezone,)
    regions = (region,) if region else area.regions if area else ()
    name = state_name(regions[0]) if len(regions) == 1 else zone_name(zones[0]).split(" (")[0] + " time"
    return Place(zones, name)


def _zones(region: str | None, area: Area | None) -> tuple[str, ...]:
    """The state's zones that the area code also has; one of the two where only that is known or they disagree."""
    of_state = AREA_CODES.state_zones.get(region or "", ())
    of_area = area.zones if area else ()
    shared = tuple(zone for zone in of_state if zone in of_area)
    return shared or of_state or of_area


def time_there(place: Place, now: datetime) -> str:
    """The time of day: ``10:04 AM``; both where the place may be in two zones: ``9:04 AM or 10:04 AM``.

    ``static/js/app.js`` repeats this rule for the pages that stay open.
    """
    return " or ".join(dict.fromkeys(local_time(now, zone) for zone in place.zones))


def moment_there(instant: datetime, place: Place, viewer_zone: str) -> str:
    """A future moment on the lead's clock, with the viewer's where that differs.

    ``Tue 9:00 AM in Texas (10:00 AM your time)``.
    """
    here, there = local_time(instant, viewer_zone), local_time(instant, place.zones[0])
    aside = "" if here == there else f" ({here} your time)"
    return f"{short_moment(instant, place)}{aside}"


def short_moment(instant: datetime, place: Place) -> str:
    """``Tue 9:00 AM in Texas``; from a week on with the date."""
    zone = place.zones[0]
    if instant - clock.now() < _SOON:
        return f"{instant.astimezone(ZoneInfo(zone)):%a} {local_time(instant, zone)} in {place.name}"
    return f"{local_moment(instant, zone)} in {place.name}"
