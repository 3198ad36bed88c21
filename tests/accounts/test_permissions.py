"""What each role may, and how a door of each kind answers. Which door demands what is in ``tests/test_routes.py``."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.support.people import Cast, Person
from webapp.accounts import tokens
from webapp.accounts.actors import Actor, visible
from webapp.accounts.permissions import Permission, requires, role_may
from webapp.models.constants import Role


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.REP, {Permission.PUBLIC, Permission.SIGNED_IN}),
        (Role.MANAGER, {Permission.PUBLIC, Permission.SIGNED_IN, Permission.MANAGE}),
        (Role.ADMIN, {Permission.PUBLIC, Permission.SIGNED_IN, Permission.MANAGE, Permission.ADMIN}),
    ],
)
def test_each_role_may_what_the_one_below_may_and_more(role: Role, may: set[Permission]) -> None:
    assert {permission for permission in Permission if role_may(role, permission)} == may


@pytest.fixture
def house(app: Flask) -> Flask:
    """The application with one door of each kind, and one whose author forgot to say."""

    def open_door(path: str, permission: Permission) -> None:
        view = requires(permission)(lambda: "in")
        app.add_url_rule(path, f"test_{path}", view, methods=["GET", "POST"])

    for permission in Permission:
        open_door(f"/test/{permission}", permission)
        open_door(f"/api/test/{permission}", permission)
    app.add_url_rule("/test/forgotten", "test_forgotten", lambda: "in")
    return app


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        ("rep", {"public": 200, "signed_in": 200, "manage": 403, "admin": 403}),
        ("manager", {"public": 200, "signed_in": 200, "manage": 200, "admin": 403}),
        ("admin", {"public": 200, "signed_in": 200, "manage": 200, "admin": 200}),
    ],
)
def test_pages_and_api_open_to_the_same_people(
    who: str,
    statuses: dict[str, int],
    house: Flask,
    cast: Cast,
    conn: psycopg.Connection,
    sign_in: Callable[[Person], Visitor],
) -> None:
    person: Person = getattr(cast, who)
    visitor = sign_in(person)
    token = tokens.create(conn, user_id=person.id, name="script", actor_id=None)
    for permission, status in statuses.items():
        assert visitor.get(f"/test/{permission}").status_code == status
        assert visitor.get(f"/api/test/{permission}").status_code == status
        by_token = house.test_client().get(f"/api/test/{permission}", headers={"Authorization": f"Bearer {token}"})
        assert by_token.status_code == status


def test_a_door_that_says_nothing_is_closed_to_everybody(
    house: Flask, cast: Cast, sign_in: Callable[[Person], Visitor]
) -> None:
    assert house.test_client().get("/test/forgotten").status_code == 403
    assert sign_in(cast.admin).get("/test/forgotten").status_code == 403


def test_the_api_asks_for_a_token_and_pages_for_a_person(house: Flask, visitor: Visitor) -> None:
    refused = visitor.get("/api/test/signed_in")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.content_type.startswith("application/problem+json")
    assert visitor.get("/test/signed_in").status_code == 302


def test_a_bad_token_is_refused_even_beside_a_good_session(
    house: Flask, cast: Cast, sign_in: Callable[[Person], Visitor]
) -> None:
    assert sign_in(cast.admin).get("/api/test/admin", Authorization="Bearer nonsense").status_code == 401


def test_pages_take_no_tokens_so_a_proxys_own_header_locks_nobody_out(
    house: Flask, cast: Cast, conn: psycopg.Connection, sign_in: Callable[[Person], Visitor]
) -> None:
    token = tokens.create(conn, user_id=cast.admin.id, name="script", actor_id=None)
    assert house.test_client().get("/test/admin", headers={"Authorization": f"Bearer {token}"}).status_code == 302
    assert sign_in(cast.admin).get("/test/admin", Authorization="Basic dTpw").status_code == 200


def test_the_timetable_door_opens_to_the_cron_secret_alone(
    house: Flask, cast: Cast, conn: psycopg.Connection, visitor: Visitor
) -> None:
    token = tokens.create(conn, user_id=cast.admin.id, name="script", actor_id=None)
    secret = "a cron secret for tests, long enough"
    assert visitor.client.post("/api/test/cron", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    for wrong in (f"Bearer {token}", "Bearer ", "Bearer é", f"Basic {secret}", secret):
        assert visitor.client.post("/api/test/cron", headers={"Authorization": wrong}).status_code == 401


def test_the_webhook_door_leaves_the_proof_to_its_signature(house: Flask, visitor: Visitor) -> None:
    assert visitor.client.post("/test/webhook").status_code == 200


def test_a_rep_sees_what_is_theirs_or_nobodys_and_managers_see_all(conn: psycopg.Connection) -> None:
    def seen(actor: Actor) -> list[int | None]:
        query = f"SELECT owner FROM (VALUES (1), (2), (NULL)) AS t (owner) WHERE {visible('t.owner')}"
        return [row[0] for row in conn.execute(query.encode(), actor.params())]

    people = [Actor(1, "Some One", "some@one.test", role, "UTC") for role in Role]
    assert [seen(person) for person in people] == [[1, None], [1, 2, None], [1, 2, None]]
