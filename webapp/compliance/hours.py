"""Quiet hours: the account's one window, in every zone where the lead may be."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.settings import AccountSettings
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts
from webapp.models.constants import Reason
from webapp.rules import quiet_hours, schedule, zones
from webapp.rules.quiet_hours import HoursVerdict
from webapp.rules.schedule import Schedule


def objection(facts: Facts, settings: AccountSettings, now: datetime) -> Decision | None:
    """Holds a text until the window opens wherever the lead may be; None while it is open there."""
    place = zones.candidates(facts.e164, facts.state, facts.timezone)
    verdict = quiet_hours.check(now, place.zones, schedule_of(settings))
    if verdict.allowed:
        return None
    reasons = verdict.reasons
    return Decision(
        Outcome.HOLD if verdict.next_allowed_at else Outcome.REFUSE,
        rule="quiet hours",
        rule_version=" ".join(verdict.rules),
        reason=Reason.QUIET_HOURS,
        until=verdict.next_allowed_at,
        sentence=_sentence(verdict, reasons[0].text if reasons else "", facts),
        inputs={"zones": list(place.zones), "source": place.source, "at": now.isoformat()},
    )


def schedule_of(settings: AccountSettings) -> Schedule:
    """The account's window as the rules take it."""
    return schedule.one_window(settings.quiet_hours_open, settings.quiet_hours_close)


def home_zone(facts: Facts) -> str:
    """The one zone to tell a lead's time in: the person's own, else the first that their address or number allows."""
    return zones.candidates(facts.e164, facts.state, facts.timezone).zones[0]


def _sentence(verdict: HoursVerdict, why: str, facts: Facts) -> str:
    if verdict.next_allowed_at is None:
        return f"Refused: no opening was found within a year. {why}"
    zone = home_zone(facts)
    local = verdict.next_allowed_at.astimezone(zones.zone_info(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"Held until {local:%H:%M} on {local:%A} in {city}. {why}"
