"""Templates in the composer: by keys alone on a desk, by a finger on a phone."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, accessibility_faults, visit
from tests.inbox.browsing import asked, sign_in
from tests.support.people import Cast
from tests.support.world import World
from tests.texts.support import add_template


def test_a_template_is_found_filled_in_and_sent_by_keys_alone(
    page: Page, world: World, people: Cast, thread: int
) -> None:
    add_template(people.manager, name="Greeting", body='Hi {{ first_name | default("there") }}, it is {{ my_name }}')
    add_template(people.rep, name="Tour", body="The tour of {{ custom.street }} is on", shared=False)
    add_template(people.rep, name="Tour again", body="Another tour?", shared=False)
    page.goto(f"/inbox/{thread}")
    options, active = page.locator(".picker-option:visible"), page.locator(".picker-option[aria-selected=true]")

    page.focus("#body")
    page.keyboard.press("/")
    expect(options).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("#picker")).to_be_hidden()
    expect(page.locator("#body")).to_be_focused()

    page.keyboard.press("/")
    expect(options).to_have_count(3)
    page.keyboard.type("tour")
    expect(options).to_have_count(2)
    expect(active).to_contain_text("Street is missing")
    page.keyboard.press("ArrowDown")
    expect(active).to_contain_text("Another tour?")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("The tour of {{ custom.street }} is on")

    page.keyboard.press("Enter")
    expect(page.locator("#composer-error")).to_contain_text("Fill in {{ custom.street }} first")
    page.keyboard.type("Oak Lane")
    expect(page.locator("#body")).to_have_value("The tour of Oak Lane is on")
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("")
    assert asked(world, thread) == ["The tour of Oak Lane is on"]


def test_a_finger_puts_one_in_where_the_cursor_is(browser: Browser, world: World, people: Cast, thread: int) -> None:
    add_template(people.manager, body='Hi {{ first_name | default("there") }}')
    with visit(browser, world.settings.app_url, size=PHONE, touch=True, scheme="dark") as page:
        sign_in(page, world, people.rep)
        page.goto(f"/inbox/{thread}")
        page.fill("#body", "! See you")
        page.evaluate("body => document.getElementById('body').setSelectionRange(0, 0)", None)
        page.tap("#pick")
        expect(page.locator(".picker-option")).to_have_count(1)
        assert accessibility_faults(page) == []
        page.fill("#picker-search", "nothing like it")
        expect(page.locator("#picker-none")).to_be_visible()
        page.fill("#picker-search", "greet")
        page.tap(".picker-option")
        expect(page.locator("#body")).to_have_value("Hi Ann! See you")
        expect(page.locator("#count")).to_contain_text("left")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
