"""Templates for the composer: each as this lead would read it, to be put into the box.

A browser without scripts goes to a page of them (``pick``) and comes back; what was typed is kept as a draft meanwhile.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.inbox import drafts, threads
from webapp.inbox.pages.blueprint import ID, blueprint, demand_thread
from webapp.inbox.pages.drafting import typed_so_far
from webapp.inbox.pages.newcomers import demand_lead, ensure
from webapp.texts import people, reading
from webapp.texts.people import Reader
from webapp.texts.preview import Preview, preview
from webapp.texts.reading import Filter, Template
from webapp.web.problems import Problem

_ID_DIGITS = 18


@blueprint.get(f"/inbox/<{ID}:conversation_id>/templates")
@requires(Permission.SIGNED_IN)
def offer(conversation_id: int) -> ResponseReturnValue:
    """The templates for whom this conversation is with."""
    actor = current_actor()
    with database.transaction() as conn:
        lead_id = demand_thread(conn, actor, conversation_id).lead_id
        reader = _reader(conn, actor, lead_id) if lead_id else None
        offered = _offered(conn, actor, reader)
    return render_template("inbox/templates.html", offered=offered)


@blueprint.get(f"/inbox/leads/<{ID}:lead_id>/templates")
@requires(Permission.SIGNED_IN)
def offer_first(lead_id: int) -> ResponseReturnValue:
    """The same for a lead without a conversation."""
    actor = current_actor()
    with database.transaction() as conn:
        demand_lead(conn, actor, lead_id)
        offered = _offered(conn, actor, _reader(conn, actor, lead_id))
    return render_template("inbox/templates.html", offered=offered)


@blueprint.get(f"/inbox/<{ID}:conversation_id>/pick")
@requires(Permission.SIGNED_IN)
def pick(conversation_id: int) -> ResponseReturnValue:
    """The same as a page, each with a button that puts it into the draft."""
    actor = current_actor()
    with database.transaction() as conn:
        head = demand_thread(conn, actor, conversation_id)
        offered = _offered(conn, actor, _reader(conn, actor, head.lead_id) if head.lead_id else None)
    return render_template("inbox/pick.html", offered=offered, head=head)


@blueprint.post(f"/inbox/leads/<{ID}:lead_id>/pick")
@requires(Permission.SIGNED_IN)
def begin_to_pick(lead_id: int) -> ResponseReturnValue:
    """Keeps what is typed to a lead without a conversation, and goes on to the templates."""
    actor, (body, client_key) = current_actor(), typed_so_far()
    with database.transaction() as conn:
        lead = demand_lead(conn, actor, lead_id)
        thread = threads.find_of_lead(conn, actor, lead_id) or ensure(conn, lead)
        drafts.save(conn, thread, actor.id, body, client_key=client_key)
    return redirect(url_for("inbox.pick", conversation_id=thread), 303)


@blueprint.post(f"/inbox/<{ID}:conversation_id>/pick")
@requires(Permission.SIGNED_IN)
def put_in(conversation_id: int) -> ResponseReturnValue:
    """Keeps what is typed and goes on to the templates; from there, puts the chosen one behind it."""
    actor, (body, client_key) = current_actor(), typed_so_far()
    with database.transaction() as conn:
        head = demand_thread(conn, actor, conversation_id)
        if "template" not in request.form:
            drafts.save(conn, conversation_id, actor.id, body, client_key=client_key)
            return redirect(url_for("inbox.pick", conversation_id=conversation_id), 303)
        template = _chosen(conn, actor)
        known = people.fields_of(conn, _reader(conn, actor, head.lead_id) if head.lead_id else None, actor.name)
        parts = [drafts.load(conn, conversation_id, actor.id), preview(template.body, known).draft]
        drafts.save(conn, conversation_id, actor.id, "\n".join(filter(None, parts)), client_key=None)
    return redirect(f"/inbox/{conversation_id}", 303)


def _chosen(conn: Connection, actor: Actor) -> Template:
    given = request.form["template"]
    is_id = given.isascii() and given.isdigit() and len(given) <= _ID_DIGITS
    template = reading.find(conn, actor, int(given)) if is_id else None
    if template is None:
        raise Problem.not_found("template")
    return template


def _reader(conn: Connection, actor: Actor, lead_id: int) -> Reader | None:
    """Who writes by hand signs with their own name, whoever has the lead."""
    return people.find(conn, actor, lead_id, signed_by=actor.name)


def _offered(conn: Connection, actor: Actor, reader: Reader | None) -> list[tuple[Template, Preview]]:
    found = reading.find_page(conn, actor, Filter())
    known = people.fields_of(conn, reader, actor.name)
    offered = [(template, preview(template.body, known)) for template in found]
    return [each for each in offered if not each[1].error]
