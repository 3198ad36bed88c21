"""Where one policy lets texts go that another keeps back: minute by minute, for each law, weekday and holiday."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from webapp.rules.hours_wording import WEEKDAYS as NAMES_OF_DAYS
from webapp.rules.laws import ACCOUNT, FEDERAL, LAWS, law_of
from webapp.rules.places import NAMES
from webapp.rules.policy import HoursPolicy
from webapp.rules.policy_rules import rule_of
from webapp.rules.schedule import Rule, Window

JURISDICTIONS = (ACCOUNT, *LAWS, *(state for state in NAMES if state not in LAWS))
"""Every rule that a policy can change, and nothing else decides the hours."""

_WHOLE_DAY = Window(0, 24 * 60)
_NOT_ENFORCED = Rule("", "", "", (_WHOLE_DAY,) * 7)


class Looser(NamedTuple):
    """One place where texts may go that could not: the jurisdiction, and when, as a sentence."""

    jurisdiction: str
    text: str


def looser(before: HoursPolicy, after: HoursPolicy) -> list[Looser]:
    """Where `after` lets texts go that `before` keeps back; empty where it is as tight everywhere, or tighter.

    Each rule is compared by itself, so a law that is loosened counts even while another rule still hides it. What is
    in neither list stays as it was for everybody: someone's hours are those that all their rules leave open.
    """
    return [
        Looser(name, f"{title(name)}: {text}")
        for name in JURISDICTIONS
        for text in _looser(rule_of(before, name) or _NOT_ENFORCED, rule_of(after, name) or _NOT_ENFORCED)
    ]


def looser_than_law(policy: HoursPolicy) -> list[Looser]:
    """Where a policy lets texts go that a law keeps back in our reading of it; the account's own hours are no law."""
    return [found for found in looser(HoursPolicy(), policy) if found.jurisdiction != ACCOUNT]


def _looser(before: Rule, after: Rule) -> Iterator[str]:
    if after.killed:
        return
    if before.killed:
        yield "texts are no longer stopped"
        return
    yield from _weekly(before, after)
    yield from _on_holidays(before, after)


def _weekly(before: Rule, after: Rule) -> Iterator[str]:
    """The new minutes of ordinary weeks, with days that gain the same ones told together."""
    gains = [_gained(before.week[day], after.week[day]) for day in range(7)]
    for gained, days in groupby(range(7), key=lambda day: gains[day]):
        if gained:
            yield f"{_days(list(days))} from {' and from '.join(map(str, gained))}"


def _gained(before: Window | None, after: Window | None) -> tuple[Window, ...]:
    if after is None:
        return ()
    if before is None:
        return (after,)
    early = (after.opens, min(after.closes, before.opens))
    late = (max(after.opens, before.closes), after.closes)
    return tuple(Window(opens, closes) for opens, closes in (early, late) if opens < closes)


def _on_holidays(before: Rule, after: Rule) -> Iterator[str]:
    """Days without texts that come to have some."""
    if before.calendar and not after.calendar and any(after.week):
        yield "holidays"
    for day, name in sorted(before.holidays - after.holidays):
        if after.window_on(day) is not None:
            yield f"{day:%-d %B %Y} ({name})"


def title(jurisdiction: str) -> str:
    """What a rule is called at the head of a page or a sentence."""
    if jurisdiction == ACCOUNT:
        return "Your sending hours"
    name = law_of(jurisdiction).name
    return f"{name} hours" if jurisdiction == FEDERAL else name


def _days(days: list[int]) -> str:
    """Neighbouring weekdays by name: "every day", "Mondays to Fridays", "Sundays"."""
    first, last = NAMES_OF_DAYS[days[0]], NAMES_OF_DAYS[days[-1]]
    if len(days) == 1:
        return first
    return "every day" if len(days) == 7 else f"{first} {'and' if len(days) == 2 else 'to'} {last}"
