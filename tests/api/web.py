"""The web process as it runs in production: ``leadline serve``, on a port."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from typing import Self

from tests.conftest import Servers
from webapp.local.ports import free_port

_PATIENCE_SECONDS = 60.0


class WebProcess:
    """Ready on entering; stopped, and waited for, on leaving."""

    def __init__(self, servers: Servers) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "SECRET_KEY": "a secret for tests, 32 characters",
            "CRON_SECRET": "a cron secret for tests, long enough",
            "APP_URL": self.url,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "LEADLINE_PROCESSES": "web",
        }
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed on leaving)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "webapp.cli", "serve"]
        self._process = subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(_PATIENCE_SECONDS)
        self._log.close()

    def log(self) -> str:
        """What the process has said so far."""
        self._log.seek(0)
        return self._log.read()

    def _wait(self) -> None:
        ends_at = time.monotonic() + _PATIENCE_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < ends_at, self.log()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
