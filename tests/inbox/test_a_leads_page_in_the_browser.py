"""The conversation in a lead's own page: the same thread and box, one poller, and the first text too."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, visit
from tests.inbox.browsing import add_person, hear, sign_in
from tests.support.people import Cast
from tests.support.world import World


def lead_of(world: World, phone: str) -> int:
    row = world.conn.execute("SELECT id FROM leads WHERE phone = %s", [phone]).fetchone()
    assert row is not None
    return int(row[0])


def test_text_and_answer_beside_the_lead(page: Page, world: World, people: Cast) -> None:
    phone = add_person(world, people, "Ann")
    page.goto(f"/leads/{lead_of(world, phone)}")
    expect(page.locator(".text")).to_have_count(1)
    assert page.evaluate("document.activeElement === document.body"), "the panel took the focus"
    page.fill("#body", "Is it still of interest?")
    page.keyboard.press("Enter")
    expect(page.locator("#body")).to_have_value("")
    expect(page.locator(".text").last).to_contain_text("Is it still of interest?")
    hear(page, world, phone, "It is")
    expect(page.locator("#announcer")).to_have_text("Ann: It is")
    page.click("#conversation >> text=Why? >> nth=0")
    expect(page.locator("#why")).to_be_visible()
    assert page.locator("[hx-trigger*='every ']").count() == 1
    assert page.url.endswith(f"/leads/{lead_of(world, phone)}")


def test_the_first_text_goes_from_there_and_stays_there(page: Page, world: World, people: Cast) -> None:
    phone = add_person(world, people, "Ann")
    lead = lead_of(world, phone)
    for table in ("decisions", "sms_events", "sms_messages", "sms_conversations"):
        world.conn.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
    page.goto(f"/leads/{lead}")
    expect(page.locator("#items")).to_have_text("No texts yet.")
    page.locator("#body").press_sequentially("Hello")
    page.reload()
    expect(page.locator("#body")).to_have_value("Hello")
    page.click("#send")
    expect(page.locator(".text")).to_have_count(1)
    assert page.url.endswith(f"/leads/{lead}")
    expect(page.locator("#body")).to_have_value("")


def test_it_fits_a_phone(browser: Browser, world: World, people: Cast) -> None:
    phone = add_person(world, people, "Ann", texts=12)
    with visit(browser, world.settings.app_url, size=PHONE, touch=True) as page:
        sign_in(page, world, people.rep)
        page.goto(f"/leads/{lead_of(world, phone)}")
        expect(page.locator(".text")).to_have_count(13)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        box = page.locator("#conversation").bounding_box()
        assert box is not None
        assert box["height"] < PHONE["height"]
        assert page.evaluate("scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1")
