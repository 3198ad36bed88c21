"""``leadline``: every command, each importing what it needs when it runs."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.local import environment

if TYPE_CHECKING:
    from flask import Flask

    from webapp.config import Settings

#: Commands of the rooms, found when they are asked for: name -> module and the group in it.
_ROOM_COMMANDS = {
    "user": ("webapp.accounts.cli", "user_cli"),
    "token": ("webapp.accounts.cli", "token_cli"),
    "leads": ("webapp.leads.cli", "leads_cli"),
    "demo": ("webapp.demo.cli", "demo_cli"),
    "doctor": ("webapp.doctor", "doctor_cli"),
}


class Commands(click.Group):
    """Loads a room's commands on demand, with the app that they run in."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_ROOM_COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ROOM_COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = _ROOM_COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's own)
        """Inside the app's context for rooms' commands; a known failure is one sentence and exit code 1."""
        from webapp.config import ConfigError

        try:
            if ctx.protected_args and ctx.protected_args[0] in _ROOM_COMMANDS:
                with _app_from_environment()[0].app_context():
                    return super().invoke(ctx)
            return super().invoke(ctx)
        except (ConfigError, RuntimeError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands)
def main() -> None:
    """Leadline: the self-hosted SMS workbench."""


@main.command()
@click.option("--data-dir", type=click.Path(path_type=Path), default=environment.DEFAULT_DATA_DIR, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
@click.option("--simulator-port", type=click.IntRange(1, 65535), default=4010, show_default=True)
@click.option("--demo/--no-demo", default=False, help="Fill an empty database with a made-up agency.")
def up(data_dir: Path, host: str, port: int, simulator_port: int, demo: bool) -> None:
    """Start Leadline with everything it needs on this machine."""
    from webapp.local.up import Options
    from webapp.local.up import up as start

    start(Options(data_dir, host, port, simulator_port, demo))


@main.command()
def serve() -> None:
    """Run against configured services: DATABASE_URL, REDIS_URL, SECRET_KEY, APP_URL and Twilio's."""
    from webapp import logs, preparing
    from webapp.jobs import tree
    from webapp.jobs.apart import in_child

    logs.configure(pretty=sys.stderr.isatty())
    app, settings = _app_from_environment()
    in_child(lambda: preparing.furnish(settings))
    tree.run(tree.children(app, settings))


@main.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the schema up to date."""
    from webapp import preparing

    app, settings = _app_from_environment()
    preparing.migrate(app)
    preparing.furnish(settings)


def _app_from_environment() -> tuple[Flask, Settings]:
    from webapp.app import create_app
    from webapp.config import load_settings

    environment.adopt_services()
    settings = load_settings()
    return create_app(settings, connections=2), settings


if __name__ == "__main__":
    main()
