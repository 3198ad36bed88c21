"""Opening threads at the carrier: one pace for all workers and machines, and what is noted of each thread.

Twilio takes 30 creations a second for a whole service, and answers 429 beyond that. A stand-in mostly takes more, and
may be as strict: whoever is turned away keeps to Twilio's limit for a while. The next free place stands in one row of
``paces``, in machine time. People's texts take the next place whenever it comes; automatic ones hardly queue up
for theirs, so that a person's is never far back; what is opened ahead takes only places that nobody wants.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum

from webapp import database
from webapp.carrier.errors import CarrierError
from webapp.database import Connection

#: Shares of the limit: so much is used at all, for requests do not arrive as evenly as they leave; and ahead.
_USED, _USED_AHEAD = 0.93, 0.8
#: An automatic text's place is at most so many places away when it is taken.
_DUE_PLACES = 2
_ANY = 3600.0
#: What Twilio takes in a second, and for how many seconds a process keeps to it after an opening was turned away.
_TWILIOS, _CAREFUL_SECONDS = 30.0, 600.0
_TOO_MANY = 429
PLACES = "thread openings"


class Turn(Enum):
    """Who wants to open a thread: a person's text, an automatic one that is due, or nobody's yet."""

    PERSON = "person"
    DUE = "due"
    AHEAD = "ahead"


@dataclass
class _Rate:
    """``careful_until``: by the process's monotonic clock."""

    most: float = _TWILIOS
    careful_until: float = 0.0

    @property
    def limit(self) -> float:
        """Threads a second, all of us together."""
        return min(self.most, _TWILIOS) if time.monotonic() < self.careful_until else self.most

    @property
    def spacing(self) -> float:
        """Seconds between two places."""
        return 1 / (self.limit * _USED)

    def within(self, turn: Turn) -> float:
        """How many seconds away the free place may be that this one takes; less than 0: it has been free for a while,
        so that places taken ahead are further apart."""
        if turn is Turn.PERSON:
            return _ANY
        if turn is Turn.DUE:
            return _DUE_PLACES * self.spacing
        return self.spacing - 1 / (self.limit * _USED_AHEAD)


_rate = _Rate()
#: One automatic text of this process waits for its place, and the others for it: not each of them asks Postgres.
_due = threading.Lock()


def use_limit(per_second: float) -> None:
    """Says how many threads the carrier lets all of us open in a second."""
    _rate.most, _rate.careful_until = per_second, 0.0


def heed(error: CarrierError) -> None:
    """Learns from an opening that failed: a carrier that is asked for too many takes no more than Twilio does."""
    if error.http_status == _TOO_MANY:
        _rate.careful_until = time.monotonic() + _CAREFUL_SECONDS


def wait_turn(turn: Turn) -> None:
    """Returns when one thread may be opened. No transaction may be open."""
    if turn is Turn.PERSON:
        take_place(turn)
        return
    with _due:
        while not take_place(turn):
            pass


def take_place(turn: Turn) -> bool:
    """Takes a place and waits for it; False, after a short wait, if none could be had now."""
    with database.autocommit() as conn:
        wait, away = _ask(conn, turn)
    if wait is not None:
        time.sleep(max(wait, 0))
        return True
    time.sleep(max(away - _rate.within(turn), 0.001))
    return False


def _ask(conn: Connection, turn: Turn) -> tuple[float | None, float]:
    """Seconds until the place that was taken, None where none was; and how far away the free one was."""
    values = {"name": PLACES, "spacing": _rate.spacing, "within": _rate.within(turn)}
    row = conn.execute(_TAKE, values).fetchone()
    assert row is not None
    return row[0], row[1]


def opened(conversation_id: int) -> str | None:
    """The conversation's SID, if it has been opened meanwhile."""
    with database.autocommit() as conn:
        row = conn.execute("SELECT twilio_sid FROM sms_conversations WHERE id = %s", [conversation_id]).fetchone()
    return row[0] if row else None


def note(conversation_id: int, conversation_sid: str) -> None:
    """Remembers the carrier's thread of a conversation."""
    with database.autocommit() as conn:
        conn.execute(
            "UPDATE sms_conversations SET twilio_sid = %s WHERE id = %s AND twilio_sid IS DISTINCT FROM %s",
            [conversation_sid, conversation_id, conversation_sid],
        )


# The outer query sees the row as it was before.
_TAKE = """
WITH taken AS (
    INSERT INTO paces AS p (name, free_from)
    VALUES (%(name)s, clock_timestamp() + %(spacing)s * interval '1 second')
    ON CONFLICT (name) DO UPDATE
    SET free_from = greatest(p.free_from, clock_timestamp()) + %(spacing)s * interval '1 second'
    WHERE p.free_from <= clock_timestamp() + %(within)s * interval '1 second'
    RETURNING EXTRACT(epoch FROM free_from - clock_timestamp())::float - %(spacing)s AS wait
)
SELECT (SELECT wait FROM taken),
       coalesce((SELECT EXTRACT(epoch FROM free_from - clock_timestamp())::float FROM paces WHERE name = %(name)s), 0)
"""
