"""Gunicorn for an application that exists already."""

import os
import signal
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker
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
        "worker_class": _WebWorker,
        "graceful_timeout": _GRACEFUL_SECONDS,
        "keepalive": 15,  # three polls of a page
        "limit_request_line": 8190,  # a cursor and a search in any script; a longer one gets gunicorn's own 414
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


class _WebWorker(ThreadWorker):
    """gunicorn's threaded worker, without its stall at the end of a connection.

    gunicorn 27 waits up to two seconds for a client to close its end, on the one thread that hands out all work. Here
    the thread that answered waits, so that one client that says `Connection: close` and dawdles stops nobody else.
    """

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 (gunicorn's own)
        keep = super().handle(conn)
        if keep is False:
            conn.close(graceful=True)
            conn.close = _is_closed
        return keep


def _is_closed(graceful: bool = False) -> None:
    """Stands for the close of a connection that is closed."""


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
