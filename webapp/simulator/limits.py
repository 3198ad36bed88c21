"""Twilio's limit on what is done to a service's conversations as a whole: 30 creations and deletions in a second."""

import time
from collections import deque

from webapp.simulator.errors import TwilioError

_TOO_FAST = TwilioError(429, 50074, "Rate limit exceeded: too many actions on this service in one second")


class ActionLimit:
    """Counts each service's actions over a sliding second of real time. The caller holds the store's lock."""

    def __init__(self) -> None:
        self._taken: dict[str, deque[float]] = {}

    def take(self, service_sid: str, per_second: float) -> None:
        """Counts one action; 0 a second means no limit. Raises TwilioError 50074, which counts for nothing."""
        now, taken = time.monotonic(), self._taken.setdefault(service_sid, deque())
        while taken and taken[0] <= now - 1:
            taken.popleft()
        if 0 < per_second <= len(taken):
            raise _TOO_FAST
        taken.append(now)

    def clear(self) -> None:
        self._taken.clear()
