"""Changing, assigning and deleting a lead."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import audit
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.leads import leads, ownership, reading
from webapp.leads.fields import clean
from webapp.leads.forms import LeadForm, custom_changes
from webapp.leads.leads import NumberTakenError
from webapp.leads.pages.blueprint import ID, blueprint, demand_lead, lock_lead
from webapp.leads.pages.making import known_lead
from webapp.leads.reading import Lead
from webapp.leads.statuses import LABELS
from webapp.web.fragments import toast
from webapp.web.problems import Problem


@blueprint.get(f"/leads/<{ID}:lead_id>/edit")
@requires(Permission.SIGNED_IN)
def edit(lead_id: int) -> ResponseReturnValue:
    """The lead in a form."""
    with database.transaction() as conn:
        lead = demand_lead(conn, current_actor(), lead_id)
    return _page(lead, LeadForm.for_lead(lead, sent=False))


@blueprint.post(f"/leads/<{ID}:lead_id>/edit")
@requires(Permission.SIGNED_IN)
def save(lead_id: int) -> ResponseReturnValue:
    """Changes the lead."""
    actor = current_actor()
    with database.transaction() as conn:
        lead = lock_lead(conn, actor, lead_id)
        form = LeadForm.for_lead(lead, sent=True)
        form.validate()
        cleaned, own = form.read(), clean({"custom": custom_changes(lead)})
        form.form_errors.extend(error.message for error in own.errors)
        if form.form_errors or any(field.errors for field in form):
            return _page(lead, form), 422
        try:
            leads.update(conn, lead_id, {**cleaned.values, **own.values}, actor, clock.now())
        except NumberTakenError as taken:
            return _page(lead, form, known=known_lead(conn, actor, taken, form)), 409
    toast("Saved.")
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


@blueprint.post(f"/leads/<{ID}:lead_id>/assign")
@requires(Permission.SIGNED_IN)
def assign(lead_id: int) -> ResponseReturnValue:
    """Gives the lead, with its conversations, to somebody or to nobody."""
    actor, chosen = current_actor(), request.form.get("user_id", "")
    with database.transaction() as conn:
        lock_lead(conn, actor, lead_id)
        user_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= 18 else None
        if chosen and not (user_id and ownership.can_own(conn, user_id)):
            raise Problem.invalid([("user_id", ownership.NOBODY)])
        leads.reassign(conn, lead_id, user_id, clock.now())
        still_seen = reading.find(conn, actor, lead_id) is not None
    toast("Assigned." if still_seen else "Assigned. You no longer see this lead.")
    return redirect(url_for("leads.show", lead_id=lead_id) if still_seen else url_for("leads.index"), 303)


@blueprint.post(f"/leads/<{ID}:lead_id>/status")
@requires(Permission.SIGNED_IN)
def set_status(lead_id: int) -> ResponseReturnValue:
    """Says how far the team is with the lead."""
    with database.transaction() as conn:
        lock_lead(conn, current_actor(), lead_id)
        cleaned = clean({"status": request.form.get("status", "")})
        if cleaned.errors:
            raise Problem.invalid(cleaned.errors)
        leads.update(conn, lead_id, cleaned.values, current_actor(), clock.now())
    toast(f"Status: {LABELS[cleaned.values['status']]}.")
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


@blueprint.get(f"/leads/<{ID}:lead_id>/delete")
@requires(Permission.SIGNED_IN)
def ask_to_delete(lead_id: int) -> ResponseReturnValue:
    """The question, for a browser without scripts; the lead's own page asks it in a dialog."""
    with database.transaction() as conn:
        return render_template("leads/delete.html", lead=demand_lead(conn, current_actor(), lead_id))


@blueprint.post(f"/leads/<{ID}:lead_id>/delete")
@requires(Permission.SIGNED_IN)
def delete(lead_id: int) -> ResponseReturnValue:
    """Deletes the lead; number, opt-out, consents and texts stay."""
    actor = current_actor()
    with database.transaction() as conn:
        lead = lock_lead(conn, actor, lead_id)
        leads.delete(conn, lead_id, actor, clock.now())
        audit.record(conn, actor.id, "lead.deleted", f"lead:{lead_id}")
    toast(f"{lead.name or 'The lead'} is deleted.")
    return redirect(url_for("leads.index"), 303)


def _page(lead: Lead, form: LeadForm, known: Lead | None = None) -> str:
    return render_template("leads/edit.html", lead=lead, form=form, known=known)
