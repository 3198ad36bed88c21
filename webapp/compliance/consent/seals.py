"""Seals: once a day a hash over all consent rows since the last, and over the last seal's own hash.

A number's chain cannot show that its end was cut off, or that it was written anew from some row on; a seal does. Each
goes to the log as well, so that a copy of it lies outside the database.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from psycopg.errors import LockNotAvailable
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp import database
from webapp.accounts import audit
from webapp.compliance.consent import ledger
from webapp.database import Connection

log = structlog.get_logger(__name__)

#: A seal is due so many hours of machine time after the one before.
EVERY_HOURS: Final = 20
_TRIES, _BETWEEN_TRIES_SECONDS = 100, 0.05
_FETCHED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Seal:
    """``up_to_id``: the last row that it covers; ``rows``: how many since the seal before. ``at``: machine time."""

    id: int
    at: datetime
    up_to_id: int
    rows: int
    prev_hash: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """The first seal that does not hold: a row up to ``up_to_id`` was changed, added or taken away, or a seal was."""

    seal_id: int
    up_to_id: int


def seal_if_due() -> Seal | None:
    """Seals what has come since the last seal, if that is long ago and anything has; None otherwise."""
    with database.transaction() as conn:
        last = newest(conn)
        if last is not None and not _is_old(conn, last):
            return None
    up_to_id = _settled_up_to()
    if up_to_id is None:
        return None
    with database.transaction() as conn:
        return seal(conn, up_to_id)


def seal(conn: Connection, up_to_id: int) -> Seal | None:
    """Seals the rows up to this one, of which no transaction may still be writing any. None when there is nothing new.

    Seals are made one after the other, whoever makes them.
    """
    conn.execute("LOCK TABLE consent_seals IN SHARE ROW EXCLUSIVE MODE")
    last = newest(conn)
    digest, rows = _digest(conn, last, up_to_id)
    if not rows:
        return None
    with conn.cursor(row_factory=class_row(Seal)) as cursor:
        made = cursor.execute(
            """
            INSERT INTO consent_seals (up_to_id, rows, prev_hash, hash) VALUES (%s, %s, %s, %s)
            RETURNING id, at, up_to_id, rows, prev_hash, hash
            """,
            [up_to_id, rows, last.hash if last else None, digest],
        ).fetchone()
    assert made is not None
    log.info("consent ledger sealed", seal=made.id, up_to_id=up_to_id, rows=rows, hash=made.hash.hex())
    return made


def newest(conn: Connection) -> Seal | None:
    """The last seal."""
    with conn.cursor(row_factory=class_row(Seal)) as cursor:
        return cursor.execute("SELECT * FROM consent_seals ORDER BY id DESC LIMIT 1").fetchone()


def verify(conn: Connection) -> BrokenSeal | None:
    """Computes every seal again; the first that does not hold, or None."""
    with conn.cursor(row_factory=class_row(Seal)) as cursor:
        seals = cursor.execute("SELECT * FROM consent_seals ORDER BY id").fetchall()
    last: Seal | None = None
    for each in seals:
        digest, rows = _digest(conn, last, each.up_to_id)
        linked = each.prev_hash == (last.hash if last else None)
        if not linked or (digest, rows) != (each.hash, each.rows):
            return BrokenSeal(each.id, each.up_to_id)
        last = each
    return None


def look_over(conn: Connection) -> bool:
    """Checks every chain and every seal; what does not hold is logged and audited. True when all does."""
    broken, broken_seal = ledger.verify(conn), verify(conn)
    if broken is not None:
        log.error("consent ledger broken", row=broken.row_id, why=broken.why)
        audit.record(conn, None, "ledger.broken", f"consent row:{broken.row_id}", why=broken.why)
    if broken_seal is not None:
        log.error("consent ledger broken", seal=broken_seal.seal_id)
        audit.record(conn, None, "ledger.broken", f"seal:{broken_seal.seal_id}", up_to_id=broken_seal.up_to_id)
    holds = broken is None and broken_seal is None
    _note_look(conn, holds=holds)
    return holds


def _note_look(conn: Connection, *, holds: bool) -> None:
    """When it was last looked over, for the overview."""
    conn.execute(
        """
        INSERT INTO heartbeats (name, detail) VALUES ('consent ledger', %s)
        ON CONFLICT (name) DO UPDATE SET at = clock_timestamp(), detail = EXCLUDED.detail
        """,
        [Jsonb({"holds": holds})],
    )


def _digest(conn: Connection, last: Seal | None, up_to_id: int) -> tuple[bytes, int]:
    """The hash over the last seal's and those of the rows after it, in the order of their ids; and how many."""
    digest, rows = hashlib.sha256(last.hash if last else b""), 0
    after = last.up_to_id if last else 0
    while found := conn.execute(_ROWS, [after, up_to_id, _FETCHED_AT_ONCE]).fetchall():
        for row_id, row_hash in found:
            digest.update(b"%d:%s;" % (row_id, row_hash))
        rows, after = rows + len(found), found[-1][0]
    return digest.digest(), rows


_ROWS = "SELECT id, row_hash FROM consent_events WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"


def _settled_up_to() -> int | None:
    """The newest row's id at a moment when nobody is writing one: all before it are there, and will not grow in number.

    It never waits for the table's lock, since a STOP would wait behind it; None when there was no such moment.
    """
    for _ in range(_TRIES):
        try:
            with database.transaction() as conn:
                conn.execute("LOCK TABLE consent_events IN SHARE MODE NOWAIT")
                row = conn.execute("SELECT max(id) FROM consent_events").fetchone()
                return None if row is None else row[0]
        except LockNotAvailable:
            time.sleep(_BETWEEN_TRIES_SECONDS)
    log.warning("consent ledger not sealed: it was being written to all the time")
    return None


def _is_old(conn: Connection, last: Seal) -> bool:
    row = conn.execute("SELECT now() - %s > %s * interval '1 hour'", [last.at, EVERY_HOURS]).fetchone()
    return row is not None and bool(row[0])
