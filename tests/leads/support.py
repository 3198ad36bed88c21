"""What the tests of leads share: actors, leads and conversations in few words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.support.people import Person
from webapp.accounts.actors import Actor
from webapp.leads import leads
from webapp.leads.contacts import ensure_contact_number
from webapp.leads.fields import LeadValues
from webapp.models.constants import Role

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def actor_of(person: Person) -> Actor:
    """The person as whoever asks."""
    return Actor(person.id, person.name, person.email, Role(person.role), "America/Chicago")


def add_lead(
    conn: psycopg.Connection[Any],
    phone: str = "+12125550123",
    *,
    owner: Person | None = None,
    now: datetime = NOW,
    **values: Any,
) -> int:
    """A lead as an import or a manager would make it, committed."""
    clean: LeadValues = {"phone": phone, **values}  # type: ignore[typeddict-item]
    return leads.create(conn, leads.NewLead(clean, owner.id if owner else None), None, now)


def add_sender(conn: psycopg.Connection[Any], e164: str = "+15125550100") -> int:
    """One of our own numbers."""
    row = conn.execute(
        "INSERT INTO phone_numbers (e164, is_default) VALUES (%s, true) RETURNING id", (e164,)
    ).fetchone()
    assert row is not None
    return int(row[0])


def add_conversation(
    conn: psycopg.Connection[Any],
    phone: str = "+12125550123",
    *,
    lead_id: int | None = None,
    assigned_to: Person | None = None,
    sender: str = "+15125550100",
) -> int:
    """A conversation with a number, whether or not it has a lead."""
    row = conn.execute(
        "INSERT INTO sms_conversations (contact_number_id, phone_number_id, lead_id, assigned_to, created_at) "
        "VALUES (%s, %s, %s, %s, %s) RETURNING id",
        (
            ensure_contact_number(conn, phone, NOW),
            add_sender(conn, sender),
            lead_id,
            assigned_to.id if assigned_to else None,
            NOW,
        ),
    ).fetchone()
    assert row is not None
    return int(row[0])


def one(conn: psycopg.Connection[Any], query: str, *values: object) -> Any:
    """The first column of the first row."""
    row = conn.execute(query, values).fetchone()
    return None if row is None else row[0]
