"""The first admin, from the environment: made once, by however many processes start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from flask import Flask

from tests.conftest import Servers, settings_for
from webapp import database
from webapp.accounts import first_admin, passwords, tokens, users
from webapp.config import ConfigError, Settings

TOKEN = "a token from the environment, long enough"


def _settings(servers: Servers, **changes: object) -> Settings:
    given = {
        "leadline_admin_email": "Ana.Ruiz@Agency.test",
        "leadline_admin_password": "the first password",
        "leadline_admin_token": TOKEN,
    }
    return settings_for(servers, **given | changes)


def _ensure(settings: Settings) -> None:
    with database.transaction() as conn:
        first_admin.ensure(conn, settings)


def test_the_first_admin_can_sign_in_and_call_the_api(app: Flask, emptied: Servers, conn: psycopg.Connection) -> None:
    _ensure(_settings(emptied))
    person = users.by_email(conn, "ana.ruiz@agency.test")
    assert person is not None
    assert (person.name, person.role) == ("Ana Ruiz", "admin")
    assert passwords.matches(person.password_hash, "the first password")
    actor = tokens.actor_for_token(conn, TOKEN)
    assert actor is not None
    assert actor.id == person.id


def test_four_processes_that_start_at_once_make_one(app: Flask, emptied: Servers, conn: psycopg.Connection) -> None:
    settings = _settings(emptied)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _ensure(settings), range(4)))
    assert conn.execute("SELECT count(*) FROM users").fetchone() == (1,)
    assert conn.execute("SELECT count(*) FROM api_tokens").fetchone() == (1,)


def test_a_password_that_was_changed_stays_changed_and_a_revoked_token_revoked(
    app: Flask, emptied: Servers, conn: psycopg.Connection
) -> None:
    _ensure(_settings(emptied))
    conn.execute("UPDATE users SET password_hash = 'changed'")
    conn.execute("UPDATE api_tokens SET revoked_at = now()")
    _ensure(_settings(emptied))
    assert conn.execute("SELECT password_hash FROM users").fetchone() == ("changed",)
    assert tokens.actor_for_token(conn, TOKEN) is None


def test_a_new_token_in_the_environment_is_added(app: Flask, emptied: Servers, conn: psycopg.Connection) -> None:
    _ensure(_settings(emptied))
    _ensure(_settings(emptied, leadline_admin_token="another token, also long enough for this"))
    assert conn.execute("SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL").fetchone() == (2,)


def test_an_address_without_a_password_is_refused_in_words(app: Flask, emptied: Servers) -> None:
    with pytest.raises(ConfigError, match="LEADLINE_ADMIN_PASSWORD must be set too"):
        _ensure(_settings(emptied, leadline_admin_password=""))


def test_nothing_configured_makes_nobody(app: Flask, emptied: Servers, conn: psycopg.Connection) -> None:
    _ensure(settings_for(emptied))
    assert conn.execute("SELECT count(*) FROM users").fetchone() == (0,)
