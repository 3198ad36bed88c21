"""``leadline leads import``: the same machinery, in the process itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.leads.samples import COUNTERS, KNOWN, MIXED, many
from tests.leads.support import add_lead, one
from tests.support.people import Cast
from webapp.jobs import bulk_runner
from webapp.leads import importing
from webapp.leads.cli import leads_cli


@pytest.fixture
def leadline(app: Flask) -> Iterator[Callable[..., Result]]:
    """Runs ``leadline leads …``."""
    runner = CliRunner()
    with app.app_context():
        yield lambda *words: runner.invoke(leads_cli, [str(word) for word in words])


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(MIXED)
    return path


def counted(output: str) -> dict[str, int]:
    """The counters as they are printed."""
    found = re.findall(r"^ *([\d,]+)  (\w+)", output, re.MULTILINE)
    return {name: int(number.replace(",", "")) for number, name in found}


def test_an_import_prints_five_counters_that_add_up(
    leadline: Callable[..., Result], people: Path, conn: psycopg.Connection, cast: Cast
) -> None:
    add_lead(conn, KNOWN)
    result = leadline("import", people, "--owner", "Rita@agency.test")
    assert result.exit_code == 0, result.output
    numbers = counted(result.stdout)
    rows = numbers.pop("rows")
    assert {name: numbers[name] for name in COUNTERS} == COUNTERS
    assert rows == sum(COUNTERS.values()) == 10
    assert "5 rows did not go in. To see why: leadline leads rejects 1 > rejects.csv" in result.stdout
    assert one(conn, "SELECT owner_id FROM leads WHERE phone = '+12125550101'") == cast.rep.id


def test_the_rejects_are_written_at_once_or_later(
    leadline: Callable[..., Result], people: Path, tmp_path: Path
) -> None:
    result = leadline("import", people, "--rejects", tmp_path / "rejects.csv")
    assert f"They are in {tmp_path / 'rejects.csv'}" in result.stdout
    written = (tmp_path / "rejects.csv").read_bytes()
    assert len(written.splitlines()) == 6
    later = leadline("rejects", 1)
    assert (later.exit_code, later.stdout_bytes) == (0, written)


def test_overwrite_and_consent_are_asked_for(
    leadline: Callable[..., Result], people: Path, conn: psycopg.Connection
) -> None:
    add_lead(conn, KNOWN, first_name="Kimberly")
    words = ("--overwrite", "--consent-source", "sign-in sheet", "--consent-date", "2020-01-02", "--attest")
    assert leadline("import", people, *words).exit_code == 0
    assert one(conn, "SELECT first_name FROM leads WHERE phone = %s", KNOWN) == "Kim"
    assert one(conn, "SELECT count(*) FROM consent_events WHERE source = 'sign-in sheet' AND attested") == 3
    assert one(conn, "SELECT min(occurred_at)::text FROM consent_events") == "2020-01-02 05:00:00+00"


def test_what_the_file_says_of_consent_is_counted_in_words(leadline: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Phone,Opted out,Consent source,Consent date\n2125550101,yes,,\n2125550102,,web form,1/2/2020\n")
    assert "Consent was written down for 1. 1 marked as opted out" in leadline("import", file, "--attest").stdout
    (tmp_path / "again.csv").write_text("Phone\n2125550103\n")
    assert "Without consent: nothing automatic" in leadline("import", tmp_path / "again.csv").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--consent-source", "web form", "--consent-date", "2020-01-02"), "add --attest"),
        (("--consent-source", "web form", "--consent-attested"), "add --consent-date"),
        (("--consent-date", "2020-01-02", "--attest"), "add --consent-source"),
        (("--consent-source", "web form", "--attest", "--consent-date", "2199-01-01"), "has not come yet"),
        (("--consent-date", "soon"), "%Y-%m-%d"),
        (("--owner", "nobody@agency.test"), "Nobody active has the address"),
    ],
)
def test_what_will_not_do_is_refused_before_anything_happens(
    leadline: Callable[..., Result], people: Path, conn: psycopg.Connection, words: tuple[str, ...], says: str
) -> None:
    result = leadline("import", people, *words)
    assert result.exit_code == 2
    assert says in result.output
    assert one(conn, "SELECT count(*) FROM bulk_operations") == 0


def test_a_file_that_cannot_be_used_is_one_sentence(leadline: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04")
    result = leadline("import", tmp_path / "book.csv")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "CSV UTF-8" in result.output
    assert leadline("import", tmp_path / "nowhere.csv").exit_code == 2
    assert leadline("rejects", 1).exit_code == 1


def test_interrupted_it_stops_and_says_where(
    leadline: Callable[..., Result], tmp_path: Path, conn: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "many.csv").write_text("".join(many(3_000)))
    plan = importing.plan

    def until_control_c(*asked: object) -> Iterator[bulk_runner.Step]:
        steps = plan(*asked)  # type: ignore[arg-type]
        yield next(steps)
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "plan", until_control_c)
    result = leadline("import", tmp_path / "many.csv")
    assert result.exit_code == 1
    assert "Stopped after row 1000 of 3000." in result.output
    assert counted(result.stdout)["rows"] == one(conn, "SELECT count(*) FROM leads") == 1_000
    assert one(conn, "SELECT status FROM bulk_operations") == "canceled"


def test_the_command_finds_its_services_in_the_environment(app: Flask, people: Path, conn: psycopg.Connection) -> None:
    settings = app.extensions["leadline"]
    services = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
    }
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", "leads", "import", people],
        env=os.environ | services,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert counted(done.stdout)["rows"] == 10
    assert one(conn, "SELECT count(*) FROM leads") == 3
