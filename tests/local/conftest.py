"""Processes that own servers for a while, and folders that anyone may pass through."""

import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

AnotherProcess = Callable[[Callable[[], str]], AbstractContextManager[tuple[int, str]]]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder below /tmp that every user can pass through (pytest's own are root's alone)."""
    folder = Path(tempfile.mkdtemp(prefix="leadline-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def another_process() -> AnotherProcess:
    """Run a function in a process of its own: yields its pid and what it returned, then kills it with SIGKILL."""
    return _another_process


@contextmanager
def _another_process(action: Callable[[], str]) -> Iterator[tuple[int, str]]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _act_and_wait(action, reading, writing)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            yield pid, pipe.read()
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _act_and_wait(action: Callable[[], str], reading: int, writing: int) -> None:
    try:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            pipe.write(action())
        signal.pause()
    except BaseException:  # noqa: BLE001 (a forked test must never go on as a second pytest)
        traceback.print_exc()
    finally:
        os._exit(1)
