"""Work in a process apart: what opens connections and threads may not run in the parent before it forks its tree."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

import structlog

from webapp.config import ConfigError
from webapp.local.parent import die_with_parent

log = structlog.get_logger(__name__)

_LONGEST_SENTENCE = 4000  # fits a pipe, so that nobody waits for its reader


def in_child(work: Callable[[], None]) -> None:
    """Does ``work`` in a forked child and waits for it.

    Raises RuntimeError when it failed: with the sentence of a ConfigError or RuntimeError; anything else is logged.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    parent, pid = os.getpid(), os.fork()
    if pid == 0:
        _become(work, parent, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        sentence = pipe.read()
    if os.waitpid(pid, 0)[1] != 0:
        raise RuntimeError(sentence or "Leadline could not prepare its database; the log above says why.")


def _become(work: Callable[[], None], parent: int, writing: int) -> NoReturn:
    """The child's whole life. It never returns into the parent's code."""
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent(parent, signal.SIGKILL)
        work()
        status = 0
    except (ConfigError, RuntimeError) as error:
        os.write(writing, str(error).encode()[:_LONGEST_SENTENCE])
    except BaseException:
        log.exception("preparation failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
