"""The box: what is sent goes once, keys do what they say, and the count tells what a text costs."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import PHONE, visit
from tests.inbox.browsing import add_person, asked, poll, sign_in, thread_of
from tests.support.people import Cast
from tests.support.world import World


def slow(page: Page, milliseconds: int = 500) -> None:
    """Answers to a send take their time."""

    def wait(route: Route) -> None:
        page.wait_for_timeout(milliseconds)
        route.continue_()

    page.route("**/messages", wait)


def test_a_double_click_sends_once(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    page.fill("#body", "Hello")
    page.dblclick("#send")
    expect(page.locator("#body")).to_have_value("")
    assert asked(world, thread) == ["Hello"]


def test_a_held_enter_sends_once_and_nothing_after_it(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    page.focus("#body")
    page.keyboard.type("Hello")
    for _ in range(12):
        page.keyboard.down("Enter")
        page.wait_for_timeout(30)
    page.keyboard.up("Enter")
    expect(page.locator("#body")).to_have_value("")
    expect(page.locator("#composer-error")).to_have_text("")
    assert asked(world, thread) == ["Hello"]


def test_shift_enter_is_a_new_line(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    page.focus("#body")
    page.keyboard.type("One")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("")
    assert asked(world, thread) == ["One\nTwo"]


def test_on_glass_enter_is_a_new_line_and_the_button_sends(
    browser: Browser, world: World, people: Cast, thread: int
) -> None:
    with visit(browser, world.settings.app_url, size=PHONE, touch=True) as page:
        sign_in(page, world, people.rep)
        page.goto(f"/inbox/{thread}")
        # Headless Chromium has a mouse whatever else it is given.
        if not page.evaluate("matchMedia('(pointer: coarse)').matches"):
            page.add_init_script(
                "const real = matchMedia; matchMedia = (query) => real(query.replace('coarse', 'fine'))"
            )
            page.reload()
        page.focus("#body")
        page.keyboard.type("One")
        page.keyboard.press("Enter")
        page.keyboard.type("Two")
        page.tap("#send")
        expect(page.locator("#body")).to_have_value("")
        expect(page.locator("#body")).to_be_focused()
    assert asked(world, thread) == ["One\nTwo"]


def test_what_is_typed_while_a_text_is_on_its_way_is_the_next_one(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    slow(page)
    page.focus("#body")
    page.keyboard.type("First")
    page.keyboard.press("Enter")
    page.keyboard.type(", then second")
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value(", then second", timeout=8000)
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("", timeout=8000)
    assert asked(world, thread) == ["First", ", then second"]


def test_the_button_spins_in_its_own_place_after_a_moment(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    slow(page, 1500)
    page.fill("#body", "Hello")
    before = page.locator("#send").bounding_box()
    page.keyboard.press("Enter")
    expect(page.locator("#send[aria-busy=true]")).to_be_visible()
    poll(page)
    expect(page.locator("#send[aria-busy=true]")).to_be_visible()
    assert page.locator("#send").bounding_box() == before
    expect(page.locator("#send[aria-busy=true]")).to_have_count(0, timeout=8000)


def test_the_status_follows_every_second_after_a_send(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    polls: list[str] = []
    page.on("request", lambda request: polls.append(request.url) if "/inbox/poll" in request.url else None)
    page.fill("#body", "Hello")
    page.keyboard.press("Enter")
    expect(page.locator(".text").last).to_contain_text("Sending")
    world.until(lambda: world.conn.execute("SELECT 1 FROM sms_messages WHERE status = 'queued'").fetchone() is None)
    expect(page.locator(".text").last).to_contain_text(re.compile("Sent|Delivered"), timeout=3000)
    page.wait_for_timeout(2500)
    assert len(polls) >= 3


def test_the_count_says_what_is_left_what_it_costs_and_which_character_makes_it_dear(
    page: Page, world: World, thread: int
) -> None:
    page.goto(f"/inbox/{thread}")
    count = page.locator("#count")
    expect(count).to_have_text("")
    for text, told in (
        ("a" * 150, "10 left · 1 segment · $0.013"),
        ("a" * 161, "145 left · 2 segments · $0.026"),
        ("It’s", "66 left · 1 segment · $0.013 Only 70 fit in one because of the curly apostrophe ’ (write ')."),
        ("ж" * 71, "63 left · 2 segments · $0.026 Only 67 fit in one because of “ж”."),
        ("Hi 👋 —", "Only 70 fit in one because of the emoji 👋 and the long dash — (write -)."),
        ("жбдфг…з", "because of “ж”, “б”, “д”, “ф”, “г” and 2 more."),
        ("a\u00a0b", "67 left · 1 segment · $0.013 Only 70 fit in one because of the no-break space (write a space)."),
        ("x" * 1612, "12 too many"),
    ):
        page.fill("#body", text)
        expect(count).to_have_text(re.compile(re.escape(told)))


def test_what_is_typed_is_put_into_plain_characters_but_for_merge_fields(page: Page, world: World, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    page.fill("#body", "It’s “ours” — see…\u00a0{{ city | default(“here”) }} ж")
    page.get_by_role("button", name="Use plain characters").click()
    expect(page.locator("#body")).to_have_value('It\'s "ours" - see... {{ city | default(“here”) }} ж')
    expect(page.locator("#body")).to_be_focused()
    page.fill("#body", "ж")
    expect(page.locator("#count")).to_contain_text("because of “ж”")
    expect(page.get_by_role("button", name="Use plain characters")).to_have_count(0)


def test_an_error_stays_until_the_next_word(page: Page, world: World, people: Cast, thread: int) -> None:
    page.goto(f"/inbox/{thread}")
    page.click("#send")
    expect(page.locator("#composer-error")).to_have_text("Write a text first.")
    world.conn.execute("UPDATE sms_conversations SET version = nextval('change_seq')")
    poll(page)
    expect(page.locator("#composer-error")).to_have_text("Write a text first.")
    page.fill("#body", "H")
    expect(page.locator("#composer-error")).to_have_text("")


def test_a_first_text_asks_for_consent_and_then_goes(page: Page, world: World, people: Cast) -> None:
    phone = add_person(world, people, "Greta")
    thread = thread_of(world, phone)
    world.conn.execute("UPDATE contact_numbers SET consent_at = NULL, consent_source = NULL")
    page.goto(f"/inbox/{thread}")
    page.fill("#body", "Hello")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-error")).to_have_text("Say how this person agreed to texts, and confirm it.")
    assert asked(world, thread) == []
    page.check("text=Told me on the phone")
    page.check("text=I confirm this.")
    page.click("#send")
    expect(page.locator("#consent")).to_have_count(0)
    assert asked(world, thread) == ["Hello"]
