"""Whatever a session may do needs the token of that session; ``tests/test_routes.py`` knocks at every door without it."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.support.people import PASSWORD, Cast, Person
from webapp.accounts import tokens
from webapp.accounts.permissions import Permission, requires


@pytest.fixture
def api(app: Flask) -> Flask:
    app.add_url_rule("/api/test", "test_api", requires(Permission.SIGNED_IN)(lambda: "done"), methods=["POST"])
    return app


def test_signing_in_needs_a_token_so_that_nobody_is_signed_in_by_another_site(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post("/login", data={"email": cast.rep.email, "password": PASSWORD})
    assert answer.status_code == 403


def test_the_api_with_a_session_needs_the_header_and_with_a_token_does_not(
    api: Flask, cast: Cast, conn: psycopg.Connection, sign_in: Callable[[Person], Visitor]
) -> None:
    rita = sign_in(cast.rep)
    assert rita.client.post("/api/test").status_code == 403
    assert rita.client.post("/api/test", headers={"X-CSRFToken": rita.csrf_token()}).status_code == 200
    token = tokens.create(conn, user_id=cast.rep.id, name="script", actor_id=None)
    assert api.test_client().post("/api/test", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_another_persons_token_does_not_do(api: Flask, cast: Cast, sign_in: Callable[[Person], Visitor]) -> None:
    rita, otto = sign_in(cast.rep), sign_in(cast.other_rep)
    assert rita.client.post("/api/test", headers={"X-CSRFToken": otto.csrf_token()}).status_code == 403


def test_a_stranger_hears_401_and_not_that_a_token_is_missing(api: Flask) -> None:
    assert api.test_client().post("/api/test").status_code == 401


def test_an_old_token_is_named_as_the_reason_so_that_the_page_can_fetch_the_new_one(
    api: Flask, cast: Cast, sign_in: Callable[[Person], Visitor]
) -> None:
    rita = sign_in(cast.rep)
    old = rita.csrf_token()
    rita.post("/logout")
    rita.sign_in(cast.rep)
    refused = rita.client.post("/api/test", headers={"X-CSRFToken": old})
    assert (refused.status_code, refused.headers["X-CSRF-Failed"]) == (403, "1")
    assert rita.client.post("/api/test", headers={"X-CSRFToken": rita.csrf_token()}).status_code == 200


def test_a_token_does_not_run_out_while_the_session_lasts(app: Flask) -> None:
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None
