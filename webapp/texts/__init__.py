"""Templates, merge fields, rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors."""
    from webapp.texts import api, templates_api
    from webapp.texts.pages import blueprint
    from webapp.web import openapi

    openapi.mount(app, api.api)
    openapi.mount(app, templates_api.api)
    app.register_blueprint(blueprint)
