"""What a rep does about opt-outs: enters one with a click and takes it back, decides one that nobody is sure of."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.inbox.browsing import poll
from tests.inbox.support import one
from tests.support.world import World
from webapp import clock, database
from webapp.compliance.optouts import doubts
from webapp.compliance.optouts.doubts import Doubt
from webapp.models.constants import SuppressionSource


def test_a_click_opts_out_a_click_takes_it_back_and_a_doubt_is_decided_where_it_is_read(
    world: World, page: Page, thread: int
) -> None:
    page.goto(f"/inbox/{thread}")
    page.click("#opted-out-menu > summary")
    page.fill("#opt-out-note", "Rang and was cross")
    page.keyboard.press("Enter")
    assert one(world.conn, "SELECT suppressed_at FROM contact_numbers") is None, "Enter is none of the four ways"

    page.click("text=Opted out by e-mail")
    expect(page.locator("#closed")).to_contain_text("by e-mail: Rang and was cross")
    expect(page.locator("#opted-out-menu")).to_have_count(0)
    page.click(".toast >> text=Undo")
    expect(page.locator("#send")).to_be_visible()
    assert one(world.conn, "SELECT suppressed_at FROM contact_numbers") is None

    with database.transaction() as conn:
        number = one(world.conn, "SELECT id FROM contact_numbers")
        doubts.raise_doubt(conn, number, Doubt(SuppressionSource.NATURAL, "leave me be", clock.now()))
    poll(page)
    banner = page.locator("#doubt")
    expect(banner).to_contain_text("“leave me be”")
    expect(banner).to_contain_text("10 business days left")
    banner.locator("text=Not an opt-out").click()
    expect(banner).to_have_text("")
    expect(page.locator("#items")).to_contain_text("Not an opt-out, says Rita Rep")

    lead = one(world.conn, "SELECT lead_id FROM sms_conversations WHERE id = %s", thread)
    page.goto(f"/leads/{lead}")
    expect(page.locator("#may-text")).to_contain_text("Yes, by hand and automatically.")
    expect(page.locator("#composer")).to_be_visible()
    page.click("#may-text >> text=Why?")
    expect(page.locator("#why")).to_contain_text("Agreed")
