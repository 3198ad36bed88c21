"""``leadline demo``: the made-up agency for an installation that is empty."""

from __future__ import annotations

import click

from webapp.demo import seed, story


@click.command("demo")
def demo_cli() -> None:
    """Fill an empty database with a made-up agency."""
    try:
        seeded = seed.seed_if_empty()
    except seed.CannotSeedError as error:
        raise click.ClickException(str(error)) from None
    if not seeded:
        raise click.ClickException("There are leads here already, and the demo does not mix with them.")
    click.echo(f"Made an agency with {story.LEADS} leads and {story.THREADS} conversations.")
