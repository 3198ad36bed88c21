"""Help while a step is written: how the words will be read, and templates to put in."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import store
from webapp.campaigns.doors import demand
from webapp.campaigns.pages import building
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.steps import Version
from webapp.carrier.segments import LONGEST_BODY
from webapp.database import Connection
from webapp.texts import people, reading
from webapp.texts.preview import preview

_LONGEST_SEARCH = 200
_LONGEST_BODY = 2 * LONGEST_BODY  # more is no text any more, and would only take time


@blueprint.post(f"/<{ID}:campaign_id>/preview/text")
@requires(Permission.SIGNED_IN)
def preview_typed(campaign_id: int) -> ResponseReturnValue:
    """What is being typed, as a lead would get it from this campaign, ``first`` or later. Nothing is kept."""
    actor, typed = current_actor(), request.form.get("for", "")[:_LONGEST_SEARCH]
    body = request.form.get("body", "").replace("\r\n", "\n").replace("\x00", "").strip()
    with database.transaction() as conn:
        version = _version(conn, actor, campaign_id)
        first = request.form.get("first") == "yes"
        shown = building.as_sent(conn, actor, version, body[:_LONGEST_BODY], typed, first=first)
    return render_template("texts/preview.html", shown=shown)


@blueprint.get(f"/<{ID}:campaign_id>/templates")
@requires(Permission.SIGNED_IN)
def offer_templates(campaign_id: int) -> ResponseReturnValue:
    """The templates that one may use, as the chosen lead would read them; what is put in keeps its merge fields."""
    actor, typed = current_actor(), request.args.get("for", "")[:_LONGEST_SEARCH]
    with database.transaction() as conn:
        version = _version(conn, actor, campaign_id)
        reader = people.match(conn, actor, typed, stands_in=version.signed_by)
        known = people.fields_of(conn, reader, version.signed_by)
        found = reading.find_page(conn, actor, reading.Filter())
    offered = [(template, preview(template.body, known)) for template in found]
    return render_template("campaigns/templates.html", offered=offered)


def _version(conn: Connection, actor: Actor, campaign_id: int) -> Version:
    return store.shown_version(conn, demand(conn, actor, campaign_id))
