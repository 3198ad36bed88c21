"""The sending rules on a screen: in light and dark, at a desk and on a phone, tried and loosened."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.support.people import PASSWORD, Cast
from tests.support.world import AppServer
from webapp.local.ports import free_port


@pytest.fixture
def address(app: Flask, conn: psycopg.Connection) -> Iterator[str]:
    """The app on a port."""
    server, port = AppServer(), free_port()
    server.start(app, port)
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)])
def test_the_rules_are_tried_loosened_after_asking_and_stopped(
    browser: Browser, address: str, cast: Cast, scheme: str, size: dict[str, int]
) -> None:
    with visit(browser, address, size=size, scheme=scheme) as page:
        sign_in(page, cast.admin.email)
        page.goto("/compliance/rules")
        looks_right(page, "the rules")
        page.get_by_label("Phone").fill("(214) 555-0123")
        page.get_by_label("When, on your clock").fill("2026-12-13T09:00")
        page.get_by_role("button", name="Check the hour").click()
        expect(page.get_by_text("Held until 12:00 Sunday in Dallas: in Texas Sunday opens at noon.")).to_be_visible()
        expect(page.get_by_label("Phone")).to_have_value("(214) 555-0123")
        page.get_by_label("Their text").fill("STOP")
        page.get_by_role("button", name="Read the text").click()
        expect(page.get_by_text("Opts out", exact=True)).to_be_visible()
        looks_right(page, "both boxes answered")

        page.get_by_role("link", name="Texas").click()
        expect(page.get_by_role("heading", name="Your hours here")).to_be_visible()
        looks_right(page, "a law")
        page.get_by_label("Sunday from").fill("09:00")
        page.get_by_role("button", name="Save the hours").click()
        expect(page.get_by_text("Texas: Sundays from 09:00 to 12:00")).to_be_visible()
        expect(page.get_by_role("alert")).to_be_focused()
        looks_right(page, "what opens")
        page.get_by_role("button", name="Loosen it all the same").click()
        expect(page.get_by_role("row").filter(has_text="Texas")).to_contain_text("Changed by you")

        page.get_by_role("link", name="Louisiana").click()
        page.get_by_text("Stop texts here").click()
        page.get_by_label("Why (optional)").fill("Hurricane")
        page.get_by_role("button", name="Stop them now").click()
        expect(page.get_by_role("row").filter(has_text="Louisiana")).to_contain_text("Stopped")
        looks_right(page, "a stop")
        page.get_by_role("row").get_by_role("link", name="Louisiana").click()
        page.get_by_text("Lift the stop").click()
        looks_right(page, "lifting it")


def looks_right(page: Page, what: str) -> None:
    """axe finds nothing, and nothing sticks out to the side: once the page's own style is there, too."""
    page.wait_for_load_state()
    assert accessibility_faults(page) == [], what
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), what


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")
