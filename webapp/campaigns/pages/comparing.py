"""The plan of a launch beside what came: day by day, step by step, and why they differ."""

from __future__ import annotations

import hashlib

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns.doors import demand
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.pages.plans import WORDS
from webapp.campaigns.plans import comparing
from webapp.campaigns.plans.totals import day_words
from webapp.models.constants import Reason
from webapp.web.fragments import is_fragment, not_modified, tagged, unchanged

#: Why a lead has not got a step, as the rest of "87 …".
WHY = {
    "to_come": "still to come",
    "queued": "on the way",
    "replied": "answered before",
    "opted_out": "opted out before",
    "failed": "refused at the last moment",
    "skipped": "left out of this step",
    "paused": "paused by a person",
    "removed": "taken out",
    "set_aside": "set aside for an error",
    "bad_number": "have a number that does not work",
    "refused": "may not be texted",
    "goal": "reached the goal",
    Reason.IN_ANOTHER_CAMPAIGN: "wait for another campaign",
    Reason.CAP: "wait for a cap",
}


@blueprint.get(f"/<{ID}:campaign_id>/compared")
@requires(Permission.SIGNED_IN)
def compared(campaign_id: int) -> ResponseReturnValue:
    """The page, and the answer of its own poll: 304 while it would look the same."""
    actor, now = current_actor(), clock.now()
    with database.autocommit() as conn:
        campaign = demand(conn, actor, campaign_id)
        found = comparing.compare(conn, campaign.id, now)
    if found is None:
        return redirect(url_for("campaigns.show", campaign_id=campaign_id))
    tag = hashlib.blake2s(repr((campaign.name, found)).encode(), digest_size=16).hexdigest()
    if is_fragment() and unchanged(tag):
        return not_modified()
    template = "campaigns/_compared.html" if is_fragment() else "campaigns/compared.html"
    today = comparing.day_of(now, found.zone)
    return tagged(
        render_template(template, g=campaign, c=found, why=WORDS | WHY, day_words=day_words, today=today, tag=tag), tag
    )
