"""Browsers that are signed in without the sign-in page, for tests of other pages."""

from __future__ import annotations

from flask import Flask, session
from flask.testing import FlaskClient

from tests.support.people import Person
from webapp.accounts import sessions
from webapp.accounts.actors import Actor
from webapp.models.constants import Role


def signed_in(app: Flask, person: Person | None) -> FlaskClient:
    """A browser with this person's session cookie; nobody's for None."""
    client = app.test_client()
    if person is not None:
        client.set_cookie("session", _cookie(app, person), domain="localhost")
    return client


def csrf_token(client: FlaskClient) -> str:
    """The token of this browser's session."""
    answer = client.get("/login/token").json
    assert answer is not None
    return str(answer["csrf_token"])


def _cookie(app: Flask, person: Person) -> str:
    actor = Actor(person.id, person.name, person.email, Role(person.role), "America/Chicago")
    with app.test_request_context():
        sessions.start(actor, 0)
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return str(serializer.dumps(dict(session)))
