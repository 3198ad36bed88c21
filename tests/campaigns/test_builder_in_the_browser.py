"""The builder as people see it: in place, by mouse and by keyboard, accessible, and whole on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.campaigns.support import DAY, Campaigns, text
from tests.inbox.browsing import sign_in
from tests.support.people import Person
from tests.texts.support import add_template
from webapp import database


def manager(campaigns: Campaigns) -> Person:
    return Person(campaigns.actor.id, campaigns.actor.email, campaigns.actor.name, "manager")


def order(page: Page) -> list[str]:
    return [words.strip() for words in page.locator(".step-text").all_inner_texts()]


def test_steps_are_moved_edited_and_taken_out_in_place(browser: Browser, campaigns: Campaigns) -> None:
    campaigns.lead(first_name="Ann")
    campaign = campaigns.draft(text("One"), text("Two", DAY), text("Three", DAY))
    with visit(browser, campaigns.world.settings.app_url) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.goto(f"/campaigns/{campaign}/edit")

        page.get_by_role("button", name="Move step 1 down").press("Enter")
        expect(page.locator("#told")).to_have_text("The step is moved. The one that was first waits now.")
        expect(page.get_by_role("button", name="Move step 2 down")).to_be_focused()
        assert order(page) == ["Two", "One", "Three"]

        page.locator(".step-drag").nth(2).drag_to(page.locator(".step").nth(0), target_position={"x": 300, "y": 4})
        expect(page.locator(".step-text").first).to_have_text("Three")
        assert order(page) == ["Three", "Two", "One"]

        page.get_by_role("link", name="Edit step 2").press("Enter")
        expect(page.locator("#step-body")).to_be_focused()
        page.locator("#step-body").fill("Hi {{ first_name }}")
        expect(page.locator("#step-preview .as-read")).to_have_text("Hi Ann")
        page.locator("#step-amount").fill("soon")
        page.get_by_role("button", name="Save step").click()
        expect(page.locator("#step-amount-error")).to_contain_text("whole numbers")
        expect(page.locator("#step-amount")).to_be_focused()
        expect(page.locator("#step-body")).to_have_value("Hi {{ first_name }}")
        page.locator("#step-amount").fill("3")
        page.get_by_role("button", name="Save step").click()
        expect(page.get_by_role("link", name="Edit step 2")).to_be_focused()
        assert order(page) == ["Three", "Hi Ann", "One"]

        page.get_by_role("link", name="Add a step after step 1").press("Enter")
        expect(page.locator("#step-body")).to_be_focused()
        page.get_by_role("link", name="Cancel").press("Enter")
        expect(page.get_by_role("link", name="Add a step after step 1")).to_be_focused()

        page.get_by_label("More for step 1").click()
        page.get_by_role("button", name="Take out").click()
        expect(page.locator("#undo")).to_be_focused()
        page.locator("#undo").press("Enter")
        expect(page.locator(".step-text")).to_have_count(3)
        assert order(page) == ["Three", "Hi Ann", "One"]


def test_templates_are_put_in_by_search_category_and_keys_alone(browser: Browser, campaigns: Campaigns) -> None:
    campaigns.lead(first_name="Ann")
    writer = manager(campaigns)
    add_template(writer, name="Tour", category="Homes", body="A tour, {{ first_name }}?")
    add_template(writer, name="Tour by phone", category="Calls", body="A tour by phone?")
    campaign = campaigns.draft(text("One"))
    with visit(browser, campaigns.world.settings.app_url) as page:
        sign_in(page, campaigns.world, writer)
        page.goto(f"/campaigns/{campaign}/edit")
        page.get_by_role("link", name="Edit step 1").press("Enter")
        expect(page.locator("#step-body")).to_be_focused()
        options = page.locator(".picker-option:visible")

        page.get_by_role("button", name="Put in a template").press("Enter")
        expect(options).to_have_count(2)
        assert accessibility_faults(page) == []
        page.keyboard.type("tour")
        page.get_by_label("Category").select_option("Homes")
        expect(options).to_have_count(1)
        expect(options).to_contain_text("A tour, Ann?")
        page.locator("#picker-search").press("Enter")
        expect(page.locator("#step-body")).to_have_value("One\nA tour, {{ first_name }}?")
        expect(page.locator("#step-preview .as-read")).to_contain_text("A tour, Ann?")


def test_what_is_refused_leads_to_its_field_and_says_so_once(browser: Browser, campaigns: Campaigns) -> None:
    campaign = campaigns.draft(text("One"))
    with visit(browser, campaigns.world.settings.app_url) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.goto(f"/campaigns/{campaign}/edit")
        page.locator("#rules-fold").click()
        page.locator("#rules-pace").fill("0")
        page.get_by_role("button", name="Save rules").click()
        expect(page.locator("#rules-pace-error")).to_be_visible()
        expect(page.locator("#rules-pace")).to_be_focused()

        page.get_by_role("link", name="Edit step 1").click()
        expect(page.locator("#step-body")).to_be_focused()
        with database.transaction() as conn:
            conn.execute("UPDATE sms_campaign_steps SET delay_minutes = 5")
        page.locator("#step-body").fill("Mine")
        page.get_by_role("button", name="Save step").click()
        expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this step")
        expect(page.locator("#step-body")).to_have_value("Mine")
        expect(page.locator("[data-toast]")).to_have_count(0)


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_its_pages_are_accessible_and_whole(
    browser: Browser, campaigns: Campaigns, size: dict[str, int], scheme: str
) -> None:
    lead, _ = campaigns.lead(first_name="Ann")
    campaign = campaigns.run(text("One"), text("Two", DAY), leads=[lead])
    draft = campaigns.draft(text("It’s {{ last_name }}"), name="A draft")
    with visit(browser, campaigns.world.settings.app_url, size=size, scheme=scheme, touch=size is PHONE) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.goto(f"/campaigns/{campaign}/edit")
        page.get_by_role("button", name="Move step 2 up").click()
        expect(page.locator("#draft-bar")).to_contain_text("Version 2 is a draft.")
        paths = ("", "/new", f"/{draft}/edit", f"/{draft}/edit?after=start")
        running = (f"/{campaign}/edit", f"/{campaign}/publish", f"/{campaign}/versions")
        for path in (*paths, *running):
            page.goto(f"/campaigns{path}")
            for fold in page.locator("main details:not(.menu) > summary").all():
                fold.click()
            assert accessibility_faults(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], path
