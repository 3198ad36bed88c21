"""Quiet hours: the account's policy on every law that may protect the lead, in every zone where the lead may be."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from webapp.accounts.settings import AccountSettings
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts, Where
from webapp.models.constants import Reason
from webapp.rules import quiet_hours, zones
from webapp.rules.hours_wording import NEVER
from webapp.rules.laws import Law
from webapp.rules.policy import HoursPolicy
from webapp.rules.policy_rules import cap_for
from webapp.rules.quiet_hours import HoursVerdict


@dataclass
class _Newest:
    """The settings that were asked about last, with their policy: a batch asks about the same ones for every text.

    Both in one value, so that a thread sees neither without the other.
    """

    pair: tuple[AccountSettings, HoursPolicy] | None = None


_newest = _Newest()


def policy_of(settings: AccountSettings) -> HoursPolicy:
    """The account's policy with its own hours in place; equal settings give the same one."""
    pair = _newest.pair
    if pair is None or pair[0] is not settings:
        policy = settings.hours_policy.with_account_hours(settings.quiet_hours_open, settings.quiet_hours_close)
        pair = _newest.pair = (settings, policy)
    return pair[1]


def verdict_on(facts: Facts, settings: AccountSettings, now: datetime) -> HoursVerdict:
    """Whether the hour is right for the lead, the carrier's queue left aside."""
    return quiet_hours.judge(facts.e164, facts.state, facts.postal_code, facts.timezone, policy_of(settings), now)


def likeliest_zone(e164: str, state: str | None, timezone: str | None, postal_code: str | None) -> str:
    """Where a lead most likely is (IANA): times of day of a campaign are meant there."""
    return zones.candidates(e164, state, timezone, postal_code).zones[0]


def place_key(facts: Facts) -> str:
    """Equal for two numbers whose hours are the same at every moment, whatever the policy."""
    return "|".join(part or "" for part in facts.where)


def cap_of(facts: Facts, settings: AccountSettings) -> tuple[int, Law | None]:
    """How many solicitations the lead may get in any 24 hours, and whose law says so where it is not the account."""
    law = cap_for(policy_of(settings), facts.place.states)
    if law is not None and law.cap_24h is not None and law.cap_24h < settings.cap_per_lead:
        return law.cap_24h, law
    return settings.cap_per_lead, None


def guard_of(settings: AccountSettings) -> timedelta:
    """How long before the hours end sending ends: the carrier may keep a text for so long."""
    return timedelta(minutes=settings.validity_minutes)


def objection(facts: Facts, settings: AccountSettings, now: datetime) -> Decision | None:
    """Holds a text until it can be sent and arrive inside the hours wherever the lead may be; None while it can."""
    return _standing_of(facts, settings, now).objection


def stopped(facts: Facts, settings: AccountSettings, now: datetime) -> Decision | None:
    """Holds every text, an answer too, to a place whose texts an admin has stopped."""
    if not settings.hours_policy.kills:
        return None
    verdict = verdict_on(facts, settings, now)
    return _stopped(verdict) if verdict.killed else None


def inputs_of(facts: Facts, settings: AccountSettings, now: datetime) -> str:
    """What the hours were judged by, for the ledger: a JSON object."""
    return _standing_of(facts, settings, now).inputs


class _Standing(NamedTuple):
    """What the hours say of a place at an instant; shared by all who may be there, so nobody changes it."""

    objection: Decision | None
    inputs: str


def _standing_of(facts: Facts, settings: AccountSettings, now: datetime) -> _Standing:
    return _standing(facts.where, policy_of(settings), settings.validity_minutes, now)


@lru_cache(maxsize=8192)
def _standing(where: Where, policy: HoursPolicy, validity_minutes: int, now: datetime) -> _Standing:
    """A batch asks at one instant about many in the same place."""
    verdict = quiet_hours.judge_in(where.area, where.state, where.postal, where.timezone, policy, now)
    guard = timedelta(minutes=validity_minutes)
    end = verdict.dispatch_until(guard)
    inputs = _inputs(verdict, end)
    if verdict.allowed and (end is None or now < end):
        return _Standing(None, json.dumps(inputs | {"hours": verdict.rules}))
    if verdict.killed:
        return _Standing(_stopped(verdict), json.dumps(inputs))
    until = quiet_hours.next_dispatch(verdict, guard)
    held = Decision(
        Outcome.HOLD if until else Outcome.REFUSE,
        rule="quiet hours",
        rule_version=" ".join(verdict.rules),
        reason=Reason.QUIET_HOURS,
        until=until,
        sentence=_sentence(verdict, until, validity_minutes),
        inputs=inputs,
    )
    return _Standing(held, json.dumps(inputs))


def _stopped(verdict: HoursVerdict) -> Decision:
    return Decision(
        Outcome.HOLD,
        rule="kill switch",
        rule_version=" ".join(verdict.rules),
        reason=Reason.PAUSED,
        sentence=verdict.held_sentence(),
        inputs=_inputs(verdict, None),
    )


def _sentence(verdict: HoursVerdict, until: datetime | None, validity_minutes: int) -> str:
    patience = f"the carrier may keep a text {validity_minutes} minutes"
    if until is None:
        meets = verdict.allowed or verdict.next_allowed_at is not None
        return f"Refused: no opening is long enough, since {patience}." if meets else f"Refused: {NEVER}."
    if not verdict.allowed:
        return verdict.held_sentence(until)
    return f"{verdict.held_sentence(until)} Now they end too soon: {patience}."


def _inputs(verdict: HoursVerdict, dispatch_until: datetime | None) -> dict[str, object]:
    return {
        "at": verdict.at.isoformat(),
        "zones": list(verdict.place.zones),
        "states": list(verdict.place.states),
        "source": verdict.place.source,
        "dispatch_until": dispatch_until and dispatch_until.isoformat(),
    }
