"""Our numbers, as a campaign's rules choose among them."""

from __future__ import annotations

from webapp.database import Connection
from webapp.rules import phones


def senders(conn: Connection) -> dict[int, str]:
    """The numbers that may write, by id, as people read them, the default one first."""
    rows = conn.execute("SELECT id, label, e164 FROM phone_numbers WHERE active ORDER BY is_default DESC, label, id")
    return {row[0]: f"{row[1]}, {phones.display(row[2])}" if row[1] else phones.display(row[2]) for row in rows}
