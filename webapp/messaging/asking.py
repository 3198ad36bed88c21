"""From what a program asks for to a text in the outbox: whom it means, what it says, and what became of it."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.carrier.segments import LONGEST_BODY
from webapp.compliance.consent import ConsentGiven
from webapp.database import Connection
from webapp.leads import leads, reading
from webapp.leads.fields import REGION
from webapp.leads.leads import NewLead, NumberTakenError
from webapp.leads.reading import Lead
from webapp.leads.schemas import ConsentIn
from webapp.messaging import outbox, threads
from webapp.messaging.outbox import NewText, Queued
from webapp.messaging.schemas import MessageIn
from webapp.messaging.threads import NoSenderError
from webapp.messaging.wording import TooLongError
from webapp.models.constants import Origin, Reason
from webapp.rules import phones
from webapp.texts.render import BadTemplate, MergeFields, UnresolvedField, render
from webapp.web.problems import Problem


def ask(conn: Connection, actor: Actor, asked: MessageIn, now: datetime) -> Queued:
    """Puts the text into the outbox. ``now`` is business time.

    Raises a 404 or 403 Problem for a person whom the actor may not text, 422 for a text that cannot be written, 409
    without a sender. A refusal of the gate is no exception: the refused row stays.
    """
    lead = _lead(conn, actor, asked, now)
    text = NewText(
        conversation_id=_conversation(conn, lead, now),
        body=_body(conn, actor, asked.body, lead),
        origin=Origin.API,
        automatic=asked.automatic,
        author_id=actor.id,
        client_key=asked.client_key,
        send_at=asked.send_at,
        consent=_consent(asked.consent, now),
        signed_by=lead.owner_name or actor.name,
    )
    try:
        return outbox.queue(conn, text, now=now)
    except TooLongError as error:
        raise Problem.invalid([("body", str(error))]) from None


def _lead(conn: Connection, actor: Actor, asked: MessageIn, now: datetime) -> Lead:
    if (asked.lead_id is None) == (asked.to is None):
        raise Problem.invalid([("lead_id", "give either lead_id or to")])
    lead_id = asked.lead_id or _lead_of_number(conn, actor, _e164(asked.to or ""), now)
    lead = reading.find(conn, actor, lead_id)
    if lead is None:
        raise Problem.not_found("lead", field="lead_id")
    return lead


def _e164(number: str) -> str:
    parsed = phones.parse(number, REGION)
    if parsed.e164 is None:
        raise Problem.invalid([("to", parsed.warning or "is not a phone number")])
    return parsed.e164


def _lead_of_number(conn: Connection, actor: Actor, e164: str, now: datetime) -> int:
    """The number's lead; a stranger becomes one. A colleague's person stays the colleague's."""
    known = leads.find_duplicate(conn, e164, actor)
    if known is not None:
        return known
    try:
        return leads.create(conn, NewLead({"phone": e164}, owner_id=actor.id, source="api"), actor, now)
    except NumberTakenError as taken:
        if taken.lead_id is None:
            raise Problem.forbidden("This number belongs to a colleague.") from None
        return taken.lead_id


def _conversation(conn: Connection, lead: Lead, now: datetime) -> int:
    try:
        return threads.ensure_conversation(
            conn, contact_number_id=lead.contact_number_id, lead_id=lead.id, assigned_to=lead.owner_id, now=now
        )
    except NoSenderError as error:
        raise Problem.conflict(str(error), reason="no_sender") from None


def _body(conn: Connection, actor: Actor, template: str, lead: Lead) -> str:
    """The text as this lead will read it."""
    try:
        body = render(template, _fields(conn, actor, lead))
    except BadTemplate as error:
        raise Problem.invalid([("body", str(error))]) from None
    except UnresolvedField as error:
        unresolved = Problem.invalid([("body", str(error))], reason=Reason.UNRESOLVED_FIELD)
        raise unresolved.plus(merge_field=error.name) from None
    if not body.strip():
        raise Problem.invalid([("body", "says nothing")])
    if len(body) > LONGEST_BODY:
        raise Problem.invalid([("body", f"is {len(body)} characters long; at most {LONGEST_BODY} can be sent")])
    return body


def _fields(conn: Connection, actor: Actor, lead: Lead) -> MergeFields:
    return MergeFields(
        first_name=lead.first_name,
        last_name=lead.last_name,
        phone=phones.display(lead.phone),
        email=lead.email or "",
        state=lead.state or "",
        my_name=lead.owner_name or actor.name,
        business_name=account_settings.load(conn).business_name,
        custom=lead.custom,
    )


def _consent(given: ConsentIn | None, now: datetime) -> ConsentGiven | None:
    if given is None:
        return None
    if given.at is not None and given.at > now:
        raise Problem.invalid([("consent.at", "is in the future")])
    return ConsentGiven(source=given.source, at=given.at, attested=given.attested)
