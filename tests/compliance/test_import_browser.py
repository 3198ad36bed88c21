"""Lists as a person imports them, in light and dark, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.leads.support import add_lead
from tests.support.people import PASSWORD, Cast
from tests.support.world import AppServer
from webapp import clock
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.local.ports import free_port


@pytest.fixture
def address(app: Flask, conn: psycopg.Connection) -> Iterator[str]:
    """The app on a port."""
    server, port = AppServer(), free_port()
    server.start(app, port)
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)])
def test_lists_are_imported_and_shown(
    browser: Browser,
    address: str,
    app: Flask,
    cast: Cast,
    conn: psycopg.Connection,
    tmp_path: Path,
    scheme: str,
    size: dict[str, int],
) -> None:
    (tmp_path / "dnc.txt").write_text("212,5550101\n212,5550102\n")
    (tmp_path / "dnd.csv").write_text("Phone,DND,DND date\n2125550103,SMS,3/1/2024\n12,yes,\n2125550104,no,\n")
    add_lead(conn, "+12125550101")
    today = clock.now().date()
    with visit(browser, address, size=size, scheme=scheme) as page:
        sign_in(page, cast.manager.email)
        page.goto("/compliance/dnc")
        looks_right(page, "no list")
        page.get_by_role("link", name="Import a list").click()
        page.get_by_label("Drop the file here").set_input_files(tmp_path / "dnc.txt")
        page.get_by_label("Name").fill("National, area code 212")
        page.get_by_label("Downloaded on").fill(today.replace(year=today.year - 1).isoformat())
        page.get_by_role("button", name="Import the list").click()
        expect(page.get_by_text("This list is 365 days old.")).to_be_visible()
        expect(page.get_by_label("Downloaded on")).to_be_focused()
        assert page.evaluate("document.getElementById('file').files[0].name") == "dnc.txt"
        looks_right(page, "a list that is too old")
        page.get_by_label("Import it anyway").check()
        page.get_by_role("button", name="Import the list").click()
        expect(page.get_by_text("Waiting to start")).to_be_visible()
        looks_right(page, "waiting")
        work(app)
        expect(page.get_by_text("Finished", exact=True)).to_be_visible()

        page.get_by_role("link", name="Show the lists").click()
        expect(page.locator("#dnc-leads-1")).to_have_text("1")
        expect(page.get_by_text("The national list is 365 days old.")).to_be_visible()
        page.get_by_label("Phone number").fill("212 555 0102")
        page.get_by_role("button", name="Look up").click()
        expect(page.get_by_text("(212) 555-0102 is on:")).to_be_visible()
        expect(page.locator("#dnc-leads-1")).to_have_text("1")
        looks_right(page, "lists")
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Delete the list").click()
        expect(page.get_by_text("Being taken away", exact=True)).to_be_visible()

        page.goto("/compliance/opt-outs")
        page.get_by_role("link", name="Import opt-outs").click()
        page.get_by_label("Drop the file here").set_input_files(tmp_path / "dnd.csv")
        looks_right(page, "opt-outs")
        page.get_by_role("button", name="Import opt-outs").click()
        expect(page.get_by_text("Waiting to start")).to_be_visible()
        work(app)
        expect(page.get_by_text("Finished: 3 of 3 rows.")).to_be_attached()
        expect(page.get_by_role("heading", name="Rows to look at")).to_be_visible()
        looks_right(page, "an import of opt-outs")


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")


def work(app: Flask) -> None:
    """A real worker, in this process, until the queue is empty."""
    make_worker(app, QueueName.BULK).work(burst=True, logging_level="WARNING")


def looks_right(page: Page, what: str) -> None:
    assert accessibility_faults(page) == [], what
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), what
