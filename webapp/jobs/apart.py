"""Work in a process apart: what opens connections and threads may not run in the parent before it forks its tree."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)


def in_child(work: Callable[[], None]) -> None:
    """Does ``work`` in a forked child and waits for it. Raises RuntimeError when it failed, after logging why."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _become(work)
    if os.waitpid(pid, 0)[1] != 0:
        raise RuntimeError("Leadline could not prepare its database; the log above says why.")


def _become(work: Callable[[], None]) -> None:
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        log.exception("preparation failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
