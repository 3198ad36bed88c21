"""rq-scheduler, hardened. Redis keeps of each periodic job only when it is due next; what it is stands in the code.

What was measured to break in the library, and how it is met here: a due time that a crash or an emptied Redis took
away comes back with the next tick; an entry that the list does not have is dropped, and none is ever unpickled; two
clocks advance a due time by one conditional step, so that one of them queues the job, without the library's lock,
which a dead holder would keep; a job that still waits in its queue is not queued again; a lost Redis is waited out.
"""

from __future__ import annotations

import math
import signal
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn, cast

import psycopg
import redis
import structlog
from rq import Queue
from rq.job import Job
from rq_scheduler import Scheduler

from webapp.jobs import heartbeats, queues
from webapp.jobs.periodic import PERIODIC, Periodic

log = structlog.get_logger(__name__)

_TICK_SECONDS = 1
_REDIS_WAIT_SECONDS = 2.0
_BEAT_SECONDS = 15.0


class SafeScheduler(Scheduler):
    """Any number of them at once are safe, and none waits for another."""

    _beaten_at = -1e9

    def enqueue_jobs(self) -> None:
        """One tick."""
        now = time.time()
        ensure_periodic_jobs(self.connection, now)
        for member, due_at in self.connection.zrangebyscore(self.scheduled_jobs_key, 0, now, withscores=True):
            periodic = _BY_ID.get(member.decode())
            if periodic is not None and self.claim(periodic, due_at, now):
                _enqueue_unless_waiting(self.connection, periodic)
        self._beat()

    def claim(self, periodic: Periodic, due_at: float, now: float) -> bool:
        """Sets the next due time, a whole number of intervals on; True for the one clock whose step that was.

        ``due_at`` and ``now`` are Unix times.
        """
        passed = math.floor((now - due_at) / periodic.seconds) + 1
        next_due = due_at + passed * periodic.seconds
        step = {job_id(periodic): next_due}
        return bool(self.connection.zadd(self.scheduled_jobs_key, step, xx=True, gt=True, ch=True))

    def _beat(self) -> None:
        if time.monotonic() - self._beaten_at < _BEAT_SECONDS:
            return
        self._beaten_at = time.monotonic()
        try:
            heartbeats.beat("clock")
        except psycopg.Error as error:
            log.warning("clock could not note its heartbeat", error=type(error).__name__)

    def acquire_lock(self) -> bool:
        """None is needed, and a killed holder's would stop every clock for ten seconds."""
        return True

    def register_death(self) -> None:
        """The note expires by itself: without Redis, ending must not fail."""
        with suppress(redis.RedisError):
            super().register_death()

    def _install_signal_handlers(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)


def ensure_periodic_jobs(connection: redis.Redis, now: float) -> None:
    """Schedules at once what is missing in Redis, and removes what the list does not have. ``now``: Unix time."""
    key = SafeScheduler.scheduled_jobs_key
    known = {member.decode() for member in cast(list[bytes], connection.zrange(key, 0, -1))}
    if stale := known - _BY_ID.keys():
        log.warning("schedule dropped", jobs=sorted(stale))
        connection.zrem(key, *stale)
    if missing := _BY_ID.keys() - known:
        connection.zadd(key, dict.fromkeys(missing, now), nx=True)


def job_id(periodic: Periodic) -> str:
    """Its fixed id in Redis."""
    return "leadline-periodic-" + periodic.name.replace(" ", "-")


def queue_now(name: str) -> None:
    """Queues the periodic job of this name, unless it waits already; when it is next due stays. Nothing for others."""
    for periodic in PERIODIC:
        if periodic.name == name:
            _enqueue_unless_waiting(queues.connection(), periodic)


def run() -> None:
    """The clock process: ticks until SIGTERM, through any loss of Redis."""
    while True:
        try:
            SafeScheduler(connection=queues.connection(), interval=_TICK_SECONDS).run()
        except redis.RedisError as error:
            log.warning("clock waits for redis", error=type(error).__name__)
            time.sleep(_REDIS_WAIT_SECONDS)


def _enqueue_unless_waiting(connection: redis.Redis, periodic: Periodic) -> None:
    queue = Queue(periodic.queue, connection=connection)
    if connection.lpos(queue.key, job_id(periodic)) is not None:
        return
    queue.enqueue_job(
        Job.create(
            periodic.function,
            connection=connection,
            id=job_id(periodic),
            origin=queue.name,
            timeout=periodic.timeout,
            result_ttl=queues.RESULT_TTL_SECONDS,
            failure_ttl=queues.FAILURE_TTL_SECONDS,
        )
    )


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


_BY_ID = {job_id(periodic): periodic for periodic in PERIODIC}
