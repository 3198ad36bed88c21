"""The composer: what the send button will do, said before it is pressed, or why nothing may be sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime

from webapp.carrier.prices import PRICES
from webapp.carrier.segments import LONGEST_BODY
from webapp.compliance import facts, gate
from webapp.compliance.consent.words import describe
from webapp.compliance.decisions import Decision, Outcome
from webapp.database import Connection
from webapp.inbox.places import Place, moment_there, short_moment
from webapp.inbox.threads import Head
from webapp.inbox.wording import without_verdict
from webapp.messaging import outbox
from webapp.models.constants import Origin, Reason, SuppressionSource
from webapp.web.times import local_moment


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the gate would say now. ``needs_consent``: it would, once somebody says how the person agreed."""

    decision: Decision
    needs_consent: bool


def new_key() -> str:
    """A key for one composed text, so that sending it twice is sending it once."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Composer:
    """``label`` is on the button, ``hint`` above it; ``closed`` says why there is no button at all.

    ``target`` is the conversation, or the lead that has none yet; ``answered`` what was ticked about consent, when the
    form comes back with an error.
    """

    target: str
    label: str
    hint: str = ""
    closed: str = ""
    asks_consent: bool = False
    draft: str = ""
    error: str = ""
    answered: dict[str, str] = field(default_factory=dict)
    client_key: str = field(default_factory=new_key)
    longest: int = LONGEST_BODY
    price: str = str(PRICES.sms_per_segment)

    @property
    def action(self) -> str:
        return f"{self.target}/messages"

    @property
    def keeps(self) -> str:
        return f"{self.target}/draft"


def forecast(conn: Connection, head: Head, now: datetime) -> Forecast:
    """The decision on a text written now; where only consent is missing, the decision if it were given."""
    about = facts.load(conn, [head.contact_number_id], now)[head.contact_number_id]
    asked, around = gate.Asked(Origin.MANUAL, automatic=False, asked_at=now), outbox.circumstances(conn)
    decision = gate.judge(about, asked, around, now)
    if decision.reason is not Reason.NO_CONSENT:
        return Forecast(decision, needs_consent=False)
    return Forecast(gate.judge(replace(about, consent_at=now), asked, around, now), needs_consent=True)


def compose(head: Head, place: Place, viewer_zone: str, said: Forecast) -> Composer:
    """The composer of a conversation, without its draft."""
    target, decision = f"/inbox/{head.id}", said.decision
    if decision.outcome is Outcome.REFUSE:
        return Composer(target, "Send", closed=_why_closed(head, viewer_zone, decision))
    if decision.outcome is Outcome.HOLD and decision.until is not None:
        return Composer(
            target,
            f"Schedule for {short_moment(decision.until, place)}",
            hint=_why_later(decision, place, viewer_zone),
            asks_consent=said.needs_consent,
        )
    if decision.outcome is Outcome.HOLD:
        why = without_verdict(decision.sentence)
        return Composer(target, "Send when it may go", hint=why, asks_consent=said.needs_consent)
    return Composer(target, "Send", asks_consent=said.needs_consent)


def _why_later(decision: Decision, place: Place, viewer_zone: str) -> str:
    assert decision.until is not None
    there, with_aside = short_moment(decision.until, place), moment_there(decision.until, place, viewer_zone)
    aside = with_aside.removeprefix(there).strip()
    return " ".join(part for part in (without_verdict(decision.sentence), aside) if part)


def _why_closed(head: Head, viewer_zone: str, decision: Decision) -> str:
    """An opt-out names the day and the word; anything else is said by the rule itself."""
    if decision.reason is not Reason.OPTED_OUT or head.suppressed_at is None:
        return without_verdict(decision.sentence)
    who, when = head.first_name or "This person", local_moment(head.suppressed_at, viewer_zone)
    match head.suppression_source:
        case SuppressionSource.KEYWORD | SuppressionSource.NATURAL:
            return f"{who} opted out on {when} by texting “{head.suppression_reason}”. Texting START opens this again."
        case SuppressionSource.MANUAL:
            return f"{who} opted out on {when} ({head.suppression_reason or 'no reason noted'})."
        case _:
            why = describe(head.suppression_source, head.suppression_reason)
            return f"Closed since {when}: {why}."
