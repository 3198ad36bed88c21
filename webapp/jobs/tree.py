"""``leadline serve``: imports once, forks everything from one parent, keeps it running."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from flask import Flask

from webapp import database
from webapp.config import Settings
from webapp.jobs import heap, queues
from webapp.jobs.queues import QueueName
from webapp.jobs.supervisor import ChildSpec, Service, Supervisor

#: Postgres connections of each process: together within a small plan's 15.
_CONNECTIONS = {"web": 6, "send": 4, "flow": 2, "bulk": 2, "clock": 1}


def children(app: Flask, settings: Settings) -> list[ChildSpec]:
    """The processes that this machine is to run, by ``LEADLINE_PROCESSES``."""
    makers: dict[str, tuple[str, Callable[[], None]]] = {
        "web": ("web", partial(_web, app, settings)),
        "send": ("worker send", partial(_worker, app, settings, QueueName.SEND)),
        "flow": ("worker flow", partial(_worker, app, settings, QueueName.FLOW)),
        "bulk": ("worker bulk", partial(_worker, app, settings, QueueName.BULK)),
        "clock": ("clock", partial(_clock, settings)),
    }
    return [ChildSpec(*makers[name]) for name in settings.leadline_processes]


def run(specs: Sequence[ChildSpec], services: Sequence[Service] = ()) -> None:
    """Runs the tree until SIGTERM. What every child needs is imported before the fork, so that they share it."""
    import rq  # noqa: F401
    import rq_scheduler  # noqa: F401

    Supervisor(specs, services).run()


def _web(app: Flask, settings: Settings) -> None:
    from webapp.jobs.webserver import run_web

    _prepare(settings, "web")
    run_web(app, settings.leadline_host, settings.port, settings.web_workers, settings.web_threads)


def _worker(app: Flask, settings: Settings, name: QueueName) -> None:
    from webapp.jobs.worker import work

    _prepare(settings, name)
    heap.work_in_batches()
    work(app, name)


def _clock(settings: Settings) -> None:
    from webapp.jobs import scheduler

    _prepare(settings, "clock")
    scheduler.run()


def _prepare(settings: Settings, name: str) -> None:
    """A child's own share of connections, opened when first used."""
    database.configure(settings.database_url, _CONNECTIONS[name])
    queues.configure(settings.redis_url)
