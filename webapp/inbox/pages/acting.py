"""Doing something with a conversation. Every form works by itself; with htmx the answer is what changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.inbox import sending, threads
from webapp.inbox.pages import answers
from webapp.inbox.pages.blueprint import ID, blueprint, demand_thread
from webapp.inbox.sending import Typed
from webapp.inbox.view import OnScreen, read_id
from webapp.leads import leads, ownership, reading
from webapp.leads.fields import clean
from webapp.leads.statuses import LABELS
from webapp.messaging import canceling, hints, retrying
from webapp.messaging import threads as conversations
from webapp.web.fragments import go_to, is_fragment, toast, with_toast
from webapp.web.problems import Problem


@blueprint.post(f"/inbox/<{ID}:conversation_id>/messages")
@requires(Permission.SIGNED_IN)
def send(conversation_id: int) -> ResponseReturnValue:
    """Sends what was typed, now or as soon as it may go; the same ``client_key`` again sends nothing more."""
    actor, typed, now = current_actor(), Typed.read(request.form), clock.now()
    on_screen = OnScreen.read(request.values).with_thread(conversation_id, OnScreen.read(request.form).since)
    with database.transaction() as conn:
        demand_thread(conn, actor, conversation_id)
        result = sending.send(conn, actor, conversation_id, typed, now)
    hints.ring_send()
    if result.ok and not is_fragment():
        return redirect(on_screen.selection.at(url_for("inbox.thread", conversation_id=conversation_id)), 303)
    with database.autocommit() as conn:
        if is_fragment():
            return answers.after_sending(conn, actor, on_screen, typed, result, now)
        return answers.page_after_sending(conn, actor, on_screen, typed, result)


@blueprint.post(f"/inbox/<{ID}:conversation_id>/resolve")
@requires(Permission.SIGNED_IN)
def resolve(conversation_id: int) -> ResponseReturnValue:
    """Done. Can be taken back."""
    undo = url_for("inbox.reopen", conversation_id=conversation_id)
    return act_on(conversation_id, lambda conn, _: conversations.resolve(conn, conversation_id), "Resolved.", undo=undo)


@blueprint.post(f"/inbox/<{ID}:conversation_id>/reopen")
@requires(Permission.SIGNED_IN)
def reopen(conversation_id: int) -> ResponseReturnValue:
    """Open again."""
    return act_on(conversation_id, lambda conn, _: conversations.reopen(conn, conversation_id), "Open again.")


@blueprint.post(f"/inbox/<{ID}:conversation_id>/assign")
@requires(Permission.SIGNED_IN)
def assign(conversation_id: int) -> ResponseReturnValue:
    """Gives the conversation, with its lead, to somebody or to nobody."""
    actor, chosen = current_actor(), request.form.get("user_id", "")
    user_id = read_id(chosen)
    with database.transaction() as conn:
        demand_thread(conn, actor, conversation_id)
        if chosen and not (user_id and ownership.can_own(conn, user_id)):
            raise Problem.invalid([("user_id", "There is no such person.")])
        conversations.assign(conn, conversation_id, user_id, actor_id=actor.id, now=clock.now())
        still_seen = threads.find(conn, actor, conversation_id) is not None
    if still_seen:
        return show(conversation_id, actor, clock.now(), "Assigned.")
    toast("Assigned. You no longer see this conversation.")
    return go_to(url_for("inbox.index"))


@blueprint.post(f"/inbox/<{ID}:conversation_id>/status")
@requires(Permission.SIGNED_IN)
def set_status(conversation_id: int) -> ResponseReturnValue:
    """Says how far the team is with the lead of a conversation."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        lead_id = demand_thread(conn, actor, conversation_id).lead_id
        if lead_id is None or not reading.lock(conn, actor, lead_id):
            raise Problem.not_found("lead")
        cleaned = clean({"status": request.form.get("status", "")})
        if cleaned.errors:
            raise Problem.invalid(cleaned.errors)
        leads.update(conn, lead_id, cleaned.values, actor, now)
        conversations.show_change(conn, [conversation_id])
    return show(conversation_id, actor, now, f"Status: {LABELS[cleaned.values['status']]}.")


@blueprint.post(f"/inbox/messages/<{ID}:message_id>/retry")
@requires(Permission.SIGNED_IN)
def retry(message_id: int) -> ResponseReturnValue:
    """Sends a text that was not delivered once more; two clicks are one retry."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        conversation_id = _conversation_of(conn, actor, message_id)
        queued = retrying.retry(conn, message_id, actor_id=actor.id, now=now)
    hints.ring_send()
    if queued is None:
        return show(conversation_id, actor, now, "This text cannot be sent again.")
    decision = queued.decision
    return show(conversation_id, actor, now, decision.sentence if decision else "It is already on its way again.")


@blueprint.post(f"/inbox/messages/<{ID}:message_id>/cancel")
@requires(Permission.SIGNED_IN)
def cancel(message_id: int) -> ResponseReturnValue:
    """Takes back a text that has not gone yet."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        conversation_id = _conversation_of(conn, actor, message_id)
        canceled = canceling.cancel(conn, message_id, now=now)
    return show(conversation_id, actor, now, "Canceled." if canceled else "Too late: it is already on its way.")


def act_on(
    conversation_id: int, act: Callable[[Connection, Actor], None], said: str, *, undo: str | None = None
) -> ResponseReturnValue:
    """Does something to a conversation that the actor may see, and shows what it changed."""
    actor = current_actor()
    with database.transaction() as conn:
        demand_thread(conn, actor, conversation_id)
        act(conn, actor)
    return show(conversation_id, actor, clock.now(), said, undo=undo)


def show(
    conversation_id: int, actor: Actor, now: datetime, said: str, *, undo: str | None = None
) -> ResponseReturnValue:
    """What changed, with a short message; without htmx back to the conversation."""
    on_screen = OnScreen.read(request.values).with_thread(conversation_id, OnScreen.read(request.form).since)
    if not is_fragment():
        toast(said, undo=undo)
        return redirect(on_screen.selection.at(url_for("inbox.thread", conversation_id=conversation_id)), 303)
    with database.autocommit() as conn:
        return with_toast(answers.after_an_act(conn, actor, on_screen, now), said, undo=undo)


def _conversation_of(conn: Connection, actor: Actor, message_id: int) -> int:
    found = threads.of_message(conn, actor, message_id)
    if found is None:
        raise Problem.not_found("text")
    return found
