"""Plans as people see them: one that grows while it is counted, and the plan of a launch beside what came."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PHONE, accessibility_faults, visit
from tests.campaigns.support import DAY, Campaigns, text
from tests.campaigns.test_builder_in_the_browser import manager
from tests.campaigns.test_plan_and_actual import count_all
from tests.inbox.browsing import sign_in
from webapp.campaigns.pages import plans

#: A campaign's page asks for news every five seconds.
POLLED_MS = 20_000


def test_a_large_plan_takes_its_place_by_itself_and_is_compared_after_the_launch(
    browser: Browser, campaigns: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "AT_ONCE", 1)
    campaign = campaigns.draft(text("One"), text("Two", DAY))
    campaigns.enroll(campaign, campaigns.leads(3)[0])
    with visit(browser, campaigns.world.settings.app_url) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.goto(f"/campaigns/{campaign}/launch")
        expect(page.locator("#plan")).to_contain_text("Counting what 3 leads will get: 0 so far.")
        assert accessibility_faults(page) == []
        count_all()
        expect(page.locator("#plan")).to_contain_text("3 leads of 3 get 6 texts")
        expect(page.locator("#launch-button")).to_have_text("Text 3 leads")
        page.locator("#launch-button").click()
        expect(page.locator("#run")).to_contain_text("The plan of the launch is being counted: 0 of 3 leads.")
        count_all()
        campaigns.tick()
        expect(page.locator("#run")).to_contain_text("By now 3 texts were to go, of 6 planned.", timeout=POLLED_MS)
        page.get_by_role("link", name="Plan and what came").click()
        expect(page.locator("#compared")).to_contain_text("3 of 6 planned texts went")
        assert accessibility_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_comparison_is_whole_on_a_phone(browser: Browser, campaigns: Campaigns, scheme: str) -> None:
    campaign = campaigns.run(text("One"), text("Two", DAY), leads=campaigns.leads(2)[0])
    count_all()
    campaigns.tick()
    with visit(browser, campaigns.world.settings.app_url, size=PHONE, scheme=scheme) as page:
        sign_in(page, campaigns.world, manager(campaigns))
        page.goto(f"/campaigns/{campaign}/compared")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert accessibility_faults(page) == []
