"""Gunicorn for an application that exists already."""

import os
import signal
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from setproctitle import setproctitle

from webapp.local.parent import die_with_parent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from gunicorn.arbiter import Arbiter
    from gunicorn.config import Config
    from gunicorn.workers.base import Worker

# Within the 25 s that the process tree gives every child.
_GRACEFUL_SECONDS = 24
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 (where it exists, the workers' sign of life does not touch a disk)


def run_web(app: "WSGIApplication", host: str, port: int, workers: int, threads: int) -> None:
    """Serve `app` until SIGTERM; leaves by SystemExit, as gunicorn does. Needs the main thread of its process."""
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "graceful_timeout": _GRACEFUL_SECONDS,
        "keepalive": 15,  # three polls of a page
        "control_socket_disable": True,  # it would write to the home folder
        "worker_tmp_dir": _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None,
        "logger_class": _Logger,
        "pre_fork": _name_the_arbiter,
        "post_fork": _name_the_worker,
    }
    _Server(app, options).run()


class _Server(BaseApplication):
    def __init__(self, app: "WSGIApplication", options: dict[str, object]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        return self._app


class _Logger(Logger):
    """Warnings and errors go where all other log lines go; there is no access log."""

    def setup(self, cfg: "Config") -> None:
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.setLevel("WARNING")
        self.access_log.disabled = True


def _name_the_arbiter(_arbiter: "Arbiter", _worker: "Worker") -> None:
    setproctitle("leadline: web (gunicorn)")


def _name_the_worker(arbiter: "Arbiter", _worker: "Worker") -> None:
    die_with_parent(arbiter.pid, signal.SIGKILL)
    setproctitle("leadline: web")
