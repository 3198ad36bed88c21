"""How tests hold a phone: the size of its window, and a finger."""

from playwright.sync_api import Page

BESIDE_THE_INBOX = {"width": 420, "height": 860}


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
