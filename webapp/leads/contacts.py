"""Contact numbers: one row per phone number that we ever texted or heard.

A person who had their data erased leaves a row without a number (``fingerprints``). When the number comes in again, by
whatever way, it is that same row which gets it back: what it says of texts to that person still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.database import Connection
from webapp.leads import fingerprints


@dataclass
class _Carrier:
    simulated: bool = False


_carrier = _Carrier()


def use_carrier(*, simulated: bool) -> None:
    """Says whether new numbers and leads belong to the simulated carrier, so that the live one can refuse them."""
    _carrier.simulated = simulated


def simulated() -> bool:
    """True when what is made now must never reach a live carrier."""
    return _carrier.simulated


def ensure_contact_number(conn: Connection, e164: str, now: datetime) -> int:
    """The id of this number's one row, made when it is new. Any number of callers at once get the same id."""
    row = conn.execute(_FIND, {"e164": e164}).fetchone()
    if row is None:
        _recognise_erased(conn, [e164])
        values = {"e164": e164, "now": now, "simulated": simulated()}
        row = conn.execute(_INSERT, values).fetchone() or conn.execute(_FIND, {"e164": e164}).fetchone()
    assert row is not None
    return int(row[0])


def ensure_contact_numbers(conn: Connection, phones: Sequence[str], now: datetime) -> dict[str, int]:
    """The ids of many numbers, by E.164, in a few statements; likewise made where they are new."""
    _recognise_erased(conn, phones)
    conn.execute(_INSERT_MANY, {"phones": sorted(phones), "now": now, "simulated": simulated()})
    return dict(conn.execute("SELECT e164, id FROM contact_numbers WHERE e164 = ANY(%s)", [list(phones)]).fetchall())


def was_erased_since(conn: Connection, e164: str, at: datetime) -> bool:
    """Whether this number's data was erased after ``at`` (business time), so that news from before it is none."""
    row = conn.execute(_ERASED_SINCE, {"hmac": fingerprints.of(e164), "at": at}).fetchone()
    return row is not None


def lock_to_change(conn: Connection, contact_number_id: int) -> None:
    """Keeps the number as it is until this transaction, which is to change it, ends.

    It is taken before its conversations, as a STOP does: the other way about the two would wait for each other.
    """
    conn.execute("SELECT 1 FROM contact_numbers WHERE id = %s FOR NO KEY UPDATE", (contact_number_id,))


def _recognise_erased(conn: Connection, phones: Sequence[str]) -> None:
    """Gives erased rows their numbers back, those of ``phones`` that come again. Where nothing was ever erased, no
    number is hashed for it."""
    if conn.execute(_ANY_ERASED).fetchone() is not None:
        ordered = sorted(set(phones))
        conn.execute(_BRING_BACK, {"phones": ordered, "hmacs": [fingerprints.of(phone) for phone in ordered]})


_FIND = "SELECT id FROM contact_numbers WHERE e164 = %(e164)s"

# Waits for a transaction that is inserting the same number; if that one commits, nothing is inserted here.
_INSERT = """
INSERT INTO contact_numbers (e164, simulated, created_at)
VALUES (%(e164)s, %(simulated)s, %(now)s)
ON CONFLICT (e164) DO NOTHING
RETURNING id
"""

# In one order for everybody, so that two batches that make the same numbers wait for each other instead of deadlocking.
_INSERT_MANY = """
INSERT INTO contact_numbers (e164, simulated, created_at)
SELECT e164, %(simulated)s, %(now)s FROM unnest(%(phones)s::text[]) AS e164 ORDER BY e164
ON CONFLICT (e164) DO NOTHING
"""

_ANY_ERASED = "SELECT 1 FROM contact_numbers WHERE hmac IS NOT NULL LIMIT 1"

# Locked in one order; whoever waited finds the hash gone, and then the number in its place.
_BRING_BACK = """
WITH again AS (
    SELECT n.id, p.e164
    FROM unnest(%(phones)s::text[], %(hmacs)s::bytea[]) AS p (e164, hmac)
    JOIN contact_numbers AS n ON n.hmac = p.hmac
    ORDER BY n.id FOR NO KEY UPDATE OF n
)
UPDATE contact_numbers AS n SET e164 = again.e164, hmac = NULL, erased_at = NULL FROM again WHERE n.id = again.id
"""

_ERASED_SINCE = "SELECT 1 FROM contact_numbers WHERE hmac = %(hmac)s AND erased_at >= %(at)s"
