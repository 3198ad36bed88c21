"""Opt-outs from within a conversation: one that may be one is decided, and one that was told otherwise is entered."""

from __future__ import annotations

from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.optouts import by_hand, doubts, undoing
from webapp.inbox.pages.acting import show
from webapp.inbox.pages.blueprint import ID, blueprint, demand_thread
from webapp.messaging import hints
from webapp.web.problems import Problem

_DECIDED = "Somebody has decided this already."


@blueprint.post(f"/inbox/<{ID}:conversation_id>/doubt/confirm")
@requires(Permission.SIGNED_IN)
def confirm_doubt(conversation_id: int) -> ResponseReturnValue:
    """It was an opt-out."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        number = demand_thread(conn, actor, conversation_id).contact_number_id
        done = doubts.confirm(conn, [number], actor_id=actor.id, now=now)
    return _decided(conversation_id, actor, now, "Opted out.", done=done)


@blueprint.post(f"/inbox/<{ID}:conversation_id>/doubt/dismiss")
@requires(Permission.SIGNED_IN)
def dismiss_doubt(conversation_id: int) -> ResponseReturnValue:
    """It was none: automatic texts go on."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        number = demand_thread(conn, actor, conversation_id).contact_number_id
        done = doubts.dismiss(conn, [number], actor_id=actor.id, now=now)
    hints.ring_send()
    return _decided(conversation_id, actor, now, "Not an opt-out. Automatic texts go on.", done=done)


@blueprint.post(f"/inbox/<{ID}:conversation_id>/opt-out")
@requires(Permission.SIGNED_IN)
def opt_out(conversation_id: int) -> ResponseReturnValue:
    """They told us in another way than by a text. Can be taken back for a moment."""
    actor, now = current_actor(), clock.now()
    method, note = request.form.get("method", ""), request.form.get("note", "").replace("\x00", "")
    if method not in by_hand.METHODS:
        raise Problem.invalid([("method", "Say how they told you.")])
    with database.transaction() as conn:
        number = demand_thread(conn, actor, conversation_id).contact_number_id
        fresh = by_hand.opt_out(conn, number, method, note, actor=actor, now=now)
    if not fresh:
        return show(conversation_id, actor, now, f"Opted out already. {by_hand.NOTED}")
    undo = url_for("inbox.undo_opt_out", conversation_id=conversation_id)
    return show(conversation_id, actor, now, f"Opted out {by_hand.METHODS[method]}.", undo=undo)


@blueprint.post(f"/inbox/<{ID}:conversation_id>/opt-out/undo")
@requires(Permission.SIGNED_IN)
def undo_opt_out(conversation_id: int) -> ResponseReturnValue:
    """Takes back what was entered, confirmed or dismissed a moment ago."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        number = demand_thread(conn, actor, conversation_id).contact_number_id
        done = undoing.undo(conn, number, actor=actor, now=now)
    hints.ring_send()
    return show(conversation_id, actor, now, done or undoing.TOO_LATE)


def _decided(conversation_id: int, actor: Actor, now: datetime, said: str, *, done: int) -> ResponseReturnValue:
    """Says what a click came to; for a moment it can be taken back."""
    if not done:
        return show(conversation_id, actor, now, _DECIDED)
    return show(conversation_id, actor, now, said, undo=url_for("inbox.undo_opt_out", conversation_id=conversation_id))
