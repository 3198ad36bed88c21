"""Words that were not saved are not lost unasked: by Cancel, by a link, by another form, or without a connection."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_builder_in_the_browser import manager
from tests.inbox.browsing import sign_in
from tests.texts.support import add_template

THROW, KEEP = "Throw it away", "Keep writing"


def open_step(page: Page, campaign: int) -> None:
    page.goto(f"/campaigns/{campaign}/edit")
    page.get_by_role("link", name="Edit step 1").press("Enter")
    expect(page.locator("#step-body")).to_be_focused()


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_a_step_that_was_changed_is_thrown_away_only_when_somebody_says_so(
    browser: Browser, campaigns: Campaigns, size: dict[str, int], scheme: str
) -> None:
    campaign = campaigns.draft(text("One"), text("Two", DAY))
    with visit(browser, campaigns.world.settings.app_url, size=size, scheme=scheme, touch=size is PHONE) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        open_step(page, campaign)
        cancel = page.locator("[data-step-form]").get_by_role("link", name="Cancel")
        page.locator("#step-body").fill("Mine")
        cancel.press("Enter")
        expect(page.get_by_role("heading", name="Throw away what you wrote?")).to_be_visible()
        assert accessibility_faults(page) == []
        page.get_by_role("button", name=KEEP).press("Enter")
        expect(page.locator("#step-body")).to_have_value("Mine")

        page.get_by_role("link", name="Leads", exact=True).first.click()
        page.get_by_role("button", name=KEEP).click()
        expect(page.locator("#step-body")).to_have_value("Mine")
        page.locator("#step-body").fill("One")  # as it was: nothing to ask for
        cancel.press("Enter")
        expect(page.get_by_role("link", name="Edit step 1")).to_be_focused()

        open_step(page, campaign)
        page.locator("#step-unit").select_option("days")
        cancel.press("Enter")
        page.get_by_role("button", name=THROW).press("Enter")
        expect(page.get_by_role("link", name="Edit step 1")).to_be_focused()


def test_what_was_refused_and_shown_again_is_not_saved_either(browser: Browser, campaigns: Campaigns) -> None:
    campaign = campaigns.draft(text("One"))
    asked: list[str] = []

    def hear(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    with visit(browser, campaigns.world.settings.app_url) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.on("dialog", hear)
        open_step(page, campaign)
        page.locator("#step-amount").fill("soon")
        page.get_by_role("button", name="Save step").click()
        expect(page.locator("#step-amount-error")).to_be_visible()
        page.get_by_text("Rename", exact=True).first.click()
        page.get_by_role("button", name="Rename").click()
        page.get_by_role("button", name=KEEP).click()
        page.reload()
        assert asked == ["beforeunload"]
        page.goto(f"/campaigns/{campaign}/edit")
        assert asked == ["beforeunload"]


def test_a_template_that_was_changed_asks_too_and_saving_it_does_not(browser: Browser, campaigns: Campaigns) -> None:
    writer = manager(campaigns)
    add_template(writer, name="Tour", body="It’s open – come by")
    with visit(browser, campaigns.world.settings.app_url) as page:
        sign_in(page, campaigns.world, writer)
        page.goto("/templates")
        page.get_by_role("link", name="Tour").first.click()
        page.get_by_role("button", name="Use plain characters").click()
        expect(page.locator("#body")).to_have_value("It's open - come by")
        page.get_by_role("link", name="Cancel").click()
        page.get_by_role("button", name=KEEP).click()
        page.get_by_role("button", name="Save template").click()
        expect(page.locator("[data-toast]")).to_contain_text("Saved.")
        page.get_by_role("link", name="Cancel").click()
        expect(page).to_have_url(f"{campaigns.world.settings.app_url}/templates")


def test_without_a_connection_a_launch_says_so_in_its_place_and_keeps_what_was_typed(
    browser: Browser, campaigns: Campaigns
) -> None:
    leads, _ = campaigns.leads(2)
    campaign = campaigns.draft(text("One"))
    campaigns.enroll(campaign, leads)
    with visit(browser, campaigns.world.settings.app_url, expected=["ERR_INTERNET_DISCONNECTED"]) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.goto(f"/campaigns/{campaign}/launch")
        page.fill("#pace", "30")
        page.context.set_offline(True)
        page.locator("#launch-button").press("Enter")
        expect(page.locator("form [data-offline]")).to_be_visible()
        expect(page.locator("#launch-button")).to_be_focused()
        assert accessibility_faults(page) == []
        page.context.set_offline(False)
        expect(page.locator("#pace")).to_have_value("30")
        page.locator("#launch-button").press("Enter")
        expect(page.locator("[data-toast]")).to_contain_text("Launched. 2 leads begin now.")
