"""Accounts: who signs in, what each may see, API tokens, the account's settings, the audit log."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Sessions, the default-deny guard, the shell's context, and the pages. Goes before every other room."""
    from webapp.accounts import guard, sessions, shell, throttle
    from webapp.accounts.pages import blueprint
    from webapp.config import Settings

    settings = app.extensions["leadline"]
    assert isinstance(settings, Settings)
    sessions.register(app, settings)
    guard.register(app, settings)
    throttle.register(app, settings)
    shell.register(app, settings)
    app.register_blueprint(blueprint)
