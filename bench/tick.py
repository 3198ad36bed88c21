"""The tick: enrollments a second, beside SQL that writes the same rows without a rule, the loop of a tutorial, and
django-post_office's bulk call."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy.orm import Session

from bench import apart, campaigns, inside, seeding, stack, tick_floor, tutorial
from bench.stack import Servers
from bench.tables import Report, median, spread
from webapp.accounts import settings as account_settings
from webapp.campaigns import tick, tick_sql
from webapp.jobs import heap

SECTION = "tick"
#: Takes one batch; how many it was.
_Way: TypeAlias = Callable[[psycopg.Connection, datetime], int]
#: As many as the slow ways get through in a few seconds.
_LOOP, _MAIL = 1000, 10_000
_MILLION = 1_000_000
_FLOOR_NAME, _TICK_NAME, _LOOP_NAME, _MAIL_NAME = "SQL floor", "the tick", "ORM loop", "django-post_office"


@dataclass
class _Measured:
    """Of each way, round by round: enrollments a second, and milliseconds of CPU each."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, count: int, seconds: float, cpu_seconds: float) -> None:
        self.rates.setdefault(name, []).append(count / seconds)
        self.cpu.setdefault(name, []).append(1000 * cpu_seconds / count)

    def rate(self, name: str) -> float:
        return median(self.rates[name])

    def work(self, name: str) -> float:
        return median(self.cpu[name])


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    """A million due takes some ten minutes, so that it gets one round."""
    sizes = (2_000, 10_000) if quick else (10_000, 100_000, _MILLION)
    with inside.leadline(servers.postgres.url, servers.valkey.url) as now:
        heap.set_aside()  # as ``leadline serve`` does before it forks its workers, and the next as each of those does
        heap.work_in_batches()
        found = [_compare(servers, report, size, 1 if size == _MILLION else rounds, now) for size in sizes]
        _tell_growth(report, sizes, found)
        _idle(servers, report, now)


def _compare(servers: Servers, report: Report, size: int, rounds: int, now: datetime) -> _Measured:
    ways: dict[str, _Way] = {_FLOOR_NAME: _floor, _TICK_NAME: _tick}
    found = _Measured()
    for number in range(rounds):
        for name, act in ways.items() if number % 2 == 0 else reversed(ways.items()):
            _seed(servers, size, now)
            with psycopg.connect(servers.postgres.url) as conn:
                found.add(name, *_measured(servers, lambda act=act, conn=conn: _all(act, conn, now)))
        _seed(servers, min(size // 10, _LOOP), now)
        with tutorial.engine(servers.postgres.url) as engine, Session(engine) as session:
            session.connection()
            found.add(_LOOP_NAME, *_measured(servers, lambda session=session: tutorial.run(session, now)))
        if _has_post_office():
            found.add(_MAIL_NAME, min(size, _MAIL), *_post_office(servers, min(size, _MAIL)))
    _tell(report, size, found)
    return found


def _tell(report: Report, size: int, found: _Measured) -> None:
    floor_rate, floor_work = found.rate(_FLOOR_NAME), found.work(_FLOOR_NAME)
    report.table(
        SECTION,
        f"{size:,} enrollments due, each with its text, event, ledger row, thread and next moment",
        ("", "a second", "wall / floor", "CPU ms each", "CPU / floor"),
        [
            (
                name,
                spread(rates, 0),
                f"{floor_rate / median(rates):.2f}",
                spread(found.cpu[name], 3),
                f"{median(found.cpu[name]) / floor_work:.2f}",
            )
            for name, rates in found.rates.items()
        ],
    )
    for rival in (_LOOP_NAME, _MAIL_NAME):
        if rival in found.rates:
            report.note(SECTION, f"{rival}: the tick has {found.rate(_TICK_NAME) / found.rate(rival):.1f} x its rate.")
    if not _has_post_office():
        report.note(SECTION, "Not beside django-post_office: .venv/bin/pip install -r requirements-bench.txt")


def _tell_growth(report: Report, sizes: tuple[int, ...], found: list[_Measured]) -> None:
    grown = {name: found[-1].work(name) / found[0].work(name) for name in (_FLOOR_NAME, _TICK_NAME)}
    report.note(
        SECTION,
        f"From {sizes[0]:,} to {sizes[-1]:,} due an enrollment's CPU grows {grown[_TICK_NAME]:.2f} x, "
        f"the floor's {grown[_FLOOR_NAME]:.2f} x.",
    )


def _seed(servers: Servers, size: int, now: datetime) -> None:
    servers.empty()
    account_settings.forget()
    with servers.connect() as conn:
        seeding.sender(conn, "+15125550100", 1000)
        seeding.leads(conn, size, now=now - timedelta(days=2))
        conn.execute("INSERT INTO settings (key, value) VALUES ('business_name', '\"Bluebonnet\"')")
        made = campaigns.create(conn, campaigns.FIVE, now)
        campaigns.enter_everybody(conn, made, now, due=now, within_seconds=600)
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT")


def _measured(servers: Servers, work: Callable[[], int]) -> tuple[int, float, float]:
    """How many ``work`` did, in how many seconds, with how many of CPU: of this process and of those of Postgres that
    serve it. What Postgres does besides (autovacuum, checkpoints) comes when it likes."""
    with servers.connect() as watching:
        own, theirs, started = time.process_time(), _backends(watching), time.perf_counter()
        count = work()
        seconds = time.perf_counter() - started
        own = time.process_time() - own
        spent = sum(used - theirs.get(pid, 0.0) for pid, used in _backends(watching).items())
    return count, seconds, own + spent


def _backends(conn: psycopg.Connection) -> dict[int, float]:
    """CPU seconds of each connection's process so far."""
    rows = conn.execute(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname IS NOT NULL"
    )
    return {pid: stack.cpu_seconds(psutil.Process(pid)) for (pid,) in rows}


def _all(act: _Way, conn: psycopg.Connection, now: datetime) -> int:
    count = 0
    while done := act(conn, now):
        conn.commit()
        count += done
    return count


def _floor(conn: psycopg.Connection, now: datetime) -> int:
    row = conn.execute(tick_floor.FLOOR, {"now": now, "batch": tick.BATCH}).fetchone()
    return int(row[0]) if row else 0


def _tick(conn: psycopg.Connection, now: datetime) -> int:
    ran = tick.run_batch(conn, now)
    assert ran.queued == ran.claimed, ran
    return ran.claimed


def _has_post_office() -> bool:
    return importlib.util.find_spec("post_office") is not None


def _post_office(servers: Servers, count: int) -> tuple[float, float]:
    """Seconds, and those of CPU, in a database of its own."""
    with servers.connect() as conn:
        conn.execute("DROP DATABASE IF EXISTS post_office")
        conn.execute("CREATE DATABASE post_office")
    told = apart.outcome("bench.post_office", make_conninfo(servers.postgres.url, dbname="post_office"), str(count))
    return told["seconds"], told["cpu_seconds"]


def _idle(servers: Servers, report: Report, now: datetime) -> None:
    """With all rows there, and none of them due."""
    with servers.connect() as conn:
        asked = {"now": now - timedelta(days=365), "limit": tick.BATCH}
        plan = conn.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {tick_sql.CLAIM}", asked).fetchone()
    assert plan is not None
    top = plan[0][0]["Plan"]
    report.note(SECTION, f"An idle tick touches {top['Shared Hit Blocks'] + top['Shared Read Blocks']} buffers.")
