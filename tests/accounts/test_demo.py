"""Signing in without a password: in the demo, on this computer, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.conftest import Servers, settings_for
from tests.support.people import Cast
from webapp import database

SIMULATOR = {
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": "1" * 32,
    "twilio_conversations_service_sid": "IS" + "0" * 32,
    "twilio_messaging_service_sid": "MG" + "0" * 32,
    "twilio_sms_number": "+15125550100",
    "twilio_api_base_url": "http://127.0.0.1:4010",
}
LOOPBACK = {"app_url": "http://127.0.0.1:5000", "leadline_demo": True, **SIMULATOR}


def _app(servers: Servers, **changes: object) -> Flask:
    from webapp.app import create_app

    return create_app(settings_for(servers, **LOOPBACK | changes))


@pytest.fixture
def demo(emptied: Servers, cast: Cast) -> Iterator[Flask]:
    yield _app(emptied)
    database.close()


@pytest.mark.parametrize(("role", "name"), [("rep", "Rita"), ("manager", "Max"), ("admin", "Ada")])
def test_one_click_signs_in_as_each_of_three_people(demo: Flask, role: str, name: str) -> None:
    visitor = Visitor(demo.test_client())
    assert f'name="role" value="{role}"' in visitor.get("/login").text
    answer = visitor.post("/login/demo", role=role)
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert name in visitor.get("/profile").text


def test_somebody_deactivated_is_nobodys_way_in(demo: Flask, conn: object, cast: Cast) -> None:
    import psycopg

    assert isinstance(conn, psycopg.Connection)
    conn.execute("UPDATE users SET active = false WHERE role = 'manager'")
    assert Visitor(demo.test_client()).post("/login/demo", role="manager").status_code == 404


@pytest.mark.parametrize("role", ["", "owner", "\x00"])
def test_a_role_that_does_not_exist_is_nobody(demo: Flask, role: str) -> None:
    assert Visitor(demo.test_client()).post("/login/demo", role=role).status_code == 404


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.168.1.20", {}),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}),
        ("127.0.0.1", {"Host": "leadline.example.com"}),
        ("127.0.0.1", {"Host": "127.0.0.1.evil.test"}),
    ],
    ids=["another computer", "a proxy", "a public name", "a name that only looks like ours"],
)
def test_from_anywhere_else_there_is_no_such_door(demo: Flask, address: str, headers: dict[str, str]) -> None:
    client = demo.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    assert "/login/demo" not in client.get("/login", headers=headers).text
    token = Visitor(demo.test_client()).csrf_token()
    session = {"csrf_token": token, "role": "admin"}
    answer = client.post("/login/demo", data=session, headers=headers)
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize(
    "changes",
    [
        {"leadline_demo": False},
        {"twilio_api_base_url": ""},
        {"app_url": "https://texts.example.com"},
    ],
    ids=["not the demo", "a live carrier", "a public address"],
)
def test_outside_the_demo_there_is_no_such_door(emptied: Servers, cast: Cast, changes: dict[str, object]) -> None:
    visitor = Visitor(_app(emptied, **changes).test_client())
    assert "/login/demo" not in visitor.get("/login").text
    assert visitor.post("/login/demo", role="admin").status_code in {403, 404}
    database.close()
