"""A launch to people nobody has written to: their threads opened as the texts are sent, and opened ahead."""

from __future__ import annotations

import bisect
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import psycopg
import redis

from bench import campaigns, seeding, stack
from bench.stack import Servers
from bench.tables import Report
from webapp.campaigns import hints
from webapp.jobs import queues
from webapp.simulator.harness import SimulatorServer

SECTION = "threads"
_LATENCY_MS = 100
_LIMIT = 30
_SEGMENTS_PER_SECOND = 100
_PATIENCE_SECONDS = 600.0

_TEXT = "Hi {{ first_name }}, the house can be seen on Saturday."
_UNOPENED = "SELECT count(*) FROM sms_conversations WHERE twilio_sid IS NULL"
_SENT = "SELECT count(*) FROM sms_messages WHERE twilio_sid IS NOT NULL"


def run(servers: Servers, report: Report, *, quick: bool) -> None:
    """Each way once: what is measured takes a minute, and is ruled by the carrier's limit."""
    texts = 200 if quick else 2_000
    rows = [_told(name, texts, *_launch(servers, texts, ahead=ahead)) for name, ahead in _WAYS]
    report.table(
        SECTION,
        f"{texts:,} first texts of a campaign; {_SEGMENTS_PER_SECOND} texts a second from our number, {_LIMIT} new "
        f"threads a second, each REST answer after {_LATENCY_MS} ms",
        ("threads opened", "seconds before", "seconds from due to sent", "texts/s", "most opened in a second", "429s"),
        rows,
    )


_WAYS = (("as the texts are sent", False), ("ahead", True))


def _told(name: str, texts: int, before: float, took: float, busiest: int, refused: int) -> tuple[str, ...]:
    ahead = f"{before:.1f}" if before else "-"
    return name, ahead, f"{took:.1f}", f"{texts / took:.0f}", str(busiest), str(refused)


def _launch(servers: Servers, texts: int, *, ahead: bool) -> tuple[float, float, int, int]:
    """Seconds that opening ahead took, and that the texts took from their due moment on; the most creations in one
    second, and how many the carrier turned away."""
    servers.empty()
    state = servers.folder / ("ahead" if ahead else "at send")
    with SimulatorServer(state, options=["--texts-per-second", "1000"]) as simulator:
        simulator.control("PUT", "/sim/clock", {"now": stack.noon().isoformat()})
        simulator.set_faults(latency_ms=_LATENCY_MS)
        simulator.set_settings(actions_per_second=_LIMIT)
        env = stack.environment(
            servers,
            port=1,
            api_url=simulator.url,
            leadline_clock_file=str(state / "clock.json"),
            leadline_threads_per_second=str(_LIMIT),
        )
        with servers.connect() as conn:
            _seed(conn, simulator.numbers[0], texts)
            queues.configure(servers.valkey.url)
            before = _open_ahead(servers, env, conn) if ahead else 0.0
            took = _send(servers, env, conn, texts)
        return before, took, *_creations(simulator)


def _seed(conn: psycopg.Connection, sender: str, texts: int) -> None:
    seeding.sender(conn, sender, _SEGMENTS_PER_SECOND)
    seeding.leads(conn, texts, now=stack.noon())
    conn.execute("UPDATE sms_conversations SET twilio_sid = NULL, last_message_at = NULL")
    conn.execute("""INSERT INTO settings (key, value) VALUES ('business_name', '"Bluebonnet"')""")
    made = campaigns.create(conn, [_TEXT], stack.noon())
    campaigns.enter_everybody(conn, made, stack.noon(), due=stack.noon() + timedelta(hours=12))
    conn.execute("VACUUM ANALYZE")


def _open_ahead(servers: Servers, env: dict[str, str], conn: psycopg.Connection) -> float:
    started = time.perf_counter()
    with stack.tree(servers, env, processes="bulk"):
        _ring_until(hints.ring_threads_ahead, conn, _UNOPENED, 0)
    return time.perf_counter() - started


def _send(servers: Servers, env: dict[str, str], conn: psycopg.Connection, texts: int) -> float:
    """From the moment at which all are due."""
    redis.Redis.from_url(servers.valkey.url).flushall()
    with stack.tree(servers, env, processes="send,flow"):
        time.sleep(2)  # both processes are up, and have nothing to do
        started = time.perf_counter()
        conn.execute("UPDATE sms_campaign_enrollments SET next_run_at = %s", [stack.noon()])
        _ring_until(hints.ring_tick, conn, _SENT, texts)
        return time.perf_counter() - started


def _ring_until(ring: Callable[[], None], conn: psycopg.Connection, query: str, count: int) -> None:
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while conn.execute(query).fetchone() != (count,):
        if time.monotonic() > ends_at:
            raise TimeoutError(f"{query} never came to {count}")
        ring()  # at most one unanswered bell, as the clock rings it
        time.sleep(0.1)


def _creations(simulator: SimulatorServer) -> tuple[int, int]:
    """The most that began within any second, and how many were turned away."""
    asked = [
        entry
        for entry in simulator.requests()
        if entry["method"] == "POST" and str(entry["path"]).endswith("/Conversations")
    ]
    begun: Sequence[float] = sorted(entry["begun_monotonic"] for entry in asked)
    busiest = max(bisect.bisect_left(begun, at + 1) - place for place, at in enumerate(begun))
    return busiest, sum(entry["status"] == 429 for entry in asked)
