"""The time zones that a person can choose from: America's first, under the names people use."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

_AMERICAN = {
    "America/New_York": "Eastern (New York)",
    "America/Chicago": "Central (Chicago)",
    "America/Denver": "Mountain (Denver)",
    "America/Phoenix": "Arizona (Phoenix)",
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
    "America/Puerto_Rico": "Atlantic (Puerto Rico)",
}
_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache
def zone_choices() -> dict[str, dict[str, str]]:
    """Groups of zone names, each with its label, as WTForms' select field takes them."""
    others = sorted(name for name in available_timezones() if name.startswith(_REGIONS) and name not in _AMERICAN)
    return {"United States": _AMERICAN, "Elsewhere": {name: name.replace("_", " ") for name in others}}
