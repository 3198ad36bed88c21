"""The command line: what each command does, says and returns."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.conftest import Servers
from webapp import cli
from webapp.local import environment

PASSWORD = "a long password\n"
CREATE = ["user", "create", "--email", "ada@example.com", "--name", "Ada Lovelace", "--role", "manager"]


@pytest.fixture
def leadline(servers: Servers, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A shell in an empty folder, where the environment names the services."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", servers.database_url)
    monkeypatch.setenv("REDIS_URL", servers.redis_url)
    for name in ("SECRET_KEY", "SIMULATOR_URL", "APP_URL", *environment.simulator_environment("", tmp_path)):
        monkeypatch.setenv(name, "")  # so that what a command sets is taken back
        monkeypatch.delenv(name)
    return CliRunner()


def run(leadline: CliRunner, *arguments: str, given: str = "") -> Result:
    return leadline.invoke(cli.main, arguments, input=given, prog_name="leadline")


def test_the_overview_names_every_command(leadline: CliRunner):
    shown = run(leadline, "--help")
    assert shown.exit_code == 0
    for command in ("up", "serve", "user", "token", "leads", "demo", "doctor", "db"):
        assert f"\n  {command} " in shown.output


@pytest.mark.parametrize(
    "command",
    ["up", "serve", "user", "user create", "token", "token create", "leads", "leads import", "demo", "doctor", "db"],
)
def test_each_command_explains_itself_without_any_configuration(
    leadline: CliRunner, monkeypatch: pytest.MonkeyPatch, command: str
):
    monkeypatch.delenv("DATABASE_URL")
    shown = run(leadline, *command.split(), "--help")
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith(f"Usage: leadline {command}")


def test_up_names_its_options_and_their_defaults(leadline: CliRunner):
    shown = run(leadline, "up", "--help").output
    for option, default in (("--data-dir", ".leadline"), ("--port", "5000"), ("--simulator-port", "4010")):
        assert option in shown
        assert default in shown


def test_a_person_is_created_who_can_sign_in(leadline: CliRunner, conn: psycopg.Connection):
    done = run(leadline, *CREATE, "--password-stdin", given=PASSWORD)
    assert (done.exit_code, done.output) == (0, "Created Ada Lovelace <ada@example.com> as manager.\n")
    row = conn.execute("SELECT email, name, role, active, password_hash LIKE '$argon2%' FROM users").fetchone()
    assert row == ("ada@example.com", "Ada Lovelace", "manager", True, True)


@pytest.mark.parametrize(
    ("arguments", "given", "complaint"),
    [
        (CREATE, "short\n", "The password on standard input will not do. Use "),
        (CREATE, "", "The password on standard input will not do. Use "),
        ([*CREATE, "--email", "ada"], PASSWORD, "ada is not an e-mail address: "),
        ([*CREATE, "--name", "  "], PASSWORD, "Say the person's --name."),
    ],
    ids=["short password", "no password", "no address", "no name"],
)
def test_a_person_who_will_not_do_is_refused_in_one_sentence(
    leadline: CliRunner, arguments: list[str], given: str, complaint: str
):
    refused = run(leadline, *arguments, "--password-stdin", given=given)
    assert refused.exit_code == 1
    assert refused.output.startswith(f"Error: {complaint}")
    assert refused.output.count("\n") == 1


def test_an_address_that_somebody_has_is_refused(leadline: CliRunner):
    run(leadline, *CREATE, "--password-stdin", given=PASSWORD)
    again = run(leadline, *CREATE, "--email", "ADA@example.com", "--password-stdin", given=PASSWORD)
    assert again.exit_code == 1
    assert "already" in again.output


def test_a_token_is_printed_alone_and_stored_hashed(leadline: CliRunner, conn: psycopg.Connection):
    run(leadline, *CREATE, "--password-stdin", given=PASSWORD)
    printed = run(leadline, "token", "create", "--email", "ada@example.com")
    token = printed.output.strip()
    assert printed.exit_code == 0
    assert len(token) >= 32
    row = conn.execute("SELECT to_jsonb(t)::text FROM api_tokens t").fetchone()
    assert row is not None
    assert token not in row[0]


def test_nobody_gets_no_token(leadline: CliRunner):
    refused = run(leadline, "token", "create", "--email", "nobody@example.com")
    assert (refused.exit_code, refused.output) == (1, "Error: Nobody active has the address nobody@example.com.\n")


def test_the_schema_is_brought_up_to_date_as_often_as_one_likes(leadline: CliRunner):
    for _ in range(2):
        done = run(leadline, "db", "upgrade")
        assert (done.exit_code, done.output) == (0, "The database is up to date.\n")


def test_without_configuration_a_command_says_what_to_do(leadline: CliRunner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATABASE_URL")
    refused = run(leadline, "token", "create", "--email", "ada@example.com")
    assert refused.exit_code == 1
    assert "leadline up" in refused.output


def test_a_database_that_is_not_there_is_said_in_one_sentence(leadline: CliRunner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    refused = run(leadline, "token", "create", "--email", "ada@example.com")
    assert refused.exit_code == 1
    assert refused.output.splitlines()[-1].startswith("Error: The database does not answer.")


def test_a_database_without_tables_names_the_command_that_makes_them(
    leadline: CliRunner, conn: psycopg.Connection, servers: Servers, monkeypatch: pytest.MonkeyPatch
):
    conn.execute("DROP DATABASE IF EXISTS empty WITH (FORCE)")
    conn.execute("CREATE DATABASE empty")
    monkeypatch.setenv("DATABASE_URL", servers.database_url.rsplit("/", 1)[0] + "/empty")
    refused = run(leadline, "token", "create", "--email", "ada@example.com")
    assert (refused.exit_code, "leadline db upgrade" in refused.output) == (1, True)


def test_serve_does_not_start_without_a_secret_key(leadline: CliRunner):
    refused = run(leadline, "serve")
    assert refused.exit_code == 1
    assert "SECRET_KEY is not set." in refused.output


def test_a_bad_setting_is_named(leadline: CliRunner, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LEADLINE_PROCESSES", "web,typist")
    refused = run(leadline, "db", "upgrade")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: LEADLINE_PROCESSES")
