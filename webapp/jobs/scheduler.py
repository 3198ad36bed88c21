"""rq-scheduler, hardened. It keeps only the periodic list, under fixed ids, and mends it on every tick.

What was measured to break in it, and how it is met here: a schedule that a crash or an emptied Redis took away comes
back with the next tick; an entry that cannot be read is dropped and stops none of the others; a job that still waits
in its queue is not queued again; a lost Redis connection is waited out.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import redis
import structlog
from rq import Queue
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job
from rq_scheduler import Scheduler

from webapp.jobs import heartbeats, queues
from webapp.jobs.periodic import PERIODIC, Periodic

log = structlog.get_logger(__name__)

_TICK_SECONDS = 1
_REDIS_WAIT_SECONDS = 2.0
_BEAT_SECONDS = 15.0
_PREFIX = "leadline:periodic:"


class SafeScheduler(Scheduler):  # type: ignore[misc]  # the library has no types
    """Two of them at once are safe: the library's lock keeps one out, and every body may run twice."""

    _beaten_at = -1e9

    def enqueue_jobs(self) -> None:
        """One tick."""
        ensure_periodic_jobs(self)
        for job_id in self._due():
            self._enqueue_safely(job_id)
        if time.monotonic() - self._beaten_at >= _BEAT_SECONDS:
            heartbeats.beat("clock")
            self._beaten_at = time.monotonic()

    def _due(self) -> list[str]:
        now = datetime.now(UTC).timestamp()
        return [member.decode() for member in self.connection.zrangebyscore(self.scheduled_jobs_key, 0, now)]

    def _enqueue_safely(self, job_id: str) -> None:
        try:
            job = Job.fetch(job_id, connection=self.connection)
            _ = job.func_name  # reads the pickle, so that a bad one is found here
            periodic = _BY_ID[job_id]
        except (NoSuchJobError, DeserializationError, KeyError):
            log.warning("schedule dropped", job=job_id)
            self.connection.zrem(self.scheduled_jobs_key, job_id)
            return
        self.connection.zadd(self.scheduled_jobs_key, {job_id: datetime.now(UTC).timestamp() + periodic.seconds})
        queue = Queue(periodic.queue, connection=self.connection)
        if self.connection.lpos(queue.key, job_id) is None:
            queue.enqueue_job(job)


def ensure_periodic_jobs(scheduler: Scheduler) -> None:
    """Schedules what is missing from Redis, and removes what the list no longer has."""
    connection = scheduler.connection
    known = {member.decode() for member in connection.zrange(scheduler.scheduled_jobs_key, 0, -1)}
    stale = known - set(_BY_ID)
    if stale:
        connection.zrem(scheduler.scheduled_jobs_key, *stale)
    for job_id, periodic in _BY_ID.items():
        if job_id not in known or not connection.exists(Job.key_for(job_id)):
            _schedule(scheduler, job_id, periodic)


def run() -> None:
    """The clock process: ticks until SIGTERM, through any loss of Redis."""
    while True:
        try:
            SafeScheduler(connection=queues.connection(), interval=_TICK_SECONDS).run()
        except redis.RedisError as error:
            log.warning("clock waits for redis", error=type(error).__name__)
            time.sleep(_REDIS_WAIT_SECONDS)


def _schedule(scheduler: Scheduler, job_id: str, periodic: Periodic) -> None:
    """No ``result_ttl``: the library would let the schedule expire with it."""
    scheduler.schedule(
        scheduled_time=datetime.now(UTC).replace(tzinfo=None),
        func=periodic.function,
        interval=periodic.seconds,
        id=job_id,
        queue_name=periodic.queue,
        timeout=120,
    )


_BY_ID = {_PREFIX + periodic.name: periodic for periodic in PERIODIC}
