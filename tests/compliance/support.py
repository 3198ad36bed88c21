"""Numbers, and what is written about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.api.support import add_conversation, add_lead
from tests.support.people import Person
from webapp import clock, database
from webapp.compliance.consent.giving import ConsentGiven, record_opt_in
from webapp.compliance.optouts import by_text
from webapp.compliance.optouts.by_text import Meaning
from webapp.leads.contacts import ensure_contact_number
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin

PHONE = "+15125550123"

NOON = datetime(2026, 12, 9, 18, 0, tzinfo=UTC)
"""Noon in Texas, on a Wednesday."""


def add_number(last: int = 123) -> int:
    """The contact number of somebody in Austin, committed."""
    with database.transaction() as conn:
        return ensure_contact_number(conn, f"+1512555{last:04d}", NOON)


def hear(number: int, body: str, at: datetime = NOON, sid: str | None = None) -> Meaning:
    """The person's text has its effect, committed."""
    with database.transaction() as conn:
        return by_text.apply(conn, number, body, sid=sid, at=at, now=at)


def one(conn: psycopg.Connection, sql: str, *params: object) -> Any:
    """The one row; its only column where it has one."""
    row = conn.execute(sql, params).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def rows(conn: psycopg.Connection, sql: str, *params: object) -> list[Any]:
    found = conn.execute(sql, params).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def agree(number: int, source: str = "web_form") -> None:
    with database.transaction() as conn:
        record_opt_in(conn, number, ConsentGiven(source, NOON, attested=True), actor_id=None, now=NOON)


def queue(conversation: int, body: str = "Hello?", **changes: object) -> int:
    given: dict[str, object] = {"origin": Origin.MANUAL, "consent": ConsentGiven("web_form", attested=True)} | changes
    with database.transaction() as conn:
        return outbox.queue(conn, NewText(conversation, body, **given), now=clock.now()).message_id  # type: ignore[arg-type]


def thread_of(owner: Person | None, conn: psycopg.Connection) -> tuple[int, int, int]:
    """A lead, its number and its conversation."""
    lead = add_lead(owner, PHONE, first_name="Ann", last_name="Lee")
    conversation = add_conversation(lead)
    return lead, int(one(conn, "SELECT contact_number_id FROM leads WHERE id = %s", lead)), conversation


def status(conn: psycopg.Connection, message: int) -> str:
    return str(one(conn, "SELECT status FROM sms_messages WHERE id = %s", message))
