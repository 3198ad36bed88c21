"""A carrier that costs next to nothing: takes any POST of a message after a random time, and counts. Standard library.

``python -m bench.fake_carrier PORT LEAST_MS MOST_MS``. ``GET /stats`` tells, ``POST /reset`` forgets.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from itertools import count

_CREATED = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
_OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
_NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
_MESSAGE = json.dumps(
    {
        "sid": "%(sid)s",
        "account_sid": "AC" + "1".zfill(32),
        "chat_service_sid": "IS" + "1".zfill(32),
        "conversation_sid": "%(thread)s",
        "index": 0,
        "author": "+17375550100",
        "body": "",
        "media": None,
        "attributes": "{}",
        "participant_sid": None,
        "date_created": "2026-12-01T12:00:00Z",
        "date_updated": "2026-12-01T12:00:00Z",
        "delivery": None,
        "url": "https://conversations.twilio.com/",
        "links": {},
        "content_sid": None,
    }
)


@dataclass
class Counts:
    """What came since the last reset. Times are this machine's monotonic clock, latencies seconds."""

    messages: int = 0
    first: float = 0.0
    last: float = 0.0
    latency: float = 0.0
    numbers: count[int] = field(default_factory=count)

    def took(self, latency: float) -> None:
        now = time.monotonic()
        self.first = self.first or now
        self.last = max(self.last, now + latency)
        self.messages += 1
        self.latency += latency

    def told(self) -> str:
        mean = self.latency / self.messages if self.messages else 0.0
        return json.dumps({"messages": self.messages, "seconds": self.last - self.first, "latency": mean})


class Caller(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, counts: Counts, least: float, most: float) -> None:
        self.counts, self.least, self.most = counts, least, most
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        length = _content_length(head) if found else 0
        if found and len(rest) >= length:
            self.buffer = rest[length:]
            self._answer(head.split(b" ", 2))

    def _answer(self, request: list[bytes]) -> None:
        method, path = request[0], request[1].decode()
        if method == b"POST" and path.endswith("/Messages"):
            latency = random.uniform(self.least, self.most)
            self.counts.took(latency)
            sid = f"IM{next(self.counts.numbers):032x}"
            body = _MESSAGE % {"sid": sid, "thread": path.rsplit("/", 2)[-2]}
            asyncio.get_running_loop().call_later(latency, self._write, _CREATED, body)
        elif path == "/stats":
            self._write(_OK, self.counts.told())
        elif path == "/reset":
            self.counts.messages, self.counts.first, self.counts.last, self.counts.latency = 0, 0.0, 0.0, 0.0
            self._write(_OK, "{}")
        else:
            self._write(_NOT_FOUND, '{"code": 20404, "message": "not here", "status": 404}')

    def _write(self, head: str, body: str) -> None:
        if not self.transport.is_closing():
            self.transport.write((head.format(len(body)) + body).encode())


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


async def serve(port: int, least_ms: float, most_ms: float) -> None:
    counts = Counts()
    server = await asyncio.get_running_loop().create_server(
        lambda: Caller(counts, least_ms / 1000, most_ms / 1000), "127.0.0.1", port, backlog=512
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
