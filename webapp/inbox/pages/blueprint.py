"""The blueprint that the modules beside add their views to, and what all of them need."""

from __future__ import annotations

from flask import Blueprint

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.inbox import threads
from webapp.inbox.threads import Head
from webapp.rules.phones import display
from webapp.web.problems import Problem

blueprint = Blueprint("inbox", __name__)

#: An id in an address: one that would not fit a bigint names nothing, so it is a 404.
ID = "int(max=9223372036854775807)"


@blueprint.app_template_filter("phone")
def readable_phone(e164: str) -> str:
    """An E.164 number as people write it."""
    return display(e164)


@blueprint.app_template_global("full_name")
def full_name(who: Head) -> str:
    """A lead's name, or its number where it has none."""
    return f"{who.first_name} {who.last_name}".strip() or display(who.phone)


def demand_thread(conn: Connection, actor: Actor, conversation_id: int) -> Head:
    """The conversation; a 404 Problem where there is none, or none that this actor may see."""
    head = threads.find(conn, actor, conversation_id)
    if head is None:
        raise Problem.not_found("conversation")
    return head
