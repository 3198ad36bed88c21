"""JSON doors of conversations and messages."""

from __future__ import annotations

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.decisions import Decision, Outcome
from webapp.database import Connection
from webapp.messaging import asking, hints, listing
from webapp.messaging.listing import Position
from webapp.messaging.schemas import (
    ConversationQuery,
    Conversations,
    Explanation,
    MessageIn,
    MessageOut,
    MessageQuery,
    Messages,
)
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint, problem
from webapp.web.paging import cut, decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("messages", "Messages")

_NO_THREAD = problem("No such conversation or lead, or not one that you may see.")


@api.get("/sms/conversations", responses={200: Conversations})
@requires(Permission.SIGNED_IN)
def list_conversations(query: ConversationQuery) -> Conversations:
    """Lists conversations, newest first."""
    after = Position(*decode_cursor(query.cursor)) if query.cursor else None
    with database.autocommit() as conn:
        rows = listing.conversations(conn, current_actor(), query, after)
    page = cut(rows, query.limit, lambda row: (row.last_message_at, row.id))
    return Conversations(items=page.rows, next_cursor=page.next_cursor)


@api.get("/sms/messages", responses={200: Messages, 404: _NO_THREAD})
@requires(Permission.SIGNED_IN)
def list_messages(query: MessageQuery) -> Messages:
    """Lists the messages of a conversation or of a lead, oldest first."""
    if (query.conversation_id is None) == (query.lead_id is None):
        raise Problem.invalid([("conversation_id", "give either conversation_id or lead_id")])
    after_id = decode_cursor(query.cursor)[0] if query.cursor else query.after or 0
    actor = current_actor()
    with database.autocommit() as conn:
        rows = listing.messages(conn, actor, query, after_id)
        if not rows and not listing.may_see_thread(conn, actor, query):
            raise Problem.not_found("conversation" if query.lead_id is None else "lead")
    page = cut(rows, query.limit, lambda row: (row.id,))
    return Messages(items=page.rows, next_cursor=page.next_cursor)


@api.post(
    "/sms/messages",
    responses={
        200: MessageOut,
        202: MessageOut,
        404: problem("No such lead or template, or not one that you may see."),
        409: problem("Refused: see `reason`; or the `client_key` is somebody else's."),
    },
)
@requires(Permission.SIGNED_IN)
def send_message(body: MessageIn) -> tuple[MessageOut, int]:
    """Sends a text, now or when it may go.

    202 with the message `queued` or `held`. 200 when this `client_key` has already asked for it. 409 with `reason`
    when the rules refuse it; the refused text is kept, and `message_id` leads to its explanation.
    """
    actor = current_actor()
    with database.transaction() as conn:
        known = listing.message_id_of_key(conn, body.client_key) if body.client_key else None
        if known is not None:
            return _already_asked(conn, actor, known), 200
        queued = asking.ask(conn, actor, body, clock.now())
        if not queued.is_new:
            return _already_asked(conn, actor, queued.message_id), 200
        message = _visible(conn, actor, queued.message_id)  # gone, with all of this, if the lead was just reassigned
    if queued.decision is not None and queued.decision.outcome is Outcome.REFUSE:
        raise _refusal(queued.decision, queued.message_id)
    hints.ring_send()
    return message, 202


@api.get("/sms/messages/<id:id>", responses={200: MessageOut})
@requires(Permission.SIGNED_IN)
def get_message(path: ById) -> MessageOut:
    """One message."""
    with database.autocommit() as conn:
        return _visible(conn, current_actor(), path.id)


@api.get("/sms/messages/<id:id>/explain", responses={200: Explanation})
@requires(Permission.SIGNED_IN)
def explain_message(path: ById) -> Explanation:
    """Why a message was sent, held or refused: every decision about it."""
    with database.autocommit() as conn:
        _visible(conn, current_actor(), path.id)
        return Explanation(decisions=listing.decisions(conn, path.id))


def _visible(conn: Connection, actor: Actor, message_id: int) -> MessageOut:
    found = listing.message(conn, actor, message_id)
    if found is None:
        raise Problem.not_found("message")
    return found


def _already_asked(conn: Connection, actor: Actor, message_id: int) -> MessageOut:
    """The same key is the same message. Somebody else's key says nothing about their message."""
    found = listing.message(conn, actor, message_id)
    if found is None:
        raise Problem.conflict("This client_key is taken.", reason="client_key_taken")
    return found


def _refusal(decision: Decision, message_id: int) -> Problem:
    refused = Problem.conflict(decision.sentence, reason=decision.reason)
    return refused.plus(rule=decision.rule, message_id=str(message_id))
