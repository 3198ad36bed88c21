"""Real parts for every test: one embedded Postgres and Valkey a run, emptied before each test that touches them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.support.people import Cast, cast_of
from tests.support.world import AppServer, World, add_sender, make_sender
from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.compliance import automation, webhook_health
from webapp.config import Settings, load_settings
from webapp.local.ports import free_port
from webapp.local.postgres import EmbeddedPostgres
from webapp.local.valkey import EmbeddedValkey
from webapp.simulator.harness import SimulatorServer

APP_URL = "http://leadline.test"
_OURS = {name.upper() for name in Settings.model_fields} | {"NEXT_PUBLIC_APP_URL"}

# Nothing of the developer's own environment reaches a test: settings are read from it when they are loaded.
for _name in [name for name in os.environ if name in _OURS or name.startswith(("LEADLINE_", "TWILIO_"))]:
    del os.environ[_name]


@dataclass(frozen=True)
class Servers:
    """The addresses of this run's servers."""

    database_url: str
    redis_url: str


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("servers")
    postgres = EmbeddedPostgres(folder / "postgres", for_tests=True)
    valkey = EmbeddedValkey(folder / "valkey", for_tests=True)
    try:
        postgres.launch()
        valkey.launch()
        postgres.wait_ready()
        valkey.wait_ready()
        _migrate(postgres.url, valkey.url)
        yield Servers(postgres.url, valkey.url)
    finally:
        database.close()
        postgres.remove()
        valkey.stop()


def _migrate(database_url: str, redis_url: str) -> None:
    from webapp import preparing
    from webapp.app import create_app

    preparing.migrate(create_app(settings_for(Servers(database_url, redis_url))))


def settings_for(servers: Servers, **changes: object) -> Settings:
    """Settings as a test wants them: the run's servers, a fixed secret, no carrier unless one is named."""
    given: dict[str, object] = {
        "database_url": servers.database_url,
        "redis_url": servers.redis_url,
        "secret_key": "a secret for tests, 32 characters",
        "app_url": APP_URL,
        "cron_secret": "a cron secret for tests, long enough",
    }
    return load_settings(**(given | changes))


#: One with more rows than this is emptied by making its files anew, which takes a quarter of a second; likewise all of
#: them now and then, for what was deleted stays in the files.
_FEW, _NOW_AND_THEN = 1000, 200
_RESTART = """
SELECT setval(format('%I', sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'change_seq'
"""


@dataclass
class _Database:
    """The run's database, to be emptied before each test that touches it."""

    conn: psycopg.Connection
    tables: list[str]
    times: int = 0

    def empty(self, tries: int = 5) -> None:
        """A page of the test before may still be asking: where the two wait for each other, Postgres breaks off one."""
        try:
            self._empty()
        except psycopg.errors.DeadlockDetected:
            if not tries:
                raise
            self.empty(tries - 1)

    def _empty(self) -> None:
        self.times += 1
        with self.conn.transaction():
            self.conn.execute(f"LOCK TABLE {', '.join(self.tables)} IN EXCLUSIVE MODE")
            rows = self._rows()
            if self.times % _NOW_AND_THEN == 0 or any(count > _FEW for count in rows.values()):
                self.conn.execute(f"TRUNCATE {', '.join(self.tables)} CASCADE")
            else:
                self._delete([table for table, count in rows.items() if count])
            self.conn.execute(_RESTART)

    def _rows(self) -> dict[str, int]:
        """How many each table has, as far as it matters."""
        counts = [f"SELECT '{t}', count(*) FROM (SELECT FROM {t} LIMIT {_FEW + 1}) AS found" for t in self.tables]
        return dict(self.conn.execute(" UNION ALL ".join(counts)).fetchall())

    def _delete(self, tables: list[str]) -> None:
        """Without triggers: nothing cascades, and what must never be deleted is."""
        self.conn.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            self.conn.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="session")
def _database(servers: Servers) -> Iterator[_Database]:
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        rows = conn.execute(
            "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename NOT IN ('alembic_version', 'sms_events_default')"
        ).fetchall()
        yield _Database(conn, [row[0] for row in rows])


@pytest.fixture
def emptied(servers: Servers, _database: _Database) -> Servers:
    """The servers with nothing in them. Real commits, so that races are real."""
    _database.empty()
    redis.Redis.from_url(servers.redis_url).flushall()
    clock.use_real_time()
    account_settings.forget()
    webhook_health.forget()
    automation.forget()
    return servers


@pytest.fixture
def settings(emptied: Servers) -> Settings:
    return settings_for(emptied)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    from webapp.app import create_app

    app = create_app(settings, connections=16)
    app.testing = True
    yield app
    database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def conn(app: Flask) -> Iterator[psycopg.Connection]:
    """A connection of the test's own, each statement committed at once."""
    with psycopg.connect(app.extensions["leadline"].database_url, autocommit=True) as conn:
        yield conn


@pytest.fixture
def cast(conn: psycopg.Connection) -> Cast:
    """The fixed people: an admin, a manager, a rep, and another rep who may not see the first one's leads."""
    return cast_of(conn)


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


@pytest.fixture
def at(clock_file: Path) -> Iterator[Callable[[str], None]]:
    """Sets business time: ``at("2026-12-09T17:00:00Z")``."""
    from datetime import datetime

    def set_to(instant: str) -> None:
        clock.start_at(datetime.fromisoformat(instant))

    yield set_to
    clock.use_real_time()


@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorServer]:
    """One simulator a run; ``world`` resets it for each test."""
    with SimulatorServer(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a run; ``tests.browser.visit`` gives each test a profile of its own."""
    from tests.browser import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def world(
    emptied: Servers, simulator_process: SimulatorServer, at: Callable[[str], None], tmp_path: Path
) -> Iterator[World]:
    """The app on a port, the simulator sending its webhooks there, and a send engine. It is noon in Texas."""
    from webapp.app import create_app
    from webapp.carrier import carrier_from_settings

    simulator = simulator_process
    simulator.reset()
    port = free_port()
    settings = settings_for(
        emptied,
        app_url=f"http://127.0.0.1:{port}",
        twilio_account_sid=simulator.account_sid,
        twilio_auth_token=simulator.auth_token,
        twilio_conversations_service_sid=simulator.conversations_service_sid,
        twilio_messaging_service_sid=simulator.messaging_service_sid,
        twilio_sms_number=simulator.numbers[0],
        twilio_api_base_url=simulator.url,
        simulator_url=simulator.url,
        leadline_settle_seconds=0.3,
        leadline_reread_seconds=0.2,
        leadline_carrier_timeout=2.0,
    )
    app = create_app(settings, connections=24)
    server = AppServer()
    server.start(app, port)
    at("2026-12-09T18:00:00Z")
    carrier = carrier_from_settings(settings)
    simulator.set_settings(carrier_latency_ms=0)
    simulator.control("PUT", "/sim/clock", {"now": "2026-12-09T18:00:00Z"})
    carrier.configure_webhooks(settings.app_url + "/api/twilio/conversations/webhook", (simulator.numbers[0],))
    carrier.set_validity(300)
    with psycopg.connect(settings.database_url, autocommit=True) as conn:
        add_sender(conn, simulator.numbers[0])
        world = World(app, settings, simulator, conn, carrier, make_sender(settings), tmp_path)
        # Most stories here are about the road that texts take; those about caps set their own.
        world.configure(cap_per_lead=50, lane_gap_minutes=0)
        yield world
        assert world.ungated() == [], "texts went out that the gate had not let through, twice"
    server.stop()
    database.close()
