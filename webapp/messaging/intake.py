"""The first half of receiving: the raw webhook is stored, and a STOP takes effect, in the same transaction.

The webhook's door and the sweep both come through here, so what a lost webhook did not bring is treated the same.
2xx means: this has committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from webapp.carrier import webhooks
from webapp.carrier.events import Event, MessageAdded
from webapp.compliance.optouts import by_text
from webapp.database import Connection
from webapp.leads.contacts import ensure_contact_number
from webapp.rules import phones


@dataclass(frozen=True, slots=True)
class Intake:
    """What was stored; ``is_new`` is false for a delivery that we had already. ``from_contact``: a person's text."""

    event: Event
    is_new: bool
    from_contact: bool


def take(conn: Connection, form: Mapping[str, str], *, now: datetime) -> Intake:
    """Stores the form once, and applies the intent of a contact's text (STOP, START). ``now``: business time."""
    form = {_storable(name): _storable(value) for name, value in form.items()}
    event = webhooks.parse(form)
    receipt_id = _store(conn, event, form, now)
    if receipt_id is None or not isinstance(event, MessageAdded) or not is_inbound(conn, event):
        return Intake(event, is_new=receipt_id is not None, from_contact=False)
    _apply_intent(conn, receipt_id, event, now)
    return Intake(event, is_new=True, from_contact=True)


def is_inbound(conn: Connection, event: MessageAdded) -> bool:
    """Whether a contact wrote it: the author is a phone, and none of ours."""
    return webhooks.from_contact(event) and is_contact(conn, event.author)


def is_contact(conn: Connection, number: str) -> bool:
    """Whether a person can have this number: a telephone's, and none of ours."""
    if phones.parse(number).e164 is None:
        return False
    return conn.execute("SELECT 1 FROM phone_numbers WHERE e164 = %s", [number]).fetchone() is None


def _store(conn: Connection, event: Event, form: Mapping[str, str], now: datetime) -> int | None:
    """The new row's id; None when the same event is stored already."""
    row = conn.execute(
        """
        INSERT INTO webhook_receipts (dedupe_key, event_type, message_sid, form, at) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (dedupe_key) DO NOTHING RETURNING id
        """,
        [
            webhooks.dedupe_key(event),
            event.event_type,
            getattr(event, "message_sid", None),
            Jsonb(dict(form)),
            now,
        ],
    ).fetchone()
    return int(row[0]) if row else None


def _storable(text: str) -> str:
    """Postgres cannot keep NUL; no handset shows one either."""
    return text.replace("\x00", "")


def _apply_intent(conn: Connection, receipt_id: int, event: MessageAdded, now: datetime) -> None:
    contact_number_id = ensure_contact_number(conn, event.author, now)
    meaning = by_text.apply(
        conn, contact_number_id, event.body, sid=event.message_sid, at=event.created_at or now, now=now
    )
    conn.execute("UPDATE webhook_receipts SET intent = %s WHERE id = %s", [meaning, receipt_id])
