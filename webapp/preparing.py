"""What a database needs before the first page: the schema, the first admin, our own number, this month's partitions."""

from __future__ import annotations

from flask import Flask

from webapp import clock, database
from webapp.config import Settings


def migrate(app: Flask) -> None:
    """Brings the schema up to date."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()


def furnish(settings: Settings) -> None:
    """First admin, sender, partitions: each only if missing. Safe at every start and in several processes at once."""
    from webapp.accounts import first_admin
    from webapp.messaging import housekeeping, senders

    with database.transaction() as conn:
        first_admin.ensure(conn, settings)
        senders.ensure_sender(conn, settings)
        housekeeping.make_partitions(conn, clock.now())


def seed_demo(app: Flask) -> None:
    """Fills an empty database with the made-up agency; does nothing to one that holds leads."""
    from webapp.demo import seed

    with app.app_context():
        seed.seed_if_empty()
