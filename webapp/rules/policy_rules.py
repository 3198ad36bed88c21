"""From a policy to the rules that hold for a person: the account's own, the federal one, and each state's."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from hashlib import sha256

from webapp.rules.ban_days import FEDERAL as FEDERAL_HOLIDAYS
from webapp.rules.ban_days import Calendar
from webapp.rules.laws import ACCOUNT, CANADA, FEDERAL, Law, law_of
from webapp.rules.policy import Change, HoursPolicy, WeekHours
from webapp.rules.schedule import Rule, Schedule, Week, Window

ACCOUNT_HOURS: WeekHours = (("08:00", "21:00"),) * 7
"""The account's own where nobody set any."""


@lru_cache(maxsize=4096)
def schedule_for(policy: HoursPolicy, states: tuple[str, ...], countries: tuple[str, ...]) -> Schedule:
    """The rules for someone whom the laws of all these states and countries may protect: they all hold."""
    return Schedule(rule for name in _jurisdictions(states, countries) if (rule := rule_of(policy, name)))


def rule_of(policy: HoursPolicy, jurisdiction: str) -> Rule | None:
    """One law, or "account" for its own hours, as the policy has it; None where it is not enforced."""
    change = policy.change_of(jurisdiction)
    if jurisdiction == ACCOUNT:
        return _account_rule(change)
    law = law_of(jurisdiction)
    if change.killed:
        return Rule(
            id=law.id,
            version=_version(law, change),
            label=f"texts to {_place(law)}",
            week=(None,) * 7,
            killed=True,
            because=change.killed_because,
        )
    if not _is_enforced(law, policy):
        return None
    return Rule(
        id=law.id,
        version=_version(law, change),
        label=_label(law, change),
        week=law.week if change.week is None else windows(change.week),
        holidays=_closed_days(change),
        calendar=_calendar(law, change),
    )


@lru_cache(maxsize=4096)
def cap_for(policy: HoursPolicy, states: tuple[str, ...]) -> Law | None:
    """Which of these states' laws, where the policy enforces them, allows a person the fewest texts in 24 hours."""
    capped = [law for law in map(law_of, states) if law.cap_24h is not None and _is_enforced(law, policy)]
    return min(capped, key=lambda law: law.cap_24h or 0, default=None)


def _is_enforced(law: Law, policy: HoursPolicy) -> bool:
    chosen = policy.change_of(law.id).enforced
    return law.enforced if chosen is None else chosen


def windows(hours: WeekHours) -> Week:
    """A week of a policy as the rules take it."""
    return tuple(day and Window.between(*day) for day in hours)


def _jurisdictions(states: tuple[str, ...], countries: tuple[str, ...]) -> Iterator[str]:
    yield ACCOUNT
    if "US" in countries:
        yield FEDERAL
    if "CA" in countries:
        yield CANADA
    yield from states


def _account_rule(change: Change) -> Rule:
    week = change.week or ACCOUNT_HOURS
    plain = change.model_copy(update={"week": None}) == Change() and len(set(week)) == 1 and week[0]
    return Rule(
        id=ACCOUNT,
        version="-".join(plain) if plain else f"own+{_digest(change)}",
        label="all texts" if change.killed else "by your sending hours",
        week=windows(week),
        holidays=_closed_days(change),
        calendar=FEDERAL_HOLIDAYS if change.holidays else None,
        killed=change.killed,
        because=change.killed_because if change.killed else "",
    )


def _version(law: Law, change: Change) -> str:
    """The law's date, and a mark of what the account changed of it."""
    return law.version if change == Change() else f"{law.version}+{_digest(change)}"


def _digest(change: Change) -> str:
    return sha256(change.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:6]


def _label(law: Law, change: Change) -> str:
    if change.week is not None:
        return f"by your hours for {_place(law)}"
    return "by federal law" if law.id == FEDERAL else f"in {_place(law)}"


def _place(law: Law) -> str:
    return "the United States" if law.id == FEDERAL else law.name


def _closed_days(change: Change) -> frozenset[tuple[date, str]]:
    return frozenset((date.fromisoformat(closed.day), closed.name) for closed in change.closed_days)


def _calendar(law: Law, change: Change) -> Calendar | None:
    if change.holidays is None:
        return law.calendar
    return (law.calendar or FEDERAL_HOLIDAYS) if change.holidays else None
