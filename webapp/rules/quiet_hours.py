"""When a text may go: inside every rule's window, in every zone its reader may be in.

Windows are half-open, [open, close), in local wall time: at the closing minute itself no text goes any more.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from webapp.rules.open_spans import opening_state
from webapp.rules.schedule import Rule, Schedule
from webapp.rules.zones import zone_info

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


class Reason(NamedTuple):
    """Why a rule keeps a text back in one zone; `text` is a sentence."""

    zone: str
    rule: str
    rule_version: str
    text: str


class HoursVerdict(NamedTuple):
    """Whether a text may go at `at`; if so until when, if not from when, in UTC.

    Both times are None where the other applies; `next_allowed_at` too when a year brings no opening, and `open_until`
    when a week brings no closing.
    """

    allowed: bool
    next_allowed_at: datetime | None
    open_until: datetime | None
    at: datetime
    zones: tuple[str, ...]
    schedule: Schedule

    @property
    def rules(self) -> list[str]:
        """The rules that were asked, each with its version, as in "FL@2026-11-22"."""
        return [f"{rule.id}@{rule.version}" for rule in self.schedule.rules]

    @property
    def reasons(self) -> list[Reason]:
        """Every rule and zone that keeps the text back; empty when it may go."""
        return [] if self.allowed else explain(self.at, self.zones, self.schedule)


def check(at: datetime, zones: Sequence[str], schedule: Schedule) -> HoursVerdict:
    """Whether a text may go at `at` (aware) to someone who may be in any of `zones` (IANA names, at least one).

    Raises ValueError for a time without a zone and for no zones: nothing is allowed by forgetting either.
    """
    if at.tzinfo is None or not zones:
        raise ValueError("Quiet hours need an aware time and at least one zone.")
    zones = tuple(zones)
    allowed, change = opening_state(at.timestamp(), zones, schedule)
    when = None if change is None else datetime.fromtimestamp(change, UTC)
    if allowed:
        return HoursVerdict(True, None, when, at, zones, schedule)
    return HoursVerdict(False, when, None, at, zones, schedule)


def explain(at: datetime, zones: Sequence[str], schedule: Schedule) -> list[Reason]:
    """The rules that keep a text back at `at`, zone by zone."""
    reasons = []
    for zone in zones:
        local = at.astimezone(zone_info(zone))
        for rule in schedule.rules:
            if obstacle := _obstacle(rule, local):
                text = f"It is {local:%H:%M} on {local:%A} in {_city(zone)}; by {rule.label} {obstacle}."
                reasons.append(Reason(zone, rule.id, rule.version, text))
    return reasons


def _obstacle(rule: Rule, local: datetime) -> str | None:
    window = rule.window_on(local.date())
    if window is None:
        return f"no texts may go on {rule.holiday_names.get(local.date()) or WEEKDAYS[local.weekday()]}"
    if window.opens <= local.hour * 60 + local.minute < window.closes:
        return None
    return f"texts may go from {window}"


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
