from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from flask import Flask

from tests.jobs import work
from webapp.jobs import queues


@pytest.fixture
def bell(app: Flask) -> Iterator[redis.Redis]:
    """The app's own Redis, empty."""
    work.done.clear()
    yield queues.connection()
