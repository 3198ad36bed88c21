"""May we text this person now, and why: for a lead's own page."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.inbox import standing
from webapp.inbox.pages.blueprint import ID, blueprint
from webapp.inbox.pages.newcomers import demand_lead
from webapp.inbox.standing import Standing
from webapp.web.fragments import is_fragment


@blueprint.get(f"/inbox/leads/<{ID}:lead_id>/standing")
@requires(Permission.SIGNED_IN)
def lead_standing(lead_id: int) -> ResponseReturnValue:
    """The answer with its reasons, and how consent came and went."""
    zone = current_actor().timezone
    return render_template("inbox/standing.html", said=_load(lead_id), bare=is_fragment(), zone=zone)


@blueprint.get(f"/inbox/leads/<{ID}:lead_id>/standing/line")
@requires(Permission.SIGNED_IN)
def lead_standing_line(lead_id: int) -> ResponseReturnValue:
    """The answer alone, for the lead's page to put in its place."""
    return render_template("inbox/_standing_line.html", said=_load(lead_id), lead_id=lead_id)


def _load(lead_id: int) -> Standing:
    with database.autocommit() as conn:
        return standing.may_we_text(conn, demand_lead(conn, current_actor(), lead_id), clock.now())
