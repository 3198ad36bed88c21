"""What is typed survives a reload, another thread, a lost connection and an ended session; and is sent once."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import visit
from tests.inbox.browsing import add_person, asked, sign_in
from tests.support.people import PASSWORD, Cast
from tests.support.world import World


def test_a_draft_survives_a_reload_and_follows_to_another_browser(
    page: Page, browser: Browser, world: World, people: Cast, thread: int
) -> None:
    page.goto(f"/inbox/{thread}")
    page.focus("#body")
    page.keyboard.type("Dear Ann, about the ")
    page.reload()
    expect(page.locator("#body")).to_have_value("Dear Ann, about the ")
    with page.expect_response("**/draft"):
        page.locator("#body").press_sequentially("house")
    with visit(browser, world.settings.app_url) as other:
        sign_in(other, world, people.rep)
        other.goto(f"/inbox/{thread}")
        expect(other.locator("#body")).to_have_value("Dear Ann, about the house")


def test_a_draft_is_kept_when_another_thread_is_opened(page: Page, world: World, people: Cast, thread: int) -> None:
    add_person(world, people, "Bob")
    page.goto(f"/inbox/{thread}?state=open")
    page.fill("#body", "Half a thought")
    page.click(".row >> text=Bob")
    expect(page.locator("#thread-name")).to_have_text("Bob")
    expect(page.locator("#body")).to_have_value("")
    page.click(".row >> text=Ann")
    expect(page.locator("#body")).to_have_value("Half a thought")


def test_a_sent_text_leaves_no_draft(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    page.fill("#body", "Hello")
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("")
    page.wait_for_timeout(1200)
    page.reload()
    expect(page.locator("#body")).to_have_value("")


def test_offline_nothing_is_sent_and_the_text_is_kept(
    browser: Browser, world: World, people: Cast, thread: int
) -> None:
    with visit(browser, world.settings.app_url, expected=["net::ERR_", "Failed to fetch"]) as page:
        sign_in(page, world, people.rep)
        page.goto(f"/inbox/{thread}")
        page.context.set_offline(True)
        page.fill("#body", "Hello")
        page.keyboard.press("Enter")
        expect(page.locator("#composer-error")).to_have_text("Offline, not sent. Your text is kept here.")
        expect(page.locator("#body")).to_have_value("Hello")
        page.context.set_offline(False)
        page.keyboard.press("Enter")
        expect(page.locator("#body")).to_have_value("")
    assert asked(world, thread) == ["Hello"]


def test_an_answer_that_got_lost_can_be_asked_for_again_and_the_text_goes_once(
    browser: Browser, world: World, people: Cast, thread: int
) -> None:
    """The server took the text; its answer never came. The same key makes the second try harmless."""
    with visit(browser, world.settings.app_url, expected=["net::ERR_", "Failed to fetch"]) as page:
        sign_in(page, world, people.rep)
        page.goto(f"/inbox/{thread}")

        def lose(route: Route) -> None:
            route.fetch()
            route.abort()

        page.route("**/messages", lose)
        page.fill("#body", "Hello")
        page.keyboard.press("Enter")
        expect(page.locator("#composer-error")).to_have_text("Offline, not sent. Your text is kept here.")
        page.unroute("**/messages")
        page.keyboard.press("Enter")
        expect(page.locator("#body")).to_have_value("")
    assert asked(world, thread) == ["Hello"]


def test_an_ended_session_is_taken_up_again_over_the_page_and_the_text_goes(
    page: Page, world: World, people: Cast, thread: int
) -> None:
    page.goto(f"/inbox/{thread}")
    page.fill("#body", "Do not lose me")
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-again")).to_contain_text("Nothing is lost")
    page.fill("#over-email", people.rep.email)
    page.fill("#over-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-again")).to_be_hidden()
    expect(page.locator(".text").last).to_contain_text("Do not lose me")
    expect(page.locator("#body")).to_have_value("")
    assert asked(world, thread) == ["Do not lose me"]
