"""Waiting on a condition with a generous patience: tests never assert on wall times."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 30.0


def until(read: Callable[[], T], ready: Callable[[T], object] = bool) -> T:
    """Read again and again until the value is ready."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        value = read()
        if ready(value):
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"still {value!r}")
        time.sleep(0.01)
