"""``create_app``: the one place where the rooms are put together."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.pool import NullPool

import webapp.models  # noqa: F401 (every table is known before the first query)
from webapp import clock, database
from webapp.accounts.permissions import Permission, requires
from webapp.config import Settings
from webapp.extensions import db
from webapp.jobs import queues
from webapp.leads import contacts, fingerprints
from webapp.messaging import openings
from webapp.web import health, html, openapi, problems, security, times


def create_app(settings: Settings, *, connections: int = 6) -> Flask:
    """The Flask application. Opens no connection, thread or file: it is made before the process tree forks."""
    app = openapi.make_app("webapp", template_folder="../templates", static_folder="../static")
    _configure(app, settings, connections)
    db.init_app(app)
    _open_doors(app, settings)
    return app


def _configure(app: Flask, settings: Settings, connections: int) -> None:
    use_clock(settings)
    database.configure(settings.database_url, connections)
    queues.configure(settings.redis_url)
    contacts.use_carrier(simulated=settings.simulated)
    fingerprints.use_key(settings.number_key)
    openings.use_limit(settings.threads_per_second)
    app.extensions["leadline"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1),
        SQLALCHEMY_ENGINE_OPTIONS={"creator": database.getconn, "poolclass": NullPool, "hide_parameters": True},
        TEMPLATES_AUTO_RELOAD=False,
    )


def _open_doors(app: Flask, settings: Settings) -> None:
    """The shared ground first, then the rooms from the bottom up."""
    from webapp import accounts, campaigns, compliance, demo, inbox, leads, messaging, texts

    public = requires(Permission.PUBLIC)
    security.register(app, settings)
    html.register(app)
    times.register(app)
    problems.register(app)
    for room in (accounts, texts, leads, compliance, messaging, inbox, campaigns, demo):
        room.register(app)
    health.register(app, public)
    openapi.register(app, public)


def use_clock(settings: Settings) -> None:
    """Business time moves only with a stand-in carrier; a live one always gets real time."""
    if settings.simulated and settings.leadline_clock_file is not None:
        clock.follow(settings.leadline_clock_file)
    elif settings.simulated and settings.leadline_clock is not None:
        clock.start_at(settings.leadline_clock)
    else:
        clock.use_real_time()
