"""Enrolling one lead from its own page."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints
from webapp.campaigns.doors import demand
from webapp.campaigns.figures import people_of
from webapp.campaigns.joining import elsewhere, enrolling_many, taking_out
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.pages.whom import demand_open
from webapp.campaigns.steering import running
from webapp.campaigns.steering.second_person import NeededError
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.leads import reading
from webapp.models.constants import CampaignStatus
from webapp.web.fields import ID_REGEX
from webapp.web.fragments import is_fragment, toast
from webapp.web.problems import Problem


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
    """Enrolls one lead. Is it on its way through another campaign, one is asked: move it, wait, both, or leave it."""
    actor, now = current_actor(), clock.now()
    chosen = request.form.get("campaign", "")
    with database.transaction() as conn:
        if reading.find(conn, actor, lead_id) is None:
            raise Problem.not_found("lead")
        campaign = demand_open(demand(conn, actor, int(chosen) if re.fullmatch(ID_REGEX, chosen) else 0))
        choice = next((each for each in elsewhere.CHOICES if each in request.form), None)
        if choice == "move":
            taking_out.hold(conn, [lead_id], campaign.id)
        campaign = demand(conn, actor, campaign.id, lock=True)
        try:
            [outcome] = running.enroll(conn, campaign, [lead_id], actor, now, elsewhere=choice)
        except NeededError as needed:
            return _panel(conn, actor, lead_id, said=f"Not enrolled. {needed}")
        if outcome == Entry.ELSEWHERE:
            return _panel(conn, actor, lead_id, asking=campaign)
        moves_later = choice == "move" and outcome == Entry.ENROLLED and campaign.status == CampaignStatus.DRAFT
        said = (_MOVES_LATER if moves_later else _SAID[outcome]).format(name=campaign.name)
        if is_fragment():
            html = _panel(conn, actor, lead_id, said=said)
    hints.ring_tick()
    if is_fragment():
        return html
    toast(said)
    return redirect(url_for("leads.show", lead_id=lead_id), 303)


_MOVES_LATER = "Enrolled in “{name}”. It stays where it is until that is launched."
_SAID = {
    Entry.ENROLLED: "Enrolled in “{name}”.",
    Entry.WAITING: "It begins in “{name}” once its other campaign has ended.",
    Entry.ALREADY: "In “{name}” already.",
    Entry.BEFORE: "It was in “{name}” before, and that campaign takes nobody twice.",
    Entry.OPTED_OUT: "Not enrolled: the lead has opted out.",
    Entry.GOAL: "Not enrolled: the lead has reached this campaign’s goal already.",
    Entry.BAD_NUMBER: "Not enrolled: the number does not work.",
    Entry.NO_CONSENT: "Not enrolled: the lead has not agreed to texts.",
    Entry.NO_SENDER: "Not enrolled: there is no number to send from.",
    Entry.NOT_FOUND: "Not enrolled: the lead is gone.",
}


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
