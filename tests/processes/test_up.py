"""``leadline up``: what it says, starts, keeps and leaves behind."""

from __future__ import annotations

import signal
import stat
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.processes.running import ADMIN, CONSENT, SHUTDOWN_SECONDS, Command, Leadline, all_end, until
from webapp.local.ports import free_port

PHONE = "+15125550107"


@pytest.fixture
def other_folder(tmp_path: Path) -> Path:
    return tmp_path


def test_it_leaves_the_addresses_of_its_services_for_its_owner_before_it_is_ready(leadline: Leadline):
    file = leadline.data_dir / "services.env"
    assert set(leadline.services) == {"DATABASE_URL", "REDIS_URL", "APP_URL", "SIMULATOR_URL"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert leadline.services["APP_URL"] == f"http://127.0.0.1:{leadline.port}"
    assert leadline.api.is_ready()


def test_its_processes_say_what_they_are(leadline: Leadline):
    wanted = {"leadline: web", "leadline: worker send", "leadline: worker flow", "leadline: worker bulk"}
    wanted |= {"leadline: clock", "leadline: simulator"}
    assert wanted <= set(leadline.titles())


def test_the_first_admin_of_the_environment_can_use_the_api(leadline: Leadline):
    assert leadline.api.get("/api/sms/conversations").status == 200


def test_business_time_starts_where_the_environment_says(leadline: Leadline):
    assert leadline.api.text(PHONE, "What time is it?")["created_at"].startswith("2026-12-09T18:")


@pytest.mark.parametrize(
    ("taken", "remedy"), [("--port", "--port"), ("--simulator-port", "--simulator-port")], ids=["app", "simulator"]
)
def test_a_taken_port_is_said_in_one_sentence_that_names_the_option(
    leadline: Leadline, other_folder: Path, taken: str, remedy: str
):
    ports = {"--port": str(free_port()), "--simulator-port": str(free_port())}
    ports[taken] = str(leadline.port if taken == "--port" else leadline.simulator_port)
    said = _failure(["up", *(word for option in ports.items() for word in option)], other_folder)
    assert said.count("\n") == 1
    assert f"Port {ports[taken]}" in said
    assert f"choose another with {remedy}." in said


def test_a_second_one_on_the_same_data_says_so(leadline: Leadline):
    ports = ["--port", str(free_port()), "--simulator-port", str(free_port())]
    said = _failure(["up", *ports, "--data-dir", str(leadline.data_dir)], leadline.data_dir.parent)
    assert "Leadline runs already" in said
    assert "--data-dir" in said


def test_a_bad_setting_is_named_and_nothing_stays_running(other_folder: Path):
    ports = ["--port", str(free_port()), "--simulator-port", str(free_port())]
    said = _failure(["up", *ports], other_folder, {"LEADLINE_ADMIN_TOKEN": "short", **_BRIEFLY})
    assert "LEADLINE_ADMIN_TOKEN is too short" in said.replace(":", "")


def test_an_admin_without_a_password_is_refused_by_name(leadline: Leadline, other_folder: Path):
    services = {name: leadline.services[name] for name in ("DATABASE_URL", "REDIS_URL")}
    environment = {**services, "SECRET_KEY": "x" * 8 + "long enough to be a secret", "PORT": str(free_port())}
    said = _failure(["serve"], other_folder, {**environment, "LEADLINE_ADMIN_EMAIL": "grace@example.com"})
    assert said == "Error: LEADLINE_ADMIN_EMAIL is set, so LEADLINE_ADMIN_PASSWORD must be set too.\n"


def test_other_commands_in_its_folder_find_its_services(leadline: Leadline):
    command = Command(["token", "create", "--email", ADMIN["LEADLINE_ADMIN_EMAIL"]], leadline.data_dir.parent, {})
    token = command.first_line().strip()
    assert len(token) >= 32
    assert command.exit_code() == 0
    with psycopg.connect(leadline.services["DATABASE_URL"]) as conn:
        assert conn.execute("SELECT count(*) FROM api_tokens").fetchone() == (2,)


def test_it_stays_within_fifteen_connections_while_texts_flow(leadline: Leadline):
    phones = [f"+1512555{number:04d}" for number in range(200, 216)]
    most: Counter[str] = Counter()
    with (
        psycopg.connect(leadline.services["DATABASE_URL"], autocommit=True) as conn,
        ThreadPoolExecutor(len(phones)) as people,
    ):
        talks = [people.submit(_talk, leadline, phone) for phone in phones]
        while not all(talk.done() for talk in talks):
            now = Counter(dict(conn.execute(_CONNECTIONS).fetchall()))
            most = max(most, now, key=Counter.total)
    for talk in talks:
        talk.result()
    assert 5 <= most.total() <= 15, most
    until(lambda: all(len(leadline.handsets.received(phone)) == 4 for phone in phones), "every phone has its texts")


def test_it_is_stopped_by_sigterm_and_starts_again_with_its_data(own_folder: Path):
    leadline = Leadline(own_folder)
    leadline.api.text(PHONE, "Keep this")
    everything = [process.pid for process in leadline.processes()]
    begun = time.monotonic()
    code, printed = leadline.stop()
    assert (code, printed) == (0, ""), "the line that it is ready is all that it prints"
    assert time.monotonic() - begun < SHUTDOWN_SECONDS
    assert all_end(everything, patience=1)
    second = Leadline(own_folder)
    try:
        assert "Keep this" in second.api.get("/api/sms/conversations").data.decode()
    finally:
        second.stop(signal.SIGINT)


def test_a_killed_parent_leaves_nothing_running_and_the_next_start_works(own_folder: Path):
    killed = Leadline(own_folder)
    killed.api.text(PHONE, "Before the end")
    assert all_end(killed.kill()), "some process outlives its parent"
    after = Leadline(own_folder)
    try:
        until(lambda: "Before the end" in after.handsets.received(PHONE), "the text has gone")
        assert after.handsets.received(PHONE).count("Before the end") == 1
    finally:
        after.end()


_CONNECTIONS = """
SELECT application_name, count(*) FROM pg_stat_activity WHERE application_name LIKE 'leadline %' GROUP BY 1
"""
_BRIEFLY = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}


