"""Signals for a loop that waits: none is lost between looking and waiting."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self

_WATCHED = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


class SignalInbox:
    """While entered, SIGTERM, SIGINT and SIGCHLD end a `wait` instead of the process."""

    def __init__(self) -> None:
        self.told_to_stop = False
        self.told_to_hurry = False  # a second Ctrl-C; a second SIGTERM is only an echo of the first

    def __enter__(self) -> Self:
        self._reading, writing = os.pipe()
        for end in (self._reading, writing):
            os.set_blocking(end, False)
        self._writing = writing
        self._handlers = {number: signal.signal(number, self._note) for number in _WATCHED}
        self._wakeup_before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._close()

    def wait(self, seconds: float) -> None:
        """Until a signal came or `seconds` have passed."""
        if select.select([self._reading], [], [], seconds)[0]:
            os.read(self._reading, 4096)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Signals that come meanwhile wait outside."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)

    def leave(self) -> None:
        """In a forked child: back to what every process has."""
        signal.set_wakeup_fd(-1)
        for number in _WATCHED:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        self._close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)

    def _close(self) -> None:
        os.close(self._reading)
        os.close(self._writing)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return
        self.told_to_hurry |= self.told_to_stop and number == signal.SIGINT
        self.told_to_stop = True
