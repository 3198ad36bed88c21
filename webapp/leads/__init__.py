"""Leads: who is texted, one for each phone number; their list, their pages, and importing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors."""
    from webapp.leads import api, import_api
    from webapp.leads.pages import blueprint
    from webapp.web import openapi

    openapi.mount(app, api.api)
    openapi.mount(app, import_api.api)
    app.register_blueprint(blueprint)
