"""The first text: to a lead without a conversation, or to any number; and the conversation in a lead's own page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.inbox import newcomers, screens, sending, threads
from webapp.inbox.pages import answers
from webapp.inbox.pages.answers import Opened
from webapp.inbox.pages.blueprint import ID, blueprint
from webapp.inbox.sending import Typed
from webapp.inbox.view import OnScreen, Page
from webapp.leads import reading
from webapp.leads.reading import Lead
from webapp.messaging import hints
from webapp.messaging.threads import NoSenderError
from webapp.web.fragments import go_to, is_fragment
from webapp.web.problems import Problem


@blueprint.get("/inbox/new")
@requires(Permission.SIGNED_IN)
def new_message() -> ResponseReturnValue:
    """Asks for a number."""
    return render_template("inbox/new.html", given={"phone": request.args.get("phone", "")}, errors={})


@blueprint.post("/inbox/new")
@requires(Permission.SIGNED_IN)
def start_message() -> ResponseReturnValue:
    """Finds or makes the lead with that number, and goes on to the conversation with it."""
    given = {name: request.form.get(name, "").strip() for name in ("phone", "first_name", "last_name")}
    with database.transaction() as conn:
        found = newcomers.find_or_make(conn, current_actor(), given, clock.now())
    if found.lead_id is None:
        return render_template("inbox/new.html", given=given, errors=found.errors), 422
    return redirect(url_for("inbox.of_lead", lead_id=found.lead_id), 303)


@blueprint.get(f"/inbox/leads/<{ID}:lead_id>")
@requires(Permission.SIGNED_IN)
def of_lead(lead_id: int) -> ResponseReturnValue:
    """The conversation with a lead; where there is none yet, an empty one that the first text makes real."""
    actor = current_actor()
    with database.transaction() as conn:
        known = threads.find_of_lead(conn, actor, lead_id)
        if known is not None:
            return redirect(url_for("inbox.thread", conversation_id=known))
        opened = _imagined(conn, actor, demand_lead(conn, actor, lead_id), OnScreen.read(request.args))
        return answers.render_page(opened, screens.load_list(conn, actor, opened.on_screen))


@blueprint.get(f"/inbox/panel/lead/<{ID}:lead_id>")
@requires(Permission.SIGNED_IN)
def panel(lead_id: int) -> ResponseReturnValue:
    """The conversation as part of the lead's own page, with the one poller of that page."""
    actor, on_screen = current_actor(), OnScreen(page=Page.LEAD)
    with database.transaction() as conn:
        known = threads.find_of_lead(conn, actor, lead_id)
        if known is not None:
            return answers.conversation(answers.open_thread(conn, actor, on_screen.with_thread(known)))
        return answers.conversation(_imagined(conn, actor, demand_lead(conn, actor, lead_id), on_screen))


@blueprint.post(f"/inbox/leads/<{ID}:lead_id>/messages")
@requires(Permission.SIGNED_IN)
def send_first(lead_id: int) -> ResponseReturnValue:
    """The first text to a lead: makes the conversation, unless the text is turned down."""
    actor, typed, now = current_actor(), Typed.read(request.form), clock.now()
    on_screen = OnScreen.read(request.values).with_thread(None)
    with database.transaction() as conn:
        lead = demand_lead(conn, actor, lead_id)
        conversation_id = ensure(conn, lead)
        result = sending.send(conn, actor, conversation_id, typed, now)
    hints.ring_send()
    if result.ok:
        return go_to(_where_it_is(on_screen, lead_id, conversation_id))
    with database.autocommit() as conn:
        if is_fragment():
            return answers.after_sending(conn, actor, on_screen.with_thread(conversation_id), typed, result, now)
        return answers.page_after_sending(conn, actor, on_screen.with_thread(conversation_id), typed, result)


def _imagined(conn: Connection, actor: Actor, lead: Lead, on_screen: OnScreen) -> Opened:
    """Rolled back at once: looking at a lead makes nothing."""
    try:
        pane = newcomers.imagine(conn, actor, lead, clock.now())
    except NoSenderError as error:
        raise Problem.conflict(str(error)) from None
    conn.rollback()
    return Opened(pane, on_screen.with_thread(None), answers.current_tag(conn, on_screen.with_thread(None)))


def ensure(conn: Connection, lead: Lead) -> int:
    """The lead's conversation, made when it is new; a 409 Problem while there is no number to send from."""
    try:
        return newcomers.ensure(conn, lead, clock.now())
    except NoSenderError as error:
        raise Problem.conflict(str(error)) from None


def _where_it_is(on_screen: OnScreen, lead_id: int, conversation_id: int) -> str:
    if on_screen.page is Page.LEAD:
        return f"/leads/{lead_id}"
    return url_for("inbox.thread", conversation_id=conversation_id)


def demand_lead(conn: Connection, actor: Actor, lead_id: int) -> Lead:
    """The lead; a 404 Problem where there is none, or none that this actor may see."""
    lead = reading.find(conn, actor, lead_id)
    if lead is None:
        raise Problem.not_found("lead")
    return lead
