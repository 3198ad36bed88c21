"""Strangers become leads: a number that writes to us gets one, if it has none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.database import Connection
from webapp.leads import leads
from webapp.leads.fields import LeadValues


@dataclass(frozen=True, slots=True)
class LeadOfNumber:
    """The lead that a contact number has now, and whom it is assigned to."""

    id: int
    owner_id: int | None


def lead_of_number(conn: Connection, contact_number_id: int, now: datetime) -> LeadOfNumber:
    """The number's lead, made without a name and for nobody if there is none. Raises LookupError for no such number."""
    found = _find(conn, contact_number_id)
    if found is not None:
        return found
    row = conn.execute("SELECT e164 FROM contact_numbers WHERE id = %s", [contact_number_id]).fetchone()
    if row is None:
        raise LookupError(f"contact number {contact_number_id} does not exist")
    return _make(conn, contact_number_id, row[0], now)


def _make(conn: Connection, contact_number_id: int, e164: str, now: datetime) -> LeadOfNumber:
    values: LeadValues = {"phone": e164}
    with suppress(leads.NumberTakenError):  # somebody else made it in this moment; it is found below
        leads.create(conn, leads.NewLead(values, source="inbound"), None, now)
    made = _find(conn, contact_number_id)
    assert made is not None
    return made


def _find(conn: Connection, contact_number_id: int) -> LeadOfNumber | None:
    with conn.cursor(row_factory=class_row(LeadOfNumber)) as cursor:
        return cursor.execute(
            "SELECT id, owner_id FROM leads WHERE contact_number_id = %s", [contact_number_id]
        ).fetchone()
