"""What an admin does with people, and what happens to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.conftest import APP_URL
from tests.support.people import PASSWORD, Cast, Person, add_person
from webapp.accounts import tokens

SignIn = Callable[[Person], Visitor]


def _role(conn: psycopg.Connection, person: Person) -> str:
    row = conn.execute("SELECT role FROM users WHERE id = %s", (person.id,)).fetchone()
    assert row is not None
    return str(row[0])


def _audited(conn: psycopg.Connection) -> list[tuple[str, str, int | None]]:
    return conn.execute("SELECT action, target, actor_id FROM audit_log ORDER BY id").fetchall()


def test_without_email_the_admin_is_shown_the_invitations_link_and_it_works(
    sign_in: SignIn, cast: Cast, visitor: Visitor, conn: psycopg.Connection
) -> None:
    page = sign_in(cast.admin).post(
        "/team/invitations", name=" Nia\nNewcomer ", email=" Nia@Agency.test ", role="manager"
    )
    assert "This Leadline sends no e-mail." in page.text
    (link,) = re.findall(rf"{APP_URL}(/invitation/[\w.=-]+)", page.text)
    assert visitor.post(link, password=PASSWORD, again=PASSWORD).status_code == 303
    assert visitor.is_signed_in()
    assert conn.execute("SELECT email, name, role FROM users ORDER BY id DESC LIMIT 1").fetchone() == (
        "nia@agency.test",
        "Nia Newcomer",
        "manager",
    )


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"name": ""}, "Enter their name."),
        ({"email": "nia"}, "Enter an e-mail address, like name@example.com."),
        ({"email": "nia@agency..test"}, "Enter an e-mail address, like name@example.com."),
        ({"email": "Rita@agency.test"}, "Somebody has this address already."),
        ({"role": "owner"}, "Not a valid choice."),
    ],
)
def test_an_invitation_that_cannot_go_says_why_and_loses_nothing(
    fields: dict[str, str], complaint: str, sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    given = {"name": "Nia Newcomer", "email": "nia@agency.test", "role": "manager"} | fields
    page = sign_in(cast.admin).post("/team/invitations", **given)
    assert page.status_code == 422
    assert complaint in page.text
    assert all(f'value="{given[name]}"' in page.text for name in ("name", "email"))
    assert conn.execute("SELECT count(*) FROM users").fetchone() == (4,)


def test_an_invitation_can_be_sent_again_and_somebody_who_forgot_gets_a_way_back(
    sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    ada = sign_in(cast.admin)
    assert "/reset/" in ada.post(f"/team/{cast.rep.id}/link").text
    conn.execute("UPDATE users SET password_hash = NULL WHERE id = %s", (cast.rep.id,))
    assert "/invitation/" in ada.post(f"/team/{cast.rep.id}/link").text


def test_a_deactivated_person_gets_no_link(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    conn.execute("UPDATE users SET active = false WHERE id = %s", (cast.rep.id,))
    answer = sign_in(cast.admin).post(f"/team/{cast.rep.id}/link")
    assert answer.status_code == 409
    assert "Reactivate them first." in answer.text


def test_a_new_role_counts_from_the_next_click(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    ada, rita = sign_in(cast.admin), sign_in(cast.rep)
    assert rita.get("/team").status_code == 403
    assert ada.post(f"/team/{cast.rep.id}/role", role="manager").status_code == 303
    assert "Rita Rep is now a manager." in ada.get("/team").text
    assert rita.get("/team").status_code == 200
    assert ("role.changed", f"user:{cast.rep.id}", cast.admin.id) in _audited(conn)


def test_a_role_that_does_not_exist_changes_nothing(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    assert sign_in(cast.admin).post(f"/team/{cast.rep.id}/role", role="owner").status_code == 422
    assert _role(conn, cast.rep) == "rep"


def test_the_last_admin_stays_one(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    ada = sign_in(cast.admin)
    refused = ada.post(f"/team/{cast.admin.id}/role", role="rep")
    assert refused.status_code == 409
    assert "Make somebody else an admin first." in refused.text
    assert _role(conn, cast.admin) == "admin"


def test_somebody_invited_or_gone_does_not_count_as_another_admin(
    sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    for change in ("password_hash = NULL", "active = false"):
        other = add_person(conn, f"Second{change[0]} Admin", "admin")
        conn.execute(f"UPDATE users SET {change} WHERE id = %s".encode(), (other.id,))
    assert sign_in(cast.admin).post(f"/team/{cast.admin.id}/role", role="rep").status_code == 409


def test_two_admins_who_remove_each_other_at_once_leave_one(
    sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    eve = add_person(conn, "Eve Admin", "admin")
    deeds = [(sign_in(cast.admin), eve.id), (sign_in(eve), cast.admin.id)]
    tokens_of = [visitor.csrf_token() for visitor, _ in deeds]

    def depose(number: int) -> int:
        visitor, victim = deeds[number]
        fields = {"role": "rep", "csrf_token": tokens_of[number]}
        return visitor.client.post(f"/team/{victim}/role", data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(depose, range(2)))
    admins = conn.execute("SELECT count(*) FROM users WHERE role = 'admin'").fetchone()
    assert admins == (1,)
    assert statuses.count(303) == 1


def test_nobody_deactivates_themselves(sign_in: SignIn, cast: Cast, conn: psycopg.Connection) -> None:
    add_person(conn, "Eve Admin", "admin")
    ada = sign_in(cast.admin)
    assert ada.post(f"/team/{cast.admin.id}/deactivate").status_code == 409
    assert ada.is_signed_in()


def test_deactivating_can_be_undone_and_both_are_on_record(
    sign_in: SignIn, cast: Cast, conn: psycopg.Connection
) -> None:
    ada = sign_in(cast.admin)
    assert ada.post(f"/team/{cast.rep.id}/deactivate").status_code == 303
    page = ada.get("/team").text
    assert "Rita Rep is signed out everywhere." in page
    assert f'action="/team/{cast.rep.id}/reactivate"' in page
    ada.post(f"/team/{cast.rep.id}/reactivate")
    actions = [entry[:2] for entry in _audited(conn)]
    assert actions == [("user.deactivated", f"user:{cast.rep.id}"), ("user.reactivated", f"user:{cast.rep.id}")]
    sign_in(cast.rep)


def test_deactivating_ends_links_that_were_sent_before(
    sign_in: SignIn, cast: Cast, app: Flask, visitor: Visitor
) -> None:
    ada = sign_in(cast.admin)
    (link,) = re.findall(rf"{APP_URL}(/reset/[\w.=-]+)", ada.post(f"/team/{cast.rep.id}/link").text)
    ada.post(f"/team/{cast.rep.id}/deactivate")
    ada.post(f"/team/{cast.rep.id}/reactivate")
    assert visitor.get(link).status_code == 410


def test_a_call_with_a_token_stops_at_the_moment_of_deactivation(
    sign_in: SignIn, cast: Cast, app: Flask, conn: psycopg.Connection
) -> None:
    bearer = {"Authorization": f"Bearer {tokens.create(conn, user_id=cast.rep.id, name='x', actor_id=None)}"}
    program = app.test_client()
    assert program.get("/api/sms/conversations", headers=bearer).status_code == 200
    sign_in(cast.admin).post(f"/team/{cast.rep.id}/deactivate")
    assert program.get("/api/sms/conversations", headers=bearer).status_code == 401


def test_a_manager_looks_and_an_admin_also_changes(sign_in: SignIn, cast: Cast) -> None:
    seen = sign_in(cast.manager).get("/team").text
    assert "Rita Rep" in seen
    assert "/team/invitations" not in seen
    assert "/team/invitations" in sign_in(cast.admin).get("/team").text
