"""``leadline demo``: the made-up agency for an installation that is empty."""

from __future__ import annotations

import click

from webapp.demo import drips, seed, story


@click.command("demo")
def demo_cli() -> None:
    """Fill an empty database with a made-up agency."""
    try:
        seeded = seed.seed_if_empty()
    except seed.CannotSeedError as error:
        raise click.ClickException(str(error)) from None
    if not seeded:
        raise click.ClickException("There are leads here already, and the demo does not mix with them.")
    made = f"{story.LEADS} leads, {story.THREADS} conversations and {len(drips.ALL)} campaigns"
    click.echo(f"Made an agency with {made}.")
