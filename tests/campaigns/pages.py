"""Somebody at a browser, in the world that campaigns run in."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

from tests.accounts.conftest import Visitor
from tests.campaigns.support import Campaigns
from tests.support.people import PASSWORD


def at_work(campaigns: Campaigns, email: str = "max@agency.test") -> Visitor:
    """The person, signed in at a browser of their own."""
    visitor = Visitor(campaigns.world.app.test_client())
    assert visitor.post("/login", email=email, password=PASSWORD).status_code == 303
    return visitor


def read(answer: TestResponse, status: int = 200) -> str:
    """What the page says, without its markup."""
    assert answer.status_code == status, answer.text
    return words(answer.text)


def words(html: str) -> str:
    """The text of some HTML, its white space as one space each."""
    body = html[html.index("<main") :] if "<main" in html else html
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def follow(visitor: Visitor, answer: TestResponse) -> str:
    """What the page says that a form leads to."""
    assert answer.status_code == 303, answer.text
    return read(visitor.get(answer.location))


def whole(visitor: Visitor, answer: TestResponse) -> str:
    """The markup of that page, with its toasts, which stand outside of its main part."""
    assert answer.status_code == 303, answer.text
    return unescape(visitor.get(answer.location).text)
