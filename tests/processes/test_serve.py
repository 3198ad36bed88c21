"""``leadline serve`` and ``worker.py`` on services of their own, as on a dyno: each kind of process by itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from tests.processes.running import ADMIN, CIRCUMSTANCES, SHUTDOWN_SECONDS, Api, Command, Handsets, lift_caps, until
from webapp.local.ports import free_port
from webapp.local.postgres import EmbeddedPostgres
from webapp.local.valkey import EmbeddedValkey
from webapp.simulator.harness import SimulatorServer

OUTAGE_SECONDS = 10.0


@dataclass
class Dynos:
    """Web, workers and clock as separate commands, on a Postgres and a Redis that the test can stop."""

    folder: Path
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    simulator: SimulatorServer
    port: int
    commands: dict[str, Command] = field(default_factory=dict)

    def run(self, name: str, *processes: str) -> None:
        """Starts one dyno with these processes."""
        narrowed = {"LEADLINE_PROCESSES": ",".join(processes)}
        self.commands[name] = Command(["serve"], self.folder, self.environment | narrowed, log=f"log of {name}")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **ADMIN,
            **CIRCUMSTANCES,
            "DATABASE_URL": self.postgres.url.replace("postgresql://", "postgres://"),  # as Heroku writes it
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": "the secret of these dynos, long enough",
            "APP_URL": f"http://127.0.0.1:{self.port}",
            "PORT": str(self.port),
            "TWILIO_API_BASE_URL": self.simulator.url,
            "TWILIO_ACCOUNT_SID": self.simulator.account_sid,
            "TWILIO_AUTH_TOKEN": self.simulator.auth_token,
            "TWILIO_CONVERSATIONS_SERVICE_SID": self.simulator.conversations_service_sid,
            "TWILIO_MESSAGING_SERVICE_SID": self.simulator.messaging_service_sid,
            "TWILIO_SMS_NUMBER": self.simulator.numbers[0],
        }

    @property
    def api(self) -> Api:
        return Api(f"http://127.0.0.1:{self.port}")

    @property
    def handsets(self) -> Handsets:
        return Handsets(self.simulator.url)

    def stored(self, phone: str) -> list[str]:
        """What we have from a phone, in order."""
        with psycopg.connect(self.postgres.url) as conn:
            rows = conn.execute(
                """
                SELECT m.body FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id
                WHERE n.e164 = %s AND m.direction = 'inbound' ORDER BY m.id
                """,
                [phone],
            )
            return [row[0] for row in rows]


@pytest.fixture(scope="module")
def dynos(folder: Path) -> Iterator[Dynos]:
    postgres = EmbeddedPostgres(folder / "postgres", for_tests=True)
    valkey = EmbeddedValkey(folder / "valkey", for_tests=True)
    port = free_port()
    postgres.start()
    valkey.start()
    (folder / "simulator").mkdir()
    webhook = f"http://127.0.0.1:{port}/api/twilio/conversations/webhook"
    with SimulatorServer(folder / "simulator", webhook) as simulator:
        simulator.control("PUT", "/sim/clock", {"now": CIRCUMSTANCES["LEADLINE_CLOCK"]})
        dynos = Dynos(folder, postgres, valkey, simulator, port)
        try:
            release = Command(["db", "upgrade"], folder, dynos.environment, log="log of release")
            assert release.exit_code() == 0, release.log.read_text()
            dynos.run("web", "web")
            dynos.run("worker", "send", "flow", "bulk")
            dynos.run("clock", "clock")
            dynos.run("second clock", "clock")
            until(dynos.api.is_ready, "the web dyno is ready")
            lift_caps(dynos.postgres.url)
            until(lambda: "leadline: worker send" in dynos.commands["worker"].titles(), "the worker is there")
            yield dynos
        finally:
            for command in dynos.commands.values():
                command.end()
            postgres.remove()
            valkey.stop()


def test_each_dyno_runs_what_it_was_told(dynos: Dynos):
    wanted = {
        "web": {"leadline: web", "leadline: web (gunicorn)"},
        "worker": {"leadline: worker bulk", "leadline: worker flow", "leadline: worker send"},
        "clock": {"leadline: clock"},
        "second clock": {"leadline: clock"},
    }
    for name, titles in wanted.items():
        until(lambda: set(dynos.commands[name].titles()) == titles, f"{name} runs that")  # noqa: B023 (waited for here)


def test_it_listens_on_every_address_of_the_machine(dynos: Dynos):
    listening = [
        connection.laddr
        for process in dynos.commands["web"].processes()
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert {(address.ip, address.port) for address in listening} == {("0.0.0.0", dynos.port)}


def test_a_text_and_its_answer_pass_through_all_of_them(dynos: Dynos):
    phone = "+15125550120"
    dynos.api.text(phone, "Still looking?")
    until(lambda: dynos.handsets.received(phone) == ["Still looking?"], "it arrives", 20)
    dynos.handsets.says(phone, "Yes")
    until(lambda: dynos.stored(phone) == ["Yes"], "the answer is here", 20)


def test_each_process_gives_signs_of_life(dynos: Dynos):
    names = {"clock", "worker send", "worker flow", "worker bulk"}

    def alive() -> bool:
        with psycopg.connect(dynos.postgres.url) as conn:
            rows = conn.execute("SELECT name FROM heartbeats WHERE at > clock_timestamp() - interval '1 minute'")
            return names <= {row[0] for row in rows}

    until(alive, "all heartbeats are there", 30)


@pytest.mark.timeout(240)
def test_no_inbound_text_is_lost_while_postgres_is_away(dynos: Dynos):
    """The carrier does not try a webhook again: what came meanwhile is found by the sweep."""
    people = [f"+1512555{number:04d}" for number in range(130, 134)]
    for phone in people:
        dynos.api.text(phone, "Tell me more")
        until(lambda: dynos.handsets.received(phone), "it arrives", 30)  # noqa: B023 (waited for here)
    over, said = threading.Event(), {phone: list[str]() for phone in people}

    def talk(phone: str) -> None:
        while not over.wait(0.5):
            body = f"Sentence {len(said[phone])}"
            dynos.handsets.says(phone, body)
            said[phone].append(body)

    with ThreadPoolExecutor(len(people)) as talking:
        talks = [talking.submit(talk, phone) for phone in people]
        time.sleep(1)
        dynos.postgres.stop()
        time.sleep(OUTAGE_SECONDS)
        dynos.postgres.start()
        time.sleep(2)
        over.set()
        for spoken in talks:
            spoken.result()
    _make_all_periodic_work_due(dynos)
    until(lambda: all(len(dynos.stored(phone)) >= len(said[phone]) for phone in people), "all is here", 150)
    assert {phone: sorted(dynos.stored(phone)) for phone in people} == {p: sorted(said[p]) for p in people}


@pytest.mark.timeout(180)
def test_workers_and_clock_come_back_after_redis_was_away(dynos: Dynos):
    phone = "+15125550140"
    before = {name: {process.pid for process in command.processes()} for name, command in dynos.commands.items()}
    dynos.valkey.stop()
    dynos.api.text(phone, "While Redis is away")
    time.sleep(OUTAGE_SECONDS)
    dynos.valkey.start()
    until(lambda: dynos.handsets.received(phone) == ["While Redis is away"], "it arrives", 30)
    dynos.api.text(phone, "And after")
    until(lambda: dynos.handsets.received(phone) == ["While Redis is away", "And after"], "the next arrives", 30)
    after = {name: {process.pid for process in command.processes()} for name, command in dynos.commands.items()}
    assert after == before, "nobody had to be started again"


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_begun_and_begins_no_more(dynos: Dynos):
    phones = [f"+1512555{number:04d}" for number in range(150, 160)]
    asked = [f"Text {number}" for number in range(5)]
    dynos.simulator.set_faults(latency_ms=1500)
    with ThreadPoolExecutor(len(phones)) as people:
        list(people.map(lambda phone: [dynos.api.text(phone, body) for body in asked], phones))
    begun = time.monotonic()
    code, _ = dynos.commands["worker"].stop(signal.SIGTERM)
    assert code == 0
    assert time.monotonic() - begun < SHUTDOWN_SECONDS
    with psycopg.connect(dynos.postgres.url) as conn:
        left = dict(conn.execute("SELECT status, count(*) FROM sms_messages GROUP BY 1").fetchall())
    assert not left.keys() & {"claimed", "sending", "unconfirmed"}, "it left something half done"
    assert left["queued"] > 0, "it went on to the end of the queue"
    dynos.simulator.set_faults()
    dynos.run("worker", "send", "flow", "bulk")
    until(lambda: all(dynos.handsets.received(phone) == asked for phone in phones), "each arrives once", 30)


def _make_all_periodic_work_due(dynos: Dynos) -> None:
    """An emptied Redis does: its schedule comes back with all due at once, the sweep of each minute too."""
    with redis.Redis.from_url(dynos.valkey.url) as client:
        client.flushall()
