"""A step, texted to the phone of whoever builds the campaign: exactly as a lead would read it first."""

from __future__ import annotations

from datetime import datetime

from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import people
from webapp.campaigns.engine import Person
from webapp.campaigns.steps import Step, Version
from webapp.carrier.segments import LONGEST_BODY
from webapp.compliance import footers
from webapp.compliance.consent.giving import ConsentGiven
from webapp.database import Connection
from webapp.inbox import newcomers
from webapp.leads import reading
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText, Queued
from webapp.messaging.threads import NoSenderError
from webapp.models.constants import Origin
from webapp.rules.footers import due
from webapp.texts.render import BadTemplate, UnresolvedField, render

_CONSENT = ConsentGiven("asked for a test text", attested=True, note="The person's own phone, for a campaign's test.")


class CannotTryError(Exception):
    """Why no test goes: ``field`` of the form, and a sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def send(conn: Connection, version: Version, position: int, phone: str, actor: Actor, now: datetime) -> Queued:
    """Puts the step into the outbox, to the actor's own phone, filled in for the first lead of the campaign.

    As a person's own text, so that it uses up nobody's caps. Raises CannotTryError.
    """
    if not 0 <= position < len(version.steps):
        raise CannotTryError("step", "Choose a step.")
    found = newcomers.find_or_make(conn, actor, {"phone": phone}, now)
    if found.lead_id is None:
        raise CannotTryError("phone", next(iter(found.errors.values())))
    lead = reading.find(conn, actor, found.lead_id)
    if lead is None:
        raise CannotTryError("phone", "This number is a colleague’s lead: give your own phone.")
    body = _written(conn, version.steps[position], version.campaign_id, lead.id, now)
    try:
        conversation = newcomers.ensure(conn, lead, now)
    except NoSenderError as error:
        raise CannotTryError("phone", str(error)) from None
    consent = None if lead.consent_at else _CONSENT
    text = NewText(conversation, body, Origin.MANUAL, author_id=actor.id, consent=consent)
    return outbox.queue(conn, text, now=now)


def _written(conn: Connection, step: Step, campaign_id: int, own_lead: int, now: datetime) -> str:
    settings = account_settings.load(conn)
    sample = _sample(conn, campaign_id) or own_lead
    person: Person = people.load(conn, [sample], settings, now)[sample]
    try:
        body = render(step.body, person.fields)
    except (BadTemplate, UnresolvedField) as error:
        raise CannotTryError("step", str(error)) from None
    footer = due((), footers.region(person.facts), now)
    dressed = footers.with_footer(body, footer, person.facts, settings, signed_by=person.signed_by).body
    if len(dressed) > LONGEST_BODY:
        raise CannotTryError("step", f"It is longer than {LONGEST_BODY} characters.")
    return dressed


def _sample(conn: Connection, campaign_id: int) -> int | None:
    row = conn.execute(
        "SELECT lead_id FROM sms_campaign_enrollments WHERE campaign_id = %s AND lead_id IS NOT NULL "
        "ORDER BY id LIMIT 1",
        [campaign_id],
    ).fetchone()
    return None if row is None else row[0]
