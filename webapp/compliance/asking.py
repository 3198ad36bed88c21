"""Questions that a worker answers while a page waits for it: since when, and whether it still does. Machine time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from webapp.database import Connection

Waits: TypeAlias = Literal["no", "yes", "too long"]

#: Longer than a worker takes; after it the page says so and no longer asks.
_PATIENCE = timedelta(seconds=60)


def now(conn: Connection) -> int:
    """The database's clock in whole seconds: what a page is told of when its question was asked."""
    return int(_clock(conn).timestamp())


def waits(conn: Connection, asked: str | None, answered_at: datetime | None) -> Waits:
    """Whether the answer to what was asked at ``asked`` (from an address, so it may be anything) is still to come."""
    if asked is None or not asked.isascii() or not asked.isdigit() or len(asked) > 10:
        return "no"
    since = datetime.fromtimestamp(int(asked), UTC)
    if answered_at is not None and answered_at >= since:
        return "no"
    return "yes" if _clock(conn) - since < _PATIENCE else "too long"


def _clock(conn: Connection) -> datetime:
    row = conn.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    at: datetime = row[0]
    return at
