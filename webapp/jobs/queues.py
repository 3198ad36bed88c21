"""RQ queues, as doorbells: a job carries ids or nothing, and Postgres holds the work.

Redis may be down or emptied at any moment. Ringing then fails quietly (it is counted in the log): the periodic
sweeps find the same work in Postgres and ring again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

import redis
import structlog

log = structlog.get_logger(__name__)

#: A hint still unanswered after this long is rung again; a killed worker may have taken it along.
_HINT_LIVES_SECONDS = 10
_JOB_TIMEOUT_SECONDS = 60
RESULT_TTL_SECONDS = 60
FAILURE_TTL_SECONDS = 3600


class QueueName(StrEnum):
    """One queue a worker process: two on one worker can lose a job (RQ pops them unsafely)."""

    SEND = "send"
    FLOW = "flow"
    BULK = "bulk"


@dataclass
class _Bell:
    url: str = ""
    client: redis.Redis | None = None
    pid: int = 0


_bell = _Bell()


def configure(redis_url: str) -> None:
    """Says where Redis is. Opens nothing."""
    _bell.url, _bell.client = redis_url, None


def connection() -> redis.Redis:
    """This process's Redis client, made on first use: never before the fork."""
    if _bell.client is None or _bell.pid != os.getpid():
        _bell.client = redis.Redis.from_url(
            _bell.url, socket_timeout=5, socket_connect_timeout=2, health_check_interval=30
        )
        _bell.pid = os.getpid()
    return _bell.client


def ring(queue: QueueName, function: str) -> bool:
    """Hints that there is work: at most one unanswered hint a function. Call it after the commit.

    ``function`` is the dotted path of a job without arguments, which calls ``answer`` first.
    """
    try:
        if not connection().set(_hint_key(function), "1", nx=True, ex=_HINT_LIVES_SECONDS):
            return False
        _enqueue(queue, function)
    except redis.RedisError as error:
        log.warning("bell did not ring", function=function, error=type(error).__name__)
        return False
    return True


def answer(function: str) -> None:
    """The hint was heard: work that comes in from now on rings anew."""
    connection().delete(_hint_key(function))


def enqueue(queue: QueueName, function: str, *args: int | str) -> bool:
    """One job for one piece of work, such as a bulk operation's id. False when Redis could not be reached."""
    try:
        _enqueue(queue, function, *args)
    except redis.RedisError as error:
        log.warning("job was not queued", function=function, error=type(error).__name__)
        return False
    return True


def _enqueue(queue: QueueName, function: str, *args: int | str) -> None:
    from rq import Queue

    Queue(queue, connection=connection()).enqueue(
        function,
        args=args,
        job_timeout=_JOB_TIMEOUT_SECONDS,
        result_ttl=RESULT_TTL_SECONDS,
        failure_ttl=FAILURE_TTL_SECONDS,
    )


def _hint_key(function: str) -> str:
    return f"leadline:hint:{function}"
