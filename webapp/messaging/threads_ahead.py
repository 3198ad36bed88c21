"""Threads opened at the carrier before the texts that need them are due, so that only the text itself is left to send.

Opening transmits nothing, whatever the hour. It costs nothing either: Twilio bills a Conversations user for a month in
which that person sent or received a text, and conversations themselves are unlimited and free.

A few requests are under way at once, and each begins at a place in the pace that all workers share (``openings``): so
many that even if the carrier takes them up all at once, with the next second's, there are not more than it allows.
Killed anywhere, a half-made thread is found again by its UniqueName.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import psycopg
import structlog

from webapp import clock, database
from webapp.carrier.errors import CarrierError, NotSentError, UnknownOutcomeError
from webapp.carrier.types import Thread
from webapp.database import Connection
from webapp.jobs import stopping
from webapp.messaging import openings
from webapp.messaging.openings import Turn

log = structlog.get_logger(__name__)

#: Under way at once: with four fifths of Twilio's 30 a second they make 30.
AT_ONCE = 6
#: After a run that ended in trouble with the carrier: so long, and twice as long after each further one.
_REST_SECONDS, _LONGEST_REST_SECONDS = 5, 300
#: Its row in ``paces``: until when it rests, how many are waiting.
_ROW = "threads ahead"


class Opens(Protocol):
    """What this needs of a carrier."""

    def open_thread(self, *, unique_name: str, address: str, sender: str, friendly_name: str = "") -> Thread: ...

    def forget_thread(self, conversation_sid: str, *, before: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Unopened:
    """A conversation that the carrier does not know yet, and its pair of numbers (E.164)."""

    conversation_id: int
    contact_number_id: int
    unique_name: str
    address: str
    sender: str


@dataclass
class Run:
    """One run over conversations, the most urgent first. ``may_open`` is asked right before each request: whether it
    is still to be opened."""

    carrier: Opens
    may_open: Callable[[Unopened], bool]
    opened: int = 0
    trouble: CarrierError | None = None
    _under_way: dict[Future[Thread], Unopened] = field(default_factory=dict)

    def over(self, listed: Iterable[Unopened], *, seconds: float) -> int:
        """Opens as many as it can within ``seconds``; fewer when the carrier turns one away, or the process is to end.

        Returns how many it opened. After trouble with the carrier the next runs find ``resting``.
        """
        ends_at = time.monotonic() + seconds
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ahead") as pool:
            for one in listed:
                if not self._has_room_and_a_place(ends_at):
                    break
                if self.may_open(one):
                    self._under_way[pool.submit(self._open, one)] = one
            self._gather(down_to=0)
        _note_rest(self.trouble is not None)
        return self.opened

    def _has_room_and_a_place(self, ends_at: float) -> bool:
        """Waits for both. Nobody's place is taken who has a text to send: where they never leave one, time runs out."""
        self._gather(down_to=AT_ONCE - 1)
        while self.trouble is None and time.monotonic() < ends_at and not stopping.asked():
            if openings.take_place(Turn.AHEAD):
                return True
        return False

    def _open(self, one: Unopened) -> Thread:
        return self.carrier.open_thread(unique_name=one.unique_name, address=one.address, sender=one.sender)

    def _gather(self, *, down_to: int) -> None:
        """Takes in what has ended, until no more than ``down_to`` are under way."""
        while True:
            patience = None if len(self._under_way) > down_to else 0
            done, _ = wait(self._under_way, timeout=patience, return_when=FIRST_COMPLETED)
            for each in done:
                self._take_in(self._under_way.pop(each), each)
            if len(self._under_way) <= down_to:
                return

    def _take_in(self, one: Unopened, done: Future[Thread]) -> None:
        try:
            thread = done.result()
        except CarrierError as error:
            self._take_in_error(one, error)
        else:
            self.opened += 1
            self._take_in_thread(one, thread.conversation_sid)

    def _take_in_error(self, one: Unopened, error: CarrierError) -> None:
        """What is wrong with one pair is left to its text, which fails for it; anything else stops the run."""
        openings.heed(error)
        if isinstance(error, NotSentError | UnknownOutcomeError) or error.scope != "message":
            self.trouble = error
            log.info("threads are not opened ahead for now", error=type(error).__name__, code=error.code)
            return
        log.info("thread was not opened ahead", conversation_id=one.conversation_id, code=error.code)
        _leave_to_its_text(one)

    def _take_in_thread(self, one: Unopened, sid: str) -> None:
        """Where the person was erased meanwhile the carrier forgets it again."""
        try:
            if not _note(one, sid):
                self._forget(sid)
        except psycopg.errors.UniqueViolation:
            log.warning("thread is another conversation's already", conversation_id=one.conversation_id, sid=sid)
            _leave_to_its_text(one)

    def _forget(self, sid: str) -> None:
        try:
            self.carrier.forget_thread(sid, before=clock.now())
        except CarrierError as error:
            log.warning("an erased person's thread is left at the carrier", sid=sid, error=type(error).__name__)
            self.trouble = error


def _note(one: Unopened, sid: str) -> bool:
    """Remembers the thread; False, and nothing is kept, if its number is not there any more."""
    with database.transaction() as conn:
        same = conn.execute(
            "SELECT 1 FROM contact_numbers WHERE id = %s AND e164 = %s FOR SHARE", [one.contact_number_id, one.address]
        ).fetchone()
        if same:
            conn.execute("UPDATE sms_conversations SET twilio_sid = %s WHERE id = %s", [sid, one.conversation_id])
    return same is not None


def _leave_to_its_text(one: Unopened) -> None:
    with database.autocommit() as conn:
        conn.execute(
            "UPDATE sms_conversations SET opening_failed_at = clock_timestamp() WHERE id = %s", [one.conversation_id]
        )


def note_waiting(conn: Connection, count: int) -> None:
    """How many threads there are to open, for ``/metrics``, which does not count for itself."""
    conn.execute(
        """
        INSERT INTO paces AS p (name, waiting) VALUES (%s, %s)
        ON CONFLICT (name) DO UPDATE SET waiting = excluded.waiting WHERE p.waiting <> excluded.waiting
        """,
        [_ROW, count],
    )


def resting() -> bool:
    """Whether the carrier was in trouble a moment ago."""
    with database.autocommit() as conn:
        row = conn.execute("SELECT 1 FROM paces WHERE name = %s AND free_from > clock_timestamp()", [_ROW]).fetchone()
    return row is not None


def _note_rest(troubled: bool) -> None:
    with database.autocommit() as conn:
        conn.execute(
            """
            INSERT INTO paces AS p (name, free_from, failures)
            VALUES (%(name)s, clock_timestamp() + %(troubled)s::int * %(rest)s * interval '1 second', %(troubled)s::int)
            ON CONFLICT (name) DO UPDATE
            SET failures = CASE WHEN %(troubled)s THEN p.failures + 1 ELSE 0 END,
                free_from = CASE WHEN %(troubled)s
                    THEN clock_timestamp() + least(%(rest)s * 2 ^ least(p.failures, 10), %(most)s) * interval '1 second'
                    ELSE p.free_from END
            """,
            {"name": _ROW, "troubled": troubled, "rest": _REST_SECONDS, "most": _LONGEST_REST_SECONDS},
        )
