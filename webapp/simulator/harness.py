"""The simulator as a child process, for tests and benchmarks: a free port, a control client, a real kill -9."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import urllib3

from webapp.simulator import defaults


class ControlRefused(Exception):  # noqa: N818 - what happened
    """The control API said no; `field` names what was wrong with the input."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.field = json.loads(body).get("field") if body.startswith("{") else None


class SimulatorServer:
    """`python -m webapp.simulator` on a free port; ready when the constructor returns. Use as a context manager.

    `options` are further command line options. The port is kept over `kill()` and `start()`.
    """

    account_sid = defaults.ACCOUNT_SID
    conversations_service_sid = defaults.CONVERSATIONS_SERVICE_SID
    messaging_service_sid = defaults.MESSAGING_SERVICE_SID
    numbers = defaults.NUMBERS

    def __init__(
        self,
        state_dir: Path,
        webhook_url: str | None = None,
        options: Sequence[str] = (),
        auth_token: str = defaults.AUTH_TOKEN,
    ) -> None:
        self.auth_token, self.state_dir = auth_token, state_dir
        self._socket = socket.create_server((defaults.HOST, 0), backlog=512)
        self.address: tuple[str, int] = self._socket.getsockname()
        self.url = f"http://{defaults.HOST}:{self.address[1]}"
        self._pool = urllib3.PoolManager(maxsize=8, retries=False, timeout=30)
        self._options = ["--state-dir", str(state_dir), *options]
        if webhook_url:
            self._options += ["--webhook-url", webhook_url]
        self.start()

    def start(self, timeout: float = 60.0) -> None:
        """Start the process and wait until it answers. Raises TimeoutError."""
        number = self._socket.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "webapp.simulator", "--bind", f"fd://{number}", "--end-with-parent", *self._options],
            pass_fds=[number],
            # The token is the documented one unless a test wants another, whatever the machine's environment says.
            env={**os.environ, "TWILIO_AUTH_TOKEN": self.auth_token},
            start_new_session=True,
        )
        self._wait_until_ready(timeout)

    def stop(self) -> None:
        """End it with SIGTERM, and free the port."""
        self._process.terminate()
        self._process.wait(timeout=30)
        self._socket.close()

    def kill(self) -> None:
        """kill -9 of the whole process group; `start()` brings it back on the same port."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)

    # The control API -------------------------------------------------------------------------------------------------

    def texts_on(self, phone: str) -> list[dict[str, Any]]:
        """Every text that reached the handset, in order."""
        items: list[dict[str, Any]] = self.control("GET", f"/sim/phones/{quote(phone)}/messages")["items"]
        return items

    def person_texts(self, phone: str, body: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """The person texts us; `more`: media, to."""
        content: dict[str, Any] = self.control("POST", f"/sim/phones/{quote(phone)}/messages", {"body": body, **more})
        return content

    def set_faults(self, **faults: Any) -> None:  # noqa: ANN401
        """Replace all faults; without arguments none remain."""
        self.control("PUT", "/sim/faults", faults)

    def set_settings(self, **settings: Any) -> None:  # noqa: ANN401
        """See `simulator.Settings`."""
        self.control("PUT", "/sim/settings", settings)

    def set_switches(self, phone: str, **switches: bool) -> None:
        """off, filtered, slow, replies_get_lost."""
        self.control("PUT", f"/sim/phones/{quote(phone)}/switches", switches)

    def set_persona(self, phone: str, persona: str) -> None:
        """Who answers on the phone by itself; "" for nobody in particular."""
        self.control("PUT", f"/sim/phones/{quote(phone)}/persona", {"persona": persona})

    def requests(self) -> list[dict[str, Any]]:
        """The last REST requests, oldest first."""
        items: list[dict[str, Any]] = self.control("GET", "/sim/requests?limit=10000")["items"]
        return items

    def reset(self) -> None:
        self.control("POST", "/sim/reset")

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """One call of the control API and its JSON. Raises ControlRefused."""
        answer = (
            self._pool.request(method, self.url + path, json=body)
            if body is not None
            else self._pool.request(method, self.url + path)
        )
        if answer.status >= 400:
            raise ControlRefused(answer.status, answer.data.decode())
        return answer.json() if answer.data else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.stop()

    def _wait_until_ready(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"the simulator ended with code {self._process.returncode}")
            try:
                self.control("GET", "/healthz")
            except urllib3.exceptions.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("the simulator did not become ready")
