"""One lead as doors show it, if the actor may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.database import Connection
from webapp.leads.fields import CustomValue
from webapp.models.constants import LeadStatus
from webapp.rules.phones import display

#: What every reader selects, from ``leads AS l`` joined to its number (n) and its owner (u).
COLUMNS = """
l.id, l.contact_number_id, l.phone, l.first_name, l.last_name, l.email, l.state, l.postal_code, l.timezone, l.status,
l.tags, l.custom, l.owner_id, u.name AS owner_name, l.score, l.source, l.created_at, l.updated_at, n.suppressed_at,
n.suppression_source, n.invalid_at, n.invalid_reason, n.consent_at, n.consent_source
"""
JOINS = "JOIN contact_numbers AS n ON n.id = l.contact_number_id LEFT JOIN users AS u ON u.id = l.owner_id"


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead with what its contact number knows. Times are UTC instants."""

    id: int
    contact_number_id: int
    phone: str
    first_name: str
    last_name: str
    email: str | None
    state: str | None
    postal_code: str | None
    timezone: str | None
    status: LeadStatus
    tags: list[str]
    custom: dict[str, CustomValue]
    owner_id: int | None
    owner_name: str | None
    score: int
    source: str
    created_at: datetime
    updated_at: datetime
    suppressed_at: datetime | None
    suppression_source: str | None
    invalid_at: datetime | None
    invalid_reason: str | None
    consent_at: datetime | None
    consent_source: str | None

    @property
    def suppressed(self) -> bool:
        """True when the number opted out: nothing but a confirmation may be sent to it."""
        return self.suppressed_at is not None

    @property
    def name(self) -> str:
        """First and last name; empty when neither is known."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def number(self) -> str:
        """The phone as people write it."""
        return display(self.phone)

    @property
    def title(self) -> str:
        """What the lead is called on pages: its name, or its number where it has none."""
        return self.name or self.number


def find(conn: Connection, actor: Actor, lead_id: int) -> Lead | None:
    """The lead with this id; None when there is none that the actor may see."""
    query = f"SELECT {COLUMNS} FROM leads AS l {JOINS} WHERE l.id = %(id)s AND {visible('l.owner_id')}"  # noqa: S608
    with conn.cursor(row_factory=class_row(Lead)) as cursor:
        return cursor.execute(query, {"id": lead_id, **actor.params()}).fetchone()


def find_many(conn: Connection, actor: Actor, lead_ids: Sequence[int]) -> Sequence[Lead]:
    """Those of the leads that are there and that the actor may see."""
    query = f"SELECT {COLUMNS} FROM leads AS l {JOINS} WHERE l.id = ANY(%(ids)s) AND {visible('l.owner_id')}"  # noqa: S608
    with conn.cursor(row_factory=class_row(Lead)) as cursor:
        return cursor.execute(query, {"ids": list(lead_ids), **actor.params()}).fetchall()


def lock(conn: Connection, actor: Actor, lead_id: int) -> bool:
    """Keeps a lead as it is until this transaction ends. False when there is none that the actor may see."""
    return bool(lock_many(conn, actor, [lead_id]))


def lock_many(conn: Connection, actor: Actor, lead_ids: Sequence[int]) -> list[int]:
    """Keeps leads as they are until this transaction ends. Returns those that are there and that the actor may see.

    Their numbers are taken before them, as by an import and by whatever a STOP does: what was to be sent may be taken
    back for what changes here, and the other way about the two would wait for each other.
    """
    values = {"ids": list(lead_ids), **actor.params()}
    conn.execute(_LOCK_NUMBERS, values)
    return [row[0] for row in conn.execute(_LOCK, values)]


_LOCK = f"SELECT id FROM leads WHERE id = ANY(%(ids)s) AND {visible('owner_id')} ORDER BY id FOR UPDATE"  # noqa: S608

_LOCK_NUMBERS = f"""
SELECT 1 FROM contact_numbers
WHERE id IN (SELECT contact_number_id FROM leads WHERE id = ANY(%(ids)s) AND {visible("owner_id")})
ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 (our own words)
