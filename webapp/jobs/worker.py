"""The RQ worker: SimpleWorker, one queue a process, each job in the app's context.

SimpleWorker finishes its job on SIGTERM, where the forking one kills it; jobs last seconds. It carries no truth: a job
that dies with its process is found again in Postgres by the periodic jobs.
"""

from __future__ import annotations

import time
from types import FrameType, TracebackType
from typing import Any

import redis
import structlog
from flask import Flask
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job

from webapp.jobs import queues, stopping
from webapp.jobs.queues import QueueName

log = structlog.get_logger(__name__)

#: RQ cleans up after a killed worker only while it waits for jobs, and it waits for its ttl less 15 seconds.
_MAINTENANCE_SECONDS = 60
_WORKER_TTL_SECONDS = 60
_REDIS_WAIT_SECONDS = 2.0


class ContextWorker(SimpleWorker):
    """Runs each job inside an application context of its own, and leaves titles and logs to us."""

    app: Flask
    max_connection_wait_time = _REDIS_WAIT_SECONDS

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """As RQ does, with ``current_app`` and a database session that end with the job."""
        with self.app.app_context():
            return super().perform_job(job, queue, execution)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """SIGTERM: no job after this one; and the one in hand is told, if it asks."""
        stopping.ask()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def handle_exception(
        self,
        job: Job,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """RQ would log the exception's message, which may quote a text or a number."""
        log.error("job failed", job=job.func_name, queue=job.origin, exc_info=(kind, error, trace))

    def handle_job_failure(self, job: Job, queue: Queue, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (RQ's own)
        """As RQ does, but the exception's words do not stay in Redis either."""
        super().handle_job_failure(job, queue, *args, **(kwargs | {"exc_string": "see the log"}))

    def procline(self, message: str) -> None:
        """The process keeps the title that the tree gave it."""

    def set_shutdown_requested_date(self) -> None:
        """Not noted in Redis: this is called inside the signal's handler, where a lost Redis would fail the job."""

    def subscribe(self) -> None:
        """No channel for commands, nor its thread and connection: SIGTERM is our only command."""

    def unsubscribe(self) -> None:
        """See ``subscribe``."""


def work(app: Flask, name: QueueName) -> None:
    """Works on one queue until SIGTERM, then finishes the job in hand. Waits out any loss of Redis."""
    while not stopping.asked():
        try:
            make_worker(app, name).work(logging_level="WARNING")
        except StopRequested:
            return
        except redis.RedisError as error:
            log.warning("worker waits for redis", queue=name, error=type(error).__name__)
            time.sleep(_REDIS_WAIT_SECONDS)


def make_worker(app: Flask, name: QueueName, **options: Any) -> ContextWorker:  # noqa: ANN401 (RQ's own)
    """A worker for one queue under a random name: a name kept over restarts would collide with its own ghost."""
    connection = queues.connection()
    worker = ContextWorker(
        [Queue(name, connection=connection)],
        connection=connection,
        worker_ttl=_WORKER_TTL_SECONDS,
        maintenance_interval=_MAINTENANCE_SECONDS,
        **options,
    )
    worker.app = app
    return worker
