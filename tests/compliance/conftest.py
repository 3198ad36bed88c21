"""People at their desks, at noon in Texas."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.compliance.privacy.erasing import a_lead_with_a_past
from tests.inbox.support import Desk
from tests.support.people import Cast, cast_of
from tests.support.world import World, add_sender


@pytest.fixture
def noon(at: Callable[[str], None], conn: psycopg.Connection) -> None:
    at("2026-12-09T18:00:00Z")
    add_sender(conn, "+15125550100")
    conn.execute("UPDATE phone_numbers SET simulated = false")


@pytest.fixture
def max_(app: Flask, cast: Cast) -> Desk:
    return Desk(app, cast.manager)


@pytest.fixture
def rita(app: Flask, cast: Cast) -> Desk:
    return Desk(app, cast.rep)


@pytest.fixture
def ada(app: Flask, cast: Cast) -> Desk:
    return Desk(app, cast.admin)


@pytest.fixture
def people(world: World) -> Cast:
    """The cast, in the world."""
    return cast_of(world.conn)


@pytest.fixture
def annas(world: World, people: Cast) -> str:
    """The phone of a lead with a past."""
    return a_lead_with_a_past(world, people)
