"""Choosing whom a campaign is for: a saved list, some ticked leads, one lead from its own page."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import audit
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import enrolling_many, hints, joiners, moving, people_of, running, store
from webapp.campaigns.doors import demand
from webapp.campaigns.enrolling import Entry
from webapp.campaigns.moving import Act
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads import bulk_work, lists, reading
from webapp.leads.lists import SavedList
from webapp.models.constants import EnrollmentStatus
from webapp.web.fields import ID_REGEX
from webapp.web.fragments import is_fragment, toast
from webapp.web.problems import Problem

#: More leads than this are enrolled by a worker, with a page that shows how far it is.
_AT_ONCE = 1000


@blueprint.get(f"/<{ID}:campaign_id>/enroll")
@requires(Permission.SIGNED_IN)
def enroll_page(campaign_id: int) -> ResponseReturnValue:
    """Which list, and whether whoever joins it later comes along."""
    actor = current_actor()
    with database.transaction() as conn:
        return _page(conn, actor, _open(demand(conn, actor, campaign_id)))


@blueprint.post(f"/<{ID}:campaign_id>/enroll")
@requires(Permission.SIGNED_IN)
def enroll_list(campaign_id: int) -> ResponseReturnValue:
    """Enrolls a list's leads: a small one at once, a large one as a bulk operation."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = _open(demand(conn, actor, campaign_id, lock=True))
        saved = _chosen(conn, actor)
        if saved is None:
            return _page(conn, actor, campaign, {"list": "Choose a list."}), 422
        ids = lists.leads_sql(conn, saved.id, actor, now)
        store.change(conn, campaign.id, {"saved_list_id": saved.id}, now)
        campaign = demand(conn, actor, campaign_id, lock=True)
        _set_joiners(conn, campaign, actor, wanted="joiners" in request.form)
        count = lists.count_of(conn, ids)
        if count > _AT_ONCE:
            params = {"campaign_id": campaign.id, "name": campaign.name}
            operation_id = bulk_work.begin(conn, actor, enrolling_many.ACTION, params, ids)
        else:
            lead_ids = [row[0] for row in conn.execute(ids.sql, ids.params)]
            outcomes = running.enroll(conn, campaign, lead_ids, actor, now)
            audit.record(conn, actor.id, "campaign.enrolled", f"campaign:{campaign.id}", **dict(outcomes))
    if count > _AT_ONCE:
        bulk.ring(bulk_work.KIND, operation_id)
        return redirect(url_for("leads.show_bulk", operation_id=operation_id), 303)
    hints.ring_tick()
    toast(enrolling_many.said(outcomes))
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/joiners")
@requires(Permission.SIGNED_IN)
def change_joiners(campaign_id: int) -> ResponseReturnValue:
    """Switches on, or off, that whoever joins the list later is enrolled by itself."""
    actor, wanted = current_actor(), request.form.get("joiners") == "on"
    with database.transaction() as conn:
        campaign = _open(demand(conn, actor, campaign_id, lock=True))
        if wanted and campaign.saved_list_id is None and not campaign.audience:
            raise Problem.conflict("Choose the campaign’s list first.")
        _set_joiners(conn, campaign, actor, wanted=wanted)
    toast("Whoever joins the list from now on is enrolled." if wanted else "Nobody joins by itself any more.")
    return redirect(url_for("campaigns.enroll_page", campaign_id=campaign_id), 303)


@blueprint.get(f"/of-lead/<{ID}:lead_id>")
@requires(Permission.SIGNED_IN)
def panel_of_lead(lead_id: int) -> ResponseReturnValue:
    """The campaigns that a lead is in, and the form that adds it to one: a part of the lead's page."""
    actor = current_actor()
    with database.transaction() as conn:
        if reading.find(conn, actor, lead_id) is None:
            raise Problem.not_found("lead")
        return _panel(conn, actor, lead_id)


