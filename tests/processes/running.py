"""Leadline as people run it: real process trees, driven over HTTP, killed for real."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
import urllib3

from webapp.local.ownership import lives
from webapp.local.ports import free_port

PATIENCE_SECONDS = 60.0
SHUTDOWN_SECONDS = 25.0
ADMIN = {
    "LEADLINE_ADMIN_EMAIL": "ada@example.com",
    "LEADLINE_ADMIN_PASSWORD": "a password nobody should ever see",
    "LEADLINE_ADMIN_TOKEN": "a-token-of-more-than-thirty-two-characters",
}
#: Noon in Texas, and settle times that suit a simulator.
CIRCUMSTANCES = {
    "LEADLINE_CLOCK": "2026-12-09T18:00:00Z",
    "LEADLINE_SETTLE_SECONDS": "1",
    "LEADLINE_REREAD_SECONDS": "0.5",
    "LEADLINE_CARRIER_TIMEOUT": "2",
}
CONSENT = {"source": "web form", "attested": True}
_READY = re.compile(r"^Leadline is ready on (http://\S+)\n$")


def until(condition: Callable[[], object], what: str, patience: float = PATIENCE_SECONDS) -> None:
    ends_at = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends_at, f"waited in vain until {what}"
        time.sleep(0.05)


class Command:
    """One ``leadline`` command in a process of its own."""

    def __init__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: str = "log"
    ) -> None:
        self.log = folder / log
        with self.log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "webapp.cli", *arguments],
                cwd=folder,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def first_line(self) -> str:
        """Blocks until there is one; empty when the command has ended without."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def titles(self) -> list[str]:
        """The titles of all its processes, with repetitions."""
        return sorted(title_of(process) for process in self.processes() if process.pid != self.pid)

    def processes(self) -> list[psutil.Process]:
        """All processes of the tree, the parent first."""
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def kill_child(self, title: str) -> int:
        """kill -9 of the process of this title, once it is there: one that died just now comes back after a while."""
        until(lambda: title in self.titles(), f"{title} runs")
        victim = next(process for process in self.processes() if title_of(process) == title)
        victim.kill()
        return victim.pid

    def stop(self, signal_number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Ends it politely; its exit code and what else it printed."""
        self._process.send_signal(signal_number)
        rest, _ = self._process.communicate(timeout=SHUTDOWN_SECONDS + 5)
        return self._process.returncode, rest

    def kill(self) -> list[int]:
        """kill -9 of the parent alone; returns the pids that it leaves behind."""
        left = [process.pid for process in self.processes()[1:]]
        self._process.kill()
        self._process.communicate(timeout=10)
        return left

    def exit_code(self) -> int:
        """Waits for its end."""
        return self._process.wait(timeout=PATIENCE_SECONDS)

    def end(self) -> None:
        """However it is, it ends."""
        if self._process.poll() is None:
            self.stop()


class Leadline(Command):
    """``leadline up`` in its folder, ready. Its admin's token talks to the API, its simulator holds the handsets."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.port, self.simulator_port = free_port(), free_port()
        ports = ["--port", str(self.port), "--simulator-port", str(self.simulator_port)]
        super().__init__(["up", *ports], folder, {**ADMIN, **CIRCUMSTANCES, **(environment or {})})
        self.data_dir = folder / ".leadline"
        self.ready_line = self.first_line()
        told = _READY.match(self.ready_line)
        if told is None:
            self.end()
            raise AssertionError(f"leadline up said {self.ready_line!r}; its log: {self.log.read_text()[-4000:]}")
        self.api = Api(told[1])
        self.handsets = Handsets(f"http://127.0.0.1:{self.simulator_port}")

    @property
    def services(self) -> dict[str, str]:
        """What it tells other commands."""
        lines = (self.data_dir / "services.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


def lift_caps(database_url: str) -> None:
    """Stories about processes text the same few people more often than anybody may be texted in a day."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("INSERT INTO settings (key, value) VALUES ('cap_per_lead', '50') ON CONFLICT DO NOTHING")


class Api:
    """The HTTP API with the first admin's token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=20)
        self._headers = {"Authorization": f"Bearer {ADMIN['LEADLINE_ADMIN_TOKEN']}"}

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        return self._pool.request("GET", self.url + path, headers=self._headers)

    def post(self, path: str, body: object) -> urllib3.BaseHTTPResponse:
        return self._pool.request("POST", self.url + path, json=body, headers=self._headers)

    def put(self, path: str, body: object) -> urllib3.BaseHTTPResponse:
        return self._pool.request("PUT", self.url + path, json=body, headers=self._headers)

    def patch(self, path: str, body: object) -> urllib3.BaseHTTPResponse:
        return self._pool.request("PATCH", self.url + path, json=body, headers=self._headers)

    def text(self, phone: str, body: str) -> dict[str, Any]:
        """A text asked for as a careful program does: again under the same key, until it is told that it stands."""
        wanted = {"to": phone, "body": body, "consent": CONSENT, "client_key": f"{phone} {body}"}
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.post("/api/sms/messages", wanted)
            except urllib3.exceptions.HTTPError:
                answer = None
            if answer is not None and answer.status in {200, 202}:
                message: dict[str, Any] = answer.json()
                return message
            assert answer is None or answer.status in {429, 503}, answer.data
            assert time.monotonic() < ends_at, "nobody took the text"
            time.sleep(0.1)

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz").status == 200
        except urllib3.exceptions.HTTPError:
            return False


class Handsets:
    """The simulator's control API: the ground truth."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=20)

    def received(self, phone: str) -> list[str]:
        """The bodies of what reached the handset from us, in order."""
        answer = self._pool.request("GET", f"{self._url}/sim/phones/{quote(phone)}/messages")
        return [text["body"] for text in answer.json()["items"] if not text["automatic"]]

    def answers_after(self, milliseconds: int) -> None:
        """How long the carrier takes for a request."""
        answer = self._pool.request("PUT", f"{self._url}/sim/faults", json={"latency_ms": milliseconds})
        assert answer.status < 300, answer.data

    def says(self, phone: str, body: str) -> None:
        """The person texts us."""
        answer = self._pool.request("POST", f"{self._url}/sim/phones/{quote(phone)}/messages", json={"body": body})
        assert answer.status < 300, answer.data


def title_of(process: psutil.Process) -> str:
    """What ``ps`` shows, or an empty text when it has just ended."""
    try:
        return " ".join(process.cmdline()).strip()
    except psutil.Error:
        return ""


def all_end(pids: Sequence[int], patience: float = 20.0) -> bool:
    """Whether the processes end by themselves."""
    ends_at = time.monotonic() + patience
    while any(lives(pid) for pid in pids):
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.05)
    return True
