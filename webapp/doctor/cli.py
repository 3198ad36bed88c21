"""``leadline doctor``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from webapp.app import create_app
from webapp.config import ConfigError, Settings, load_settings
from webapp.doctor import checks, law, services
from webapp.doctor.checks import Check, State
from webapp.local import environment

_COLOURS = {State.OK: "green", State.NOTE: "cyan", State.WARNING: "yellow", State.FAILED: "red"}
_NAME_WIDTH = 48


@click.command("doctor")
def doctor_cli() -> None:
    """Check the setup and say what to mend.

    Looks at settings, database, schema, clock, Redis, workers, zone data, what the law asks for, e-mail and Twilio's
    side. Changes nothing.
    Exit code 1 when something has failed; a warning alone does not.
    """
    states = []
    for check in _examined():
        click.echo(_line(check))
        states.append(check.state)
    failed, warned = states.count(State.FAILED), states.count(State.WARNING)
    click.echo(f"\n{_verdict(failed, warned)}")
    sys.exit(1 if failed else 0)


def _examined() -> Iterator[Check]:
    environment.adopt_services()
    try:
        settings = load_settings()
    except ConfigError as error:
        for complaint in str(error).splitlines():
            yield Check(State.FAILED, "Settings", complaint, "set it in the environment, or start `leadline up` here")
        return
    yield Check(State.OK, "Settings", "complete")
    with create_app(settings, connections=2).app_context():
        yield from _about(settings)


def _about(settings: Settings) -> Iterator[Check]:
    yield checks.secrets(settings)
    yield checks.app_url(settings)
    yield checks.zone_data(settings)
    yield from services.in_database(settings)
    yield from law.kept(settings)
    yield from services.in_redis(settings)
    yield from services.at_own_address(settings)
    yield from services.in_the_post(settings)
    yield from services.at_twilio(settings)


def _line(check: Check) -> str:
    state = click.style(
        f"{check.state:<9}", fg=_COLOURS[check.state], bold=check.state in {State.WARNING, State.FAILED}
    )
    told = f"{state}{check.name:<{_NAME_WIDTH}} {check.found}"
    return f"{told}\n{'':9}{'':{_NAME_WIDTH}} → {check.fix}" if check.fix else told


def _verdict(failed: int, warned: int) -> str:
    if failed:
        return f"{failed} failed, {warned} to look at. The arrows say what to do."
    if warned:
        return f"Works; {warned} to look at."
    return "All is well."
