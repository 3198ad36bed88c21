"""The one gate: every outgoing text is allowed, held until a time, or refused, and always for a stated reason.

It is asked when a text is queued and again when it is claimed; the update ``claimed → sending`` re-reads the
suppression itself. ``judge`` is a pure function of facts, text and instant: preview and sender cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from webapp.compliance import hours
from webapp.compliance.asked import CAP_WINDOW, VERSION, Asked, Circumstances, is_answer, wrote_recently
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts
from webapp.compliance.refusals import CONFIRMATION_WITHIN, REFUSALS, refuse
from webapp.compliance.waits import WAITS
from webapp.models.constants import Origin, Reason

__all__ = ["CAP_WINDOW", "VERSION", "Asked", "Circumstances", "is_solicitation", "judge"]

Rule = Callable[[Facts, Asked, Circumstances, datetime], Decision | None]

#: In this order: what can never be sent, then what nobody agreed to, then what must wait.
_RULES: tuple[Rule, ...] = (*REFUSALS, *WAITS)


def judge(facts: Facts, asked: Asked, circumstances: Circumstances, now: datetime) -> Decision:
    """The decision on one text at business time ``now``: the first rule that objects has the word."""
    if asked.origin is Origin.CONFIRMATION:
        return _confirmation(asked, now)
    for rule in _RULES:
        objection = rule(facts, asked, circumstances, now)
        if objection is not None:
            return objection
    return _allow(facts, asked, circumstances, now)


def is_solicitation(facts: Facts, asked: Asked, now: datetime) -> bool:
    """Whether the text counts towards what one person may get in 24 hours: not a confirmation, nor a person's answer to
    somebody who wrote in these 24 hours."""
    return asked.origin is not Origin.CONFIRMATION and not is_answer(facts, asked, now)


def _confirmation(asked: Asked, now: datetime) -> Decision:
    """Whatever the hour and the suppression, but at once or not at all."""
    if now - asked.asked_at > CONFIRMATION_WITHIN:
        why = "Refused: a confirmation is only permitted within five minutes."
        return refuse(Reason.OPTED_OUT, "confirmation", why)
    why = "Allowed: the one permitted answer to STOP, START or HELP."
    return Decision(Outcome.ALLOW, rule="confirmation", rule_version=VERSION, sentence=why)


def _allow(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> Decision:
    rule, sentence = _why_allowed(facts, asked, around, now)
    hours_by = hours.inputs_of(facts, around.settings, now)
    return Decision(
        Outcome.ALLOW, rule, VERSION, sentence, shared=_inputs(hours_by, facts.consent_at, len(facts.solicited_at))
    )


@lru_cache(maxsize=1024)
def _inputs(hours_by: str, consent_at: datetime | None, solicitations: int) -> str:
    """JSON for the ledger. Whoever was imported together and is in the same place has the same."""
    consent = {"consent_at": consent_at.isoformat() if consent_at else None, "solicitations_24h": solicitations}
    return f"{hours_by[:-1]}, {json.dumps(consent)[1:]}"


def _why_allowed(facts: Facts, asked: Asked, around: Circumstances, now: datetime) -> tuple[str, str]:
    if asked.origin is Origin.OPT_IN:
        return "opt-in", "Allowed: the one question whether it was they who filled in the opt-in page."
    if asked.automatic:
        return "all rules", "Allowed: consent on file, and inside the hours where the lead is."
    if wrote_recently(facts, now, around.reply_exemption):
        return "reply", "Allowed: a person's answer within minutes of the lead's own text."
    if facts.consent_at is None:
        return "all rules", "Allowed: an answer to someone who wrote first."
    return "all rules", "Allowed: consent on file, and inside the hours where the lead is."
