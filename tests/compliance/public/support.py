"""The public pages as tests see them: an account that has filled them in, and a stranger's browser."""

from __future__ import annotations

import re
from collections.abc import Mapping

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg.types.json import Jsonb
from werkzeug.test import TestResponse

from webapp.accounts import settings as account_settings

FILLED = {
    "business_name": "Lone Star Homes",
    "business_contact": "512-555-0100",
    "business_address": "1 Congress Ave\nAustin, TX 78701",
    "business_website": "https://www.lonestarhomes.test",
    "privacy_email": "privacy@lonestarhomes.test",
    "message_topics": "homes for sale and open houses",
    "message_frequency": "Up to 4 msgs/month",
}
OPEN = FILLED | {"opt_in_page": True}


def configure(conn: psycopg.Connection, settings: Mapping[str, object]) -> None:
    """Account settings, in force at once."""
    for key, value in settings.items():
        conn.execute(
            "INSERT INTO settings (key, value) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, Jsonb(value)],
        )
    account_settings.forget()


class Stranger:
    """Somebody on the opt-in page, with a browser of their own."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def opens(self) -> TestResponse:
        return self.client.get("/join")

    def signs_up(self, phone: str, **changes: str | None) -> TestResponse:
        """Fills in the form as it is shown and presses the button; a field of None is left out."""
        page = self.opens().text
        given: dict[str, str | None] = {
            "csrf_token": _hidden(page, "csrf_token"),
            "version": _hidden(page, "version"),
            "first_name": "Ann",
            "phone": phone,
            "state": "TX",
            "consent": "y",
            "homepage": "",
        }
        sent = {name: value for name, value in (given | changes).items() if value is not None}
        headers = {"User-Agent": "Phone browser", "Referer": "http://localhost/listing/7"}
        return self.client.post("/join", data=sent, headers=headers)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, f"no {name} in the form"
    return found[1]
