"""The RQ worker: SimpleWorker, one queue a process, each job in the app's context.

SimpleWorker finishes its job on SIGTERM, where the forking one kills it; jobs last seconds. It carries no truth: a job
that dies with its process is found again in Postgres by the periodic jobs.
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask
from rq import Queue, SimpleWorker
from rq.job import Job

from webapp.jobs import queues
from webapp.jobs.queues import QueueName

_MAINTENANCE_SECONDS = 60
_WORKER_TTL_SECONDS = 60


class ContextWorker(SimpleWorker):
    """Runs each job inside an application context of its own."""

    app: Flask

    def perform_job(self, job: Job, queue: Queue) -> bool:
        """As RQ does, with ``current_app`` and a database session that end with the job."""
        with self.app.app_context():
            return bool(super().perform_job(job, queue))


def work(app: Flask, name: QueueName) -> None:
    """Works on one queue until SIGTERM, then finishes the job in hand."""
    worker = make_worker(app, name)
    worker.work(logging_level="WARNING", with_scheduler=False)


def make_worker(app: Flask, name: QueueName, **options: Any) -> ContextWorker:  # noqa: ANN401 (RQ's own)
    """A worker for one queue under a random name: a name kept over restarts would collide with its own ghost."""
    for noisy in ("rq.worker", "rq.queue"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
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
