"""When texts may go, as pages show it: laws in a table, one law whole, and a verdict with its clocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webapp.accounts.settings import AccountSettings
from webapp.compliance import hours
from webapp.rules.ban_days import FEDERAL as FEDERAL_HOLIDAYS
from webapp.rules.ban_days import names_in
from webapp.rules.laws import ACCOUNT, FEDERAL, LAWS, Law, law_of
from webapp.rules.loosening import JURISDICTIONS, title
from webapp.rules.places import city
from webapp.rules.policy import Change, HoursPolicy
from webapp.rules.policy_rules import rule_of
from webapp.rules.quiet_hours import HoursVerdict
from webapp.rules.schedule import Rule, Week
from webapp.rules.zones import zone_info

_SHORT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_OFF = ("Off", "")

#: How sure we are of a reading: a word for the table, and what it means.
CONFIDENCE = {
    "high": ("Sure", "the law's own text, or several sources that agree"),
    "medium": ("Fairly sure", "one good secondary source"),
    "low": ("Unsure", "the sources are weak, or in conflict"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in the table: `state` is a word and the kind of its dot."""

    jurisdiction: str
    name: str
    hours: str
    holidays: bool
    cap_24h: int | None
    confidence: str | None
    read_on: date
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Clock:
    """One zone where somebody may be: what its clock shows, and whether every rule is open there."""

    city: str
    zone: str
    shows: str
    open: bool


def lines(settings: AccountSettings) -> list[Line]:
    """Every law that is listed, and each other that the account made hours for or stopped: federal first, off last."""
    policy = hours.policy_of(settings)
    shown = [name for name in JURISDICTIONS if name != ACCOUNT and (name in LAWS or name in policy.changes)]
    listed = [_line(policy, name) for name in shown]
    return sorted(listed, key=lambda line: (line.state == _OFF, line.jurisdiction != FEDERAL, line.name))


def others(settings: AccountSettings) -> list[tuple[str, str]]:
    """The states and provinces without hours of their own: key and name."""
    policy = settings.hours_policy
    left = [name for name in JURISDICTIONS if name not in (ACCOUNT, *LAWS) and name not in policy.changes]
    return sorted(((name, title(name)) for name in left), key=lambda each: each[1].removeprefix("the "))


def shown_rule(policy: HoursPolicy, jurisdiction: str) -> Rule:
    """A rule as it is, or would be if it were enforced and not stopped."""
    change = policy.change_of(jurisdiction)
    update = {"killed": False, "killed_because": ""} | ({} if jurisdiction == ACCOUNT else {"enforced": True})
    rule = rule_of(policy.changed(jurisdiction, change.model_copy(update=update)), jurisdiction)
    assert rule is not None
    return rule


def holidays_of(law: Law | None, today: date) -> list[tuple[date, str]]:
    """The days without texts that ticking "holidays" means, from today to the end of next year."""
    calendar = (law and law.calendar) or FEDERAL_HOLIDAYS
    days = {**names_in(calendar, today.year), **names_in(calendar, today.year + 1)}
    return sorted((day, name) for day, name in days.items() if day >= today)


def week_words(week: Week) -> str:
    """ "Mon to Sat 9:00 AM–9:00 PM, Sun 12:00 PM–9:00 PM", like times elsewhere; days without texts are named."""
    parts = []
    for window, days in groupby(range(7), key=lambda day: week[day]):
        listed = list(days)
        first, last = _SHORT_DAYS[listed[0]], _SHORT_DAYS[listed[-1]]
        name = "Every day" if len(listed) == 7 else first if len(listed) == 1 else f"{first} to {last}"
        between = f"{_time(window.opens)}–{_time(window.closes)}" if window else "no texts"
        parts.append(f"{name} {between}")
    return ", ".join(parts)


def clocks(verdict: HoursVerdict) -> list[Clock]:
    """What it is in each zone, those with one clock and one answer told once."""
    closed = {reason.zone for reason in verdict.reasons}
    shown: dict[tuple[str, bool], list[str]] = {}
    for zone in verdict.place.zones:
        local = verdict.at.astimezone(zone_info(zone))
        shown.setdefault(
            (f"{local:%A} {_time(local.hour * 60 + local.minute)}", zone not in closed and not verdict.killed), []
        ).append(zone)
    return [
        Clock(_cities(verdict, zones), ", ".join(zones), shows, is_open) for (shows, is_open), zones in shown.items()
    ]


def _cities(verdict: HoursVerdict, zones: Sequence[str]) -> str:
    return _and(dict.fromkeys(city(zone, verdict.place.states) for zone in zones))


def _and(names: Iterable[str]) -> str:
    listed = list(names)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def _time(minute: int) -> str:
    """A minute of the day as the pages' other times have it; the end of the day is midnight."""
    if minute == 24 * 60:
        return "midnight"
    hour, rest = divmod(minute, 60)
    return f"{hour % 12 or 12}:{rest:02} {'AM' if hour < 12 else 'PM'}"


def _line(policy: HoursPolicy, jurisdiction: str) -> Line:
    law, rule = law_of(jurisdiction), shown_rule(policy, jurisdiction)
    return Line(
        jurisdiction=jurisdiction,
        name=title(jurisdiction),
        hours=week_words(rule.week),
        holidays=rule.calendar is not None,
        cap_24h=law.cap_24h,
        confidence=law.confidence,
        read_on=date.fromisoformat(law.version),
        state=_state(policy, jurisdiction),
    )


def _state(policy: HoursPolicy, jurisdiction: str) -> tuple[str, str]:
    change = policy.change_of(jurisdiction)
    if change.killed:
        return "Stopped", "bad"
    if rule_of(policy, jurisdiction) is None:
        return ("Switched off", "warn") if law_of(jurisdiction).enforced else _OFF
    return ("Changed by you", "busy") if change != Change() else ("In force", "good")
