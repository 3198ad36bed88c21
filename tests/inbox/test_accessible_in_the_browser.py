"""axe finds nothing in the inbox, in light and in dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, accessibility_faults, visit
from tests.inbox.browsing import add_person, sign_in, thread_of
from tests.support.people import Cast
from tests.support.world import World

Show: TypeAlias = Callable[[Page, dict[str, int]], None]


@pytest.fixture
def threads(world: World, people: Cast) -> dict[str, int]:
    """A thread of every kind: answered, failed, scheduled, unconfirmed, automatic; opted out; without consent."""
    ann, lee, greta = (add_person(world, people, name, texts=2) for name in ("Ann", "Lee", "Greta"))
    made = {name: thread_of(world, phone) for name, phone in (("Ann", ann), ("Lee", lee), ("Greta", greta))}
    for _ in range(5):
        world.say(made["Ann"], "How about Saturday?", author_id=people.rep.id)
    for status, error in (("undelivered", 30005), ("unconfirmed", None), ("held", None)):
        world.conn.execute(
            """
            UPDATE sms_messages SET status = %s, error_code = %s, automatic = true
            WHERE id = (SELECT max(id) FROM sms_messages WHERE status = 'queued')
            """,
            [status, error],
        )
    world.conn.execute("UPDATE sms_messages SET origin = 'campaign' WHERE status = 'unconfirmed'")
    world.simulator.person_texts(lee, "STOP")
    world.until(lambda: world.inbound(lee)[-1] == "STOP")
    world.conn.execute("UPDATE contact_numbers SET consent_at = NULL, last_inbound_at = NULL WHERE e164 = %s", [greta])
    return made


def _list(page: Page, threads: dict[str, int]) -> None:
    page.goto("/inbox?state=open")


def _nothing_found(page: Page, threads: dict[str, int]) -> None:
    page.goto("/inbox?q=nobody")


def _thread(page: Page, threads: dict[str, int]) -> None:
    page.goto(f"/inbox/{threads['Ann']}?state=open")
    page.fill("#body", "It’s 👋")
    expect(page.locator("#count")).to_contain_text("because of")


def _closed(page: Page, threads: dict[str, int]) -> None:
    page.goto(f"/inbox/{threads['Lee']}")


def _asking(page: Page, threads: dict[str, int]) -> None:
    page.goto(f"/inbox/{threads['Greta']}")
    page.fill("#body", "Hello")
    page.click("#send")
    expect(page.locator("#composer-error")).not_to_be_empty()


def _why(page: Page, threads: dict[str, int]) -> None:
    page.goto(f"/inbox/{threads['Ann']}")
    page.click("text=Why? >> nth=0")
    expect(page.locator("#why")).to_be_visible()


def _new(page: Page, threads: dict[str, int]) -> None:
    page.goto("/inbox/new")
    page.click("text=Go on to the text")
    expect(page.locator("#phone-error")).to_be_visible()


SCREENS = (_list, _nothing_found, _thread, _closed, _asking, _why, _new)


def test_axe_finds_nothing(browser: Browser, world: World, people: Cast, threads: dict[str, int]) -> None:
    found = {
        f"{show.__name__} {scheme} {size['width']}": faults
        for scheme in ("light", "dark")
        for size in (DESKTOP, PHONE)
        for show, faults in _look(browser, world, people, threads, scheme, size)
    }
    assert len(found) == 4 * len(SCREENS)
    assert {screen: faults for screen, faults in found.items() if faults} == {}


def test_a_finger_finds_everything_on_a_phone(
    browser: Browser, world: World, people: Cast, threads: dict[str, int]
) -> None:
    """Buttons, boxes and links that stand alone are 44 px high; those inside a sentence need not be."""
    with visit(browser, world.settings.app_url, size=PHONE, touch=True) as page:
        sign_in(page, world, people.rep)
        for show in (_list, _thread, _closed, _asking):
            show(page, threads)
            assert (show.__name__, page.evaluate(_TOO_SMALL)) == (show.__name__, [])


_TOO_SMALL = """() => [...document.querySelectorAll("main :is(a, .btn, select, textarea, label, input)")]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest("p, li.line, .said"))
    .filter((each) => !each.matches(".visually-hidden, [type=radio], [type=checkbox], [tabindex='-1'], h2 a"))
    .filter((each) => each.getBoundingClientRect().height < 44)
    .map((each) => each.outerHTML.slice(0, 120))"""


def _look(
    browser: Browser, world: World, people: Cast, threads: dict[str, int], scheme: str, size: dict[str, int]
) -> Iterator[tuple[Show, list[str]]]:
    """Every screen, with what is wrong with it: by axe, or because it is wider than the window."""
    with visit(browser, world.settings.app_url, size=size, scheme=scheme) as page:
        sign_in(page, world, people.rep)
        for show in SCREENS:
            show(page, threads)
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            yield show, accessibility_faults(page) + (["wider than the window"] if wide else [])
