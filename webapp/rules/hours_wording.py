"""Quiet hours in plain sentences: what keeps a text back, and until when it is held and why."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from webapp.rules.laws import ACCOUNT, FEDERAL
from webapp.rules.places import city
from webapp.rules.schedule import Rule, Schedule, Window, clock_time
from webapp.rules.zones import Candidates, zone_info

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
NEVER = "within a year no hour is inside the window wherever this person may be"

_SECOND = timedelta(seconds=1)
_WEEKDAY_IS_CLEAR = timedelta(days=6)
_DAYS_TO_NAME = 14


class Reason(NamedTuple):
    """Why a rule keeps a text back in one zone; `text` is a sentence. A stopped rule does so in every zone: ""."""

    zone: str
    rule: str
    rule_version: str
    text: str


def reasons(at: datetime, place: Candidates, schedule: Schedule) -> list[Reason]:
    """The rules that keep a text back at `at`, zone by zone."""
    if schedule.killed:
        return [Reason("", rule.id, rule.version, f"{_capital(stopped(rule))}.") for rule in schedule.killed]
    found = []
    for zone in place.zones:
        local = at.astimezone(zone_info(zone))
        for rule in schedule.rules:
            if obstacle := _obstacle(rule, local):
                text = f"It is {local:%H:%M} on {local:%A} in {city(zone, place.states)}; {rule.label} {obstacle}."
                found.append(Reason(zone, rule.id, rule.version, text))
    return found


def held(at: datetime, until: datetime | None, place: Candidates, schedule: Schedule) -> str:
    """One sentence: "Held until 12:00 Sunday in Dallas: in Texas Sunday opens at noon." """
    if schedule.killed:
        return f"Held: {stopped(schedule.killed[0])}."
    if until is None:
        return f"Held: {NEVER}."
    zone, opening = _turning(until, place, schedule, opens=True)
    local = until.astimezone(zone_info(zone))
    why = _skipped(at.astimezone(zone_info(zone)).date(), local.date(), schedule) or _why_then(opening, local)
    return f"Held until {_moment(local, until - at)} in {city(zone, place.states)}: {why}."


def going(at: datetime, until: datetime | None, place: Candidates, schedule: Schedule) -> str:
    """One sentence: "May go until 20:00 Wednesday in Miami: in Florida texts may go from 08:00 to 20:00." """
    if until is None:
        return "May go: no rule closes within a week."
    zone, closing = _turning(until, place, schedule, opens=False)
    local = until.astimezone(zone_info(zone))
    window = closing.window_on((until - _SECOND).astimezone(zone_info(zone)).date())
    why = f"{closing.label} texts may go from {window}"
    return f"May go until {_moment(local, until - at)} in {city(zone, place.states)}: {why}."


def stopped(rule: Rule) -> str:
    """What a stopped rule says, as in "texts to Louisiana are stopped until somebody lifts it"."""
    return f"{rule.label} are stopped until somebody lifts it{f' ({rule.because})' if rule.because else ''}"


def _obstacle(rule: Rule, local: datetime) -> str | None:
    window = rule.window_on(local.date())
    if window is None:
        return f"no texts may go on {_name(rule, local.date())}"
    return None if _holds(window, local) else f"texts may go from {window}"


def _turning(until: datetime, place: Candidates, schedule: Schedule, *, opens: bool) -> tuple[str, Rule]:
    """The zone and the rule whose window opens (or closes) at `until`, a law before the account's own hours."""
    for rule in _by_weight(schedule):
        for zone in place.zones:
            info = zone_info(zone)
            after, before = _open(rule, until.astimezone(info)), _open(rule, (until - _SECOND).astimezone(info))
            if after is opens and before is not opens:
                return zone, rule
    return place.zones[0], schedule.rules[-1]


def _moment(local: datetime, ahead: timedelta) -> str:
    """The time and the weekday; from almost a week on with the date."""
    day = f"{local:%A}" if ahead < _WEEKDAY_IS_CLEAR else f"{local:%A %-d %B}"
    return f"{clock_time(local.hour * 60 + local.minute)} {day}"


def _skipped(first: date, until: date, schedule: Schedule) -> str | None:
    """The days without texts before the one of the opening, by the weightiest rule that has some."""
    days = [first + timedelta(days=n) for n in range(min((until - first).days, _DAYS_TO_NAME))]
    for rule in _by_weight(schedule):
        names = dict.fromkeys(_name(rule, day) for day in days if rule.window_on(day) is None)
        if names:
            return f"{rule.label} no texts may go on {_listed(list(names))}"
    return None


def _why_then(rule: Rule, local: datetime) -> str:
    window = rule.window_on(local.date())
    if window is None:
        return f"{rule.label} texts may go then"
    usual = Counter(day.opens for day in rule.week if day).most_common(1)[0][0]
    if window.opens != usual:
        return f"{rule.label} {local:%A} opens at {_clock(window.opens)}"
    return f"{rule.label} texts may go from {window}"


def _by_weight(schedule: Schedule) -> Iterator[Rule]:
    """A state's law tells most; then the federal one, then the account's own."""
    weights = {ACCOUNT: 2, FEDERAL: 1}
    return iter(sorted(schedule.rules, key=lambda rule: weights.get(rule.id, 0)))


def _open(rule: Rule, local: datetime) -> bool:
    window = rule.window_on(local.date())
    return window is not None and _holds(window, local)


def _holds(window: Window, local: datetime) -> bool:
    return window.opens <= local.hour * 60 + local.minute < window.closes


def _name(rule: Rule, day: date) -> str:
    return rule.holiday_on(day) or WEEKDAYS[day.weekday()]


def _clock(minute: int) -> str:
    return "noon" if minute == 12 * 60 else clock_time(minute)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
