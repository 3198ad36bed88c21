"""What keeps somebody signed in, and what ends it."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask, abort
from werkzeug.test import TestResponse

from tests.accounts.conftest import Visitor
from tests.conftest import Servers, settings_for
from tests.support.people import Cast, Person
from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.sessions import session_identity


def test_raising_the_epoch_ends_every_session_of_that_person_and_of_nobody_else(
    sign_in: Callable[[Person], Visitor], cast: Cast, conn: psycopg.Connection
) -> None:
    at_the_desk, on_the_phone, other = sign_in(cast.rep), sign_in(cast.rep), sign_in(cast.other_rep)
    conn.execute("UPDATE users SET session_epoch = session_epoch + 1 WHERE id = %s", (cast.rep.id,))
    assert [who.is_signed_in() for who in (at_the_desk, on_the_phone, other)] == [False, False, True]


def test_deactivating_ends_sessions_and_tokens_at_once(
    sign_in: Callable[[Person], Visitor], cast: Cast, app: Flask, conn: psycopg.Connection
) -> None:
    from webapp.accounts import tokens

    token = tokens.create(conn, user_id=cast.rep.id, name="script", actor_id=None)
    rita, ada = sign_in(cast.rep), sign_in(cast.admin)
    assert ada.post(f"/team/{cast.rep.id}/deactivate").status_code == 303
    assert not rita.is_signed_in()
    assert tokens.actor_for_token(conn, token) is None
    ada.post(f"/team/{cast.rep.id}/reactivate")
    assert not rita.is_signed_in()
    assert tokens.actor_for_token(conn, token) is None
    assert sign_in(cast.rep).is_signed_in()


def test_a_page_whose_session_has_ended_goes_to_the_sign_in_page_and_its_fragments_get_401(visitor: Visitor) -> None:
    assert visitor.get("/profile").location == "/login?next=/profile"
    assert visitor.get("/profile", HX_Request="true").status_code == 401
    assert visitor.post("/profile", name="x").status_code == 401


def test_a_forged_or_broken_cookie_is_nobodys(visitor: Visitor, cast: Cast) -> None:
    visitor.sign_in(cast.rep)
    cookie = visitor.client.get_cookie("session")
    assert cookie is not None
    for value in (cookie.value[:-3] + "AAA", "", "nonsense", cookie.value.replace(".", "..", 1)):
        visitor.client.set_cookie("session", value)
        assert not visitor.is_signed_in()


@pytest.fixture
def polled(app: Flask) -> Flask:
    """The application with a page and a poll of the test's own."""

    @app.get("/test/page")
    @requires(Permission.SIGNED_IN)
    def page() -> str:
        return str(current_actor().id)

    @app.get("/test/poll")
    @requires(Permission.SIGNED_IN, poll=True)
    def poll() -> str:
        identity = session_identity() or abort(401)
        return f"{identity[0]}.{identity[1]}"

    return app


def test_a_page_slides_the_thirty_days_along_and_a_poll_never_does(
    polled: Flask, sign_in: Callable[[Person], Visitor], cast: Cast
) -> None:
    rita = sign_in(cast.rep)
    page, poll = rita.get("/test/page"), rita.get("/test/poll")
    assert _session_cookies(page) == 1
    assert poll.text == f"{cast.rep.id}.0"
    assert _session_cookies(poll) == 0


def test_a_poll_reads_only_the_cookie(
    polled: Flask, sign_in: Callable[[Person], Visitor], cast: Cast, conn: psycopg.Connection
) -> None:
    rita = sign_in(cast.rep)
    database.close()
    database.configure("postgresql://nowhere.invalid/none", 1)
    assert rita.get("/test/poll").status_code == 200


def test_a_poll_without_a_session_gets_401(polled: Flask, visitor: Visitor) -> None:
    assert visitor.get("/test/poll", HX_Request="true").status_code == 401


def test_moving_the_business_clock_ends_no_session(
    sign_in: Callable[[Person], Visitor], cast: Cast, at: Callable[[str], None]
) -> None:
    rita = sign_in(cast.rep)
    at("2031-01-01T00:00:00Z")
    assert clock.now().year == 2031
    assert rita.is_signed_in()


def test_behind_https_the_cookies_travel_only_encrypted(emptied: Servers, cast: Cast) -> None:
    from webapp.app import create_app

    app = create_app(settings_for(emptied, app_url="https://texts.example.com"))
    client = app.test_client()
    answer = client.get("/login", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in next(value for value in answer.headers.getlist("Set-Cookie") if "session=" in value)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def _session_cookies(answer: TestResponse) -> int:
    return sum("session=" in value for value in answer.headers.getlist("Set-Cookie"))
