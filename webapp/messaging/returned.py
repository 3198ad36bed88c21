"""Texts that were being sent and certainly were not: announced as they come back to the queue.

Much may have happened while they were on the wire, out of everybody's reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blinker import Signal

from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Returned:
    """The news: these texts are queued again. Receivers work in the same transaction. ``now``: business time."""

    conn: Connection
    message_ids: Sequence[int]
    now: datetime


#: Rooms above listen (campaigns take back what nobody wants any more). Receivers get one ``Returned``.
texts_returned = Signal()


def announce(conn: Connection, message_ids: Sequence[int], now: datetime) -> None:
    """Tells whoever listens. Before the caller locks a thread: receivers lock campaigns, then threads."""
    if message_ids:
        texts_returned.send(Returned(conn, message_ids, now))
