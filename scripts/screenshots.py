"""Takes the pictures of the README from a fresh demo: ``.venv/bin/python scripts/screenshots.py``.

Run it after a change that pages show, look at what it made, and commit it. Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
#: A Wednesday, 10:04 in Texas: every picture shows the same day.
CLOCK = "2026-12-09T16:04:00Z"
UP = (sys.executable, "-m", "webapp.cli", "up", "--demo")
DESK, PHONE, HANDSET = (1340, 760), (360, 740), (420, 860)
#: 380 texts have gone by then, people have answered, and a poll has brought it.
_ALL_SENT_MS = 30_000


@contextmanager
def demo(port: int = 5790, phones_port: int = 4790) -> Iterator[tuple[str, str]]:
    """A fresh demo; its address and the phones'."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*UP, "--data-dir", f"{folder}/data", "--port", str(port), "--simulator-port", str(phones_port)],
            cwd=ROOT,
            env=os.environ | {"LEADLINE_CLOCK": CLOCK},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        next(line for line in process.stdout if "is ready" in line)
        try:
            yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{phones_port}"
        finally:
            process.terminate()
            process.wait()


def page(browser: Browser, address: str, size: tuple[int, int], *, scheme: str = "light", role: str = "rep") -> Page:
    """A signed-in page of this size."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        timezone_id="America/Chicago",
    )
    opened = context.new_page()
    opened.goto("/login")
    opened.click(f"button[value={role}]")
    opened.wait_for_selector("#rows a")
    return opened


def keep(shown: Page, name: str) -> None:
    """Writes a picture once nothing moves any more."""
    shown.wait_for_timeout(700)
    shown.screenshot(path=IMAGES / f"{name}.png")


def law(manager: Page) -> None:
    """How the law is kept: who opted out, and the two test boxes of the rules page with an answer in each."""
    manager.goto("/compliance/opt-outs")
    keep(manager, "opt-outs")
    manager.goto("/compliance/rules")
    manager.get_by_label("Phone").fill("(214) 555-0123")
    manager.get_by_label("When, on your clock").fill("2026-12-13T10:30")  # a Sunday: in Texas it opens at noon
    manager.get_by_role("button", name="Check the hour").click()
    manager.get_by_text("Must wait").wait_for()
    manager.get_by_label("Their text").fill("Please take me off your list, thanks")
    manager.get_by_role("button", name="Read the text").click()
    manager.get_by_text("Opts out", exact=True).wait_for()
    keep(manager, "rules")


def campaign(manager: Page) -> None:
    """One that was stopped; and a first campaign: built in forms, foreseen, launched, jumped in."""
    manager.goto("/campaigns")
    manager.get_by_role("link", name="Home value offer").click()
    manager.get_by_text("Step 1 is stopped").wait_for()
    keep(manager, "filtered")

    manager.goto("/campaigns/new?starter=old-leads")
    manager.get_by_role("button", name="Make the draft").click()
    manager.get_by_role("link", name="Edit step 1").click()
    manager.get_by_text("reads it").wait_for()
    keep(manager, "builder")

    manager.goto("/campaigns")
    manager.get_by_role("link", name="Old inquiries, checking in").click()
    manager.get_by_role("link", name="Go on to the launch").click()
    manager.get_by_role("heading", name="Dry run").wait_for()
    keep(manager, "dry-run")
    manager.get_by_label("Type 380").fill("380")
    manager.locator("#launch-button").click()
    manager.get_by_role("button", name="Let the others begin").click()
    manager.wait_for_timeout(_ALL_SENT_MS)
    manager.get_by_role("button", name="Jump to the next step").click()
    manager.get_by_role("button", name="Close").click()
    manager.wait_for_timeout(_ALL_SENT_MS)
    keep(manager, "jumped")


def take_all(browser: Browser, address: str, phones: str) -> None:
    """The README's story, in its order."""
    inbox = page(browser, address, DESK)
    inbox.locator("#rows a").first.click()
    inbox.wait_for_selector("#body")
    keep(inbox, "inbox")

    handset = inbox.context.new_page()
    handset.set_viewport_size({"width": HANDSET[0], "height": HANDSET[1]})
    handset.goto(inbox.locator("#their-phone").get_attribute("href") or phones)
    inbox.fill("#body", "Saturday at 10 works. Shall I meet you there?")
    inbox.press("#body", "Enter")
    handset.get_by_text("Saturday at 10 works").first.wait_for()
    handset.get_by_role("button", name="Yes", exact=True).click()
    handset.get_by_text("Yes", exact=True).nth(1).wait_for()
    keep(handset, "phone")

    phone = page(browser, address, PHONE)
    phone.locator("#rows a").nth(4).click()
    phone.wait_for_selector("#body")
    keep(phone, "phone-inbox")
    dark = page(browser, address, DESK, scheme="dark")
    dark.locator("#rows a").nth(2).click()
    dark.wait_for_selector("#body")
    keep(dark, "dark")

    handset.get_by_role("button", name="STOP", exact=True).click()
    inbox.locator("#closed").wait_for()
    keep(inbox, "stopped")
    inbox.locator("#closed").get_by_text("Why?").click()
    inbox.get_by_role("dialog").wait_for()
    keep(inbox, "why")

    law(page(browser, address, DESK, role="manager"))

    imports = page(browser, address, DESK, role="manager")
    imports.goto("/leads/import")
    imports.set_input_files("input[type=file]", ROOT / "docs" / "sample-leads.csv")
    imports.locator("main button.btn-primary").click()
    imports.get_by_text("Finished").first.wait_for()
    keep(imports, "import")
    campaign(page(browser, address, DESK, role="manager"))


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    executable = subprocess.run([ROOT / "scripts" / "find-chromium"], check=True, capture_output=True, text=True).stdout
    with demo() as (address, phones), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable.strip(), args=["--no-sandbox"])
        take_all(browser, address, phones)
