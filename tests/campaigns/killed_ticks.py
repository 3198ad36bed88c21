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
    for number in range(count):
        child = os.fork()
        if child == 0:
            _tick_for_ever()
        time.sleep(random.Random(number).uniform(0.005, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _tick_for_ever() -> None:
    while True:
        with database.transaction() as conn:
            tick.run_batch(conn, clock.now())


if __name__ == "__main__":
    tick.BATCH = 3
    main(int(sys.argv[1]))
