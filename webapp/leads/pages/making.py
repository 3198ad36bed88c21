"""A new lead."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.leads import leads, reading
from webapp.leads.forms import LeadForm
from webapp.leads.leads import NewLead, NumberTakenError
from webapp.leads.pages.blueprint import active_people, blueprint
from webapp.leads.reading import Lead
from webapp.web.fragments import toast


@blueprint.get("/leads/new")
@requires(Permission.SIGNED_IN)
def new() -> ResponseReturnValue:
    """An empty form."""
    with database.transaction() as conn:
        return _page(LeadForm.for_new(current_actor(), active_people(conn), sent=False))


@blueprint.post("/leads/new")
@requires(Permission.SIGNED_IN)
def create() -> ResponseReturnValue:
    """Makes the lead. A phone that is known leads to whom it belongs to."""
    actor = current_actor()
    with database.transaction() as conn:
        form = LeadForm.for_new(actor, active_people(conn), sent=True)
        wanted = _read(form, actor)
        if wanted is None:
            return _page(form), 422
        try:
            lead_id = leads.create(conn, wanted, actor, clock.now())
        except NumberTakenError as taken:
            return _page(form, known=known_lead(conn, actor, taken, form)), 409
    toast("Lead added.")
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


def known_lead(conn: Connection, actor: Actor, taken: NumberTakenError, form: LeadForm) -> Lead | None:
    """The lead that has the phone; where the actor may not see it, the form says whom to ask."""
    if taken.lead_id is None:
        form.phone.errors = [leads.COLLEAGUES]
        return None
    return reading.find(conn, actor, taken.lead_id)


def _read(form: LeadForm, actor: Actor) -> NewLead | None:
    """The lead that the form asks for; None when something is wrong with it."""
    form.validate()
    cleaned = form.read()
    consent = form.read_consent(form.consent_source, actor, clock.now())
    if any(field.errors for field in form):
        return None
    return NewLead(cleaned.values, form.owner_id, consent=consent)


def _page(form: LeadForm, known: Lead | None = None) -> str:
    return render_template("leads/new.html", form=form, known=known)
