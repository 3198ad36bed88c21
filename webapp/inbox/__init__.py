"""The inbox: the pages where reps work."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """The pages, and what their templates use."""
    from webapp.inbox.pages import blueprint

    app.register_blueprint(blueprint)
