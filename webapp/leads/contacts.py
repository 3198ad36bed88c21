"""Contact numbers: one row per phone number that we ever texted or heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.database import Connection


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
        values = {"e164": e164, "now": now, "simulated": simulated()}
        row = conn.execute(_INSERT, values).fetchone() or conn.execute(_FIND, {"e164": e164}).fetchone()
    assert row is not None
    return int(row[0])


def lock_to_change(conn: Connection, contact_number_id: int) -> None:
    """Keeps the number as it is until this transaction, which is to change it, ends.

    It is taken before its conversations, as a STOP does: the other way about the two would wait for each other.
    """
    conn.execute("SELECT 1 FROM contact_numbers WHERE id = %s FOR NO KEY UPDATE", (contact_number_id,))


_FIND = "SELECT id FROM contact_numbers WHERE e164 = %(e164)s"

# Waits for a transaction that is inserting the same number; if that one commits, nothing is inserted here.
_INSERT = """
INSERT INTO contact_numbers (e164, simulated, created_at)
VALUES (%(e164)s, %(simulated)s, %(now)s)
ON CONFLICT (e164) DO NOTHING
RETURNING id
"""
