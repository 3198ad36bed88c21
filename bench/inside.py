"""Leadline in the bench's own process: the rooms called as a worker calls them, without a door or a carrier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bench import stack


@contextmanager
def leadline(database_url: str, redis_url: str) -> Iterator[datetime]:
    """Until the end of the block. Yields its business time, which begins at noon of a coming day."""
    from webapp import clock, database  # the benches that only watch a process from outside go without all this
    from webapp.app import create_app
    from webapp.config import load_settings

    create_app(
        load_settings(
            database_url=database_url,
            redis_url=redis_url,
            secret_key="a secret for the bench, 32 characters",
            app_url="http://127.0.0.1:1",
            twilio_api_base_url="http://127.0.0.1:1",
        )
    )
    now = stack.noon()
    clock.start_at(now)
    try:
        yield now
    finally:
        clock.use_real_time()
        database.close()
