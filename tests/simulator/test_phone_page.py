"""The phone page as a person uses it, in a browser: a text arrives, a tap answers, and every switch does what it says."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.browser import PHONE as SMALL
from tests.browser import accessibility_faults, visit
from tests.simulator.conftest import PHONE
from tests.simulator.handset import BESIDE_THE_INBOX, tap
from tests.simulator.listener import Listener
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer


@pytest.fixture
def phone(browser: Browser, sim: SimulatorServer) -> Iterator[Page]:
    """The lead's phone in its window beside the inbox."""
    with visit(browser, sim.url, size=BESIDE_THE_INBOX) as page:
        page.goto(f"/phones/{PHONE}")
        yield page


def bubbles(page: Page) -> list[str]:
    return page.locator(".bubble").all_inner_texts()


def test_a_text_arrives_while_the_page_is_open(phone: Page, thread: ConversationContext) -> None:
    expect(phone.get_by_text("No texts yet.")).to_be_visible()
    expect(phone.get_by_text("This is the lead's phone. Nothing leaves this computer.")).to_be_visible()
    thread.messages.create(body="Hi Ana, the house is open on Saturday.")
    expect(phone.locator(".theirs .bubble")).to_have_text("Hi Ana, the house is open on Saturday.")
    expect(phone.get_by_text("No texts yet.")).to_have_count(0)


def test_a_reply_is_typed_and_reaches_leadline_as_a_webhook(
    phone: Page, hooks: Listener, thread: ConversationContext
) -> None:
    box = phone.get_by_role("textbox", name="Reply")
    box.fill("Saturday works")
    box.press("Shift+Enter")
    box.press_sequentially("for me")
    box.press("Enter")
    expect(phone.locator(".mine .bubble")).to_have_text("Saturday works\nfor me")
    expect(box).to_have_value("")
    (hook,) = hooks.wait_for_events("onMessageAdded")
    assert (hook.params["Body"], hook.params["Author"]) == ("Saturday works\nfor me", PHONE)


def test_every_chip_answers_with_a_tap_and_leaves_the_draft_alone(
    phone: Page, hooks: Listener, thread: ConversationContext
) -> None:
    box = phone.get_by_role("textbox", name="Reply")
    box.fill("a draft")
    chips = ("Yes", "Who is this?", "please stop texting me", "wrong number")
    for count, chip in enumerate(chips, 1):
        tap(phone, chip)
        expect(phone.locator(".mine .bubble")).to_have_count(count)
    tap(phone, "A photo")
    expect(phone.get_by_role("img", name="Picture")).to_be_visible()
    assert phone.get_by_role("img", name="Picture").evaluate("image => image.naturalWidth") == 240
    hooks.wait_for_events(*["onMessageAdded"] * 5)
    assert [hook.params.get("Body") for hook in hooks.of("onMessageAdded")] == [*chips, None]
    assert bubbles(phone) == list(chips)
    expect(box).to_have_value("a draft")


def test_stop_is_confirmed_on_the_phone_and_start_opens_it_again(phone: Page, thread: ConversationContext) -> None:
    tap(phone, "STOP")
    expect(phone.locator(".theirs .bubble")).to_contain_text("You have successfully been unsubscribed.")
    thread.messages.create(body="this one is blocked")
    tap(phone, "START")
    expect(phone.locator(".theirs .bubble").last).to_contain_text("re-subscribed")
    thread.messages.create(body="this one comes")
    expect(phone.locator(".theirs .bubble").last).to_have_text("this one comes")
    assert "this one is blocked" not in bubbles(phone)


def test_a_phone_that_is_switched_off_gets_its_texts_when_it_is_on_again(
    phone: Page, hooks: Listener, thread: ConversationContext
) -> None:
    phone.get_by_role("switch", name="Phone off").check()
    expect(phone.get_by_text("This phone is off.")).to_be_visible()
    expect(phone.get_by_role("button", name="Send")).to_have_count(0)
    thread.messages.create(body="while off")
    hooks.wait_for(lambda came: any(hook.params.get("ErrorCode") == "30003" for hook in came))
    assert bubbles(phone) == []
    phone.get_by_role("switch", name="Phone off").uncheck()
    expect(phone.locator(".theirs .bubble")).to_have_text("while off")
    expect(phone.get_by_text("This phone is off.")).to_be_hidden()


@pytest.mark.parametrize(
    ("switch", "name"), [("Filtered", "filtered"), ("Slow", "slow"), ("My reply gets lost", "replies_get_lost")]
)
def test_each_switch_turns_its_own(phone: Page, sim: SimulatorServer, switch: str, name: str) -> None:
    phone.get_by_role("switch", name=switch).check()
    switches = until(lambda: sim.control("GET", f"/sim/phones/{PHONE}/switches"), lambda found: found[name])
    assert [other for other, on in switches.items() if on] == [name]
    # What somebody else turns, the page shows.
    sim.set_switches(PHONE, **{name: False})
    expect(phone.get_by_role("switch", name=switch)).not_to_be_checked()


def test_a_persona_is_chosen_and_answers(phone: Page, sim: SimulatorServer, thread: ConversationContext) -> None:
    sim.set_settings(persona_pace=0)
    phone.get_by_label("Who answers").select_option("Curious")
    until(lambda: sim.control("GET", f"/sim/phones/{PHONE}/persona")["persona"], lambda persona: persona == "curious")
    thread.messages.create(body="Hi Ana")
    expect(phone.locator(".mine .bubble")).to_have_text("Who is this?")


