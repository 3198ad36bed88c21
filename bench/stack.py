"""Real parts for a bench: embedded servers in a temporary folder, and a ``leadline serve`` against them."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg
import redis

from webapp.local.ports import free_port
from webapp.local.postgres import EmbeddedPostgres
from webapp.local.valkey import EmbeddedValkey
from webapp.simulator import defaults

ROOT = Path(__file__).parents[1]
TOKEN = "bench-token-bench-token-bench-token"  # a database of its own, gone with the bench
EMAIL, PASSWORD = "owner@bench.example", "a password for the bench"
_OURS = ("LEADLINE_", "TWILIO_", "DATABASE_URL", "REDIS_URL", "APP_URL", "SECRET_KEY", "SMTP_URL", "PORT", "HOST")
_PATIENCE_SECONDS = 60.0


@dataclass
class Servers:
    """An embedded Postgres with an empty, migrated database, and a Valkey."""

    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    folder: Path

    def connect(self) -> psycopg.Connection:
        """A connection that commits each statement."""
        return psycopg.connect(self.postgres.url, autocommit=True)

    def empty(self) -> None:
        """Forgets everything but the schema."""
        with self.connect() as conn:
            rows = conn.execute(
                "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' "
                "AND tablename NOT IN ('alembic_version', 'sms_events_default')"
            ).fetchall()
            conn.execute("TRUNCATE " + ", ".join(row[0] for row in rows) + " RESTART IDENTITY CASCADE")
        redis.Redis.from_url(self.valkey.url).flushall()

    def cpu_seconds(self) -> float:
        """What Postgres has used so far, as far as its processes still live."""
        return _cpu_of_tree(psutil.Process(self.postgres.pid))


@contextmanager
def servers() -> Iterator[Servers]:
    """Durable settings, as in production. From the main thread."""
    folder = Path(tempfile.mkdtemp(prefix="leadline-bench-"))
    folder.chmod(0o755)
    postgres, valkey = EmbeddedPostgres(folder / "postgres"), EmbeddedValkey(folder / "valkey")
    try:
        postgres.launch()
        valkey.launch()
        postgres.wait_ready()
        valkey.wait_ready()
        found = Servers(postgres, valkey, folder)
        _leadline(environment(found, port=1, api_url="http://127.0.0.1:1"), "db", "upgrade")
        yield found
    finally:
        valkey.stop()
        postgres.remove()
        shutil.rmtree(folder, ignore_errors=True)


def environment(servers: Servers, *, port: int, api_url: str, **more: str) -> dict[str, str]:
    """The environment of a Leadline on ``port`` whose carrier answers at ``api_url``; nothing of our own leaks in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return (
        clean
        | {
            "DATABASE_URL": servers.postgres.url,
            "REDIS_URL": servers.valkey.url,
            "SECRET_KEY": secrets.token_hex(32),
            "APP_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "LEADLINE_HOST": "127.0.0.1",
            "TWILIO_API_BASE_URL": api_url,
            "TWILIO_ACCOUNT_SID": defaults.ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": defaults.AUTH_TOKEN,
            "TWILIO_CONVERSATIONS_SERVICE_SID": defaults.CONVERSATIONS_SERVICE_SID,
            "TWILIO_MESSAGING_SERVICE_SID": defaults.MESSAGING_SERVICE_SID,
            "TWILIO_SMS_NUMBER": defaults.NUMBERS[0],
            "LEADLINE_ADMIN_EMAIL": EMAIL,
            "LEADLINE_ADMIN_PASSWORD": PASSWORD,
            "LEADLINE_ADMIN_TOKEN": TOKEN,
            "LEADLINE_CLOCK": noon().isoformat(),
        }
        | {name.upper(): value for name, value in more.items()}
    )


def noon() -> datetime:
    """Noon in Texas of a coming day: no text is held for the hour."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return tomorrow.replace(hour=18, minute=0, second=0, microsecond=0)


@dataclass
class Tree:
    """A running ``leadline serve``."""

    process: psutil.Popen
    url: str
    log: Path
    _known: dict[str, psutil.Process] = field(default_factory=dict)

    def child(self, title: str) -> psutil.Process:
        """The process with this title, such as ``worker send``. The worker of gunicorn is ``web``."""
        ends_at = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < ends_at:
            for process in self.children():
                if _title(process) == f"leadline: {title}":
                    return process
            time.sleep(0.05)
        raise TimeoutError(f"there is no process {title}; its log: {self.log.read_text()[-2000:]}")

    def children(self) -> list[psutil.Process]:
        return list(self.process.children(recursive=True))


@contextmanager
def tree(servers: Servers, env: Mapping[str, str], *, processes: str = "web,send,flow,bulk,clock") -> Iterator[Tree]:
    """``leadline serve`` with some of its processes, ready. Its log is kept beside the servers."""
    url, log = env["APP_URL"], servers.folder / f"serve-{free_port()}.log"
    with log.open("wb") as out:
        process = psutil.Popen(
            [sys.executable, "-m", "webapp.cli", "serve"],
            env={**env, "LEADLINE_PROCESSES": processes},
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    try:
        if "web" in processes:
            _wait_until_ready(url, log)
        yield Tree(process, url, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of one process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _cpu_of_tree(process: psutil.Process) -> float:
    return sum(cpu_seconds(each) for each in [process, *process.children(recursive=True)])


def _title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()).strip()
    except psutil.Error:
        return ""


def _leadline(env: Mapping[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "-m", "webapp.cli", *command], env=env, cwd=ROOT, check=True, capture_output=True)


def _wait_until_ready(url: str, log: Path) -> None:
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        try:
            with urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"not ready: {log.read_text()[-2000:]}")
