"""From a call of the API to the lead's handset, through the whole process tree and the simulator."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from bench import seeding, stack
from bench.stack import Servers, Tree
from bench.tables import Report, percentile
from webapp.local.ports import free_port
from webapp.simulator import defaults
from webapp.simulator.harness import SimulatorServer

SECTION = "handset"
_LATENCY_MS = 100
_A_SECOND = 10
_CALLERS = 8
_PATIENCE_SECONDS = 60.0


def run(servers: Servers, report: Report, *, quick: bool) -> None:
    texts = 20 if quick else 300
    servers.empty()
    port = free_port()
    webhook = f"http://127.0.0.1:{port}{defaults.WEBHOOK_PATH}"
    state = servers.folder / "simulator"
    with SimulatorServer(state, webhook, ["--texts-per-second", "1000"]) as simulator:
        simulator.control("PUT", "/sim/clock", {"now": stack.noon().isoformat()})
        simulator.set_faults(latency_ms=_LATENCY_MS)
        env = stack.environment(
            servers, port=port, api_url=simulator.url, leadline_clock_file=str(state / "clock.json")
        )
        with stack.tree(servers, env) as tree:
            with servers.connect() as conn:
                seeding.sender(conn, simulator.numbers[0], 1000)
                seeding.leads(conn, texts, now=stack.noon())
                conn.execute("UPDATE sms_conversations SET twilio_sid = NULL")
            clock = state / "clock.json"
            first = _round(tree, simulator, clock, texts, "first")
            again = _round(tree, simulator, clock, texts, "second")
    _tell(report, texts, first, again)


def _round(tree: Tree, simulator: SimulatorServer, clock: Path, texts: int, word: str) -> list[float]:
    """One text to each lead, evenly paced; how many seconds each took to its handset."""
    ahead = float(json.loads(clock.read_text())["offset_seconds"])
    callers = _Callers(tree.url, word, time.monotonic(), ahead)
    with ThreadPoolExecutor(_CALLERS) as threads:
        asked = list(threads.map(callers.ask, range(texts)))
    return [_arrival(simulator, phone, word) - at for phone, at in asked]


class _Callers:
    """Each thread calls the API on a connection of its own."""

    def __init__(self, url: str, word: str, starts_at: float, ahead: float) -> None:
        self.address = urlsplit(url)
        self.word, self.starts_at, self.ahead = word, starts_at, ahead
        self.local = threading.local()

    def ask(self, number: int) -> tuple[str, float]:
        """Waits for its turn, asks for one text, and tells the phone and the business time of the call."""
        time.sleep(max(0.0, self.starts_at + number / _A_SECOND - time.monotonic()))
        phone = f"+1512{2_000_001 + number}"
        body = json.dumps({"to": phone, "body": f"{self.word} text", "client_key": f"{self.word} {number}"})
        headers = {"Authorization": f"Bearer {stack.TOKEN}", "Content-Type": "application/json"}
        at = time.time() + self.ahead
        connection = self._connection()
        connection.request("POST", "/api/sms/messages", body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 202, content
        return phone, at

    def _connection(self) -> HTTPConnection:
        if not hasattr(self.local, "connection"):
            self.local.connection = HTTPConnection(self.address.hostname or "", self.address.port, timeout=30)
        connection: HTTPConnection = self.local.connection
        return connection


def _arrival(simulator: SimulatorServer, phone: str, word: str) -> float:
    """Business time, in seconds, at which the handset got the text."""
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        for text in simulator.texts_on(phone):
            if text["body"].startswith(word):
                return datetime.fromisoformat(text["received_at"]).timestamp()
        time.sleep(0.05)
    raise TimeoutError(f"a text did not reach {phone}")


def _tell(report: Report, texts: int, first: list[float], again: list[float]) -> None:
    title = (
        f"API call to handset, {texts} texts at {_A_SECOND} a second, each REST answer of the carrier after "
        f"{_LATENCY_MS} ms and its handset {defaults.CARRIER_LATENCY_MS} ms later"
    )
    floors = {"first text: opens the thread (3 answers)": (first, 3), "next text in a thread (1 answer)": (again, 1)}
    report.table(
        SECTION,
        title,
        ("seconds", "floor", "p50", "p95", "p99", "most", "aim p99"),
        [
            (
                name,
                f"{(answers * _LATENCY_MS + defaults.CARRIER_LATENCY_MS) / 1000:.2f}",
                *(f"{percentile(took, share):.2f}" for share in (0.5, 0.95, 0.99)),
                f"{max(took):.2f}",
                "< 1.00",
            )
            for name, (took, answers) in floors.items()
        ],
    )
