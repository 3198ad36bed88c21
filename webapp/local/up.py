"""``leadline up``: everything on this machine. Starts what is not configured, and stops what it started."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn
from urllib.request import urlopen

import click

from webapp.local import environment
from webapp.local.ports import held_port
from webapp.local.postgres import EmbeddedPostgres
from webapp.local.server import EmbeddedServer
from webapp.local.valkey import EmbeddedValkey

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings

_READY_SECONDS = 120.0


@dataclass(frozen=True)
class Options:
    """The command line of ``leadline up``."""

    data_dir: Path
    host: str
    port: int
    simulator_port: int
    demo: bool

    @property
    def app_url(self) -> str:
        """Where people reach it: a wildcard address is no address for a browser."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"


@dataclass
class _Stack:
    """What has been started, in order, and the environment that it makes."""

    options: Options
    servers: list[EmbeddedServer] = field(default_factory=list)

    def launch(self) -> None:
        """Both servers come up side by side, while Python imports the rest."""
        if not os.environ.get("DATABASE_URL"):
            self._launch(EmbeddedPostgres(self.options.data_dir / "postgres"))
        if not os.environ.get("REDIS_URL"):
            self._launch(EmbeddedValkey(self.options.data_dir / "valkey"))

    def wait_ready(self) -> None:
        for server in self.servers:
            server.wait_ready()
            name = "DATABASE_URL" if isinstance(server, EmbeddedPostgres) else "REDIS_URL"
            os.environ[name] = server.url

    def stop(self) -> None:
        for server in reversed(self.servers):
            server.stop()

    def _launch(self, server: EmbeddedServer) -> None:
        server.launch()
        self.servers.append(server)


def up(options: Options) -> None:
    """Runs until Ctrl-C or SIGTERM. Raises RuntimeError or ConfigError with a sentence for the terminal."""
    signal.signal(signal.SIGTERM, _leave)  # until the tree is up, which has its own
    options.data_dir.mkdir(parents=True, exist_ok=True)
    simulated = not os.environ.get("TWILIO_ACCOUNT_SID")
    stack = _Stack(options)
    try:
        with _our_ports(options, simulated=simulated):
            stack.launch()
        _set_environment(options, simulated=simulated)
        _run(stack, simulated=simulated)
    finally:
        stack.stop()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Unwinds, so that what was started is stopped."""
    raise SystemExit(0)


@contextmanager
def _our_ports(options: Options, *, simulated: bool) -> Iterator[None]:
    """Both must be free, and the servers that choose a port by chance must not choose them."""
    with ExitStack() as held:
        held.enter_context(held_port(options.host, options.port, "choose another with --port"))
        if simulated:
            held.enter_context(held_port("127.0.0.1", options.simulator_port, "choose another with --simulator-port"))
        yield


def _set_environment(options: Options, *, simulated: bool) -> None:
    """Says to every process what it would find configured elsewhere; what is configured stays."""
    given = {
        "APP_URL": options.app_url,
        "SECRET_KEY": environment.secret_key(options.data_dir),
        "LEADLINE_DEMO": "true" if options.demo and simulated else "false",
    }
    if simulated:
        given |= environment.simulator_environment(options.simulator_url, options.data_dir)
        _set_clock(options)
    os.environ["PORT"], os.environ["LEADLINE_HOST"] = str(options.port), options.host
    for name, value in given.items():
        os.environ.setdefault(name, value)


def _set_clock(options: Options) -> None:
    """Where business time starts: as LEADLINE_CLOCK says; a new demo at an hour in which texts may go."""
    from webapp import clock
    from webapp.local.demo_clock import demo_offset_seconds

    file = environment.clock_file(options.data_dir)
    file.parent.mkdir(parents=True, exist_ok=True)
    start = os.environ.get("LEADLINE_CLOCK")
    if start:
        wanted = datetime.fromisoformat(start)
        if wanted.tzinfo is not None:  # settings refuse a time without a zone, in words
            clock.write_offset(file, (wanted - datetime.now(UTC)).total_seconds())
    elif options.demo and not file.exists():
        clock.write_offset(file, demo_offset_seconds(datetime.now(UTC)))


def _run(stack: _Stack, *, simulated: bool) -> None:
    from webapp import logs, preparing
    from webapp.app import create_app
    from webapp.config import load_settings
    from webapp.jobs import tree
    from webapp.jobs.apart import in_child
    from webapp.jobs.supervisor import ChildSpec

    logs.configure(pretty=sys.stderr.isatty())
    stack.wait_ready()
    settings = load_settings()
    app = create_app(settings)
    in_child(partial(_prepare, app, settings))
    preparing.warm_up(settings)
    environment.write_services(stack.options.data_dir, _addresses())
    specs = tree.children(app, settings)
    if simulated:
        specs.append(ChildSpec("simulator", partial(_simulate, stack.options)))
    _announce(stack.options, simulated=simulated)
    tree.run(specs, stack.servers)


def _prepare(app: Flask, settings: Settings) -> None:
    from webapp import preparing

    preparing.migrate(app)
    preparing.furnish(settings)
    if settings.leadline_demo:
        preparing.seed_demo(app)


def _addresses() -> dict[str, str]:
    names = ("DATABASE_URL", "REDIS_URL", "APP_URL", "SIMULATOR_URL")
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def _simulate(options: Options) -> None:
    from webapp.simulator import server

    app_url = os.environ["APP_URL"]
    server.serve("127.0.0.1", options.simulator_port, environment.simulator_dir(options.data_dir), app_url=app_url)


def _announce(options: Options, *, simulated: bool) -> None:
    """A process beside the tree says when all is ready, in one line on standard output, and ends."""
    addresses = [f"{options.app_url}/readyz"]
    addresses += [f"{options.simulator_url}/healthz"] if simulated else []
    sys.stdout.flush()
    parent = os.getpid()
    if os.fork() != 0:
        return
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _tell_when_ready(options.app_url, addresses, parent)
    finally:
        os._exit(0)


def _tell_when_ready(app_url: str, addresses: list[str], parent: int) -> None:
    ends_at = time.monotonic() + _READY_SECONDS
    while not all(_is_ready(address) for address in addresses):
        if os.getppid() != parent:
            return
        if time.monotonic() > ends_at:
            click.echo(f"Leadline is not ready after {_READY_SECONDS:.0f} s; the log above says why.", err=True)
            return
        time.sleep(0.05)
    click.echo(f"Leadline is ready on {app_url}")
    sys.stdout.flush()


def _is_ready(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except OSError:
        return False
