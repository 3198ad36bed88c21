"""The receiving end of the webhooks: a real HTTP server that notes what came and how it was signed."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Received:
    method: str
    url: str
    params: dict[str, str]
    signature: str

    @property
    def event(self) -> str:
        return self.params["EventType"]


class Listener:
    """`received` in order of arrival. `wait_for` waits on a condition, never on a time."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.pause_seconds = 0.0
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.origin}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def note(self, received: Received) -> None:
        with self._changed:
            self.received.append(received)
            self._changed.notify_all()

    def wait_for(self, ready: Callable[[list[Received]], bool]) -> list[Received]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self._changed:
            while not ready(self.received):
                if not self._changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"these came, and no more: {[hook.event for hook in self.received]}")
            return list(self.received)

    def wait_for_events(self, *events: str) -> list[Received]:
        """Wait until each of the events has come (as often as it is named)."""
        return self.wait_for(lambda came: _holds([hook.event for hook in came], events))

    def of(self, event: str) -> list[Received]:
        with self._changed:
            return [hook for hook in self.received if hook.event == event]

    def forget(self) -> None:
        with self._changed:
            self.received.clear()
            self.pause_seconds = 0.0

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """Takes as many connections at once as come: a full backlog would lose webhooks that the simulator did send."""

    daemon_threads = True
    request_queue_size = 128


def _holds(came: list[str], wanted: tuple[str, ...]) -> bool:
    return all(came.count(event) >= wanted.count(event) for event in wanted)


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self._take(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def do_GET(self) -> None:
            self._take(self.path.partition("?")[2])

        def _take(self, form: str) -> None:
            params = dict(parse_qsl(form, keep_blank_values=True))
            url = listener.origin + self.path
            listener.note(Received(self.command, url, params, self.headers["X-Twilio-Signature"]))
            time.sleep(listener.pause_seconds)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
