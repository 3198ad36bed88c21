"""The rail beside the steps: on which day each one comes, and the rule behind it in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.campaigns import timing
from webapp.campaigns.steps import Step

_HOUR, _DAY = 60, 24 * 60
_MONDAY = ", a weekend moved to Monday"
UNITS = {"minutes": 1, "hours": _HOUR, "days": _DAY}


@dataclass(frozen=True, slots=True)
class Mark:
    """A step's place on the rail. ``time_of_day`` is empty where it depends on when somebody is put in."""

    day: int
    time_of_day: str
    words: str

    @property
    def label(self) -> str:
        """``Day 0, 10:05``."""
        return f"Day {self.day}" + (f", {self.time_of_day}" if self.time_of_day else "")


def rail(steps: Sequence[Step], now: datetime, zone: str) -> list[Mark]:
    """A mark for each step, as for somebody in ``zone`` who begins ``now`` and whom nothing holds up."""
    marks: list[Mark] = []
    first_day = now.astimezone(ZoneInfo(zone)).date()
    at, fixed = now, False
    for number, step in enumerate(steps):
        at = timing.due(step, at, zone)
        fixed = fixed or step.at_local is not None
        local = at.astimezone(ZoneInfo(zone))
        time_of_day = f"{local:%H:%M}" if fixed else ""
        marks.append(Mark((local.date() - first_day).days, time_of_day, when_words(step, number)))
    return marks


def when_words(step: Step, after: int) -> str:
    """When the step comes; ``after`` is the number of the step before, 0 for the first."""
    return _moment_words(step, f"step {after}" if after else "they are put in") + _window_words(step)


def delay_words(minutes: int) -> str:
    """``2 days``, ``90 minutes``: in the largest unit that says it exactly."""
    amount, unit = in_unit(minutes)
    return f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"


def in_unit(minutes: int) -> tuple[int, str]:
    """The same as an amount and one of ``UNITS``."""
    for unit in ("days", "hours"):
        if minutes and minutes % UNITS[unit] == 0:
            return minutes // UNITS[unit], unit
    return minutes, "minutes"


def _moment_words(step: Step, anchor: str) -> str:
    delay = f"{delay_words(step.delay_minutes)} after {anchor}" if step.delay_minutes else ""
    if step.at_local is None:
        at_once = f"Right after {anchor}" if anchor.startswith("step ") else f"As soon as {anchor}"
        return (delay or at_once) + (_MONDAY if step.weekdays_only else "")
    if delay and step.delay_minutes % _DAY == 0:
        return f"{delay}, at {step.at_local}" + (_MONDAY if step.weekdays_only else "")
    day = " on the next weekday" if step.weekdays_only else ""
    return f"At {step.at_local}{day}, " + (f"{delay} at the earliest" if delay else f"after {anchor}")


def _window_words(step: Step) -> str:
    return f", only from {step.window.opens} to {step.window.closes}" if step.window else ""
