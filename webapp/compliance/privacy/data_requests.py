"""Requests about people's data: written down when they come, with the day by which they must be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.compliance.privacy import erasure
from webapp.compliance.privacy.erasure import Erased
from webapp.database import Connection
from webapp.leads import fingerprints
from webapp.models.constants import PrivacyKind
from webapp.rules.phones import display

#: What the Californian act and its sisters give (compliance facts, section 6).
DUE_AFTER: Final = timedelta(days=45)
#: How a request can have come.
WAYS: Final = {
    "email": "By e-mail",
    "phone": "By phone",
    "text": "By text",
    "letter": "By letter",
    "in_person": "In person",
}
SHOWN: Final = 200
ERASED: Final = "Erased person"


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody asked for, when (business time), and in which of WAYS."""

    kind: PrivacyKind
    contact_number_id: int
    received_at: datetime
    received_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands. ``outcome`` is what was done; ``by`` who wrote it down."""

    id: int
    kind: str
    contact_number_id: int
    e164: str
    first_name: str
    last_name: str
    received_at: datetime
    due_at: datetime
    received_by: str
    note: str
    by: str | None
    done_at: datetime | None
    outcome: dict[str, Any]
    anonymous: bool
    """The person's data was erased since: if the number has come again, this tells nobody whose it was."""

    @property
    def who(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.number

    @property
    def number(self) -> str:
        return ERASED if self.anonymous else display(self.e164)

    @property
    def erased(self) -> bool:
        return fingerprints.is_erased(self.e164)

    @property
    def last_four(self) -> str:
        """What has to be typed to erase."""
        return self.e164[-4:]

    @property
    def way(self) -> str:
        return WAYS.get(self.received_by, self.received_by)

    @property
    def waits_for_carrier(self) -> bool:
        return self.outcome.get("carrier") == "pending"

    def days_left(self, now: datetime) -> int:
        """Whole days until it is due; negative when it is late."""
        return (self.due_at.date() - now.date()).days


def find_number(conn: Connection, e164: str) -> int | None:
    """The contact number's id, also of one whose data was erased before; None where nothing was ever kept of it."""
    row = conn.execute(
        "SELECT id FROM contact_numbers WHERE e164 = %s OR hmac = %s", [e164, fingerprints.of(e164)]
    ).fetchone()
    return None if row is None else int(row[0])


def phone_of(conn: Connection, contact_number_id: int) -> str | None:
    """The number that a link names, to be shown in the form; None for none, or an erased one."""
    row = conn.execute("SELECT e164 FROM contact_numbers WHERE id = %s", [contact_number_id]).fetchone()
    return None if row is None or fingerprints.is_erased(row[0]) else str(row[0])


def add(conn: Connection, new: NewRequest, actor: Actor) -> int:
    """Writes a request down. Returns its id."""
    row = conn.execute(
        """
        INSERT INTO privacy_requests (kind, contact_number_id, received_at, due_at, received_by, note, actor_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            *(new.kind, new.contact_number_id, new.received_at, new.received_at + DUE_AFTER),
            *(new.received_by, new.note, actor.id),
        ],
    ).fetchone()
    assert row is not None
    audit.record(conn, actor.id, f"privacy.{new.kind}.asked", f"number:{new.contact_number_id}", request=row[0])
    return int(row[0])


def find(conn: Connection, request_id: int) -> Request | None:
    """One request."""
    with conn.cursor(row_factory=class_row(Request)) as cursor:
        return cursor.execute(f"{_REQUESTS} WHERE r.id = %s", [request_id]).fetchone()


def listed(conn: Connection) -> list[Request]:
    """What is still to be done, the most urgent first; then what was done, the newest first."""
    with conn.cursor(row_factory=class_row(Request)) as cursor:
        return cursor.execute(
            f"{_REQUESTS} ORDER BY r.done_at IS NOT NULL, r.done_at DESC, r.due_at, r.id LIMIT {SHOWN}"
        ).fetchall()


def with_other_keys(conn: Connection, key: bytes) -> int:
    """How many erased numbers would not be recognised with this key, because they were hashed with another."""
    row = conn.execute(
        """
        SELECT count(DISTINCT n.id) FROM contact_numbers n JOIN privacy_requests r ON r.contact_number_id = n.id
        WHERE n.hmac IS NOT NULL AND r.done_at = n.erased_at AND r.outcome ->> 'key' <> %s
        """,
        [fingerprints.name_of(key)],
    ).fetchone()
    return int(row[0]) if row else 0


def carry_out_erasure(conn: Connection, request: Request, actor: Actor, now: datetime) -> Erased:
    """Erases what was asked for, and leaves the rest to ``erasure_at_carrier``. Raises AlreadyErasedError."""
    done = erasure.erase(conn, request.contact_number_id, actor, now)
    outcome = {
        "lead": done.lead,
        "texts": done.texts,
        "files": done.files,
        "carrier": "pending",
        "key": fingerprints.name_of(fingerprints.key_in_use()),
        "threads": done.threads,
        "logged": done.logged,
    }
    mark_done(conn, request, now, outcome)
    audit.record(
        conn,
        actor.id,
        "privacy.erasure.done",
        f"number:{request.contact_number_id}",
        request=request.id,
        texts=done.texts,
        files=done.files,
    )
    return done


def mark_done(conn: Connection, request: Request, now: datetime, outcome: dict[str, Any]) -> None:
    """Notes that a request was answered, and what came of it; an export that is made again keeps its first day."""
    conn.execute(
        "UPDATE privacy_requests SET done_at = coalesce(done_at, %s), outcome = outcome || %s WHERE id = %s",
        [now, Jsonb(outcome), request.id],
    )


_REQUESTS = """
SELECT r.id, r.kind, r.contact_number_id, n.e164, coalesce(l.first_name, '') AS first_name,
       coalesce(l.last_name, '') AS last_name, r.received_at, r.due_at, r.received_by, r.note, u.name AS by, r.done_at,
       r.outcome, erased.since AS anonymous
FROM privacy_requests AS r
JOIN contact_numbers AS n ON n.id = r.contact_number_id
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM privacy_requests AS e
                   WHERE e.contact_number_id = n.id AND e.kind = 'erasure' AND e.done_at IS NOT NULL
                     AND (e.id = r.id OR e.done_at >= coalesce(r.done_at, r.received_at))) AS since) AS erased
LEFT JOIN leads AS l ON l.contact_number_id = n.id AND NOT erased.since
LEFT JOIN users AS u ON u.id = r.actor_id
"""
