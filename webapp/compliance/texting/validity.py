"""How long the carrier may keep a text in its queue: at Twilio it is what the account's setting says, in minutes.

The gate ends sending so long before the hours do, so what Twilio does must never be longer than what the gate believes.
"""

from __future__ import annotations

from typing import Protocol

import structlog
from psycopg.types.json import Jsonb

from webapp import database
from webapp.accounts import settings as account_settings
from webapp.carrier.errors import CarrierError
from webapp.database import Connection

log = structlog.get_logger(__name__)

#: Twilio's default and most (error 90007): ten hours in its queue would leave no day to text in.
TWILIO_DEFAULT_SECONDS = 36_000
_NAME = "validity"


class SetsValidity(Protocol):
    """What this needs of a carrier. Raises CarrierError."""

    def set_validity(self, seconds: int) -> bool: ...


def keep(carrier: SetsValidity) -> None:
    """Sets at Twilio what the account says, if it is something else there. What came of it is kept for the pages."""
    with database.autocommit() as conn:
        minutes = account_settings.read(conn).validity_minutes
    try:
        apply(carrier, minutes)
    except CarrierError as error:
        log.warning("validity period could not be set", error=type(error).__name__, code=error.code)
        with database.autocommit() as conn:
            _note(conn, None, str(error))


def apply(carrier: SetsValidity, minutes: int) -> None:
    """Tells Twilio. Raises CarrierError."""
    if carrier.set_validity(minutes * 60):
        log.info("validity period set", minutes=minutes)
    with database.autocommit() as conn:
        _note(conn, minutes * 60, None)


def complaint(conn: Connection) -> str | None:
    """Why Twilio may keep texts for longer than the gate believes, when it is known to; in Twilio's words."""
    row = conn.execute("SELECT detail ->> 'error' FROM heartbeats WHERE name = %s", [_NAME]).fetchone()
    return None if row is None else row[0]


def _note(conn: Connection, seconds: int | None, error: str | None) -> None:
    conn.execute(
        """
        INSERT INTO heartbeats (name, detail) VALUES (%s, %s)
        ON CONFLICT (name) DO UPDATE SET at = clock_timestamp(), detail = EXCLUDED.detail
        """,
        [_NAME, Jsonb({"seconds": seconds, "error": error})],
    )
