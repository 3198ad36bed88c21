"""Templates for the composer: each as this lead would read it, to be put into the box."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.inbox.pages.blueprint import ID, blueprint, demand_thread
from webapp.inbox.pages.newcomers import demand_lead
from webapp.texts import people, reading
from webapp.texts.people import Reader
from webapp.texts.preview import preview
from webapp.texts.reading import Filter


@blueprint.get(f"/inbox/<{ID}:conversation_id>/templates")
@requires(Permission.SIGNED_IN)
def offer(conversation_id: int) -> ResponseReturnValue:
    """The templates for whom this conversation is with."""
    actor = current_actor()
    with database.transaction() as conn:
        lead_id = demand_thread(conn, actor, conversation_id).lead_id
        reader = _reader(conn, actor, lead_id) if lead_id else None
        return _offered(conn, actor, reader)


@blueprint.get(f"/inbox/leads/<{ID}:lead_id>/templates")
@requires(Permission.SIGNED_IN)
def offer_first(lead_id: int) -> ResponseReturnValue:
    """The same for a lead without a conversation."""
    actor = current_actor()
    with database.transaction() as conn:
        demand_lead(conn, actor, lead_id)
        return _offered(conn, actor, _reader(conn, actor, lead_id))


def _reader(conn: Connection, actor: Actor, lead_id: int) -> Reader | None:
    """Who writes by hand signs with their own name, whoever has the lead."""
    return people.find(conn, actor, lead_id, signed_by=actor.name)


def _offered(conn: Connection, actor: Actor, reader: Reader | None) -> str:
    found = reading.find_page(conn, actor, Filter())
    known = people.fields_of(conn, reader, actor.name)
    offered = [(template, preview(template.body, known)) for template in found]
    return render_template("inbox/templates.html", offered=[each for each in offered if not each[1].error])
