"""At most 100 requests a second per API token, over all processes.

A process takes requests from Redis in leases, so that nine of ten cost no round trip. While Redis is away requests
pass: a limit protects a healthy service, and must not stop a limping one.
"""

from __future__ import annotations

import hashlib
import threading
import time
from typing import cast

import redis
import structlog
from flask import current_app, request

from webapp.config import Settings
from webapp.web.problems import Problem

PER_SECOND = 100
_LEASE = 10
_SECOND_MS = 1000
_REDIS_FORGOTTEN_SECONDS = 5.0
_TIMEOUT_SECONDS = 0.25
_LEASES_KEPT = 10_000

#: Adds a lease to the token's present second; gives how many were taken before it, and the milliseconds left.
_TAKE = """
local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {taken - ARGV[1], left}
"""

log = structlog.get_logger(__name__)


class _Lease:
    """``left`` requests until the monotonic instant ``until``; a used-up second is a lease that cannot be renewed."""

    __slots__ = ("left", "renewable", "until")

    def __init__(self, left: int, until: float, *, renewable: bool = True) -> None:
        self.left, self.until, self.renewable = left, until, renewable

    def stands(self, now: float) -> bool:
        return now < self.until and (self.left > 0 or not self.renewable)


class RateLimit:
    """The leases of one process."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.Redis.from_url(
            redis_url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        )
        self._leases: dict[str, _Lease] = {}
        self._lock = threading.Lock()

    def take(self, identity: str) -> bool:
        """Takes one request of this second; False when there is none left."""
        with self._lock:
            now = time.monotonic()
            lease = self._leases.get(identity)
            if lease is None or not lease.stands(now):
                lease = self._keep(identity, self._ask(identity, now))
            lease.left -= 1
            return lease.left >= 0

    def _keep(self, identity: str, lease: _Lease) -> _Lease:
        if len(self._leases) >= _LEASES_KEPT:
            self._leases.clear()
        self._leases[identity] = lease
        return lease

    def _ask(self, identity: str, now: float) -> _Lease:
        try:
            answer = self._redis.eval(_TAKE, 1, f"leadline:rate:{identity}", str(_LEASE), str(_SECOND_MS))
        except redis.RedisError as error:
            log.warning("rate limit suspended", exception=type(error).__name__)
            return _Lease(PER_SECOND * 1000, now + _REDIS_FORGOTTEN_SECONDS)
        taken, left_ms = cast(list[int], answer)
        until = now + left_ms / 1000
        return _Lease(_LEASE, until) if taken < PER_SECOND else _Lease(0, until, renewable=False)


def check() -> None:
    """Counts the present request against its bearer token. Raises a 429 Problem when the second is used up."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return
    if not _limit().take(hashlib.sha256(token.encode()).hexdigest()[:32]):
        raise Problem.too_many(retry_after=1)


def _limit() -> RateLimit:
    """This application's limit, made at its first use: no connection is open before the process tree forks."""
    extensions = current_app.extensions
    if "leadline_rate" not in extensions:
        settings = cast(Settings, extensions["leadline"])
        extensions["leadline_rate"] = RateLimit(settings.redis_url)
    return cast(RateLimit, extensions["leadline_rate"])
