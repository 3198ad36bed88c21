"""One number: how it stands, all that its consent ledger says, and whether that ledger is whole."""

from __future__ import annotations

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.consent import ledger, seals
from webapp.compliance.consent.words import describe, source_words
from webapp.compliance.dnc import lists as dnc_lists
from webapp.compliance.optouts import business_days, by_hand, re_opt_in, standings, undoing
from webapp.compliance.optouts.forms import AgreeAgainForm, StopForm
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.config import Settings
from webapp.database import Connection
from webapp.leads import reading
from webapp.web.fragments import toast
from webapp.web.problems import Problem

_CARRIER_TOO = "Where they had texted STOP, the carrier blocks the number as well until they text START to ours."


@blueprint.get(f"/compliance/opt-outs/<{ID}:number_id>")
@requires(Permission.MANAGE)
def opt_out_history(number_id: int) -> ResponseReturnValue:
    """The number's page."""
    with database.transaction() as conn:
        return _page(conn, number_id, StopForm(), AgreeAgainForm())


@blueprint.post(f"/compliance/opt-outs/<{ID}:number_id>/stop")
@requires(Permission.MANAGE)
def opt_out_number(number_id: int) -> ResponseReturnValue:
    """Opts the number out, as it told us."""
    form = StopForm()
    with database.transaction() as conn:
        _demand_number(conn, number_id)
        if not form.validate():
            return _page(conn, number_id, form, AgreeAgainForm()), 422
        _enter(conn, number_id, form.method.data, form.note.data or "")
    return redirect(url_for("compliance.opt_out_history", number_id=number_id), 303)


@blueprint.post(f"/compliance/opt-outs/<{ID}:number_id>/undo")
@requires(Permission.MANAGE)
def undo_opt_out(number_id: int) -> ResponseReturnValue:
    """Takes back what this person entered, confirmed or dismissed a moment ago."""
    with database.transaction() as conn:
        _take_back(conn, number_id)
    return redirect(url_for("compliance.opt_out_history", number_id=number_id), 303)


@blueprint.post(f"/compliance/opt-outs/<{ID}:number_id>/opt-in")
@requires(Permission.MANAGE)
def opt_in_again(number_id: int) -> ResponseReturnValue:
    """Lifts the suppression, with evidence. Audited, and the owners are told."""
    actor, form, now = current_actor(), AgreeAgainForm(), clock.now()
    with database.transaction() as conn:
        _demand_number(conn, number_id)
        stopped = re_opt_in.lock(conn, number_id)
        if stopped is None:
            toast("This number is not opted out.")
            return redirect(url_for("compliance.opt_out_history", number_id=number_id), 303)
        evidence = form.read(stopped, actor.timezone, now)
        if evidence is None:
            return _page(conn, number_id, StopForm(), form), 422
        re_opt_in.write(conn, stopped, evidence, actor=actor, now=now)
        link = _settings().app_url + url_for("compliance.opt_out_history", number_id=number_id)
        told = f"{actor.name} opted a number in again that had opted out. The evidence: {link}"
        letters = notices.to_owners(conn, "somebody was opted in again", told)
    notices.send_aside(_settings(), letters)
    toast(f"Opted in again. {_CARRIER_TOO}")
    return redirect(url_for("compliance.opt_out_history", number_id=number_id), 303)


@blueprint.post(f"/leads/<{ID}:lead_id>/opt-out")
@requires(Permission.SIGNED_IN)
def opt_out_lead(lead_id: int) -> ResponseReturnValue:
    """The same for a lead, by whoever may see it: one click in the lead's own menu."""
    form = StopForm()
    with database.transaction() as conn:
        number_id = _number_of_lead(conn, lead_id)
        if form.validate():
            undo = url_for("compliance.undo_opt_out_of_lead", lead_id=lead_id)
            _enter(conn, number_id, form.method.data, form.note.data or "", undo=undo)
        else:
            toast("Not opted out: say how they told us, in at most 300 characters.")
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


@blueprint.post(f"/leads/<{ID}:lead_id>/opt-out/undo")
@requires(Permission.SIGNED_IN)
def undo_opt_out_of_lead(lead_id: int) -> ResponseReturnValue:
    """Takes it back."""
    with database.transaction() as conn:
        _take_back(conn, _number_of_lead(conn, lead_id))
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


def _enter(conn: Connection, number_id: int, method: str, note: str, *, undo: str | None = None) -> None:
    fresh = by_hand.opt_out(conn, number_id, method, note, actor=current_actor(), now=clock.now())
    undo = undo or url_for("compliance.undo_opt_out", number_id=number_id)
    said = f"Opted out {by_hand.METHODS[method]}." if fresh else f"Opted out already. {by_hand.NOTED}"
    toast(said, undo=undo if fresh else None)


def _take_back(conn: Connection, number_id: int) -> None:
    toast(undoing.undo(conn, number_id, actor=current_actor(), now=clock.now()) or undoing.TOO_LATE)


def _number_of_lead(conn: Connection, lead_id: int) -> int:
    """The contact number of a lead that the actor may see. Raises a 404 Problem."""
    lead = reading.find(conn, current_actor(), lead_id)
    if lead is None:
        raise Problem.not_found("lead")
    return lead.contact_number_id


def _demand_number(conn: Connection, number_id: int) -> standings.Standing:
    found = standings.find(conn, number_id)
    if found is None:
        raise Problem.not_found("number")
    return found


def _page(conn: Connection, number_id: int, stop: StopForm, agree: AgreeAgainForm) -> str:
    number = _demand_number(conn, number_id)
    zone = account_settings.load(conn).default_timezone
    return render_template(
        "compliance/optout_history.html",
        number=number,
        lists=[] if number.erased_at else dnc_lists.in_use_with(conn, number.e164),
        entries=ledger.entries(conn, number_id),
        broken=ledger.verify(conn, number_id),
        sealed=seals.newest(conn),
        days_left=business_days.days_left(number.doubt_at, clock.now(), zone) if number.doubt_at else None,
        stop=stop,
        agree=agree,
        describe=describe,
        source_words=source_words,
        carrier_too=_CARRIER_TOO,
    )


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
