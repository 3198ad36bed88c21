"""Running the simulator: gunicorn with one process and many threads, most of them asleep in somebody's latency."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from setproctitle import setproctitle

from webapp.simulator import defaults
from webapp.simulator.config import SimulatorConfig
from webapp.simulator.worker import SimulatorWorker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 160
TITLE = "leadline: simulator"


def serve(host: str, port: int, state_dir: Path, webhook_url: str | None = None, app_url: str | None = None) -> None:
    """Serve until SIGTERM. The webhook address defaults to `app_url` (or the environment's APP_URL) + WEBHOOK_PATH."""
    app_url = app_url or os.environ.get("APP_URL") or None
    if webhook_url is None and app_url is not None:
        webhook_url = app_url.rstrip("/") + defaults.WEBHOOK_PATH
    run(SimulatorConfig(state_dir=state_dir, webhook_url=webhook_url, app_url=app_url), f"{host}:{port}")


def run(config: SimulatorConfig, bind: str) -> None:
    """Serve `config` on a gunicorn address: host:port or fd://N."""
    _Server(config, bind).run()


class _Server(BaseApplication):
    """gunicorn forks its one worker, which then loads the app: no thread is started before the fork."""

    def __init__(self, config: SimulatorConfig, bind: str) -> None:
        self._config = config
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": self._bind,
            "worker_class": SimulatorWorker,
            "workers": 1,
            "threads": THREADS,
            "keepalive": 75,
            "timeout": 120,
            # Whoever hangs on purpose must not hold up the end.
            "graceful_timeout": 1,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "pre_fork": lambda _arbiter, _worker: setproctitle(f"{TITLE} (gunicorn)"),
            "post_worker_init": lambda _worker: setproctitle(TITLE),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        from webapp.simulator.app import create_simulator

        return create_simulator(self._config)
