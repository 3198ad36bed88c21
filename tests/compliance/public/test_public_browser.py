"""What a person does on a phone: signs up without scripts; and what axe says of the pages, in both themes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import PHONE, accessibility_faults, visit
from tests.compliance.public.support import OPEN, configure
from tests.support.world import World


def test_somebody_signs_up_on_a_phone_without_scripts(world: World, browser: Browser) -> None:
    configure(world.conn, OPEN)
    context = browser.new_context(base_url=world.settings.app_url, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto("/join")
    page.get_by_label("First name").fill("Ann")
    page.get_by_label("Mobile number", exact=True).fill("512-555-0111")
    page.get_by_role("button", name="Sign up for texts").click()
    assert page.get_by_text("Tick the box if you agree.").is_visible()

    page.get_by_label("I agree to receive").check()
    page.get_by_role("button", name="Sign up for texts").click()

    assert page.get_by_role("heading", name="One more step").is_visible()
    assert world.conn.execute("SELECT first_name FROM leads").fetchall() == [("Ann",)]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_pages_are_for_everybody_and_fit_a_phone(world: World, browser: Browser, scheme: str) -> None:
    configure(world.conn, OPEN)
    with visit(browser, world.settings.app_url, size=PHONE, scheme=scheme) as page:
        for path in ("/join", "/join/thanks", "/sms-terms", "/privacy"):
            page.goto(path)
            assert accessibility_faults(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
