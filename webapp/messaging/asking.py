"""From what a program asks for to a text in the outbox: whom it means, what it says, and what became of it."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.carrier.segments import LONGEST_BODY
from webapp.compliance.consent.giving import ConsentGiven
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
from webapp.texts import people
from webapp.texts import reading as templates
from webapp.texts.render import BadTemplate, MergeFields, UnresolvedField, render
from webapp.web.problems import Problem


def ask(conn: Connection, actor: Actor, asked: MessageIn, now: datetime) -> Queued:
    """Puts the text into the outbox. ``now`` is business time.

    Raises a 404 or 403 Problem for a person whom the actor may not text, 422 for a text that cannot be written, 409
    without a sender. A refusal of the gate is no exception: the refused row stays.
    """
    words, said_in = _words(conn, actor, asked)
    lead = _lead(conn, actor, asked, now)
    text = NewText(
        conversation_id=_conversation(conn, lead, now),
        body=_body(conn, actor, words, lead, said_in),
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
        raise Problem.invalid([(said_in, str(error))]) from None


def _lead(conn: Connection, actor: Actor, asked: MessageIn, now: datetime) -> Lead:
    if (asked.lead_id is None) == (asked.to is None):
        raise Problem.invalid([("lead_id", "give either lead_id or to")])
    lead_id = asked.lead_id or _lead_of_number(conn, actor, _e164(conn, asked.to or ""), now)
    lead = reading.find(conn, actor, lead_id)
    if lead is None:
        raise Problem.not_found("lead", field="lead_id")
    return lead


def _e164(conn: Connection, number: str) -> str:
    parsed = phones.parse(number, REGION)
    if parsed.e164 is None:
        raise Problem.invalid([("to", parsed.warning or "is not a phone number")])
    if conn.execute("SELECT FROM phone_numbers WHERE e164 = %s", [parsed.e164]).fetchone() is not None:
        raise Problem.invalid([("to", "is one of your own numbers; give the number of a person")])
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


def _words(conn: Connection, actor: Actor, asked: MessageIn) -> tuple[str, str]:
    """What was asked to be said, with its merge fields, and which part of the call said it."""
    if (asked.body is None) == (asked.template_id is None):
        field = "body" if asked.body is None else "template_id"
        raise Problem.invalid([(field, "give either body or template_id")])
    if asked.template_id is None:
        return asked.body or "", "body"
    template = templates.find(conn, actor, asked.template_id)
    if template is None or template.archived:
        raise Problem.not_found("template", field="template_id")
    return template.body, "template_id"


def _body(conn: Connection, actor: Actor, words: str, lead: Lead, field: str) -> str:
    """The text as this lead will read it; what is wrong with it is said of ``field``."""
    try:
        body = render(words, _fields(conn, actor, lead)) if "{" in words else words
    except BadTemplate as error:
        raise Problem.invalid([(field, str(error))]) from None
    except UnresolvedField as error:
        unresolved = Problem.invalid([(field, str(error))], reason=Reason.UNRESOLVED_FIELD)
        raise unresolved.plus(merge_field=error.name) from None
    if not body.strip():
        raise Problem.invalid([(field, "says nothing")])
    if len(body) > LONGEST_BODY:
        raise Problem.invalid([(field, f"is {len(body)} characters long; at most {LONGEST_BODY} can be sent")])
    return body


def _fields(conn: Connection, actor: Actor, lead: Lead) -> MergeFields:
    reader = people.find(conn, actor, lead.id)
    assert reader is not None, "the lead was found for this actor in the same transaction"
    return reader.fields


def _consent(given: ConsentIn | None, now: datetime) -> ConsentGiven | None:
    if given is None:
        return None
    if given.at is not None and given.at > now:
        raise Problem.invalid([("consent.at", "is in the future")])
    return ConsentGiven(source=given.source, at=given.at, attested=given.attested)
