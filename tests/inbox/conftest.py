from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser import visit
from tests.inbox.browsing import add_person, sign_in, thread_of
from tests.inbox.support import Desk
from tests.support.people import Cast, cast_of
from tests.support.world import World, add_sender

NOON_IN_TEXAS = "2026-12-09T18:00:00Z"


@pytest.fixture
def noon(at: Callable[[str], None], conn: psycopg.Connection) -> None:
    """It is noon in Texas, on a Wednesday, and there is a number to send from."""
    at(NOON_IN_TEXAS)
    add_sender(conn, "+15125550100")
    conn.execute("UPDATE phone_numbers SET simulated = false")


@pytest.fixture
def rita(app: Flask, cast: Cast, noon: None) -> Desk:
    return Desk(app, cast.rep)


@pytest.fixture
def otto(app: Flask, cast: Cast, noon: None) -> Desk:
    return Desk(app, cast.other_rep)


@pytest.fixture
def max_(app: Flask, cast: Cast, noon: None) -> Desk:
    return Desk(app, cast.manager)


@pytest.fixture
def people(world: World) -> Cast:
    """The cast, in the world."""
    return cast_of(world.conn)


@pytest.fixture
def at_work(world: World) -> Iterator[World]:
    """The world with its workers running beside the test."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            world.work()

    worker = threading.Thread(target=work)
    worker.start()
    yield world
    over.set()
    worker.join()


@pytest.fixture
def page(browser: Browser, world: World, people: Cast) -> Iterator[Page]:
    """Rita's browser, on a desk."""
    with visit(browser, world.settings.app_url) as page:
        sign_in(page, world, people.rep)
        yield page


@pytest.fixture
def thread(world: World, people: Cast) -> int:
    """The conversation, in the world, of a lead of Rita's who agreed."""
    return thread_of(world, add_person(world, people, "Ann"))
