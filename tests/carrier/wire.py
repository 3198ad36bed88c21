"""Real TCP servers that behave as badly as a test wants."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

Behaviour = Callable[[socket.socket, bytes], None]


@dataclass
class Wire:
    """Reads each request whole, notes it, and lets ``behave`` answer it, or nobody; a connection stays open meanwhile."""

    behave: Behaviour | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    finished: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finished.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while not self.finished.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while request := _read_request(connection):
                    self.requests.append(request)
                    if self.behave is not None:
                        self.behave(connection, request)
            except OSError:
                return  # either side hung up, which is what many of these tests are about


def reply(status: int, body: object = None, **headers: str) -> Behaviour:
    """A behaviour: a whole answer; ``body`` goes as JSON unless it is bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
    return lambda connection, request: connection.sendall(whole)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """A behaviour: one after the other, a request each."""
    remaining = iter(behaviours)

    def behave(connection: socket.socket, request: bytes) -> None:
        next(remaining)(connection, request)

    return behave


def raw(answer: bytes) -> Behaviour:
    """A behaviour: these bytes, whatever they are, and no more."""

    def behave(connection: socket.socket, request: bytes) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    return behave


def reset(connection: socket.socket, request: bytes) -> None:
    """A behaviour: the connection is torn down at once, without a goodbye."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def refused_url() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        return f"http://127.0.0.1:{nobody.getsockname()[1]}"


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    needed = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < needed:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