@blueprint.post(f"/of-lead/<{ID}:lead_id>")
@requires(Permission.SIGNED_IN)
def enroll_lead(lead_id: int) -> ResponseReturnValue:
    """Enrolls one lead. Is it on its way through another campaign, one is asked: move it, or leave it there."""
    actor, now = current_actor(), clock.now()
    chosen = request.form.get("campaign", "")
    with database.transaction() as conn:
        if reading.find(conn, actor, lead_id) is None:
            raise Problem.not_found("lead")
        campaign = _open(demand(conn, actor, int(chosen) if re.fullmatch(ID_REGEX, chosen) else 0))
        if "move" in request.form:
            _take_out_of_others(conn, actor, lead_id, campaign)
        campaign = demand(conn, actor, campaign.id, lock=True)
        [outcome] = running.enroll(conn, campaign, [lead_id], actor, now)
        if outcome == Entry.ELSEWHERE:
            return _panel(conn, actor, lead_id, asking=campaign)
        said = _SAID[outcome].format(name=campaign.name)
        if is_fragment():
            html = _panel(conn, actor, lead_id, said=said)
    hints.ring_tick()
    if is_fragment():
        return html
    toast(said)
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


_SAID = {
    Entry.ENROLLED: "Enrolled in “{name}”.",
    Entry.ALREADY: "In “{name}” already.",
    Entry.BEFORE: "It was in “{name}” before, and that campaign takes nobody twice.",
    Entry.OPTED_OUT: "Not enrolled: the lead has opted out.",
    Entry.BAD_NUMBER: "Not enrolled: the number does not work.",
    Entry.NO_CONSENT: "Not enrolled: the lead has not agreed to texts.",
    Entry.NO_SENDER: "Not enrolled: there is no number to send from.",
    Entry.NOT_FOUND: "Not enrolled: the lead is gone.",
}


def _take_out_of_others(conn: Connection, actor: Actor, lead_id: int, into: Campaign) -> None:
    now = clock.now()
    for one in people_of.of_lead(conn, actor, lead_id):
        live = one.status in (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)
        if live and one.campaign_id != into.id:
            moving.remove(Act(conn, one.id, actor, now))


def _panel(conn: Connection, actor: Actor, lead_id: int, *, said: str = "", asking: Campaign | None = None) -> str:
    template = "campaigns/_lead_panel.html" if is_fragment() else "campaigns/lead_panel.html"
    return render_template(
        template,
        lead_id=lead_id,
        ways=people_of.of_lead(conn, actor, lead_id),
        campaigns=enrolling_many.open_campaigns(conn, actor),
        said=said,
        asking=asking,
    )


def _set_joiners(conn: Connection, campaign: Campaign, actor: Actor, *, wanted: bool) -> None:
    now = clock.now()
    if wanted:
        joiners.switch_on(conn, campaign, actor, now)
    elif campaign.takes_joiners:
        joiners.switch_off(conn, campaign, now)
    if wanted != campaign.takes_joiners:
        audit.record(conn, actor.id, "campaign.joiners", f"campaign:{campaign.id}", on=wanted)


def _chosen(conn: Connection, actor: Actor) -> SavedList | None:
    given = request.form.get("list", "")
    return lists.find(conn, actor, int(given)) if re.fullmatch(ID_REGEX, given) else None


def _open(campaign: Campaign) -> Campaign:
    if not enrolling_many.takes_leads(campaign):
        raise Problem.conflict(f"The campaign is {campaign.status}: copy it, and enroll into the copy.")
    return campaign


def _page(conn: Connection, actor: Actor, campaign: Campaign, errors: dict[str, str] | None = None) -> str:
    found = lists.visible_lists(conn, actor)
    return render_template(
        "campaigns/enroll.html",
        g=campaign,
        lists=found,
        chosen=request.form.get("list") or str(campaign.saved_list_id or ""),
        of_campaign=next((each for each in found if each.id == campaign.saved_list_id), None),
        errors=errors or {},
    )
