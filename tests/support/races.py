"""Real concurrency: threads that all start at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from webapp import database

T = TypeVar("T")


def warm_up(connections: int) -> None:
    """Opens so many connections, so that a race is run by all at once and not one after the other as they open."""
    gate = threading.Barrier(connections)

    def hold() -> None:
        with database.autocommit() as conn:
            conn.execute("SELECT 1")
            gate.wait()

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda _: hold(), range(connections)))


def at_once(actions: Sequence[Callable[[], T]]) -> list[T]:
    """What each of the actions gives, in their order; they begin together, each in a thread of its own."""
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], T]) -> T:
        gate.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
