"""``leadline doctor``: each thing that is wrong is named, with the way to mend it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from psycopg.types.json import Jsonb

from tests.support.world import World
from webapp import clock, database
from webapp.carrier.codes import CONVERSATIONS_ARE_FOR_PEOPLE
from webapp.cli import main
from webapp.compliance import stopped_senders, webhook_health
from webapp.config import Settings
from webapp.doctor import checks, law
from webapp.doctor.checks import State
from webapp.jobs import heartbeats
from webapp.rules import zones


@pytest.fixture
def environment(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A shell whose environment describes the world."""
    monkeypatch.chdir(tmp_path)
    settings = world.settings
    given = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "APP_URL": settings.app_url,
        "TWILIO_API_BASE_URL": settings.twilio_api_base_url,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_CONVERSATIONS_SERVICE_SID": settings.twilio_conversations_service_sid,
        "TWILIO_MESSAGING_SERVICE_SID": settings.twilio_messaging_service_sid,
        "TWILIO_SMS_NUMBER": settings.twilio_sms_number,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    for name in ("clock", "worker send", "worker flow", "worker bulk"):
        heartbeats.beat(name)
    yield monkeypatch


def examined() -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit code, and by what was looked at how that is and what is said of it."""
    done = CliRunner().invoke(main, ["doctor"], prog_name="leadline")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    found: dict[str, tuple[str, str]] = {}
    for line in re.split(r"\n(?=ok |note |warning |failed )", done.output.split("\n\n")[0]):
        said = re.fullmatch(r"(\w+) +(\S.*?) {2,}(.*)", line, re.DOTALL)
        assert said, line
        found[said[2].strip()] = (said[1], " ".join(said[3].split()))
    return done.exit_code, found


def test_when_all_is_well_it_says_so(environment: pytest.MonkeyPatch, world: World):
    world.configure(business_name="Lone Star Homes", business_contact="512-555-0100")
    code, found = examined()
    assert code == 0
    assert {name: how for name, (how, _) in found.items() if how != "ok"} == {"Twilio: Use": "note"}
    wanted = {"Settings", "Secrets", "APP_URL", "Zone data", "Database", "Schema", "Clock", "Redis", "Workers"}
    assert wanted | {"Leadline", "E-mail", "Twilio: Webhooks", "Twilio: Messaging service"} <= found.keys()


def test_missing_settings_are_each_named(environment: pytest.MonkeyPatch):
    environment.delenv("REDIS_URL")
    environment.setenv("TWILIO_SMS_NUMBER", "555")
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "REDIS_URL is not set." in done.output
    assert "TWILIO_SMS_NUMBER: must be an E.164 number" in done.output


def test_a_database_that_is_away_fails_and_the_rest_is_still_looked_at(environment: pytest.MonkeyPatch):
    environment.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    code, found = examined()
    assert code == 1
    assert found["Database"][0] == "failed"
    assert "DATABASE_URL" in found["Database"][1]
    assert found["Redis"][0] == "ok"
    assert "Twilio: Conversation service" in found


def test_an_old_schema_names_the_command(environment: pytest.MonkeyPatch, world: World):
    before = world.conn.execute("SELECT version_num FROM alembic_version").fetchone()
    assert before is not None
    world.conn.execute("UPDATE alembic_version SET version_num = 'older'")
    try:
        code, found = examined()
    finally:
        world.conn.execute("UPDATE alembic_version SET version_num = %s", before)
    assert code == 1
    assert found["Schema"] == ("failed", "older → run: leadline db upgrade")


def test_a_database_without_tables_names_the_command(environment: pytest.MonkeyPatch, world: World):
    world.conn.execute("DROP DATABASE IF EXISTS bare WITH (FORCE)")
    world.conn.execute("CREATE DATABASE bare")
    environment.setenv("DATABASE_URL", world.settings.database_url.rsplit("/", 1)[0] + "/bare")
    code, found = examined()
    assert code == 1
    assert found["Schema"] == ("failed", "none → run: leadline db upgrade")


def test_a_redis_that_is_away_fails(environment: pytest.MonkeyPatch):
    environment.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    code, found = examined()
    assert code == 1
    assert found["Redis"][0] == "failed"
    assert "REDIS_URL" in found["Redis"][1]


def test_workers_that_are_silent_are_named(environment: pytest.MonkeyPatch, world: World):
    world.conn.execute("UPDATE heartbeats SET at = at - interval '1 hour' WHERE name IN ('clock', 'worker flow')")
    code, found = examined()
    assert code == 0, "a warning does not fail"
    assert found["Workers"][0] == "warning"
    assert "worker flow, clock" in found["Workers"][1]


def test_wrong_credentials_of_twilio_fail(environment: pytest.MonkeyPatch):
    environment.setenv("TWILIO_AUTH_TOKEN", "not the token")
    code, found = examined()
    assert code == 1
    assert found["Twilio: Conversation service"][0] == "failed"


def test_webhooks_that_go_elsewhere_fail_and_name_the_address(environment: pytest.MonkeyPatch, world: World):
    world.carrier.configure_webhooks("http://elsewhere.example.com/hook", (world.settings.twilio_sms_number,))
    code, found = examined()
    assert code == 1
    assert found["Twilio: Webhooks"][0] == "failed"
    assert f"{world.settings.app_url}/api/twilio/conversations/webhook" in found["Twilio: Webhooks"][1]


def test_what_twilio_limits_its_product_to_is_told(environment: pytest.MonkeyPatch):
    assert CONVERSATIONS_ARE_FOR_PEOPLE in examined()[1]["Twilio: Use"][1]


def test_a_queue_of_ten_hours_fails_and_names_the_setting(environment: pytest.MonkeyPatch, world: World):
    world.carrier.set_validity(36_000)
    code, found = examined()
    assert code == 1
    how, said = found["Twilio: Validity period"]
    assert how == "failed"
    assert "10 hours" in said
    assert "Twilio's default" in said
    assert "set ValidityPeriod of the messaging service to 300" in said


@pytest.mark.parametrize(
    ("minutes", "seconds", "how"),
    [(60, 3601, "failed"), (60, 3600, "ok"), (5, 301, "failed"), (5, 60, "ok"), (30, 1800, "ok")],
)
def test_twilio_may_keep_a_text_no_longer_than_the_gate_believes(
    environment: pytest.MonkeyPatch, world: World, minutes: int, seconds: int, how: str
):
    world.configure(validity_minutes=minutes)
    world.carrier.set_validity(seconds)
    assert examined()[1]["Twilio: Validity period"][0] == how


def test_a_business_without_a_name_is_warned_of(environment: pytest.MonkeyPatch, world: World):
    world.configure(business_contact="512-555-0100")
    code, found = examined()
    assert (code, found["Business"][0]) == (0, "warning")
    assert "its name not set" in found["Business"][1]


def test_an_old_do_not_call_list_is_warned_of(environment: pytest.MonkeyPatch, world: World):
    assert "Do-not-call list" not in examined()[1], "none is used"
    day = clock.now().date() - timedelta(days=31)
    world.conn.execute("INSERT INTO dnc_lists (kind, name, as_of) VALUES ('national', 'Area code 512', %s)", [day])
    assert examined()[1]["Do-not-call list"] == ("ok", "the newest national list is 31 days old")
    world.conn.execute("UPDATE dnc_lists SET as_of = as_of - 1")
    assert examined()[1]["Do-not-call list"][0] == "warning"


def test_webhooks_that_do_not_arrive_are_warned_of(environment: pytest.MonkeyPatch, world: World):
    assert examined()[1]["Webhooks"][0] == "ok"
    with database.transaction() as conn:
        webhook_health.note_repair(conn)
    assert examined()[1]["Webhooks"][0] == "warning"


def test_a_number_of_ours_that_is_stopped_is_told_by_its_last_digits_alone(
    environment: pytest.MonkeyPatch, world: World
):
    assert examined()[1]["Stopped numbers"] == ("ok", "none")
    because = "2 of its last 8 texts were filtered by carriers; 10% is the limit."
    with database.transaction() as conn:
        row = conn.execute("SELECT id, e164 FROM phone_numbers WHERE is_default").fetchone()
        assert row is not None
        stopped_senders.stop(conn, row[0], because, 0, clock.now())
    code, found = examined()
    how, said = found["Stopped numbers"]
    assert (code, how) == (0, "warning")
    assert said.startswith(f"The one ending in {row[1][-4:]} is stopped. {because}")
    assert "resume it under Compliance" in said
    assert row[1][-7:] not in said


@pytest.mark.parametrize(("state", "how"), [("unknown", "warning"), ("rejected", "warning"), ("approved", "ok")])
def test_a_live_account_is_told_where_its_registration_stands(settings: Settings, app: Flask, state: str, how: str):
    with database.transaction() as conn:
        conn.execute("INSERT INTO settings (key, value) VALUES ('registration_state', %s)", [Jsonb(state)])
    found = {check.name: check for check in law.kept(settings)}
    assert found["Registration"].state == how


def test_nobody_at_our_own_address_is_a_warning(environment: pytest.MonkeyPatch):
    environment.setenv("APP_URL", "http://127.0.0.1:1")
    _, found = examined()
    assert found["Leadline"][0] == "warning"


def test_a_mail_server_is_reached(environment: pytest.MonkeyPatch):
    environment.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    code, found = examined()
    assert (code, found["E-mail"][0]) == (1, "failed")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        environment.setenv("SMTP_URL", f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert examined()[1]["E-mail"][1].startswith("SMTP_URL is no address")


def test_secrets_that_are_none_fail(settings: Settings):
    def judged(**changes: object) -> State:
        return checks.secrets(Settings(**(settings.model_dump() | changes))).state

    assert judged() is State.OK
    assert judged(secret_key="x" * 40) is State.FAILED
    assert judged(cron_secret=settings.secret_key.get_secret_value()) is State.FAILED
    assert judged(leadline_admin_password="still here") is State.WARNING


@pytest.mark.parametrize(
    ("app_url", "state"),
    [
        ("https://texts.example.com", State.OK),
        ("http://texts.example.com", State.FAILED),
        ("https://texts.example.com/app", State.FAILED),
        ("https://localhost", State.FAILED),
        ("https://leadline", State.FAILED),
        ("https://192.168.1.7", State.FAILED),
        ("https://[::1]", State.FAILED),
        ("https://office.local", State.FAILED),
    ],
)
def test_a_live_carrier_needs_an_address_that_it_can_reach(settings: Settings, app_url: str, state: State):
    live = {
        "twilio_account_sid": "AC" + "1" * 32,
        "twilio_auth_token": "token",
        "twilio_conversations_service_sid": "IS" + "1" * 32,
        "twilio_messaging_service_sid": "MG" + "1" * 32,
        "twilio_sms_number": "+15125550100",
    }
    assert checks.app_url(Settings(**(settings.model_dump() | live | {"app_url": app_url}))).state is state


def test_zone_data_older_than_2026_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    assert checks.zone_data(settings).state is State.OK
    monkeypatch.setattr(zones, "zone_data_is_fresh", lambda: False)
    assert checks.zone_data(settings).state is State.FAILED


def test_zone_data_of_a_year_that_is_half_a_year_gone_is_warned_of(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zones, "zone_data_age", lambda _today: 5)
    assert checks.zone_data(settings).state is State.OK
    monkeypatch.setattr(zones, "zone_data_age", lambda _today: 6)
    assert checks.zone_data(settings).state is State.WARNING
