"""These pages as people see them: in light and dark, at a desk and on a phone, and when the session ends meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.test_demo import LOOPBACK
from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.conftest import Servers, settings_for
from tests.support.people import PASSWORD, Cast, Person
from tests.support.world import AppServer
from webapp import database
from webapp.local.ports import free_port

LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.fixture
def address(emptied: Servers, cast: Cast) -> Iterator[str]:
    """The demo on a port: with its banner, its sign-in buttons, and no e-mail."""
    from webapp.app import create_app

    server, port = AppServer(), free_port()
    url = f"http://127.0.0.1:{port}"
    server.start(create_app(settings_for(emptied, **LOOPBACK | {"app_url": url}), connections=16), port)
    yield url
    server.stop()
    database.close()


def _sign_in(page: Page, person: Person) -> None:
    page.goto("/login?next=/profile")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/profile")


def _let_the_session_end(page: Page) -> None:
    """The page stays open over lunch, and somebody signs out in another tab."""
    with page.expect_response(
        "**/pulse"
    ):  # the pulse of that hour: without its cookie it would ask who this is by itself
        page.clock.fast_forward("01:00:00")
    page.context.clear_cookies()


def _demand_a_good_page(page: Page) -> None:
    """axe finds nothing, nothing sticks out to the side, and on a phone every button can be hit with a thumb."""
    assert accessibility_faults(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    if page.evaluate("window.innerWidth < 768"):
        assert page.evaluate(_TOO_SMALL) == [], page.url


_TOO_SMALL = """
[...document.querySelectorAll("main button, main select, main input:not([type=hidden]), nav a, nav summary")]
    .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .choice"))
    .filter((one) => !one.matches(".visually-hidden") && one.getBoundingClientRect().height < 44)
    .map((one) => one.outerHTML)
"""


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=["light", "dark", "phone", "dark phone"])
def test_every_page_can_be_read_and_used(
    browser: Browser, address: str, cast: Cast, scheme: str, size: dict[str, int]
) -> None:
    with visit(browser, address, size=size, scheme=scheme) as page:
        page.goto("/login")
        _demand_a_good_page(page)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Enter your e-mail address.")).to_be_visible()
        _demand_a_good_page(page)
        page.goto("/forgot")
        _demand_a_good_page(page)
        _sign_in(page, cast.admin)
        page.get_by_label("What is it for?").fill("The website")
        page.get_by_role("button", name="Create a token").click()
        expect(page.get_by_text("it is not shown again")).to_be_visible()
        _demand_a_good_page(page)
        page.goto("/team")
        page.get_by_label("Name").fill("Nia Newcomer")
        page.get_by_label("E-mail address").fill("nia@agency.test")
        page.get_by_role("button", name="Invite", exact=True).click()
        expect(page.get_by_text("This Leadline sends no e-mail.")).to_be_visible()
        page.get_by_label("More about Rita Rep").click()
        _demand_a_good_page(page)
        page.goto("/settings")
        page.get_by_label("Business name").evaluate("field => field.removeAttribute('maxlength')")
        page.get_by_label("Business name").fill("x" * 101)
        page.get_by_role("button", name="Save settings").click()
        expect(page.get_by_text("Use 100 characters or fewer.")).to_be_visible()
        _demand_a_good_page(page)


def test_deactivating_asks_once_and_can_be_undone(browser: Browser, address: str, cast: Cast) -> None:
    with visit(browser, address) as page:
        _sign_in(page, cast.admin)
        page.goto("/team")
        row = page.get_by_role("row").filter(has_text="Rita Rep")
        row.get_by_label("More about Rita Rep").click()
        row.get_by_role("button", name="Deactivate").click()
        page.get_by_role("button", name="Cancel").click()
        expect(row).to_contain_text("Active")
        row.get_by_label("More about Rita Rep").click()
        row.get_by_role("button", name="Deactivate").click()
        dialog = page.get_by_role("dialog", name="Deactivate Rita Rep?")
        _demand_a_good_page(page)
        dialog.get_by_role("button", name="Deactivate").click()
        expect(row).to_contain_text("Deactivated")
        page.get_by_role("button", name="Undo").click()
        expect(row).to_contain_text("Active")


def test_when_the_session_has_ended_one_signs_in_over_the_page_and_nothing_is_lost(
    browser: Browser, address: str, cast: Cast
) -> None:
    with visit(browser, address) as page:
        page.clock.install()
        _sign_in(page, cast.rep)
        page.get_by_label("Name").fill("Rita Rivers")
        _let_the_session_end(page)
        page.get_by_role("button", name="Save").click()
        dialog = page.get_by_role("dialog", name="Sign in again")
        expect(dialog).to_contain_text("Nothing is lost.")
        _demand_a_good_page(page)
        dialog.get_by_label("E-mail address").fill(cast.rep.email)
        dialog.get_by_label("Password").fill("wrong password")
        dialog.get_by_role("button", name="Sign in").click()
        expect(dialog).to_contain_text("do not match")
        dialog.get_by_label("Password").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_label("Name")).to_have_value("Rita Rivers")


def test_somebody_else_who_signs_in_over_the_page_sees_their_own(browser: Browser, address: str, cast: Cast) -> None:
    with visit(browser, address) as page:
        page.clock.install()
        _sign_in(page, cast.rep)
        page.get_by_label("Name").fill("Rita Rivers")
        _let_the_session_end(page)
        page.get_by_role("button", name="Save").click()
        dialog = page.get_by_role("dialog", name="Sign in again")
        dialog.get_by_label("E-mail address").fill(cast.other_rep.email)
        dialog.get_by_label("Password").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign in").click()
        expect(page.get_by_label("Name")).to_have_value("Otto Other")


def test_without_a_connection_a_form_says_so_and_keeps_what_was_typed(
    browser: Browser, address: str, cast: Cast
) -> None:
    with visit(browser, address, expected=("net::ERR_INTERNET_DISCONNECTED",)) as page:
        _sign_in(page, cast.rep)
        page.get_by_label("Name").fill("Rita Rivers")
        page.context.set_offline(True)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Offline, not sent.")).to_be_visible()
        expect(page.get_by_label("Name")).to_have_value("Rita Rivers")
        page.context.set_offline(False)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()


def test_the_theme_is_chosen_once_and_holds_on_every_page(browser: Browser, address: str, cast: Cast) -> None:
    with visit(browser, address) as page:
        _sign_in(page, cast.rep)
        page.get_by_role("main").get_by_role("button", name="Dark").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.goto("/login/token")
        page.goto("/profile")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        _demand_a_good_page(page)
