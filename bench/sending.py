"""One worker process sending, claim and write-back included, beside a bare client doing the same POSTs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import psutil
import psycopg

from bench import apart, seeding, stack
from bench.apart import FakeCarrier
from bench.stack import Servers
from bench.tables import Report, median, spread
from webapp.jobs import queues
from webapp.messaging import hints
from webapp.simulator import defaults

SECTION = "sending"
LEAST_MS, MOST_MS = 80, 150
IN_FLIGHT = 64
_SEGMENTS_PER_SECOND = 5000


@dataclass
class _Series:
    """Per round: texts a second, share of the latency bound, CPU seconds for 1,000 texts."""

    rates: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    postgres: list[float] = field(default_factory=list)


def run(servers: Servers, report: Report, *, quick: bool, rounds: int) -> None:
    texts = IN_FLIGHT * (10 if quick else 100)
    worker, bare = _Series(), _Series()
    with apart.fake_carrier(LEAST_MS, MOST_MS) as carrier:
        env = stack.environment(servers, port=1, api_url=carrier.url, send_threads=str(IN_FLIGHT))
        _prepare(servers, texts)
        with stack.tree(servers, env, processes="send") as tree, servers.connect() as conn:
            process = tree.child("worker send")
            _round(servers, conn, process, carrier, IN_FLIGHT, _Series())  # imports, connections, threads
            for _ in range(rounds):
                _round(servers, conn, process, carrier, texts, worker)
                _bare_round(carrier, texts, bare)
    _tell(report, texts, worker, bare)


def _prepare(servers: Servers, texts: int) -> None:
    servers.empty()
    queues.configure(servers.valkey.url)
    with servers.connect() as conn:
        seeding.sender(conn, defaults.NUMBERS[0], _SEGMENTS_PER_SECOND)
        seeding.leads(conn, texts, now=stack.noon())


def _round(
    servers: Servers,
    conn: psycopg.Connection,
    process: psutil.Process,
    carrier: FakeCarrier,
    texts: int,
    into: _Series,
) -> None:
    seeding.queue_texts(conn, texts, now=stack.noon())
    carrier.reset()
    cpu, postgres = stack.cpu_seconds(process), servers.cpu_seconds()
    hints.ring_send()
    _wait_until_sent(conn)
    into.cpu.append((stack.cpu_seconds(process) - cpu) / texts * 1000)
    into.postgres.append((servers.cpu_seconds() - postgres) / texts * 1000)
    _note_rate(carrier, texts, into)


def _bare_round(carrier: FakeCarrier, texts: int, into: _Series) -> None:
    carrier.reset()
    told = apart.outcome("bench.bare_client", carrier.url, str(texts), str(IN_FLIGHT))
    into.cpu.append(told["cpu"] / texts * 1000)
    _note_rate(carrier, texts, into)


def _note_rate(carrier: FakeCarrier, texts: int, into: _Series) -> None:
    """The bound: so many in flight, each for the mean of the latencies that were really drawn."""
    stats = carrier.stats()
    assert stats["messages"] == texts, "each text is asked of the carrier once"
    rate = texts / stats["seconds"]
    into.rates.append(rate)
    into.shares.append(100 * rate * stats["latency"] / IN_FLIGHT)


def _wait_until_sent(conn: psycopg.Connection) -> None:
    ends_at = time.monotonic() + 300
    while time.monotonic() < ends_at:
        row = conn.execute(
            "SELECT 1 FROM sms_messages WHERE status IN ('queued', 'claimed', 'sending', 'unconfirmed') LIMIT 1"
        ).fetchone()
        if row is None:
            return
        hints.ring_send()  # at most one unanswered bell, as after every commit
        time.sleep(0.1)
    raise TimeoutError("texts were not sent")


def _tell(report: Report, texts: int, worker: _Series, bare: _Series) -> None:
    report.table(
        SECTION,
        f"Sending {texts:,} texts, {IN_FLIGHT} in flight, carrier latency {LEAST_MS}-{MOST_MS} ms: median (least-most)",
        ("", "texts/s", "% of latency bound", "CPU s per 1,000 (process)", "CPU s per 1,000 (Postgres)"),
        [
            (
                "one worker process: claim, gate, send, write back",
                spread(worker.rates, 0),
                spread(worker.shares, 1),
                spread(worker.cpu),
                spread(worker.postgres),
            ),
            ("bare urllib3 client, same POSTs", spread(bare.rates, 0), spread(bare.shares, 1), spread(bare.cpu), "-"),
            (
                "ratio",
                f"{median(worker.rates) / median(bare.rates):.2f}x",
                "aim 95",
                f"{median(worker.cpu) / median(bare.cpu):.2f}x (aim 0.90 s)",
                "",
            ),
        ],
    )
