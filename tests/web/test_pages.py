"""What every page shares: toasts, versions of fragments, addresses of files, whom to believe about the asker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, request

from tests.conftest import Servers, settings_for
from tests.support.people import Cast
from tests.support.sessions import signed_in
from webapp import database
from webapp.accounts.permissions import Permission, requires
from webapp.web import fragments, html


def test_a_form_sends_the_browser_on_whether_htmx_sent_it_or_not(app: Flask):
    with app.test_request_context(headers={"HX-Request": "true"}):
        answer = app.make_response(fragments.go_to("/leads"))
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/leads")
    with app.test_request_context():
        answer = app.make_response(fragments.go_to("/leads"))
        assert (answer.status_code, answer.location) == (303, "/leads")


def test_a_fragment_is_fetched_again_only_when_its_version_changed(app: Flask):
    with app.test_request_context(headers={"HX-PTag": "12"}):
        assert fragments.unchanged(12)
        assert not fragments.unchanged("1")
        assert fragments.tagged("<p>", 13).headers["HX-PTag"] == "13"


def test_a_toast_is_shown_once_and_its_text_is_no_markup(app: Flask, cast: Cast):
    with app.test_request_context():
        fragments.toast("<b>Saved</b> “quotes”", undo="/undo")
        assert fragments.toasts() == [{"text": "<b>Saved</b> “quotes”", "undo": "/undo"}]
    client = signed_in(app, cast.rep)
    app.add_url_rule("/test/say", "say", requires(Permission.SIGNED_IN)(lambda: fragments.toast("<b>Saved</b>") or ""))
    client.get("/test/say")
    assert "&lt;b&gt;Saved&lt;/b&gt;" in client.get("/profile").text
    assert "Saved" not in client.get("/profile").text


def test_a_toast_along_with_a_fragment_travels_in_a_header(app: Flask):
    with app.test_request_context():
        answer = fragments.with_toast(app.make_response("<p>"), "Größe → 2", undo=None)

    answer.headers["HX-Trigger"].encode("ascii")
    assert '"toast"' in answer.headers["HX-Trigger"]


def test_a_file_is_kept_for_ever_under_its_contents_hash_and_only_there(app: Flask):
    with app.test_request_context():
        address = html.asset("img/favicon.svg")
    client = app.test_client()

    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/static/img/favicon.svg").headers["Cache-Control"]
    assert "immutable" not in client.get("/static/nothing.svg?v=1").headers["Cache-Control"]


def test_an_unknown_theme_is_the_systems(app: Flask):
    for given, shown in (("dark", "dark"), ("light", "light"), ('"><script>', "auto"), ("", "auto")):
        with app.test_request_context(headers={"Cookie": f"theme={given}"}):
            assert html.theme() == shown


@pytest.fixture
def behind_a_proxy(emptied: Servers) -> Iterator[Flask]:
    from webapp.app import create_app

    yield create_app(settings_for(emptied, app_url="https://texts.example.com"))
    database.close()


def test_only_behind_https_is_a_proxy_believed_about_who_asks(app: Flask, behind_a_proxy: Flask):
    def seen_by(house: Flask) -> str:
        house.add_url_rule("/test/who", "who", requires(Permission.PUBLIC)(lambda: str(request.remote_addr)))
        forwarded = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
        return house.test_client().get("/test/who", headers=forwarded).text

    assert seen_by(behind_a_proxy) == "203.0.113.7"
    assert seen_by(app) == "127.0.0.1"
