"""``python -m tests.campaigns.killed_ticks COUNT``: ticks that are killed, one after the other, at random moments."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from webapp import clock, database
from webapp.app import create_app
from webapp.campaigns import tick
from webapp.config import load_settings


def main(count: int) -> None:
    create_app(load_settings(), connections=2)
    clock.now()
    first_batch = _seconds_of_a_first_batch()
    for number in range(count):
        child = os.fork()
        if child == 0:
            while True:
                _tick_once()
        time.sleep(random.Random(number).uniform(0, 1.5 * first_batch))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _seconds_of_a_first_batch() -> float:
    """On this machine, as busy as it is: from the fork to the commit."""
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _tick_once()
        os._exit(0)
    os.waitpid(child, 0)
    return time.monotonic() - started


def _tick_once() -> None:
    with database.transaction() as conn:
        tick.run_batch(conn, clock.now())


if __name__ == "__main__":
    tick.BATCH = 3
    main(int(sys.argv[1]))
