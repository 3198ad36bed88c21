"""The schema goes up and down on a real Postgres, and says the same as the models."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from tests.conftest import Servers, settings_for
from webapp import database, preparing, schema
from webapp.app import create_app
from webapp.compliance.consent import ledger


@pytest.fixture
def empty_app(servers: Servers) -> Iterator[Flask]:
    """An app on a database of its own, without a table."""
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("DROP DATABASE IF EXISTS migrations WITH (FORCE)")
        conn.execute("CREATE DATABASE migrations")
    address = servers.database_url.rsplit("/", 1)[0] + "/migrations"
    app = create_app(settings_for(Servers(address, servers.redis_url)))
    with preparing.migrations_of(app):
        yield app
    database.close()


def test_the_schema_goes_up_down_and_up_again(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    upgrade()


def test_nothing_is_left_after_going_down(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    with database.transaction() as conn:
        left = conn.execute(
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND relkind IN ('r', 'p', 'S', 'v') AND relname <> 'alembic_version'"
        ).fetchall()
    assert left == []


def test_the_migrations_say_what_the_models_say(empty_app: Flask) -> None:
    upgrade()
    check()


def test_the_head_that_is_written_down_is_the_one_that_alembic_finds() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [schema.needed()]


def test_a_database_says_which_schema_it_has(empty_app: Flask) -> None:
    with database.transaction() as conn:
        assert schema.present(conn) is None
    upgrade()
    with database.transaction() as conn:
        assert schema.present(conn) == schema.needed()


def test_consent_rows_from_before_the_ledger_was_chained_are_chained_in_their_order(empty_app: Flask) -> None:
    upgrade(revision="0001")
    with database.transaction() as conn:
        conn.execute(
            "INSERT INTO contact_numbers (e164, created_at) VALUES ('+15125550101', now()), ('+15125550102', now())"
        )
        conn.execute(
            """
            INSERT INTO consent_events (contact_number_id, event, source, occurred_at, attested, note)
            VALUES (1, 'opt_in', 'web_form', now(), true, NULL), (2, 'opt_in', 'in_person', now(), true, NULL),
                   (1, 'opt_out', 'keyword', now(), true, 'stop'), (1, 'opt_in', 'keyword', now(), true, 'start')
            """
        )
        conn.execute("UPDATE contact_numbers SET consent_at = now(), consent_source = 'in_person' WHERE id = 2")
    upgrade()
    with database.transaction() as conn:
        assert ledger.verify(conn) is None
        rows = conn.execute("SELECT channel, prev_hash IS NULL FROM consent_events ORDER BY id").fetchall()
        assert rows == [("web", True), ("verbal", True), ("keyword", False), ("keyword", False)]
        assert conn.execute("SELECT consent_channel FROM contact_numbers WHERE id = 2").fetchone() == ("verbal",)
        conn.execute(
            "INSERT INTO consent_events (contact_number_id, event, source, occurred_at) VALUES (1, 'opt_out', 'manual', now())"
        )
        assert ledger.verify(conn) is None
    downgrade(revision="0001")
    upgrade()
