"""A program that talks to the API, and the few people and texts that it talks about."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import psycopg
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.people import Person
from webapp import clock, database
from webapp.accounts import tokens
from webapp.leads import leads
from webapp.leads.fields import LeadValues
from webapp.leads.leads import NewLead
from webapp.messaging import outbox, threads
from webapp.messaging.outbox import NewText, Queued
from webapp.models.constants import Origin

PHONE = "+15125550123"
CONSENT = {"source": "web form", "attested": True}


@dataclass(frozen=True)
class Program:
    """Calls the API with one person's token."""

    client: FlaskClient
    token: str

    def get(self, path: str, **query: object) -> TestResponse:
        return self.client.get(path, query_string=query, headers=self._headers)

    def post(self, path: str, **body: object) -> TestResponse:
        return self.client.post(path, json=body, headers=self._headers)

    def patch(self, path: str, **body: object) -> TestResponse:
        return self.client.patch(path, json=body, headers=self._headers)

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(path, headers=self._headers)

    def upload(self, path: str, content: bytes, filename: str = "leads.csv", **fields: object) -> TestResponse:
        """Sends a file with other fields beside it."""
        form = {**fields, "file": (BytesIO(content), filename)}
        return self.client.post(path, data=form, headers=self._headers)

    def send(self, **body: object) -> TestResponse:
        """Asks for a text with consent, unless the test says otherwise."""
        given: dict[str, object] = {"body": "Hello", "consent": CONSENT} | body
        return self.post("/api/sms/messages", **given)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def program_of(client: FlaskClient, conn: psycopg.Connection, person: Person) -> Program:
    """A program with a fresh token of this person."""
    return Program(client, tokens.create(conn, user_id=person.id, name="tests", actor_id=None))


def add_lead(owner: Person | None, phone: str = PHONE, **values: object) -> int:
    """A lead, committed."""
    given = LeadValues(phone=phone, **values)  # type: ignore[typeddict-item]
    with database.transaction() as conn:
        return leads.create(conn, NewLead(given, owner_id=owner.id if owner else None), None, clock.now())


def add_conversation(lead_id: int) -> int:
    """The lead's conversation, committed."""
    with database.transaction() as conn:
        row = conn.execute("SELECT contact_number_id, owner_id FROM leads WHERE id = %s", [lead_id]).fetchone()
        assert row is not None
        return threads.ensure_conversation(
            conn, contact_number_id=row[0], lead_id=lead_id, assigned_to=row[1], now=clock.now()
        )


def add_text(conversation_id: int, body: str, author: Person) -> Queued:
    """A text by hand, committed."""
    with database.transaction() as conn:
        text = NewText(conversation_id, body, origin=Origin.MANUAL, author_id=author.id)
        return outbox.queue(conn, text, now=clock.now())


def hear(conn: psycopg.Connection, conversation_id: int, body: str) -> int:
    """A text from the person, as the inbound door leaves it."""
    now = clock.now()
    row = conn.execute(
        """
        INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin,
                                  encoding, segments, created_at)
        SELECT id, contact_number_id, phone_number_id, 'inbound', %s, 'received', 'contact', 'GSM-7', 1, %s
        FROM sms_conversations WHERE id = %s RETURNING id, contact_number_id
        """,
        [body, now, conversation_id],
    ).fetchone()
    assert row is not None
    conn.execute(
        """
        UPDATE sms_conversations SET last_message_at = %s, last_message_id = %s, last_body = %s, waiting_since = %s,
            last_direction = 'inbound', last_inbound_at = %s, unread = unread + 1 WHERE id = %s
        """,
        [now, row[0], body, now, now, conversation_id],
    )
    conn.execute("UPDATE contact_numbers SET last_inbound_at = %s WHERE id = %s", [now, row[1]])
    return int(row[0])
