"""A slow, independent checker of quiet hours: the laws as they were first written down (`reference_*.json`)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from webapp.rules.zones import PROVINCES, Candidates

DATA = Path(__file__).parent / "data"
STATES = json.loads((DATA / "reference_state_rules.json").read_text("utf-8"))["states"]
HOLIDAYS = json.loads((DATA / "reference_state_holidays.json").read_text("utf-8"))["holidays"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# La. R.S. 1:55 has the general election of even years; the reference table left it out, and the stricter reading holds.
STRICTER = {("LA", "2026-11-03"), ("LA", "2028-11-07")}


def lawful(at: datetime, place: Candidates) -> bool:
    """Whether a text may go by the words of every law and by the account's 8 to 21, on every clock of the place."""
    return all(_open_on_the_clock(at.astimezone(ZoneInfo(zone)), place) for zone in place.zones)


def _open_on_the_clock(wall: datetime, place: Candidates) -> bool:
    if not 8 <= wall.hour < 21:
        return False
    return all(_open_by_law(wall, STATES[state], state) for state in place.states if _is_enforced(state))


def _is_enforced(state: str) -> bool:
    return state not in PROVINCES and state in STATES and STATES[state]["enforce_by_default"]


def _open_by_law(wall: datetime, law: dict[str, Any], state: str) -> bool:
    hours = law["windows"][WEEKDAYS[wall.weekday()]]
    if hours is None or (law["holiday_ban"] and _is_banned(wall.date(), state)):
        return False
    return hours[0] <= f"{wall:%H:%M}" < hours[1]


def _is_banned(day: date, state: str) -> bool:
    return day.isoformat() in HOLIDAYS[state] or (state, day.isoformat()) in STRICTER
