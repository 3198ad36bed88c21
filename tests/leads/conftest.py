"""People at browsers, and a worker for what they import."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.leads.support import add_lead
from tests.support.people import Cast, Person
from webapp import clock
from webapp.accounts import settings, throttle
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What this process keeps between requests belongs to the test before."""
    settings.forget()
    throttle._without_redis.storage.reset()


@pytest.fixture
def visit(app: Flask) -> Callable[[Person], Visitor]:
    """Signs a person in, each time at a browser of their own."""

    def visit(person: Person) -> Visitor:
        visitor = Visitor(app.test_client())
        assert visitor.sign_in(person).status_code == 303
        return visitor

    return visit


@pytest.fixture
def rep(visit: Callable[[Person], Visitor], cast: Cast) -> Visitor:
    return visit(cast.rep)


@pytest.fixture
def other_rep(visit: Callable[[Person], Visitor], cast: Cast) -> Visitor:
    return visit(cast.other_rep)


@pytest.fixture
def manager(visit: Callable[[Person], Visitor], cast: Cast) -> Visitor:
    return visit(cast.manager)


@pytest.fixture
def work(app: Flask) -> Callable[[], object]:
    """Lets a real worker do what is on the bulk queue."""
    return lambda: make_worker(app, QueueName.BULK).work(burst=True, logging_level="WARNING")


@pytest.fixture
def some(app: Flask, conn: psycopg.Connection, cast: Cast) -> psycopg.Connection:
    """Two Texans of Rita's, one from Florida, and one Texan of Otto's."""
    for n, (name, state, owner) in enumerate(
        (("Ann", "TX", cast.rep), ("Bob", "TX", cast.rep), ("Cleo", "FL", cast.rep), ("Otto", "TX", cast.other_rep))
    ):
        add_lead(conn, f"+1212555{n:04}", owner=owner, first_name=name, state=state, now=clock.now())
    return conn


@pytest.fixture
def three(app: Flask, conn: psycopg.Connection, cast: Cast) -> list[int]:
    """Rita's, Otto's, nobody's."""
    owners = (cast.rep, cast.other_rep, None)
    return [add_lead(conn, f"+1212555{n:04}", owner=owner, state="TX") for n, owner in enumerate(owners)]
