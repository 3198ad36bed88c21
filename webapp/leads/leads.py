"""Making, changing and deleting leads. One lead a phone number; the number outlives the lead.

Functions take a connection and leave the commit to the door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads import contacts
from webapp.leads.fields import LeadValues
from webapp.leads.ownership import align_conversations, assign_lead, assignee_of_number, detach_conversations
from webapp.leads.signals import (
    Consent,
    ConsentAnnounced,
    LeadLeft,
    announce_change,
    announce_consent,
    lead_deleted,
    lead_renumbered,
)

#: What a person is told when a phone is taken by a lead that they may see, and by one that they may not.
KNOWN = "This phone belongs to a lead that is already here."
COLLEAGUES = "This number belongs to a colleague's lead. Ask a manager to assign it to you."


class NumberTakenError(Exception):
    """Another lead has this phone. ``lead_id`` is None where the actor may not know which."""

    def __init__(self, lead_id: int | None) -> None:
        super().__init__("another lead has this phone number")
        self.lead_id = lead_id


@dataclass(frozen=True, slots=True)
class NewLead:
    """A lead to be made. ``values`` are clean and hold a phone (``webapp.leads.fields``)."""

    values: LeadValues
    owner_id: int | None = None
    source: str = "manual"
    consent: Consent | None = None


def create(conn: Connection, new: NewLead, actor: Actor | None, now: datetime) -> int:
    """Makes a lead and gives it the conversations that its number already had. Returns its id.

    Without an owner it goes to whoever has the number's newest conversation. ``actor`` is None for a stranger's
    first text. Raises NumberTakenError when the phone has a lead, or a conversation that this actor may not see.
    """
    contact_number_id = contacts.ensure_contact_number(conn, new.values["phone"], now)
    if new.consent is not None:
        contacts.lock_to_change(conn, contact_number_id)
    owner_id = _owner_for(conn, new, actor, contact_number_id)
    lead_id = _insert(conn, new, owner_id, contact_number_id, now)
    if lead_id is None:
        raise NumberTakenError(find_duplicate(conn, new.values["phone"], actor))
    align_conversations(conn, [lead_id])
    if new.consent is not None:
        announce_consent(ConsentAnnounced(conn, (contact_number_id,), new.consent, _id_of(actor), now))
    return lead_id


def find_duplicate(conn: Connection, e164: str, actor: Actor | None) -> int | None:
    """The id of the lead with this phone; None when there is none, or none that the actor may see."""
    sees = actor.params() if actor else {"sees_all": True, "actor_id": None}
    query = f"SELECT id FROM leads WHERE phone = %(phone)s AND {visible('owner_id')}"  # noqa: S608 (our own words)
    row = conn.execute(query, {"phone": e164, **sees}).fetchone()
    return None if row is None else int(row[0])


def update(conn: Connection, lead_id: int, values: LeadValues, actor: Actor, now: datetime) -> None:
    """Changes the given fields of a lead that the actor may see; the door has made sure of that.

    A new phone leaves the old number, with its conversations and its suppression, to itself. Raises NumberTakenError.
    """
    phone = values.get("phone")
    if phone is not None:
        _renumber(conn, lead_id, phone, actor, now)
    columns = {name: _stored(value) for name, value in values.items() if name != "phone"}
    assignments = "".join(f"{name} = %({name})s, " for name in columns)
    query = _CHANGE.format(assignments=assignments)
    row = conn.execute(query, {**columns, "now": now, "lead_id": lead_id}).fetchone()
    if row is not None and row[0]:
        announce_change(conn, [lead_id], now)


def reassign(conn: Connection, lead_id: int, owner_id: int | None, now: datetime) -> None:
    """Assigns a lead to a user who can own it, or to nobody."""
    if assign_lead(conn, lead_id, owner_id):
        conn.execute("UPDATE leads SET updated_at = %s WHERE id = %s", (now, lead_id))


def delete(conn: Connection, lead_id: int, actor: Actor, now: datetime) -> bool:
    """Deletes a lead for good; its number, suppression, consents and conversations stay. False when it was gone.

    Listeners take back, in this transaction, what was still to be sent to it.
    """
    row = conn.execute("SELECT contact_number_id FROM leads WHERE id = %s FOR UPDATE", (lead_id,)).fetchone()
    if row is None:
        return False
    lead_deleted.send(LeadLeft(conn, lead_id, int(row[0]), actor.id, now))
    detach_conversations(conn, lead_id)
    conn.execute("DELETE FROM leads WHERE id = %s", (lead_id,))
    return True


def _owner_for(conn: Connection, new: NewLead, actor: Actor | None, contact_number_id: int) -> int | None:
    assignee = assignee_of_number(conn, contact_number_id)
    _refuse_what_a_colleague_has(conn, assignee, new.values["phone"], actor)
    return new.owner_id or assignee


def _refuse_what_a_colleague_has(conn: Connection, assignee: int | None, phone: str, actor: Actor | None) -> None:
    """A lead made or renumbered on purpose must not open a colleague's conversation to a rep."""
    if actor is not None and not actor.sees_all and assignee not in {None, actor.id}:
        raise NumberTakenError(find_duplicate(conn, phone, actor))


def _insert(conn: Connection, new: NewLead, owner_id: int | None, contact_number_id: int, now: datetime) -> int | None:
    values = {name: _stored(value) for name, value in new.values.items()} | {
        "contact_number_id": contact_number_id,
        "owner_id": owner_id,
        "source": new.source,
        "simulated": contacts.simulated(),
        "created_at": now,
        "updated_at": now,
    }
    columns, places = ", ".join(values), ", ".join(f"%({name})s" for name in values)
    query = f"INSERT INTO leads ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING id"  # noqa: S608
    row = conn.execute(query, values).fetchone()
    return None if row is None else int(row[0])


def _renumber(conn: Connection, lead_id: int, phone: str, actor: Actor, now: datetime) -> None:
    row = conn.execute("SELECT contact_number_id, phone FROM leads WHERE id = %s FOR UPDATE", (lead_id,)).fetchone()
    if row is None or row[1] == phone:
        return
    contact_number_id = contacts.ensure_contact_number(conn, phone, now)
    _refuse_what_a_colleague_has(conn, assignee_of_number(conn, contact_number_id), phone, actor)
    try:
        with conn.transaction():  # where the phone is taken, nothing of this happened
            lead_renumbered.send(LeadLeft(conn, lead_id, int(row[0]), actor.id, now))
            detach_conversations(conn, lead_id)
            values = {"lead_id": lead_id, "contact_number_id": contact_number_id, "phone": phone}
            conn.execute(_RENUMBER, values)
    except UniqueViolation:
        raise NumberTakenError(find_duplicate(conn, phone, actor)) from None
    align_conversations(conn, [lead_id])


def _stored(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict) else value


def _id_of(actor: Actor | None) -> int | None:
    return None if actor is None else actor.id


# Whether its tags or its status are others by it.
_CHANGE = """
WITH before AS (SELECT id, tags, status FROM leads WHERE id = %(lead_id)s)
UPDATE leads AS l SET {assignments}updated_at = %(now)s FROM before WHERE l.id = before.id
RETURNING (l.tags, l.status) IS DISTINCT FROM (before.tags, before.status)
"""

_RENUMBER = """
UPDATE leads SET contact_number_id = %(contact_number_id)s, phone = %(phone)s WHERE id = %(lead_id)s
"""
