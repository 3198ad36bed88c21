"""The gate's rules that refuse: what can never be sent, and what nobody agreed to."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.compliance.asked import VERSION, Asked, Circumstances, wrote_recently
from webapp.compliance.consent.words import describe
from webapp.compliance.decisions import Decision, Outcome
from webapp.compliance.facts import Facts
from webapp.models.constants import ConsentChannel, DncKind, Origin, Reason

#: Whoever wrote to us this recently has asked to be answered: no consent row needed for a text by hand.
REPLY_NEEDS_NO_CONSENT = timedelta(hours=72)
#: One confirmation, within five minutes, is presumed to be wanted (47 CFR 64.1200(a)(12)).
CONFIRMATION_WITHIN = timedelta(minutes=5)


def refuse(reason: Reason, rule: str, sentence: str, **inputs: object) -> Decision:
    """A refusal by one of these rules."""
    return Decision(
        Outcome.REFUSE, rule=rule, rule_version=VERSION, reason=reason, sentence=sentence, inputs=dict(inputs)
    )


def _demo_and_live_never_mix(facts: Facts, _asked: Asked, around: Circumstances, _now: datetime) -> Decision | None:
    if facts.simulated == around.simulated:
        return None
    where = "the demo" if facts.simulated else "live use"
    return refuse(Reason.SIMULATED, "demo wall", f"Refused: this number belongs to {where}, and the two never mix.")


def _carriers_have_approved(_facts: Facts, _asked: Asked, around: Circumstances, _now: datetime) -> Decision | None:
    """Unregistered texts are blocked, and paid for all the same; where the state is not known, nothing is held back."""
    state = around.settings.registration_state
    if around.simulated or state not in ("pending", "rejected"):
        return None
    how = "still under review (10 to 15 business days)" if state == "pending" else "rejected"
    sentence = f"Refused: the registration of this campaign with the carriers is {how}."
    return refuse(Reason.REGISTRATION, "registration", sentence, state=state)


def _number_works(facts: Facts, _asked: Asked, _around: Circumstances, _now: datetime) -> Decision | None:
    if facts.invalid_at is None:
        return None
    why = facts.invalid_reason or "the carrier says so"
    return refuse(Reason.INVALID_NUMBER, "number works", f"Refused: this number does not work ({why}).")


def _not_suppressed(facts: Facts, _asked: Asked, _around: Circumstances, _now: datetime) -> Decision | None:
    if facts.suppressed_at is None:
        return None
    why = describe(facts.suppression_source, facts.suppression_reason)
    return refuse(
        Reason.OPTED_OUT,
        "opt-out",
        f"Refused: {why} on {facts.suppressed_at:%-d %b %Y}.",
        suppressed_at=facts.suppressed_at.isoformat(),
        source=facts.suppression_source,
    )


def _not_on_a_list(facts: Facts, asked: Asked, _around: Circumstances, now: datetime) -> Decision | None:
    """Do-not-call registries bind sales texts without written consent (47 CFR 64.1200(c)(2)); people who sue are left
    alone altogether."""
    if not facts.dnc:
        return None
    if DncKind.LITIGATOR in facts.dnc:
        sentence = "Refused: this number is on a list of people who sue over texts."
        return refuse(Reason.DNC, "do not call", sentence, lists=list(facts.dnc))
    if _has_written_consent(facts, now) or _answers_them(facts, asked, now) or _asks_to_confirm(facts, asked):
        return None
    sentence = f"Refused: this number is on the {facts.dnc[0]} do-not-call list, and no written consent is on file."
    return refuse(Reason.DNC, "do not call", sentence, lists=list(facts.dnc))


def _has_consent(facts: Facts, asked: Asked, _around: Circumstances, now: datetime) -> Decision | None:
    if _consent_holds(facts, now) or _answers_them(facts, asked, now) or _asks_to_confirm(facts, asked):
        return None
    if facts.consent_at is not None and facts.consent_until is not None:
        sentence = f"Refused: this person's implied consent ended on {facts.consent_until:%-d %b %Y}."
        return refuse(Reason.NO_CONSENT, "consent", sentence, consent_until=facts.consent_until.isoformat())
    if facts.pending_at is not None and asked.automatic:
        sentence = "Refused: this person was asked to confirm and has not answered YES."
        return refuse(Reason.NO_CONSENT, "consent", sentence, pending_at=facts.pending_at.isoformat())
    who = "an automatic text" if asked.automatic else "the first text"
    return refuse(Reason.NO_CONSENT, "consent", f"Refused: {who} needs a record of how this person agreed.")


def _consent_holds(facts: Facts, now: datetime) -> bool:
    return facts.consent_at is not None and (facts.consent_until is None or now < facts.consent_until)


def _has_written_consent(facts: Facts, now: datetime) -> bool:
    return _consent_holds(facts, now) and facts.consent_channel != ConsentChannel.VERBAL


def _answers_them(facts: Facts, asked: Asked, now: datetime) -> bool:
    return not asked.automatic and wrote_recently(facts, now, REPLY_NEEDS_NO_CONSENT)


def _asks_to_confirm(facts: Facts, asked: Asked) -> bool:
    """The one text before consent holds: the person filled in the opt-in page and is asked if it was them."""
    return asked.origin is Origin.OPT_IN and facts.pending_at is not None


#: In this order.
REFUSALS = (
    _demo_and_live_never_mix,
    _carriers_have_approved,
    _number_works,
    _not_suppressed,
    _not_on_a_list,
    _has_consent,
)
