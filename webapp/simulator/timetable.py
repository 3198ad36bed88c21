"""Things to do a little later, in real time: receipts on their way, delayed webhooks. One thread, in order."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

Action = Callable[[], None]


class Timetable:
    def __init__(self) -> None:
        self._due: list[tuple[float, int, Action]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="timetable", daemon=True).start()

    def after(self, seconds: float, action: Action) -> None:
        """Run `action` once `seconds` have passed. Equal moments keep the order in which they were given."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._count), action))
            self._changed.notify()

    def clear(self) -> None:
        with self._changed:
            self._due.clear()

    def _run(self) -> None:
        while True:
            action = self._wait()
            try:
                action()
            except Exception:
                # One failed action must not stop the receipts of everyone else.
                log.exception("an action of the timetable failed")

    def _wait(self) -> Action:
        with self._changed:
            while True:
                if not self._due:
                    self._changed.wait()
                    continue
                wait = self._due[0][0] - time.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
