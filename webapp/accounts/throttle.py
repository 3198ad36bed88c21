"""Slows down guessing: by the account that is tried, and by the address that tries. Machine time.

The counts live in Redis. When it was emptied they begin again; when it is away each process counts for itself.
"""

from __future__ import annotations

import hashlib

import limits
import structlog
from flask import Flask, request
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from webapp.config import Settings
from webapp.extensions import limiter

MESSAGE = "Too many tries; wait 15 minutes."
_PER_ACCOUNT = limits.parse("10 per 15 minutes")
# An office signs in from one address on Monday morning; a guesser of passwords needs far more than this.
_PER_ADDRESS = limits.parse("100 per 15 minutes")
_TIMEOUT_SECONDS = 1

_without_redis = FixedWindowRateLimiter(MemoryStorage())
log = structlog.get_logger(__name__)


def register(app: Flask, settings: Settings) -> None:
    """Points Flask-Limiter at Redis. Opens no connection."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url,
        RATELIMIT_STORAGE_OPTIONS={
            "socket_connect_timeout": _TIMEOUT_SECONDS,
            "socket_timeout": _TIMEOUT_SECONDS,
        },
    )
    # Asked by name below, never by decorator: taken for registered, it adds no hooks, which were a tenth of a poll.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)


def may_try(purpose: str, account: str) -> bool:
    """Counts one try of ``purpose`` on ``account``; False when it is one too many.

    A try is counted before the password is looked at, so that a hundred tries at once count as a hundred.
    """
    return _take(_PER_ADDRESS, purpose, request.remote_addr or "") and _take(
        _PER_ACCOUNT, purpose, _fingerprint(account)
    )


def may_act(limit: str, purpose: str, who: str) -> bool:
    """Counts one act of ``purpose`` by ``who``; False when it is more than ``limit``, like "3 per day", allows."""
    return _take(limits.parse(limit), purpose, _fingerprint(who))


def forget(purpose: str, account: str) -> None:
    """After a right password the account's tries begin again; the address's do not."""
    key = (purpose, _fingerprint(account))
    _without_redis.clear(_PER_ACCOUNT, *key)
    try:
        limiter.limiter.clear(_PER_ACCOUNT, *key)
    except RedisError as error:
        log.warning("throttle without Redis", error=type(error).__name__)


def _take(limit: limits.RateLimitItem, *key: str) -> bool:
    try:
        return limiter.limiter.hit(limit, *key)
    except RedisError as error:
        log.warning("throttle without Redis", error=type(error).__name__)
        return _without_redis.hit(limit, *key)


def _fingerprint(account: str) -> str:
    """Redis need not know people's addresses."""
    return hashlib.sha256(account.strip().lower().encode()).hexdigest()
