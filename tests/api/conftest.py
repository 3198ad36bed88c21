from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.support import Program, program_of
from tests.support.people import Cast
from tests.support.world import add_sender

NOON_IN_TEXAS = "2026-12-09T18:00:00Z"


@pytest.fixture(autouse=True)
def noon(app: Flask, at: Callable[[str], None]) -> None:
    """Once the app is made, which begins with real time."""
    at(NOON_IN_TEXAS)


@pytest.fixture
def sender(conn: psycopg.Connection) -> str:
    add_sender(conn, "+15125550100")
    conn.execute("UPDATE phone_numbers SET simulated = false")
    return "+15125550100"


@pytest.fixture
def rep(client: FlaskClient, conn: psycopg.Connection, cast: Cast, sender: str) -> Program:
    return program_of(client, conn, cast.rep)


@pytest.fixture
def other_rep(client: FlaskClient, conn: psycopg.Connection, cast: Cast, sender: str) -> Program:
    return program_of(client, conn, cast.other_rep)


@pytest.fixture
def manager(client: FlaskClient, conn: psycopg.Connection, cast: Cast, sender: str) -> Program:
    return program_of(client, conn, cast.manager)
