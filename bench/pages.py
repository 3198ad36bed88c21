"""Pages and lists at two sizes: what one costs in time, CPU and Postgres buffers, and whether that grows.

The app runs in this process on one connection at a time, so that every buffer can be told from the next page's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from bench import seeding, stack
from bench.stack import Servers
from bench.tables import Report, median, percentile
from webapp import database
from webapp.app import create_app
from webapp.config import Settings
from webapp.simulator import defaults

SECTION = "pages"
_SMALL = 10_000
_TEXTS = 5
_HERE = "http://127.0.0.1:5000"
_REP = "rep1@bench.example"


@dataclass
class _Cost:
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    buffers: list[float] = field(default_factory=list)


def run(servers: Servers, report: Report, *, quick: bool, size: int) -> None:
    small, large, asked = (500, 2_000, 3) if quick else (_SMALL, size, 30)
    costs = {count: _measure(servers, count, asked) for count in (small, large)}
    rows = []
    for name, cost in costs[large].items():
        before = costs[small][name]
        rows.append(
            (
                name,
                f"{median(before.wall_ms):.1f}",
                f"{median(cost.wall_ms):.1f}",
                f"{percentile(cost.wall_ms, 0.95):.1f}",
                f"{median(before.cpu_ms):.1f}",
                f"{median(cost.cpu_ms):.1f}",
                f"{median(before.buffers):.0f}",
                f"{median(cost.buffers):.0f}",
                f"{median(cost.buffers) / max(median(before.buffers), 1):.2f}x",
            )
        )
    names = ("p50 ms", "p95 ms", "CPU ms", "buffers")
    report.table(
        SECTION,
        f"Pages with {small:,} and {large:,} conversations of {_TEXTS} texts, {asked} of each",
        (
            "",
            *(f"{names[0]} {small:,}", f"{names[0]} {large:,}", f"{names[1]} {large:,}"),
            *(f"{names[2]} {small:,}", f"{names[2]} {large:,}"),
            *(f"{names[3]} {small:,}", f"{names[3]} {large:,}", "growth"),
        ),
        rows,
    )


def _measure(servers: Servers, count: int, asked: int) -> dict[str, _Cost]:
    servers.empty()
    app = _app(servers)
    with servers.connect() as conn:
        seeding.people(conn)
        seeding.sender(conn, defaults.NUMBERS[0], 100)
        _furnish(conn)
        seeding.leads(conn, count, now=stack.noon(), texts=_TEXTS)
        of_rep = """
            SELECT c.id FROM sms_conversations c JOIN users u ON u.id = c.assigned_to
            WHERE u.email = %s ORDER BY c.last_message_at DESC LIMIT 1
        """
        row = conn.execute(of_rep, [_REP]).fetchone()
        assert row is not None
        costs = {}
        for role, email in (("manager", stack.EMAIL), ("rep", _REP)):
            client = _signed_in(app, conn, email)
            for name, path in _paths(row[0], count).items():
                costs[f"{name}, {role}"] = _cost(
                    conn, lambda client=client, path=path: client.get(path, base_url=_HERE), asked
                )  # type: ignore[misc]
    database.close()
    return costs


def _paths(conversation_id: int, count: int) -> dict[str, str]:
    return {
        "GET /inbox": "/inbox",
        "GET /inbox, state open": "/inbox?state=open",
        "GET /inbox, a thread": f"/inbox/{conversation_id}",
        "GET /inbox, search": f"/inbox?q=last{count % 4999}",
        "GET /leads": "/leads",
        "GET /leads, search": f"/leads?q={2_000_000 + count // 2}",
        "GET /api/sms/conversations": "/api/sms/conversations?owner=all&state=all",
    }


def _app(servers: Servers) -> Flask:
    env = stack.environment(servers, port=5000, api_url="http://127.0.0.1:1")
    names = {name.lower() for name in env if name.lower() in Settings.model_fields}
    settings = Settings(**{name: env[name.upper()] for name in names})  # type: ignore[arg-type]
    app = create_app(settings, connections=2)
    app.testing = True
    return app


def _furnish(conn: psycopg.Connection) -> None:
    conn.execute(
        "INSERT INTO users (email, name, role, password_hash) VALUES (%s, 'Owner', 'admin', 'x')",
        [stack.EMAIL],
    )


def _signed_in(app: Flask, conn: psycopg.Connection, email: str) -> FlaskClient:
    """A browser of this person; how the session came to be is no part of what is measured."""
    from webapp.accounts import sessions, users

    person = users.by_email(conn, email)
    assert person is not None
    client = app.test_client()
    with app.test_request_context(base_url=_HERE):
        sessions.start(person.actor, person.session_epoch)
        from flask import session

        kept = dict(session)
    with client.session_transaction(base_url=_HERE) as browsers:
        browsers.update(kept)
    return client


def _cost(conn: psycopg.Connection, ask: Callable[[], object], asked: int) -> _Cost:
    for _ in range(6):  # statements get prepared
        answer = ask()
    assert answer.status_code == 200, answer.status_code  # type: ignore[attr-defined]
    cost = _Cost()
    idle = min(_buffers_of(conn, lambda: None) for _ in range(3))
    for _ in range(asked):
        cost.buffers.append(max(_buffers_of(conn, lambda: _timed(ask, cost)) - idle, 0))
    return cost


def _timed(ask: Callable[[], object], cost: _Cost) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    cost.wall_ms.append((time.perf_counter() - wall) * 1000)
    cost.cpu_ms.append((time.process_time() - cpu) * 1000)


def _buffers_of(conn: psycopg.Connection, act: Callable[[], None]) -> float:
    """Buffers that the app's connections touched meanwhile, found in shared memory or read."""
    _flush()
    before = _buffers(conn)
    act()
    _flush()
    return _buffers(conn) - before


def _flush() -> None:
    """Lets every connection of the app's pool hand in its counts."""
    with database.autocommit() as one, database.autocommit() as other:
        for conn in (one, other):
            conn.execute("SELECT pg_stat_force_next_flush()")
            conn.execute("SELECT 1")


def _buffers(conn: psycopg.Connection) -> float:
    row = conn.execute(
        "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"
    ).fetchone()
    assert row is not None
    return float(row[0])
