"""Chromium for tests that look at pages as people do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
_FIND = Path(__file__).parents[1] / "scripts" / "find-chromium"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium. One a run is enough: ``visit`` gives each test a profile of its own."""
    path = subprocess.run([_FIND], check=True, capture_output=True, text=True).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visit(
    browser: Browser,
    base_url: str,
    *,
    size: dict[str, int] | None = None,
    scheme: str = "light",
    touch: bool = False,
    expected: Sequence[str] = (),
) -> Iterator[Page]:
    """A page without cookies. Whatever its console calls an error, CSP violations among them, fails the test.

    The browser reports a 4xx answer as an error too; those are left to the test, as is what holds a word of
    ``expected``.
    """
    context = browser.new_context(base_url=base_url, viewport=size or DESKTOP, color_scheme=scheme, has_touch=touch)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    left_to_the_test = ("the server responded with a status of 4", *expected)
    assert [text for text in complaints if not any(part in text for part in left_to_the_test)] == []


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule and place of each fault."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
