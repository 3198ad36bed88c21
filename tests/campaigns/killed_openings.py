"""``python -m tests.campaigns.killed_openings COUNT``: openings ahead that are killed, one after the other, at random
moments after their first request."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import datetime

from webapp import clock
from webapp.app import create_app
from webapp.campaigns import opening_ahead
from webapp.carrier import carrier_from_settings
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.types import Thread
from webapp.config import Settings, load_settings


class Telling:
    """The carrier, that says when it is asked."""

    def __init__(self, carrier: TwilioCarrier, pipe: int) -> None:
        self.carrier, self.pipe = carrier, pipe

    def open_thread(self, **pair: str) -> Thread:
        os.write(self.pipe, b".")
        return self.carrier.open_thread(**pair)

    def forget_thread(self, conversation_sid: str, *, before: datetime) -> None:
        self.carrier.forget_thread(conversation_sid, before=before)


def main(count: int) -> None:
    settings = load_settings()
    create_app(settings, connections=2)
    carrier_from_settings(settings)  # the SDK is loaded once, not by each child
    for number in range(count):
        heard, told = os.pipe()
        child = os.fork()
        if child == 0:
            _open_for_ever(settings, told)
        os.read(heard, 1)
        time.sleep(random.Random(number).uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(heard)
        os.close(told)


def _open_for_ever(settings: Settings, told: int) -> None:
    assert settings.leadline_clock is not None
    clock.start_at(settings.leadline_clock)
    carrier = Telling(carrier_from_settings(settings), told)
    while True:
        opening_ahead.run(carrier)
        os.write(told, b".")  # nothing was left


if __name__ == "__main__":
    main(int(sys.argv[1]))
