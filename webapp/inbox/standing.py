"""May we text this person now? The gate's word on a text by hand and on an automatic one, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.accounts import settings as account_settings
from webapp.compliance import facts, gate
from webapp.compliance.consent import ledger
from webapp.compliance.consent.ledger import Entry
from webapp.compliance.decisions import Decision, Outcome
from webapp.database import Connection
from webapp.inbox.places import Place, place_of, short_moment
from webapp.inbox.wording import without_verdict
from webapp.leads.reading import Lead
from webapp.messaging import outbox
from webapp.models.constants import Origin, Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer. ``history``: how consent came and went, oldest first."""

    sentence: str
    by_hand: Decision
    automatic: Decision
    history: list[Entry]


def may_we_text(conn: Connection, lead: Lead, now: datetime) -> Standing:
    """What the gate says at business time ``now``. It is the gate that sends, so it cannot say anything else later."""
    about = facts.load(conn, [lead.contact_number_id], now)[lead.contact_number_id]
    around = outbox.circumstances(conn)
    by_hand = gate.judge(about, gate.Asked(Origin.MANUAL, automatic=False, asked_at=now), around, now)
    automatic = gate.judge(about, gate.Asked(Origin.CAMPAIGN, automatic=True, asked_at=now), around, now)
    place = place_of(lead.phone, lead.state, lead.timezone, account_settings.load(conn).default_timezone)
    history = ledger.entries(conn, lead.contact_number_id)
    return Standing(_sentence(by_hand, automatic, place), by_hand, automatic, history)


def _sentence(by_hand: Decision, automatic: Decision, place: Place) -> str:
    """One sentence; what holds for both is said once."""
    if by_hand.outcome is automatic.outcome is Outcome.ALLOW:
        return "Yes, by hand and automatically."
    if by_hand.outcome is Outcome.REFUSE and by_hand.reason is not Reason.NO_CONSENT:
        return f"No: {_lowered(without_verdict(by_hand.sentence))}"
    if by_hand.outcome is automatic.outcome is Outcome.HOLD and by_hand.until == automatic.until and by_hand.until:
        return f"Not before {short_moment(by_hand.until, place)}."
    return f"By hand {_by_hand(by_hand, place)}; {_automatic(automatic, place)}."


def _by_hand(decision: Decision, place: Place) -> str:
    if decision.outcome is Outcome.ALLOW:
        return "yes"
    if decision.outcome is Outcome.REFUSE:
        return "once you say how they agreed"
    return f"from {short_moment(decision.until, place)}" if decision.until else "not yet"


def _automatic(decision: Decision, place: Place) -> str:
    if decision.outcome is Outcome.ALLOW:
        return "automatic texts yes"
    if decision.outcome is Outcome.HOLD:
        return f"automatic texts {f'from {short_moment(decision.until, place)}' if decision.until else 'wait'}"
    if decision.reason is Reason.NO_CONSENT:
        return "no automatic texts without consent"
    return "no automatic texts"


def _lowered(sentence: str) -> str:
    """A sentence as it goes on after a colon: only names of ours begin with a capital there, and none does."""
    return sentence[:1].lower() + sentence[1:]
