"""Our numbers, as a campaign's rules choose among them."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.database import Connection
from webapp.rules import phones


def senders(conn: Connection) -> dict[int, str]:
    """The numbers that may write, by id, as people read them, the default one first; a stopped one says so."""
    rows = conn.execute(
        """
        SELECT id, label, e164, paused_because <> '' FROM phone_numbers WHERE active
        ORDER BY is_default DESC, label, id
        """
    )
    return {number: _words(label, phones.display(e164), stopped) for number, label, e164, stopped in rows}


def complaint(conn: Connection, before: Sequence[int], numbers: Sequence[int]) -> str | None:
    """Why these numbers cannot be those that write, where it was others before; None where they can."""
    if list(before) == list(numbers) or set(numbers) <= senders(conn).keys():
        return None
    return "There is no such number of ours, or it does not write any more."


def _words(label: str, number: str, stopped: bool) -> str:
    named = f"{label}, {number}" if label else number
    return f"{named} (stopped)" if stopped else named