def test_the_clock_is_shown_and_moved(phone: Page, sim: SimulatorServer, thread: ConversationContext) -> None:
    sim.control("PUT", "/sim/clock", {"now": "2026-12-09T16:04:00Z"})
    expect(phone.locator("#clock")).to_have_text("Wed, Dec 9, 10:04 AM CST")
    tap(phone, "+1 day")
    expect(phone.locator("#clock")).to_have_text("Thu, Dec 10, 10:04 AM CST")
    tap(phone, "Yes")
    expect(phone.locator(".day")).to_have_text("Thursday, Dec 10")
    tap(phone, "Real time")
    expect(phone.get_by_role("button", name="Real time")).to_be_hidden()
    moved = sim.control("GET", "/sim/clock")
    assert moved["offset_seconds"] == 0
    assert abs(datetime.fromisoformat(moved["now"]) - datetime.now().astimezone()) < timedelta(minutes=1)


def test_the_page_says_when_the_carrier_misbehaves(phone: Page, sim: SimulatorServer) -> None:
    sim.set_faults(send={"timeout_after_accept": 1})
    expect(phone.get_by_role("link", name="Accepts, then times out: always")).to_be_visible()
    sim.set_faults()
    expect(phone.get_by_text("The carrier misbehaves.")).to_be_hidden()


def test_a_simulator_that_does_not_answer_is_told_and_the_reply_is_kept(browser: Browser, sim: SimulatorServer) -> None:
    # Not by `visit`: the browser calls a request that fails an error, and here some shall.
    with browser.new_context(base_url=sim.url) as context:
        page = context.new_page()
        page.goto(f"/phones/{PHONE}")
        context.set_offline(True)
        expect(page.get_by_text("The simulator does not answer.")).to_be_visible()
        box = page.get_by_role("textbox", name="Reply")
        box.fill("Saturday works")
        tap(page, "Send")
        expect(page.get_by_role("alert")).to_have_text("Not sent: the simulator does not answer.")
        expect(box).to_have_value("Saturday works")
        context.set_offline(False)
        tap(page, "Send")
        expect(page.locator(".mine .bubble")).to_have_text("Saturday works")
        expect(page.get_by_role("alert")).to_be_hidden()
        expect(page.get_by_text("The simulator does not answer.")).to_be_hidden()


def test_a_poll_moves_neither_the_readers_place_nor_the_elements_that_stand(
    phone: Page, sim: SimulatorServer, thread: ConversationContext
) -> None:
    for number in range(30):
        sim.person_texts(PHONE, f"text {number}")
    expect(phone.locator(".bubble")).to_have_count(30)  # with fewer on it, the top could still be the end
    expect(phone.locator(".bubble").last).to_be_in_viewport()
    glass = phone.locator("#glass")
    glass.evaluate("glass => { glass.scrollTop = 0; glass.querySelector('.bubble').stood = true }")
    thread.messages.create(body="meanwhile")
    expect(phone.locator(".bubble")).to_have_count(31)
    assert glass.evaluate("glass => glass.scrollTop") == 0
    assert phone.locator(".bubble").first.evaluate("bubble => bubble.stood") is True


def test_a_hidden_page_asks_for_nothing(phone: Page, sim: SimulatorServer) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    with phone.expect_request("**/feed"):
        pass
    phone.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    phone.wait_for_timeout(1500)
    asked.clear()
    phone.wait_for_timeout(1500)
    assert asked == []
    with phone.expect_request("**/feed"):
        phone.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")


def test_the_phone_leads_back_to_leadline(browser: Browser, sim: SimulatorServer, hooks: Listener) -> None:
    with visit(browser, sim.url) as page:
        page.goto(f"/phones/{PHONE}")
        link = page.get_by_role("link", name="See in Leadline")
        assert link.get_attribute("href") == f"{hooks.origin}/inbox?phone=%2B{PHONE.removeprefix('+')}"


def test_everything_is_reached_with_the_keyboard(phone: Page, thread: ConversationContext) -> None:
    phone.get_by_role("button", name="wrong number").focus()
    phone.keyboard.press("Tab")
    phone.keyboard.type("Hi")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    expect(phone.locator(".mine .bubble")).to_have_text("Hi")
    phone.get_by_role("switch", name="Slow").focus()
    phone.keyboard.press("Space")
    expect(phone.get_by_role("switch", name="Slow")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "size", [BESIDE_THE_INBOX, SMALL, {"width": 1200, "height": 860}], ids=["beside", "360", "wide"]
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, sim: SimulatorServer, thread: ConversationContext, scheme: str, size: dict[str, int]
) -> None:
    thread.messages.create(body="Have a look: https://example.com/" + "a-very-long-address-" * 8)
    until(lambda: sim.texts_on(PHONE))
    sim.person_texts(PHONE, "look", media=[{"sample": "photo"}, {"content_type": "text/vcard", "base64": "aGk="}])
    sim.set_faults(send={"error_500": 0.3}, receipts={"30410": 0.5})
    with visit(browser, sim.url, size=size, scheme=scheme) as page:
        page.goto(f"/phones/{PHONE}")
        expect(page.locator(".mine .bubble")).to_have_count(2)
        check_looks(page)
        page.get_by_role("switch", name="Phone off").check()
        expect(page.get_by_text("This phone is off.")).to_be_visible()
        check_looks(page)
        page.goto("/phones?number=12")
        check_looks(page)


def check_looks(page: Page) -> None:
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
