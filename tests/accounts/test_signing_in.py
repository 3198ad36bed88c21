"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.conftest import Visitor
from tests.support.people import PASSWORD, Cast, Person
from webapp.accounts.pages.login import safe_next


def test_the_right_password_signs_in_and_goes_to_the_inbox(visitor: Visitor, cast: Cast) -> None:
    answer = visitor.sign_in(cast.rep)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert visitor.is_signed_in()


def test_the_address_may_be_written_in_any_capitals(visitor: Visitor, cast: Cast) -> None:
    answer = visitor.post("/login", email=f"  {cast.rep.email.upper()} ", password=PASSWORD)
    assert answer.status_code == 303


def test_after_signing_in_the_page_that_was_asked_for_is_shown(visitor: Visitor, cast: Cast) -> None:
    asked = visitor.get("/profile?tab=2")
    assert asked.location == "/login?next=/profile?tab%3D2"
    answer = visitor.post("/login", email=cast.rep.email, password=PASSWORD, next="/profile?tab=2")
    assert answer.location == "/profile?tab=2"


def test_nobody_learns_whether_an_address_has_an_account(visitor: Visitor, cast: Cast) -> None:
    answers = [
        visitor.post("/login", email=email, password="wrong password")
        for email in (cast.rep.email, "nobody@agency.test")
    ]
    said = [answer.text.replace(cast.rep.email, "").replace("nobody@agency.test", "") for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "do not match" in said[0]
    assert [line for line in said[0].splitlines() if "csrf" not in line] == [
        line for line in said[1].splitlines() if "csrf" not in line
    ]


def test_somebody_invited_who_has_no_password_yet_cannot_sign_in(
    visitor: Visitor, cast: Cast, conn: psycopg.Connection
) -> None:
    conn.execute("UPDATE users SET password_hash = NULL WHERE id = %s", (cast.rep.id,))
    for password in (PASSWORD, "the password of nobody"):
        assert visitor.sign_in(cast.rep, password).status_code == 422


def test_a_deactivated_person_cannot_sign_in(visitor: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    conn.execute("UPDATE users SET active = false WHERE id = %s", (cast.rep.id,))
    assert visitor.sign_in(cast.rep).status_code == 422


def test_a_hash_made_with_old_parameters_is_renewed_without_ending_sessions(
    sign_in: Callable[[Person], Visitor], cast: Cast, conn: psycopg.Connection
) -> None:
    def stored() -> tuple[str, int]:
        row = conn.execute("SELECT password_hash, session_epoch FROM users WHERE id = %s", (cast.rep.id,)).fetchone()
        assert row is not None
        return row[0], row[1]

    before = stored()
    first = sign_in(cast.rep)
    renewed = stored()
    sign_in(cast.rep)
    assert "m=64," in before[0]
    assert "m=19456,t=2,p=1" in renewed[0]
    assert (renewed[1], stored()) == (before[1], renewed)
    assert first.is_signed_in()


def test_signing_out_ends_the_session_and_is_a_post(sign_in: Callable[[Person], Visitor], cast: Cast) -> None:
    rita = sign_in(cast.rep)
    assert rita.get("/logout").status_code == 405
    assert rita.post("/logout").location == "/login"
    assert not rita.is_signed_in()


def test_the_dialog_over_a_page_answers_with_the_new_token_and_who_it_is(visitor: Visitor, cast: Cast) -> None:
    form = visitor.get("/login/over")
    assert "<html" not in form.text
    assert 'action="/login/over"' in form.text
    answer = visitor.post("/login/over", email=cast.rep.email, password=PASSWORD)
    assert answer.json is not None
    assert answer.json["user_id"] == str(cast.rep.id)
    assert visitor.client.post("/profile/browser", data={"csrf_token": answer.json["csrf_token"]}).status_code == 303


def test_the_dialog_says_what_was_wrong_in_place(visitor: Visitor, cast: Cast) -> None:
    answer = visitor.post("/login/over", email=cast.rep.email, password="wrong password")
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "do not match" in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\\\evil.test",
        "javascript:alert(1)",
        "/login?next=/login",
        "/a\r\nSet-Cookie: x",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(target: str | None) -> None:
    assert safe_next(target) == "/inbox"


@given(st.text(max_size=40))
def test_wherever_one_is_sent_it_is_a_path_of_ours(target: str) -> None:
    path = safe_next(target)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isprintable()


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor, cast: Cast) -> None:
    cookie = next(value for value in visitor.sign_in(cast.rep).headers.getlist("Set-Cookie") if "session=" in value)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Expires=" in cookie
