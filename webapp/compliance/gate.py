"""The one gate: every outgoing text is allowed, held until a time, or refused, and always for a stated reason.

It is asked when a text is queued and again when it is claimed; the update ``claimed → sending`` re-reads the
suppression itself. ``judge`` is a pure function of facts, text and instant: preview and sender cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.accounts.settings import AccountSettings
from webapp.compliance import hours
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts
from webapp.compliance.suppressions import describe
from webapp.models.constants import Origin, Reason

VERSION = "2026-11"

#: A person may answer within this time whatever the hour: the lead is awake and asked (compliance facts 1.2).
REPLY_EXEMPTION = timedelta(minutes=15)
#: Whoever wrote to us this recently has asked to be answered: no consent row needed for a text by hand.
REPLY_NEEDS_NO_CONSENT = timedelta(hours=72)
#: One confirmation, within five minutes, is presumed to be wanted (47 CFR 64.1200(a)(12)).
CONFIRMATION_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Asked:
    """The text that wants to go: when it was asked for, and the time somebody chose for it (business time), if any."""

    origin: Origin
    automatic: bool
    asked_at: datetime
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for all texts of one moment: the account's rules, and whether the carrier is a stand-in."""

    settings: AccountSettings
    simulated: bool


def judge(facts: Facts, asked: Asked, circumstances: Circumstances, now: datetime) -> Decision:
    """The decision on one text at business time ``now``: the first rule that objects has the word."""
    if asked.origin is Origin.CONFIRMATION:
        return _confirmation(asked, now)
    for rule in _RULES:
        objection = rule(facts, asked, circumstances, now)
        if objection is not None:
            return objection
    return _allow("all rules", _why_allowed(facts, asked, now))


def _confirmation(asked: Asked, now: datetime) -> Decision:
    """Whatever the hour and the suppression, but at once or not at all."""
    if now - asked.asked_at > CONFIRMATION_WITHIN:
        return _refuse(
            Reason.OPTED_OUT, "confirmation", "Refused: a confirmation is only permitted within five minutes."
        )
    return _allow("confirmation", "Allowed: the one permitted answer to STOP, START or HELP.")


def _demo_and_live_never_mix(facts: Facts, _asked: Asked, around: Circumstances, _now: datetime) -> Decision | None:
    if facts.simulated == around.simulated:
        return None
    where = "the demo" if facts.simulated else "live use"
    return _refuse(Reason.SIMULATED, "demo wall", f"Refused: this number belongs to {where}, and the two never mix.")


def _number_works(facts: Facts, _asked: Asked, _around: Circumstances, _now: datetime) -> Decision | None:
    if facts.invalid_at is None:
        return None
    return _refuse(
        Reason.INVALID_NUMBER,
        "number works",
        f"Refused: this number does not work ({facts.invalid_reason or 'the carrier says so'}).",
    )


def _not_suppressed(facts: Facts, _asked: Asked, _around: Circumstances, _now: datetime) -> Decision | None:
    if facts.suppressed_at is None:
        return None
    why = describe(facts.suppression_source, facts.suppression_reason)
    return _refuse(
        Reason.OPTED_OUT,
        "opt-out",
        f"Refused: {why} on {facts.suppressed_at:%-d %b %Y}.",
        suppressed_at=facts.suppressed_at.isoformat(),
        source=facts.suppression_source,
    )


def _has_consent(facts: Facts, asked: Asked, _around: Circumstances, now: datetime) -> Decision | None:
    if facts.consent_at is not None or (not asked.automatic and _wrote_recently(facts, now, REPLY_NEEDS_NO_CONSENT)):
        return None
    who = "An automatic text" if asked.automatic else "The first text"
    return _refuse(Reason.NO_CONSENT, "consent", f"Refused: {who.lower()} needs a record of how this person agreed.")


def _its_time_has_come(_facts: Facts, asked: Asked, _around: Circumstances, now: datetime) -> Decision | None:
    if asked.send_at is None or asked.send_at <= now:
        return None
    return Decision(
        Outcome.HOLD,
        rule="schedule",
        rule_version=VERSION,
        reason=Reason.SCHEDULED,
        until=asked.send_at,
        sentence="Held until the time that was chosen for it.",
        inputs={"send_at": asked.send_at.isoformat()},
    )


def _inside_the_hours(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision | None:
    if not asked.automatic and _wrote_recently(facts, now, REPLY_EXEMPTION):
        return None
    return hours.objection(facts, around.settings, now)


Rule = Callable[[Facts, Asked, Circumstances, datetime], Decision | None]

#: In this order: what can never be sent, then what nobody agreed to, then what must wait.
_RULES: tuple[Rule, ...] = (
    _demo_and_live_never_mix,
    _number_works,
    _not_suppressed,
    _has_consent,
    _its_time_has_come,
    _inside_the_hours,
)


def _wrote_recently(facts: Facts, now: datetime, within: timedelta) -> bool:
    return facts.last_inbound_at is not None and now - facts.last_inbound_at <= within


def _why_allowed(facts: Facts, asked: Asked, now: datetime) -> str:
    if not asked.automatic and _wrote_recently(facts, now, REPLY_EXEMPTION):
        return "Allowed: a person's answer within minutes of the lead's own text."
    if not asked.automatic and facts.consent_at is None:
        return "Allowed: an answer to someone who wrote first."
    return "Allowed: consent on file, and inside the hours where the lead is."


def _allow(rule: str, sentence: str) -> Decision:
    return Decision(Outcome.ALLOW, rule=rule, rule_version=VERSION, sentence=sentence)


def _refuse(reason: Reason, rule: str, sentence: str, **inputs: object) -> Decision:
    return Decision(
        Outcome.REFUSE, rule=rule, rule_version=VERSION, reason=reason, sentence=sentence, inputs=dict(inputs)
    )
