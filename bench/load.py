"""Keep-alive connections that ask as fast as they are answered, from a process of their own.

``python -m bench.load FILE CONNECTIONS COUNT`` reads ``{"port": …, "requests": [text, …]}`` and asks for them in turn,
COUNT in all; prints seconds, statuses and latencies (milliseconds). With ``"pace": N`` in the file each connection asks
at most N times a second.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from itertools import count as counting
from pathlib import Path


class Asker(threading.Thread):
    """One connection."""

    def __init__(self, port: int, requests: list[bytes], numbers: counting[int], most: int, pace: float | None) -> None:
        super().__init__()
        self.pause = 1 / pace if pace else 0.0
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.numbers, self.most = requests, numbers, most
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []

    def run(self) -> None:
        while (number := next(self.numbers)) < self.most:
            started = time.perf_counter()
            self.socket.sendall(self.requests[number % len(self.requests)])
            self.statuses[self._answer()] += 1
            taken = time.perf_counter() - started
            self.latencies.append(taken * 1000)
            time.sleep(max(self.pause - taken, 0.0))

    def _answer(self) -> int:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        status = int(head[9:12])
        length = 0 if status in {204, 304} else _length(head)
        while len(body) < length:
            body += self._more()
        return status

    def _more(self) -> bytes:
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        return chunk


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def main(file: str, connections: int, most: int) -> None:
    told = json.loads(Path(file).read_text())
    requests = [request.encode() for request in told["requests"]]
    numbers = counting()
    askers = [Asker(told["port"], requests, numbers, most, told.get("pace")) for _ in range(connections)]
    started = time.monotonic()
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    seconds = time.monotonic() - started
    statuses = sum((asker.statuses for asker in askers), Counter())
    latencies = [latency for asker in askers for latency in asker.latencies]
    print(json.dumps({"seconds": seconds, "statuses": statuses, "latencies": latencies}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
