"""What the carrier says of our registration: read by a worker, hourly and when somebody asks; pages only show it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

import structlog
from psycopg.types.json import Jsonb

from webapp import database
from webapp.carrier.errors import CarrierError
from webapp.carrier.types import RegistrationState
from webapp.database import Connection
from webapp.models.constants import RegistrationKind

log = structlog.get_logger(__name__)

#: Our word for each of the carrier's, as the setting has it; what is not here says nothing yet.
_STATES = {"VERIFIED": "approved", "IN_PROGRESS": "pending", "PENDING": "pending", "FAILED": "rejected"}
#: For each of the carrier's words a dot and ours.
WORDS = {
    "VERIFIED": ("Approved", "good"),
    "APPROVED": ("Approved", "good"),
    "IN_PROGRESS": ("Under review", "busy"),
    "IN_REVIEW": ("Under review", "busy"),
    "PENDING": ("Under review", "busy"),
    "FAILED": ("Rejected", "bad"),
    "SUSPENDED": ("Suspended", "bad"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the carrier last said, and when (machine time). ``state``: what the setting should be, where it is clear."""

    campaigns: list[dict[str, object]]
    numbers: list[str]
    at: datetime

    @property
    def state(self) -> str | None:
        """The best of the campaigns' states: one that is approved carries the texts."""
        found = {_STATES.get(str(campaign["status"])) for campaign in self.campaigns}
        return next((state for state in ("approved", "pending", "rejected") if state in found), None)


class TellsRegistration(Protocol):
    """What this needs of a carrier. Raises CarrierError."""

    def registration_state(self) -> RegistrationState: ...


def read(carrier: TellsRegistration) -> None:
    """Asks the carrier and keeps the answer. One that cannot be reached leaves the last answer standing."""
    try:
        state = carrier.registration_state()
    except CarrierError as error:
        log.warning("registration could not be read", error=type(error).__name__)
        return
    with database.transaction() as conn:
        keep(conn, state)


def keep(conn: Connection, state: RegistrationState) -> None:
    """The newest answer takes the place of the last."""
    conn.execute(
        """
        INSERT INTO registrations (kind, seen, seen_at) VALUES (%s, %s, now())
        ON CONFLICT (kind) DO UPDATE SET seen = excluded.seen, seen_at = excluded.seen_at
        """,
        [RegistrationKind.TEN_DLC, Jsonb(asdict(state))],
    )


def last(conn: Connection) -> Seen | None:
    """What was last read, if anything was."""
    row = conn.execute(
        "SELECT seen, seen_at FROM registrations WHERE kind = %s AND seen_at IS NOT NULL", [RegistrationKind.TEN_DLC]
    ).fetchone()
    return None if row is None else Seen(row[0]["campaigns"], row[0]["numbers"], row[1])
