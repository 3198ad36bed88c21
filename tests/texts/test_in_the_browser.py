"""The template pages as people see them: live, accessible, and whole on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.inbox.browsing import sign_in
from tests.support.people import cast_of
from tests.support.world import World
from tests.texts.support import add_template, change


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_a_template_is_written_with_its_preview_beside_it(
    browser: Browser, world: World, size: dict[str, int], scheme: str
) -> None:
    people = cast_of(world.conn)
    template_id = add_template(people.manager, category="Calls", body="One ’ {{ last_name }}")
    change(people.manager, template_id, category="Calls", body="Two ’ {{ last_name }} {{ custom.town }}")
    world.conversation(world.phone())
    world.conn.execute("UPDATE leads SET first_name = 'Ann'")
    with visit(browser, world.settings.app_url, size=size, scheme=scheme, touch=size is PHONE) as page:
        sign_in(page, world, people.manager)
        for path in ("/templates", f"/templates/{template_id}", f"/templates/{template_id}/versions"):
            page.goto(path)
            assert accessibility_faults(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"]

        page.goto("/templates/new")
        page.fill("#body", "Hi ")
        expect(page.locator("#body-count")).to_contain_text("1 segment")
        page.click("text=First name")
        expect(page.locator("#body")).to_have_value('Hi {{ first_name | default("there") }}')
        expect(page.locator("#preview .as-read")).to_have_text("Hi Ann")
        page.fill("#preview-for", "nobody")
        expect(page.locator("#preview")).to_contain_text("No lead matches “nobody”")
        expect(page.locator("#preview .as-read")).to_have_text("Hi there")
        page.fill("#name", "Made here")
        page.click("text=Save template")
        expect(page.locator(".toast")).to_contain_text("Saved.")
        expect(page.locator("h1")).to_have_text("Made here")
