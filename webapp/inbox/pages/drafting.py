"""Keeping what somebody types, while they type it."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.inbox import drafts, threads
from webapp.inbox.pages.blueprint import ID, blueprint, demand_thread
from webapp.inbox.pages.newcomers import demand_lead, ensure


@blueprint.post(f"/inbox/<{ID}:conversation_id>/draft")
@requires(Permission.SIGNED_IN)
def keep_draft(conversation_id: int) -> ResponseReturnValue:
    """Keeps what is typed so far."""
    actor, (body, client_key) = current_actor(), typed_so_far()
    with database.transaction() as conn:
        demand_thread(conn, actor, conversation_id)
        drafts.save(conn, conversation_id, actor.id, body, client_key=client_key)
    return Response(status=204)


@blueprint.post(f"/inbox/leads/<{ID}:lead_id>/draft")
@requires(Permission.SIGNED_IN)
def keep_first_draft(lead_id: int) -> ResponseReturnValue:
    """The same to a lead without a conversation: there is one from then on, in no list before its first text."""
    actor, (body, client_key) = current_actor(), typed_so_far()
    with database.transaction() as conn:
        lead = demand_lead(conn, actor, lead_id)
        known = threads.find_of_lead(conn, actor, lead_id)
        if known is not None or body.strip():
            drafts.save(conn, known or ensure(conn, lead), actor.id, body, client_key=client_key)
    return Response(status=204)


def typed_so_far() -> tuple[str, str | None]:
    """The text, with the line ends that it had in the box, and the key of the text that it is to become."""
    body = request.form.get("body", "").replace("\r\n", "\n").replace("\x00", "")
    return body, request.form.get("client_key")
