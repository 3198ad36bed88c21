"""What people change about themselves: name, zone, password, this browser, and API tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.support.people import PASSWORD, Cast, Person

SignIn = Callable[[Person], Visitor]
NEW = "a brand new password"


def test_a_name_and_a_zone_are_saved(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    answer = sign_in(cast.rep).post("/profile", name="Rita \x00 Rivers\r\nBcc: x", timezone="America/Denver")
    assert answer.status_code == 303
    saved = conn.execute("SELECT name, timezone FROM users WHERE id = %s", (cast.rep.id,)).fetchone()
    assert saved == ("Rita Rivers Bcc: x", "America/Denver")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"name": " \t"}, "Enter your name."),
        ({"name": "R" * 101}, "Use 100 characters or fewer."),
        ({"timezone": "EST"}, "Not a valid choice."),
    ],
)
def test_details_that_will_not_do_are_named_and_kept_on_the_page(
    fields: dict[str, str], complaint: str, sign_in: SignIn, cast: Cast
) -> None:
    given = {"name": "Rita Rivers", "timezone": "America/Denver"} | fields
    page = sign_in(cast.rep).post("/profile", **given)
    assert page.status_code == 422
    assert complaint in page.text
    if "name" not in fields:
        assert 'value="Rita Rivers"' in page.text


def test_a_new_password_keeps_this_session_and_ends_the_others(sign_in: SignIn, cast: Cast, visitor: Visitor) -> None:
    here, elsewhere = sign_in(cast.rep), sign_in(cast.rep)
    assert here.post("/profile/password", current=PASSWORD, password=NEW, again=NEW).status_code == 303
    assert (here.is_signed_in(), elsewhere.is_signed_in()) == (True, False)
    assert visitor.sign_in(cast.rep).status_code == 422
    assert visitor.sign_in(cast.rep, NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "password", "again", "complaint"),
    [
        ("wrong", NEW, NEW, "That is not your current password."),
        (PASSWORD, "short", "short", "Use 8 characters or more."),
        (PASSWORD, NEW, "another", "The two passwords differ."),
        ("", NEW, NEW, "Enter your current password."),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    current: str, password: str, again: str, complaint: str, sign_in: SignIn, cast: Cast
) -> None:
    rita = sign_in(cast.rep)
    page = rita.post("/profile/password", current=current, password=password, again=again)
    assert page.status_code == 422
    assert complaint in page.text
    sign_in(cast.rep)


def test_guessing_the_current_password_is_throttled_too(sign_in: SignIn, cast: Cast) -> None:
    rita = sign_in(cast.rep)
    tries = [rita.post("/profile/password", current="x", password=NEW, again=NEW).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_theme_and_shortcuts_stay_on_this_browser(sign_in: SignIn, cast: Cast) -> None:
    rita = sign_in(cast.rep)
    answer = rita.post("/profile/browser", theme="dark", shortcuts="off", next="/profile")
    assert answer.location == "/profile"
    page = rita.get("/profile").text
    assert 'data-theme="dark"' in page
    assert 'data-shortcuts="off"' in page
    rita.post("/profile/browser", theme="<script>")
    assert 'data-theme="auto"' in rita.get("/profile").text


def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    sign_in: SignIn, cast: Cast, app: Flask, conn: psycopg.Connection
) -> None:
    rita = sign_in(cast.rep)
    page = rita.post("/profile/tokens", name="The website")
    (token,) = re.findall(r'<code id="made">(ll_[\w-]{43})</code>', page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert token not in rita.get("/profile").text
    assert token[-4:] in rita.get("/profile").text
    assert conn.execute(
        "SELECT count(*) FROM api_tokens WHERE token_hash LIKE '%%' || %s || '%%'", (token,)
    ).fetchone() == (0,)

    def call() -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().get("/api/sms/conversations", headers=headers).status_code

    assert call() == 200
    (address,) = re.findall(r'action="(/profile/tokens/\d+/revoke)"', rita.get("/profile").text)
    assert rita.post(address).status_code == 303
    assert call() == 401
    assert rita.post(address).status_code == 404


def test_a_token_needs_to_say_what_it_is_for(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    page = sign_in(cast.rep).post("/profile/tokens", name="  ")
    assert page.status_code == 422
    assert "Say what the token is for." in page.text
    assert conn.execute("SELECT count(*) FROM api_tokens").fetchone() == (0,)


def test_nobody_revokes_another_persons_token(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    sign_in(cast.rep).post("/profile/tokens", name="Rita's")
    for stranger in (cast.other_rep, cast.admin):
        assert sign_in(stranger).post("/profile/tokens/1/revoke").status_code == 404
    assert conn.execute("SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL").fetchone() == (1,)


def test_a_token_does_what_its_person_may_and_when_it_was_used_is_shown(
    sign_in: SignIn, cast: Cast, app: Flask, conn: psycopg.Connection
) -> None:
    rita = sign_in(cast.rep)
    (token,) = re.findall(r"ll_[\w-]{43}", rita.post("/profile/tokens", name="x").text)
    assert "Never" in rita.get("/profile").text
    app.test_client().get("/api/sms/conversations", headers={"Authorization": f"bearer {token}"})
    assert "Never" not in rita.get("/profile").text
