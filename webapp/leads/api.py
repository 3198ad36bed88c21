"""JSON doors of leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Response

from webapp import clock, database
from webapp.accounts import audit
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.leads import consents, filters, leads, listing, lists, ownership, reading
from webapp.leads.fields import Cleaned, clean
from webapp.leads.leads import NewLead, NumberTakenError
from webapp.leads.list_schemas import read_filter_text
from webapp.leads.listing import Filter, Sort
from webapp.leads.reading import Lead
from webapp.leads.schemas import ConsentIn, LeadIn, LeadOut, LeadPatch, LeadQuery, Leads
from webapp.leads.signals import Consent
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint, no_content, problem
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import FieldError, Problem

api = api_blueprint("leads_api", "Leads")

_TAKEN = problem("Another lead has this phone: `lead_id` names it, null where it is a colleague's.")


@api.get("/leads", responses={200: Leads})
@requires(Permission.SIGNED_IN)
def list_leads(query: LeadQuery) -> Leads:
    """Lists leads that one may see."""
    after = decode_cursor(query.cursor) if query.cursor else None
    with database.autocommit() as conn:
        wanted = Filter(query.q, Sort(query.sort), query.owner, _chosen(conn, query), clock.now())
        page = listing.find_page(conn, current_actor(), wanted, query.limit, after=after)
    more = page.more_after and encode_cursor(*listing.position_of(page.leads[-1], wanted.sort))
    return Leads(items=[LeadOut.model_validate(lead) for lead in page.leads], next_cursor=more or None)


@api.post("/leads", responses={201: LeadOut, 409: _TAKEN})
@requires(Permission.SIGNED_IN)
def create_lead(body: LeadIn) -> tuple[LeadOut, int]:
    """Makes a lead. 409 with `lead_id` when its phone has one already."""
    actor, now = current_actor(), clock.now()
    cleaned = clean(body.model_dump(exclude={"owner_id", "consent"}, exclude_unset=True))
    with database.transaction() as conn:
        _refuse(cleaned, _wrong_with_owner(conn, actor, body.owner_id), _wrong_with_consent(body.consent, now))
        new = NewLead(cleaned.values, body.owner_id, source="api", consent=_consent(body.consent, now))
        try:
            lead_id = leads.create(conn, new, actor, now)
        except NumberTakenError as taken:
            raise _taken(taken) from None
        return LeadOut.model_validate(_demand(conn, actor, lead_id)), 201


@api.get("/leads/<id:id>", responses={200: LeadOut})
@requires(Permission.SIGNED_IN)
def get_lead(path: ById) -> LeadOut:
    """One lead."""
    with database.autocommit() as conn:
        return LeadOut.model_validate(_demand(conn, current_actor(), path.id))


@api.patch("/leads/<id:id>", responses={200: LeadOut, 409: _TAKEN})
@requires(Permission.SIGNED_IN)
def change_lead(path: ById, body: LeadPatch) -> LeadOut:
    """Changes a lead. A new phone leaves the old number, its opt-out and its texts behind.

    Who gives a lead away by `owner_id` may no longer see it afterwards.
    """
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        if not reading.lock(conn, actor, path.id):
            raise Problem.not_found("lead")
        lead = _demand(conn, actor, path.id)
        cleaned = clean(_changes(lead, body))
        _refuse(cleaned, _nobody(conn, body.owner_id))
        try:
            leads.update(conn, lead.id, cleaned.values, actor, now)
        except NumberTakenError as taken:
            raise _taken(taken) from None
        return LeadOut.model_validate(_given_to(conn, actor, lead.id, body, now))


@api.delete("/leads/<id:id>", responses={204: None})
@requires(Permission.SIGNED_IN)
def delete_lead(path: ById) -> Response:
    """Deletes a lead. Its number, opt-out, consents and texts stay; what was still to be sent is taken back."""
    actor = current_actor()
    with database.transaction() as conn:
        if not reading.lock(conn, actor, path.id):
            raise Problem.not_found("lead")
        leads.delete(conn, path.id, actor, clock.now())
        audit.record(conn, actor.id, "lead.deleted", f"lead:{path.id}")
    return no_content()


def _chosen(conn: Connection, query: LeadQuery) -> filters.Filter:
    """The filter that is asked for by itself, or by a list that has it."""
    if query.list_id is None:
        return read_filter_text(query.filter)
    if query.filter:
        raise Problem.invalid([("filter", "Give either list_id or filter.")])
    saved = lists.find(conn, current_actor(), query.list_id)
    if saved is None:
        raise Problem.invalid([("list_id", "There is no such list.")])
    return saved.finds


def _changes(lead: Lead, body: LeadPatch) -> dict[str, object]:
    changes = body.model_dump(exclude={"owner_id"}, exclude_unset=True)
    if "custom" in changes:
        changes["custom"] = {**lead.custom, **body.custom}
    return changes


def _given_to(conn: Connection, actor: Actor, lead_id: int, body: LeadPatch, now: datetime) -> Lead:
    """The changed lead, assigned as asked; to the one who gave it away it is shown this once more."""
    lead = _demand(conn, actor, lead_id)
    if "owner_id" not in body.model_fields_set:
        return lead
    leads.reassign(conn, lead_id, body.owner_id, now)
    return reading.find(conn, actor, lead_id) or replace(lead, owner_id=body.owner_id)


def _demand(conn: Connection, actor: Actor, lead_id: int) -> Lead:
    lead = reading.find(conn, actor, lead_id)
    if lead is None:
        raise Problem.not_found("lead")
    return lead


def _refuse(cleaned: Cleaned, *others: FieldError | None) -> None:
    """A 422 Problem naming everything that is wrong at once."""
    errors = [*cleaned.errors, *(each for each in others if each is not None)]
    if errors:
        raise Problem.invalid(errors)


def _wrong_with_owner(conn: Connection, actor: Actor, owner_id: int | None) -> FieldError | None:
    complaint = ownership.complaint(conn, actor, owner_id)
    return FieldError("owner_id", complaint) if complaint else None


def _nobody(conn: Connection, owner_id: int | None) -> FieldError | None:
    if owner_id is None or ownership.can_own(conn, owner_id):
        return None
    return FieldError("owner_id", ownership.NOBODY)


def _wrong_with_consent(given: ConsentIn | None, now: datetime) -> FieldError | None:
    late = given is not None and given.at is not None and given.at > now
    return FieldError("consent.at", consents.NOT_YET) if late else None


def _consent(given: ConsentIn | None, now: datetime) -> Consent | None:
    return Consent(given.source, given.at or now, given.attested) if given else None


def _taken(taken: NumberTakenError) -> Problem:
    if taken.lead_id is None:
        return Problem.conflict(leads.COLLEAGUES, reason="duplicate", lead_id=None)
    return Problem.conflict(leads.KNOWN, reason="duplicate", lead_id=str(taken.lead_id))
