"""Erasing people in tests: a lead with a past, and what is left of it afterwards."""

from __future__ import annotations

import psycopg

from tests.compliance.support import one, rows
from tests.support.people import Cast, Person
from tests.support.world import World
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.compliance.privacy import data_requests, erasure_at_carrier
from webapp.compliance.privacy.data_requests import NewRequest
from webapp.leads import leads
from webapp.models.constants import PrivacyKind, Role

ANNA = {"first_name": "Annabelle", "last_name": "Quixote", "email": "annabelle@quixote.test"}


def actor(person: Person) -> Actor:
    return Actor(person.id, person.name, person.email, Role(person.role), "America/Chicago")


def a_lead_with_a_past(world: World, people: Cast) -> str:
    """The phone of a lead with a past: texts both ways, a picture, a draft, tags, and a text that waits."""
    phone = world.phone()
    with database.transaction() as conn:
        values = {"phone": phone, **ANNA, "tags": ["flamingo"], "custom": {"budget": "umbrella money"}}
        leads.create(conn, leads.NewLead(values), None, clock.now())  # type: ignore[arg-type]
    conversation = world.conversation(phone)
    world.say(conversation, "Hello Annabelle, zebra crossing")
    world.until(lambda: world.on_handset(phone) == ["Hello Annabelle, zebra crossing"])
    world.simulator.person_texts(phone, "I keep a platypus")
    world.until(lambda: world.inbound(phone) == ["I keep a platypus"])
    text = one(world.conn, "SELECT id FROM sms_messages WHERE direction = 'inbound'")
    world.conn.execute(
        "INSERT INTO media (message_id, carrier_sid, content_type, filename, content, fetched_at)"
        " VALUES (%s, 'ME1', 'image/png', 'Annabelle.png', 'pixels', now())",
        [text],
    )
    world.conn.execute(
        "INSERT INTO drafts (conversation_id, user_id, body) VALUES (%s, %s, 'Dear Annabelle')",
        [conversation, people.rep.id],
    )
    world.say(conversation, "A walrus for later", send_at=clock.now().replace(hour=20), client_key=f"walrus {phone}")
    return phone


def number_of(world: World, phone: str) -> int:
    return int(one(world.conn, "SELECT id FROM contact_numbers WHERE e164 = %s", phone))


def erase(world: World, number: int, by: Person) -> int:
    """The request, carried out on this side. Returns its id."""
    with database.transaction() as conn:
        new = NewRequest(PrivacyKind.ERASURE, number, clock.now(), "email", "")
        request = data_requests.find(conn, data_requests.add(conn, new, actor(by)))
        assert request is not None
        data_requests.carry_out_erasure(conn, request, actor(by), clock.now())
    return request.id


def everything(conn: psycopg.Connection) -> str:
    """The whole database as text."""
    tables = rows(
        conn,
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'users')",
    )
    return "\n".join(
        str(one(conn, f"SELECT coalesce(string_agg(to_jsonb(t)::text, '\n'), '') FROM {table} t")) for table in tables
    )


def finish(world: World) -> int:
    return erasure_at_carrier.finish_due(world.carrier)


def make_lead(phone: str, by: Person) -> None:
    with database.transaction() as conn:
        leads.create(conn, leads.NewLead({"phone": phone}, source="import"), actor(by), clock.now())
