"""Reset links and invitations: signed, for a while, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.accounts.postbox import Postbox
from tests.conftest import APP_URL, Servers, settings_for
from tests.support.people import PASSWORD, Cast, Person
from webapp import database
from webapp.accounts import links, users
from webapp.accounts.links import Purpose

NEW = "a brand new password"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as postbox:
        yield postbox
        postbox.shutdown()


@pytest.fixture
def mailing(emptied: Servers, postbox: Postbox) -> Iterator[Flask]:
    """The application with an e-mail server."""
    from webapp.app import create_app

    yield create_app(settings_for(emptied, smtp_url=postbox.url))
    database.close()


def _link(app: Flask, conn: psycopg.Connection, person: Person, purpose: Purpose = Purpose.RESET) -> str:
    token = links.make(str(app.secret_key), purpose, users.get(conn, person.id))
    return f"/{purpose}/{token}"


def _set(visitor: Visitor, link: str, password: str = NEW) -> int:
    return visitor.post(link, password=password, again=password).status_code


def test_a_forgotten_password_is_reset_by_a_link_that_arrives_by_mail(
    mailing: Flask, postbox: Postbox, cast: Cast
) -> None:
    visitor = Visitor(mailing.test_client())
    assert visitor.post("/forgot", email=cast.rep.email.upper()).status_code == 200
    letter = postbox.wait_for(1)[0]
    assert (letter["To"], letter["From"]) == (cast.rep.email, "texts@agency.test")
    assert letter["Subject"] == "Choose a new password for Leadline"
    link = postbox.links()[0]
    assert link.startswith(f"{APP_URL}/reset/")
    assert _set(visitor, urlsplit(link).path) == 303
    assert visitor.is_signed_in()
    assert Visitor(mailing.test_client()).sign_in(cast.rep, NEW).status_code == 303


def test_the_answer_is_the_same_for_an_address_without_an_account_and_nothing_is_sent(
    mailing: Flask, postbox: Postbox, cast: Cast, conn: psycopg.Connection
) -> None:
    conn.execute("UPDATE users SET active = false WHERE id = %s", (cast.other_rep.id,))
    visitor = Visitor(mailing.test_client())
    for email in ("nobody@agency.test", cast.other_rep.email):
        answer = visitor.post("/forgot", email=email)
        assert answer.status_code == 200
        assert "If <strong>" in answer.text
    visitor.post("/forgot", email=cast.rep.email)
    assert [letter["To"] for letter in postbox.wait_for(1)] == [cast.rep.email]


def test_the_link_names_our_own_host_whatever_the_request_says(mailing: Flask, postbox: Postbox, cast: Cast) -> None:
    visitor = Visitor(mailing.test_client())
    fields = {"email": cast.rep.email, "csrf_token": visitor.csrf_token()}
    visitor.client.post("/forgot", data=fields, headers={"X-Forwarded-Host": "evil.test"})
    postbox.wait_for(1)
    assert urlsplit(postbox.links()[0]).netloc == urlsplit(APP_URL).netloc


def test_without_an_email_server_people_are_told_whom_to_ask(visitor: Visitor, cast: Cast) -> None:
    assert "Ask your administrator" in visitor.get("/forgot").text
    assert visitor.post("/forgot", email=cast.rep.email).status_code == 422


def test_a_link_works_once(visitor: Visitor, app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    link = _link(app, conn, cast.rep)
    assert _set(visitor, link) == 303
    assert _set(visitor, link, "another password") == 410
    assert visitor.get(link).status_code == 410


def test_a_link_works_once_even_when_it_is_used_twice_at_the_same_moment(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    link = _link(app, conn, cast.rep)
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda n: _set(Visitor(app.test_client()), link, f"{NEW} {n}"), range(4)))
    assert sorted(statuses) == [303, 410, 410, 410]


def test_looking_at_a_link_does_not_spend_it(
    visitor: Visitor, app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    link = _link(app, conn, cast.rep)
    assert [visitor.get(link).status_code for _ in range(3)] == [200, 200, 200]
    assert _set(visitor, link) == 303


def test_setting_a_password_ends_older_links_and_every_session(
    visitor: Visitor, app: Flask, conn: psycopg.Connection, cast: Cast, sign_in: Callable[[Person], Visitor]
) -> None:
    rita = sign_in(cast.rep)
    older, newer = _link(app, conn, cast.rep), _link(app, conn, cast.rep)
    assert _set(visitor, newer) == 303
    assert visitor.get(older).status_code == 410
    assert not rita.is_signed_in()


def test_a_password_that_will_not_do_leaves_the_link_whole(
    visitor: Visitor, app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    link = _link(app, conn, cast.rep)
    for password, again, complaint in (
        ("short", "short", "Use 8 characters or more."),
        (NEW, "something else", "The two passwords differ."),
        (cast.rep.email, cast.rep.email, "Choose something other than your e-mail address."),
    ):
        answer = visitor.post(link, password=password, again=again)
        assert answer.status_code == 422
        assert complaint in answer.text
    assert _set(visitor, link) == 303


@pytest.mark.parametrize(
    ("purpose", "works", "too_old"),
    [
        (Purpose.RESET, timedelta(minutes=59), timedelta(minutes=61)),
        (Purpose.INVITATION, timedelta(days=6, hours=23), timedelta(days=7, minutes=1)),
    ],
)
def test_a_link_is_too_old_after_its_time(
    purpose: Purpose, works: timedelta, too_old: timedelta, app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    secret = str(app.secret_key)
    with time_machine.travel("2026-12-01T12:00:00Z", tick=False) as traveller:
        token = links.make(secret, purpose, users.get(conn, cast.rep.id))
        traveller.shift(works)
        assert links.read(conn, secret, purpose, token) is not None
        traveller.shift(too_old - works)
        assert links.read(conn, secret, purpose, token) is None


def test_a_link_of_one_kind_a_forged_one_and_a_deactivated_persons_do_not_work(
    visitor: Visitor, app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    link = _link(app, conn, cast.rep)
    assert visitor.get(link.replace("/reset/", "/invitation/")).status_code == 410
    assert visitor.get(link[:-2] + "xx").status_code == 410
    assert visitor.get("/reset/nonsense").status_code == 410
    conn.execute("UPDATE users SET active = false WHERE id = %s", (cast.rep.id,))
    assert visitor.get(link).status_code == 410


def test_an_invitation_arrives_by_mail_and_signs_the_newcomer_in(mailing: Flask, postbox: Postbox, cast: Cast) -> None:
    ada = Visitor(mailing.test_client())
    ada.sign_in(cast.admin)
    answer = ada.post("/team/invitations", name="Nia Newcomer", email="Nia@agency.test", role="rep")
    assert "A link is on its way to <strong>nia@agency.test</strong>" in answer.text
    letter = postbox.wait_for(1)[0]
    assert letter["Subject"] == "Ada Admin invites you to Leadline"
    nia = Visitor(mailing.test_client())
    path = urlsplit(postbox.links()[0]).path
    assert "Welcome, Nia Newcomer" in nia.get(path).text
    assert _set(nia, path) == 303
    assert nia.is_signed_in()


def test_when_the_mail_fails_the_admin_is_told_why_and_given_the_link(
    mailing: Flask, postbox: Postbox, cast: Cast
) -> None:
    postbox.refuses.add("nia@agency.test")
    ada = Visitor(mailing.test_client())
    ada.sign_in(cast.admin)
    answer = ada.post("/team/invitations", name="Nia Newcomer", email="nia@agency.test", role="rep")
    assert "The e-mail did not go." in answer.text
    assert "127.0.0.1 refused the address." in answer.text
    assert f"{APP_URL}/invitation/" in answer.text


def test_resets_are_throttled(mailing: Flask, postbox: Postbox, cast: Cast) -> None:
    visitor = Visitor(mailing.test_client())
    statuses = [visitor.post("/forgot", email=cast.rep.email).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    postbox.wait_for(10)


def test_the_old_password_no_longer_works_after_a_reset(
    visitor: Visitor, app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    _set(visitor, _link(app, conn, cast.rep))
    assert Visitor(app.test_client()).sign_in(cast.rep, PASSWORD).status_code == 422
