"""The made-up agency of the demo, and the jump to a campaign's next texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's door."""
    from webapp.demo.pages import blueprint

    app.register_blueprint(blueprint)
