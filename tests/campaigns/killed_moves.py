"""``python -m tests.campaigns.killed_moves OPERATION COUNT``: moves to a new version that are killed at random moments."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

from webapp import clock
from webapp.app import create_app
from webapp.campaigns.drafts import changing_over, moving_over
from webapp.config import load_settings
from webapp.jobs import bulk_runner


def main(operation_id: int, count: int) -> None:
    create_app(load_settings(), connections=2)
    clock.now()
    for number in range(count):
        child = os.fork()
        if child == 0:
            bulk_runner.run(operation_id, moving_over.plan, seconds=30)
            os._exit(0)
        time.sleep(random.Random(number).uniform(0.02, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    changing_over.CHUNK = 1
    bulk_runner.DEAD_AFTER_SECONDS = 0  # nobody waits for a minute here
    main(int(sys.argv[1]), int(sys.argv[2]))
