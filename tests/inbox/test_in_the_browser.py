"""The inbox as a rep meets it: text, answer, STOP and START; and nothing moves under the reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, visit
from tests.inbox.browsing import add_person, hear, poll, sign_in, thread_of
from tests.support.people import PASSWORD, Cast
from tests.support.world import World


@pytest.fixture
def ann(world: World, people: Cast) -> str:
    """The phone of a lead of Rita's who agreed, with a conversation."""
    return add_person(world, people, "Ann")


def test_a_rep_texts_a_lead_who_answers_stops_and_starts_again(
    browser: Browser, at_work: World, people: Cast, ann: str
) -> None:
    world = at_work
    with visit(browser, world.settings.app_url) as page:
        page.goto("/")
        page.fill("#email", people.rep.email)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/inbox")
        page.click(".states >> text=Open")
        page.click(".row >> text=Ann")

        page.fill("#body", "Is Saturday at ten good for you?")
        page.keyboard.press("Enter")
        expect(page.locator("#body")).to_have_value("")
        expect(page.locator(".text.out").last).to_contain_text("Delivered (simulated)")
        assert world.on_handset(ann)[-1] == "Is Saturday at ten good for you?"

        world.simulator.person_texts(ann, "Yes, see you there")
        expect(page.locator(".text.in").last).to_contain_text("Yes, see you there", timeout=8000)
        expect(page.locator("#announcer")).to_have_text("Ann: Yes, see you there")

        page.fill("#body", "Wonderful, un")
        world.simulator.person_texts(ann, "STOP")
        expect(page.locator("#closed")).to_contain_text("by texting “STOP”", timeout=8000)
        expect(page.locator("#send")).to_be_hidden()
        page.click("#closed >> text=Why?")
        expect(page.locator("#why")).to_contain_text("Rule: opt-out")
        page.keyboard.press("Escape")

        world.simulator.person_texts(ann, "START")
        expect(page.locator("#send")).to_be_visible(timeout=8000)
        expect(page.locator("#closed")).to_have_count(0)
        expect(page.locator("#body")).to_have_value("Wonderful, un")


def test_their_phone_opens_in_a_window_of_its_own_size(page: Page, world: World, ann: str) -> None:
    page.goto(f"/inbox/{thread_of(world, ann)}")
    with page.expect_popup() as opened:
        page.click("text=Open their phone")
    assert opened.value.evaluate("[innerWidth, innerHeight]") == [420, 860]
    expect(opened.value.locator("body")).to_contain_text("Hello Ann")


def test_threads_open_beside_the_list_and_back_and_forward_find_them(
    page: Page, world: World, people: Cast, ann: str
) -> None:
    bob = thread_of(world, add_person(world, people, "Bob"))
    page.goto("/inbox?state=open")
    page.evaluate("window.same = true")
    for name in ("Ann", "Bob"):
        page.click(f".row >> text={name}")
        expect(page.locator("#thread-name")).to_have_text(name)
    assert page.url.endswith(f"/inbox/{bob}?state=open")
    expect(page.locator(".row[aria-current]")).to_contain_text("Bob")
    page.go_back()
    expect(page.locator("#thread-name")).to_have_text("Ann")
    expect(page.locator(".row[aria-current]")).to_contain_text("Ann")
    page.go_back()
    expect(page.locator("#conversation")).to_have_text("Choose a conversation to read it here.")
    page.go_forward()
    expect(page.locator("#thread-name")).to_have_text("Ann")
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_the_reader_at_the_bottom_stays_there_and_any_other_is_told(page: Page, world: World, people: Cast) -> None:
    phone = add_person(world, people, "Lee", texts=30)
    page.goto(f"/inbox/{thread_of(world, phone)}")
    at_bottom = "scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1"
    assert page.evaluate(at_bottom)
    hear(page, world, phone, "First")
    assert page.evaluate(at_bottom)

    page.evaluate("scroller.scrollTop = 200")
    page.wait_for_timeout(100)
    place = page.evaluate("document.querySelector('.text:nth-of-type(9)').getBoundingClientRect().top")
    hear(page, world, phone, "Second")
    hear(page, world, phone, "Third")
    expect(page.locator("#newer")).to_have_text("2 new ↓")
    assert page.evaluate("document.querySelector('.text:nth-of-type(9)').getBoundingClientRect().top") == place
    page.click("#newer")
    expect(page.locator("#newer")).to_be_hidden()
    assert page.evaluate(at_bottom)


