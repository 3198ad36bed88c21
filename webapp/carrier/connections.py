"""Connections that know whether a request can have left: what sorts "not sent" from "unknown"."""

from __future__ import annotations

import time
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

#: Servers close idle connections after a minute or so: one that rested for less is not closed while we write.
_MAX_IDLE_SECONDS = 20.0


class NotConnectedError(Exception):
    """No connection (refused, no such host, timed out, TLS): not a byte of the request was written.

    Not one of urllib3's own errors, so that its pool passes it through as it is.
    """


class _Connection(HTTPConnection):
    answered_at = 0.0
    held: list[bytes] | None = None
    """The parts of a request that is being put together."""

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (urllib3's own, passed on as they are)
        """Head and body leave in one write: a system call less per text, and no request stops half-way between them."""
        self.held = []
        super().request(*args, **kwargs)
        whole, self.held = b"".join(self.held), None
        self.send(whole)

    def send(self, data: Any) -> None:  # noqa: ANN401
        if self.held is None:
            super().send(data)
        else:
            self.held.append(data)

    def connect(self) -> None:
        try:
            super().connect()
        except Exception as error:
            raise NotConnectedError from error
        self.answered_at = time.monotonic()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3
        response = super().getresponse()
        self.answered_at = time.monotonic()
        return response

    @property
    def is_connected(self) -> bool:
        """Asked before each reuse. urllib3 looks for the server's goodbye; we leave tired connections alone as well,
        because one that is reset after we wrote means an unknown outcome."""
        return time.monotonic() - self.answered_at < _MAX_IDLE_SECONDS and super().is_connected


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


#: For ``PoolManager.pool_classes_by_scheme``.
POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}
