"""The send worker's engine: claims texts, sends many at once from a few dozen threads, records results in batches.

One ``drain`` serves one hint and ends when nothing is left, or after some seconds, so that jobs stay short. Threads
and carrier client live as long as the process.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from queue import Empty, PriorityQueue, SimpleQueue

import psycopg
import structlog

from webapp import clock, database
from webapp.database import Connection
from webapp.jobs import stopping
from webapp.messaging import attempts, claims, health, hints, results
from webapp.messaging.attempts import Result, Sends
from webapp.messaging.claims import Claimed

log = structlog.get_logger(__name__)

_DRAIN_SECONDS = 20.0
#: Claimed ahead of the free threads, so that none idles while results are written: a fraction of the threads.
_AHEAD = 0.5
_TURN_SECONDS = 0.015
_RELEASE_EVERY_SECONDS = 0.5
#: A wait shorter than this is waited out; a longer one is left to the next hint.
_WORTH_WAITING_SECONDS = 1.5
_LONGEST_NAP_SECONDS = 0.2


@dataclass
class Sender:
    """``threads`` requests at once, one process. ``settle_seconds``: see ``results.SETTLE_SECONDS``."""

    carrier: Sends
    threads: int
    settle_seconds: float = results.SETTLE_SECONDS
    _work: PriorityQueue[tuple[bool, int, Claimed]] = field(default_factory=PriorityQueue)
    """Urgent ones first, in the order in which they were claimed: the others may wait here for threads to be opened."""
    _places: count[int] = field(default_factory=count)
    _done: SimpleQueue[Result | None] = field(default_factory=SimpleQueue)
    _running: list[threading.Thread] = field(default_factory=list)
    _outstanding: int = 0
    _unrecorded: list[Result] = field(default_factory=list)
    _released_at: float = -1e9

    def drain(self, seconds: float = _DRAIN_SECONDS) -> int:
        """Sends what is due until nothing is, until ``seconds`` have passed, or until the process is to end.

        Returns how many attempts ended. What could not be recorded, because Postgres was away, stays in hand for the
        next drain.
        """
        self._start_threads()
        ends_at = time.monotonic() + seconds
        ended = 0
        while True:
            ended += self._gather()
            self._record()
            may_claim = time.monotonic() < ends_at and not stopping.asked()
            if may_claim:
                self._claim()
            if self._outstanding == 0 and not (may_claim and self._wait_for_more(ends_at)):
                break
        self._ring_for_the_rest()
        return ended

    def _start_threads(self) -> None:
        """On first use: after the fork."""
        while len(self._running) < self.threads:
            thread = threading.Thread(target=self._run, name=f"send-{len(self._running)}", daemon=True)
            thread.start()
            self._running.append(thread)

    def _run(self) -> None:
        while True:
            _, _, text = self._work.get()
            self._done.put(self._attempt(text))

    def _attempt(self, text: Claimed) -> Result | None:
        """None when we do not know what happened, such as Postgres gone in the middle: the sweep finds the text."""
        try:
            return attempts.attempt(self.carrier, text)
        except Exception:
            log.exception("attempt broke off", message_id=text.id)
            return None

    def _gather(self) -> int:
        """Takes what has ended since the last turn: a short turn, so that results are written together."""
        if self._outstanding:
            time.sleep(_TURN_SECONDS)
        ended = 0
        try:
            while True:
                result = self._done.get_nowait()
                ended += 1
                if result is not None:
                    self._unrecorded.append(result)
        except Empty:
            self._outstanding -= ended
        return ended

    def _record(self) -> None:
        if not self._unrecorded:
            return
        try:
            parked = self._write(self._unrecorded)
        except psycopg.OperationalError:
            raise  # Postgres is away, or busy: they stay in hand
        except psycopg.Error:
            parked = any([self._write_alone(result) for result in self._unrecorded])
        self._unrecorded = []
        if parked:
            hints.ring_flow()

    def _write(self, listed: list[Result]) -> bool:
        with database.transaction() as conn:
            return results.record(conn, listed, now=clock.now(), settle_seconds=self.settle_seconds)

    def _write_alone(self, result: Result) -> bool:
        """One of a batch that Postgres refuses: what is wrong with one keeps none of the others; the sweep finds it."""
        try:
            return self._write([result])
        except psycopg.Error:
            log.exception("result could not be recorded", message_id=result.text.id)
            return False

    def _claim(self) -> None:
        ahead = int(self.threads * _AHEAD)
        room = self.threads + ahead - self._outstanding
        if self._outstanding and room < max(ahead // 2, 1):
            return
        now = clock.now()
        with database.transaction() as conn:
            self._release_due(conn, now)
            claimed = claims.claim(conn, slots=room, now=now)
        self._outstanding += len(claimed)
        for text in claimed:
            self._work.put((not text.urgent, next(self._places), text))

    def _release_due(self, conn: Connection, now: datetime) -> None:
        if time.monotonic() - self._released_at >= _RELEASE_EVERY_SECONDS:
            claims.release_due(conn, now=now)
            health.release_due(conn)
            self._released_at = time.monotonic()

    def _wait_for_more(self, ends_at: float) -> bool:
        """Waits out a short pause of a slow sender; False when there is nothing to wait for."""
        with database.autocommit() as conn:
            seconds = claims.seconds_to_next(conn)
        if seconds is None or seconds > _WORTH_WAITING_SECONDS or time.monotonic() + seconds > ends_at:
            return False
        time.sleep(min(max(seconds, _TURN_SECONDS), _LONGEST_NAP_SECONDS))
        return True

    def _ring_for_the_rest(self) -> None:
        with database.autocommit() as conn:
            seconds = claims.seconds_to_next(conn)
        if seconds is not None and seconds <= _WORTH_WAITING_SECONDS:
            hints.ring_send()
