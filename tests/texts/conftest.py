from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.support.people import Cast
from tests.support.world import add_sender
from tests.texts.support import Visitor

NOON_IN_TEXAS = "2026-12-09T18:00:00Z"


@pytest.fixture
def noon(app: Flask, at: Callable[[str], None], conn: psycopg.Connection) -> None:
    """It is noon in Texas, on a Wednesday, and there is a number to send from."""
    at(NOON_IN_TEXAS)
    add_sender(conn, "+15125550100")
    conn.execute("UPDATE phone_numbers SET simulated = false")


@pytest.fixture
def rita(app: Flask, cast: Cast, noon: None) -> Visitor:
    return Visitor(app, cast.rep)


@pytest.fixture
def otto(app: Flask, cast: Cast, noon: None) -> Visitor:
    return Visitor(app, cast.other_rep)


@pytest.fixture
def max_(app: Flask, cast: Cast, noon: None) -> Visitor:
    return Visitor(app, cast.manager)
