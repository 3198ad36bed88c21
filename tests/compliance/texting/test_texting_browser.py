"""A refused form, a question and their answers: where the keyboard is, and that Back sends nothing again."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, accessibility_faults, visit
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


def test_a_refused_form_leads_to_what_is_wrong_and_back_asks_for_nothing(
    browser: Browser, address: str, cast: Cast
) -> None:
    with visit(browser, address, size=PHONE) as page:
        sign_in(page, cast.admin.email)
        page.goto("/compliance/texting")
        page.get_by_label("Texts to one person in 24 hours").fill("77")
        save(page)
        expect(page.get_by_label("Business name")).to_be_focused()
        page.get_by_role("link", name="Texts to one person in 24 hours").click()
        cap = page.get_by_label("Texts to one person in 24 hours")
        expect(cap).to_be_focused()
        assert accessibility_faults(page) == []

        cap.fill("9")
        page.get_by_label("Business name").fill("Lone Star Homes")
        save(page)
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_role("alert")).to_contain_text("3 becomes 9")
        page.get_by_role("link", name="Sending rules").click()
        expect(page.get_by_role("heading", name="Sending rules")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="Caps and replies")).to_be_visible()


def test_who_pauses_finds_the_keyboard_at_what_resumes_and_undo_first_on_the_page(
    browser: Browser, address: str, cast: Cast
) -> None:
    with visit(browser, address) as page:
        sign_in(page, cast.manager.email)
        page.goto("/compliance")
        page.get_by_role("main").get_by_role("button", name="Pause all automatic texts").click()
        expect(page.get_by_role("button", name="Resume", exact=True)).to_be_focused()
        page.reload()
        page.get_by_role("main").get_by_role("button", name="Resume automatic texts").click()
        page.get_by_role("dialog").get_by_role("button", name="Resume").click()
        expect(page.get_by_text("Automatic texts go again.")).to_be_visible()
        page.get_by_role("main").get_by_role("button", name="Pause all automatic texts").click()
        page.get_by_role("button", name="Undo").wait_for()
        page.keyboard.press("z")
        expect(page.get_by_text("Automatic texts go again.")).to_be_visible()


def test_escape_closes_a_form_that_was_opened(browser: Browser, address: str, cast: Cast) -> None:
    with visit(browser, address) as page:
        sign_in(page, cast.manager.email)
        page.goto("/compliance/rules/TX")
        opener = page.locator("summary", has_text="Stop texts here")
        opener.click()
        reason = page.get_by_label("Why (optional)")
        reason.press("Escape")
        expect(reason).to_be_hidden()
        expect(opener).to_be_focused()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox")
