"""The list of all phones, and the carrier that is broken and mended beside it, in a browser."""

from playwright.sync_api import Browser, expect

from tests.browser import visit
from tests.simulator.conftest import PHONE
from tests.simulator.handset import BESIDE_THE_INBOX, tap
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer


def test_phones_are_picked_up_and_the_list_keeps_up(browser: Browser, sim: SimulatorServer) -> None:
    with visit(browser, sim.url) as page:
        page.goto("/")
        expect(page.get_by_text("No phone has a text yet.")).to_be_visible()
        sim.person_texts(PHONE, "hello")
        sim.person_texts("+15125550143", "good morning")
        expect(page.locator(".row strong")).to_have_text(["(512) 555-0143", "(512) 555-0142"])
        sim.person_texts(PHONE, "hello again")
        expect(page.locator(".row strong")).to_have_text(["(512) 555-0142", "(512) 555-0143"])
        page.get_by_label("Pick up any phone").fill("512 555 0142")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="(512) 555-0142")).to_be_visible()
        expect(page.locator(".mine .bubble")).to_have_count(2)


def test_the_carrier_is_broken_and_mended_by_clicking(browser: Browser, sim: SimulatorServer) -> None:
    with visit(browser, sim.url, size=BESIDE_THE_INBOX) as page:
        page.goto("/")
        page.get_by_text("Break it").click()
        page.get_by_label("Accepts, then times out").select_option("Always")
        expect(page.get_by_text("Accepts, then times out: always")).to_be_visible()
        assert sim.control("GET", "/sim/faults")["send"]["timeout_after_accept"] == 1
        page.get_by_label("Another code").fill("30008")
        tap(page, "Always")
        expect(page.get_by_label("Code 30008")).to_have_value("1")
        # The rates of all codes together cannot exceed one: the page says so, and nothing is changed.
        page.get_by_label("Landline").select_option("Always")
        expect(page.get_by_role("alert")).to_have_text("receipts: the rates together must not exceed 1.")
        assert sim.control("GET", "/sim/faults")["receipts"] == {"30008": 1}
        tap(page, "Mend everything")
        expect(page.get_by_text("Nothing is broken")).to_be_visible()
        assert sim.control("GET", "/sim/faults")["send"]["timeout_after_accept"] == 0


def test_all_people_answer_by_themselves_with_one_switch(browser: Browser, sim: SimulatorServer) -> None:
    with visit(browser, sim.url) as page:
        page.goto("/")
        page.get_by_role("switch", name="Answer by themselves").check()
        until(lambda: sim.control("GET", "/sim/settings")["personas"])
        page.goto(f"/phones/{PHONE}")
        expect(page.get_by_label("Who answers").locator("option").first).to_contain_text("As all phones:")
