"""What the process tree takes while it sends: PSS (shared pages shared out) and RSS, most of each."""

from __future__ import annotations

import time

import psutil

from bench import apart, seeding, stack
from bench.stack import Servers, Tree
from bench.tables import Report
from webapp.jobs import queues
from webapp.local.ports import free_port
from webapp.messaging import hints
from webapp.simulator import defaults

SECTION = "memory"
_MEGABYTE = 1024 * 1024


def run(servers: Servers, report: Report, *, quick: bool) -> None:
    texts = 200 if quick else 10_000
    servers.empty()
    queues.configure(servers.valkey.url)
    port = free_port()
    with apart.fake_carrier(80, 150) as carrier:
        env = stack.environment(servers, port=port, api_url=carrier.url)
        with stack.tree(servers, env) as tree, servers.connect() as conn:
            seeding.sender(conn, defaults.NUMBERS[0], 5000)
            seeding.leads(conn, texts, now=stack.noon())
            seeding.queue_texts(conn, texts, now=stack.noon())
            hints.ring_send()
            most: dict[str, tuple[float, float]] = {}
            totals: list[tuple[float, float]] = []
            query = "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'claimed', 'sending')"
            while (conn.execute(query).fetchone() or [0])[0]:
                totals.append(_sample(tree, most))
                time.sleep(0.5)
    _tell(report, texts, most, totals)


def _sample(tree: Tree, most: dict[str, tuple[float, float]]) -> tuple[float, float]:
    """Megabytes of PSS and RSS of all processes together, now."""
    total = (0.0, 0.0)
    for process in [tree.process, *tree.children()]:
        try:
            title, memory = " ".join(process.cmdline()).strip(), process.memory_full_info()
        except psutil.Error:
            continue
        name = title if title.startswith("leadline:") else "leadline serve (parent)"
        now = (memory.pss / _MEGABYTE, memory.rss / _MEGABYTE)
        before = most.get(name, (0.0, 0.0))
        most[name] = (max(before[0], now[0]), max(before[1], now[1]))
        total = (total[0] + now[0], total[1] + now[1])
    return total


def _tell(report: Report, texts: int, most: dict[str, tuple[float, float]], totals: list[tuple[float, float]]) -> None:
    rows = [(name, f"{pss:.0f}", f"{rss:.0f}") for name, (pss, rss) in sorted(most.items())]
    together = ("all at the same moment", *(f"{max(total[kind] for total in totals):.0f}" for kind in (0, 1)))
    report.table(
        SECTION,
        f"Memory while {texts:,} texts are sent, most of each",
        ("MB", "PSS", "RSS"),
        [*rows, together, ("aim", "200", "420")],
    )
