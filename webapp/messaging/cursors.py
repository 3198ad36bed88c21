"""How far a listing of the carrier's has been read: in the carrier's time, with overlap, whatever our clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from psycopg.types.json import Jsonb

from webapp import clock, database
from webapp.leads.contacts import simulated

#: What is dated earlier than what we have read already, but is listed later.
OVERLAP = timedelta(minutes=10)
#: Before anything that a carrier, or a stand-in with its clock moved, can date.
BEGINNING = datetime(1971, 1, 1, tzinfo=UTC)
_FIRST_LOOK = timedelta(days=1)


def read_up_to(name: str) -> datetime:
    """The carrier's time up to which all has been read; never after our own.

    A stand-in's clock can be moved back, and ours with it: what comes next is then dated before what we have seen. At
    the very first look it is a day back, so that an old account's history does not come in as news; with a stand-in,
    whose clock may be anywhere, its beginning.
    """
    with database.autocommit() as conn:
        row = conn.execute("SELECT detail ->> 'up_to' FROM heartbeats WHERE name = %s", [name]).fetchone()
    if row is not None and row[0] is not None:
        return min(datetime.fromisoformat(row[0]).astimezone(UTC), clock.now())
    return BEGINNING if simulated() else clock.now() - _FIRST_LOOK


def remember(name: str, newest: datetime) -> None:
    """All up to ``newest``, the latest date that was listed, has been read."""
    up_to = min(newest, clock.now())
    with database.autocommit() as conn:
        conn.execute(
            """
            INSERT INTO heartbeats (name, detail) VALUES (%s, %s)
            ON CONFLICT (name) DO UPDATE SET at = now(), detail = EXCLUDED.detail
            """,
            [name, Jsonb({"up_to": up_to.isoformat()})],
        )