def _failure(arguments: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    """What a command says that ends with exit code 1."""
    command = Command(arguments, folder, environment or {}, log="failure")
    assert command.first_line() == ""
    command.end()
    assert command.exit_code() == 1
    said = command.log.read_text()
    command.log.unlink()
    return said


def _talk(leadline: Leadline, phone: str) -> None:
    for number in range(4):
        leadline.api.text(phone, f"Question {number}")
        leadline.handsets.says(phone, f"Answer {number}")
        leadline.api.get("/api/sms/conversations")


def test_a_new_lead_that_joins_a_campaigns_list_has_its_first_text_within_a_minute(leadline: Leadline):
    """Made by the API, found by the workers' own looks; both moments are business time, which runs as real time does."""
    post = leadline.api.post
    saved = post("/api/leads/lists", {"name": "Buyers", "filter": _BUYERS}).json()["id"]
    campaign = post("/api/sms/campaigns", {"name": "New enquiry", "kind": "drip"}).json()["id"]
    at = f"/api/sms/campaigns/{campaign}"
    assert leadline.api.put(f"{at}/steps", [{"body": "Thank you for asking."}]).status == 200
    first = _new_lead(leadline, "+15125550301")
    assert post(f"{at}/enroll", {"lead_ids": [first["id"]]}).status == 200
    assert leadline.api.patch(at, {"saved_list_id": saved, "takes_joiners": True}).status == 200
    assert post(f"{at}/launch", {}).status == 200
    joined = _new_lead(leadline, "+15125550302", tags=["buyer"])
    until(lambda: leadline.handsets.received("+15125550302"), "the new lead has its text")
    [text] = leadline.api.get(f"/api/sms/messages?lead_id={joined['id']}").json()["items"]
    waited = datetime.fromisoformat(text["created_at"]) - datetime.fromisoformat(joined["created_at"])
    assert waited <= timedelta(seconds=60)


_BUYERS = {"conditions": [{"field": "tags", "op": "has_any", "value": ["buyer"]}]}


def _new_lead(leadline: Leadline, phone: str, **more: object) -> dict[str, Any]:
    made = leadline.api.post("/api/leads", {"phone": phone, "state": "TX", "consent": CONSENT, **more})
    assert made.status == 201, made.data
    lead: dict[str, Any] = made.json()
    return lead
