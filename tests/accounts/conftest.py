"""Browsers without a screen: clients that are signed in, and that send the CSRF token as the pages do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.people import PASSWORD, Person
from webapp.accounts import settings, throttle


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What this process keeps between requests belongs to the test before."""
    settings.forget()
    throttle._without_redis.storage.reset()


class Visitor:
    """Somebody at a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, **fields: object) -> TestResponse:
        """Sends a form, with the token of this browser's session."""
        return self.client.post(path, data=fields | {"csrf_token": self.csrf_token()})

    def csrf_token(self) -> str:
        answer = self.client.get("/login/token").json
        assert answer is not None
        return str(answer["csrf_token"])

    def sign_in(self, person: Person, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", email=person.email, password=password)

    def is_signed_in(self) -> bool:
        return self.client.get("/profile").status_code == 200


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app.test_client())


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], Visitor]:
    """Signs a person in, each time at a browser of their own."""

    def sign_in(person: Person) -> Visitor:
        visitor = Visitor(app.test_client())
        assert visitor.sign_in(person).status_code == 303
        return visitor

    return sign_in