def test_older_texts_come_above_what_is_read(page: Page, world: World, people: Cast) -> None:
    phone = add_person(world, people, "Lee", texts=70)
    page.goto(f"/inbox/{thread_of(world, phone)}")
    page.evaluate("scroller.scrollTop = 0")
    first = page.locator(".text").first
    name, top = first.get_attribute("id"), first.bounding_box()
    page.click("text=Show older")
    expect(page.locator(".text")).to_have_count(71)
    moved = page.locator(f"#{name}").bounding_box()
    assert top is not None
    assert moved is not None
    assert abs(moved["y"] - top["y"]) <= 1
    hear(page, world, phone, "New")
    expect(page.locator(".text")).to_have_count(72)


def test_a_poll_takes_neither_focus_nor_selection_nor_what_is_typed(page: Page, world: World, ann: str) -> None:
    page.goto(f"/inbox/{thread_of(world, ann)}?state=open")
    page.fill("#body", "Half a sen")
    page.evaluate("body.setSelectionRange(2, 6)")
    hear(page, world, ann, "One")
    assert page.evaluate("[document.activeElement.id, body.selectionStart, body.selectionEnd, body.value]") == [
        "body",
        2,
        6,
        "Half a sen",
    ]
    page.focus(".row")
    hear(page, world, ann, "Two")
    expect(page.locator(".row").first).to_be_focused()


def test_focus_goes_to_the_reason_when_the_box_under_it_closes(page: Page, world: World, ann: str) -> None:
    page.goto(f"/inbox/{thread_of(world, ann)}")
    page.focus("#body")
    world.simulator.person_texts(ann, "STOP")
    world.until(lambda: world.inbound(ann) == ["STOP"])
    poll(page)
    expect(page.locator("#closed")).to_be_focused()


def test_keys_walk_the_list_open_write_resolve_search_and_begin(
    page: Page, world: World, people: Cast, ann: str
) -> None:
    for name in ("Bob", "Cleo"):
        add_person(world, people, name)
    page.goto("/inbox?state=open")
    page.keyboard.press("j")
    expect(page.locator(".row", has_text="Cleo")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".row", has_text="Ann")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("#thread-name")).to_have_text("Bob")
    expect(page.locator("#thread-name")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.type("j e n /")
    expect(page.locator("#body")).to_have_value("j e n /")
    page.keyboard.press("Escape")
    expect(page.locator(".row", has_text="Bob")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("Resolved.")
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("n")
    page.wait_for_url("**/inbox/new")


def test_on_a_phone_the_thread_lies_over_the_list_which_keeps_its_place(
    browser: Browser, world: World, people: Cast
) -> None:
    for number in range(14):
        add_person(world, people, f"Person{number}")
    with visit(browser, world.settings.app_url, size=PHONE, touch=True) as page:
        sign_in(page, world, people.rep)
        page.goto("/inbox?state=open")
        page.evaluate("rows.scrollTop = 300")
        page.tap(".row >> text=Person5")
        expect(page.locator("#thread-name")).to_have_text("Person5")
        expect(page.locator(".list-pane")).not_to_be_visible()
        expect(page.locator("nav.rail")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.tap("[aria-label='Back to the list']")
        expect(page.locator(".list-pane")).to_be_visible()
        assert page.evaluate("rows.scrollTop") == 300
        assert page.url.endswith("/inbox?state=open")
