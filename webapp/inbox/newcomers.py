"""Writing to somebody for the first time: a lead without a conversation, or a number that nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.inbox import screens, threads
from webapp.inbox.screens import ThreadPane
from webapp.leads import leads
from webapp.leads.fields import clean
from webapp.leads.leads import NewLead, NumberTakenError
from webapp.leads.reading import Lead
from webapp.messaging import threads as conversations

_TAKEN = "This number is assigned to somebody else. Ask a manager to hand it to you."


@dataclass(frozen=True, slots=True)
class Found:
    """The lead of a number, or what was wrong with the form, by field."""

    lead_id: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def find_or_make(conn: Connection, actor: Actor, given: Mapping[str, str], now: datetime) -> Found:
    """The lead with this phone, made and assigned to the actor where there is none. ``now`` is business time."""
    cleaned = clean(given)
    errors = {error.field: error.message for error in cleaned.errors}
    if "phone" not in cleaned.values and "phone" not in errors:
        errors["phone"] = "Give the number to text."
    if errors:
        return Found(errors=errors)
    known = leads.find_duplicate(conn, cleaned.values["phone"], actor)
    if known is not None:
        return Found(known)
    try:
        return Found(leads.create(conn, NewLead(cleaned.values, owner_id=actor.id), actor, now))
    except NumberTakenError:
        return Found(errors={"phone": _TAKEN})


def ensure(conn: Connection, lead: Lead, now: datetime) -> int:
    """The lead's conversation, made when it is new. Raises conversations.NoSenderError."""
    return conversations.ensure_conversation(
        conn,
        contact_number_id=lead.contact_number_id,
        lead_id=lead.id,
        assigned_to=lead.owner_id,
        now=now,
    )


def imagine(conn: Connection, actor: Actor, lead: Lead, now: datetime) -> ThreadPane:
    """The conversation that a first text would make, which the caller must roll back.

    The composer's forecast needs a conversation, and a page that is only looked at must not make one.
    """
    head = threads.find(conn, actor, ensure(conn, lead, now))
    assert head is not None, "who sees the lead sees its conversations"
    pane = screens.load_thread(conn, actor, head, now=now)
    return replace(pane, composer=replace(pane.composer, target=f"/inbox/leads/{lead.id}"))
