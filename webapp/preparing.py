"""What a database needs before the first page: the schema, the first admin, our own number, this month's partitions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import psycopg
import sqlalchemy.exc
from flask import Flask

from webapp import clock, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.schema import MIGRATIONS

_ASKS_THE_CARRIER = frozenset({"send", "flow", "bulk"})
_SDK = ("twilio.rest", "twilio.rest.api.v2010", "twilio.rest.conversations.v1", "twilio.rest.messaging.v1")


def migrate(app: Flask) -> None:
    """Brings the schema up to date. Raises RuntimeError with a sentence when the database does not answer."""
    from flask_migrate import upgrade

    with plainly(), migrations_of(app):
        upgrade()


@contextmanager
def migrations_of(app: Flask) -> Iterator[None]:
    """The app's context, in which Flask-Migrate's functions work."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        yield


def furnish(settings: Settings) -> None:
    """First admin, sender, partitions: each only if missing. Safe at every start and in several processes at once.

    Raises RuntimeError or ConfigError with a sentence for whoever starts Leadline.
    """
    from webapp.accounts import first_admin
    from webapp.messaging import housekeeping, senders

    with plainly(), database.transaction() as conn:
        first_admin.ensure(conn, settings)
        senders.ensure_sender(conn, settings)
        housekeeping.make_partitions(conn, clock.now())


def seed_demo(app: Flask) -> None:
    """Fills an empty database with the made-up agency; does nothing to one that holds leads."""
    from webapp.demo import seed

    with app.app_context():
        seed.seed_if_empty()


def warm_up(settings: Settings) -> None:
    """Imports before the fork what several workers would each import after it: a tenth less memory. Opens nothing.

    Most of it is Twilio's SDK. A process tree that only serves pages goes without.
    """
    if not _ASKS_THE_CARRIER.isdisjoint(settings.leadline_processes):
        for module in ("webapp.messaging.jobs", "webapp.carrier.sdk", *_SDK):
            import_module(module)


@contextmanager
def plainly() -> Iterator[None]:
    """Turns what a wrong or unprepared database raises into RuntimeError with one sentence, naming the fix."""
    try:
        yield
    except psycopg.errors.UndefinedTable:
        raise RuntimeError("The database is not prepared: run `leadline db upgrade` first.") from None
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError):
        raise RuntimeError("The database does not answer. Is it running, and is DATABASE_URL right?") from None
