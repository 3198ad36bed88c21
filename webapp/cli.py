"""``leadline``: every command, each importing what it needs when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from copy import copy
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.local import environment

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings

#: The rooms' commands, loaded when they are asked for: name -> module, command in it, what it does.
_ROOM_COMMANDS = {
    "user": ("webapp.accounts.cli", "user_cli", "People who sign in."),
    "token": ("webapp.accounts.cli", "token_cli", "API tokens."),
    "leads": ("webapp.leads.cli", "leads_cli", "Leads from files."),
    "demo": ("webapp.demo.cli", "demo_cli", "Fill an empty database with a made-up agency."),
    "doctor": ("webapp.doctor.cli", "doctor_cli", "Check the setup and say what to mend."),
}
#: Looks at settings by itself, to say what is wrong with them.
_WITHOUT_APP = {"doctor"}


class Commands(click.Group):
    """Loads a room's commands on demand. A known failure is one sentence and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_ROOM_COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _room_command(cmd_name) if cmd_name in _ROOM_COMMANDS else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click does, without loading the rooms for their first lines."""
        helps = {name: command.get_short_help_str(100) for name, command in self.commands.items()}
        helps |= {name: about for name, (_, _, about) in _ROOM_COMMANDS.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(helps.items()))

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's own)
        from webapp.config import ConfigError

        try:
            return super().invoke(ctx)
        except click.exceptions.Exit:
            raise
        except (ConfigError, RuntimeError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Leadline: the self-hosted SMS workbench.

    `leadline up` starts everything on this machine. The other commands then find its services when they are run in
    the same folder; elsewhere they take DATABASE_URL, REDIS_URL and SECRET_KEY from the environment.
    """


@main.command()
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=environment.DEFAULT_DATA_DIR,
    show_default=True,
    help="Where the database and all other data are kept.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for every one.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True, help="Leadline's port.")
@click.option(
    "--simulator-port",
    type=click.IntRange(1, 65535),
    default=4010,
    show_default=True,
    help="Port of the stand-in carrier and its handsets.",
)
@click.option("--demo/--no-demo", default=False, help="Fill an empty database with a made-up agency.")
def up(data_dir: Path, host: str, port: int, simulator_port: int, demo: bool) -> None:
    """Start Leadline with everything it needs on this machine.

    What is not configured is brought along: without DATABASE_URL a PostgreSQL, without REDIS_URL a Valkey, without
    TWILIO_ACCOUNT_SID a stand-in carrier. Ctrl-C stops what was started.
    """
    from webapp.local.up import Options
    from webapp.local.up import up as start

    start(Options(data_dir, host, port, simulator_port, demo))


@main.command()
def serve() -> None:
    """Run against configured services.

    Takes DATABASE_URL, REDIS_URL, SECRET_KEY, APP_URL, PORT and Twilio's variables from the environment.
    LEADLINE_PROCESSES narrows what runs here: any of web, send, flow, bulk, clock, with commas between.
    """
    from webapp import logs, preparing
    from webapp.app import create_app
    from webapp.config import load_settings
    from webapp.jobs import tree
    from webapp.jobs.apart import in_child

    logs.configure(pretty=sys.stderr.isatty())
    settings = load_settings()
    app = create_app(settings)
    in_child(lambda: preparing.furnish(settings))
    preparing.warm_up(settings)
    tree.run(tree.children(app, settings))


@main.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the schema up to date, and create what a first start needs. Safe to repeat."""
    from webapp import preparing

    app, settings = _app_from_environment()
    preparing.migrate(app)
    preparing.furnish(settings)
    click.echo("The database is up to date.")


@cache
def _room_command(name: str) -> click.Command:
    module, attribute, _ = _ROOM_COMMANDS[name]
    command: click.Command = getattr(import_module(module), attribute)
    return command if name in _WITHOUT_APP else _inside_app(command)


def _inside_app(command: click.Command) -> click.Command:
    """A copy whose callbacks run in the app's context; ``--help`` needs no app. The room's own stays as it is."""
    inside = copy(command)
    if isinstance(inside, click.Group):
        inside.commands = {name: _inside_app(child) for name, child in inside.commands.items()}
    elif inside.callback is not None:
        inside.callback = _with_app(inside.callback)
    return inside


def _with_app(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (whatever the command takes)
        from webapp import preparing

        app, _ = _app_from_environment()
        with app.app_context(), preparing.plainly():
            return callback(*args, **kwargs)

    return run


def _app_from_environment() -> tuple[Flask, Settings]:
    """The app for a command that ends by itself."""
    from webapp import logs
    from webapp.app import create_app
    from webapp.config import ConfigError, load_settings

    logs.configure(pretty=sys.stderr.isatty())
    environment.adopt_services()
    if not os.environ.get("DATABASE_URL"):
        raise ConfigError("Nothing is configured here: run this where `leadline up` runs, or set DATABASE_URL.")
    settings = load_settings()
    return create_app(settings, connections=2), settings


if __name__ == "__main__":
    main(prog_name="leadline")
