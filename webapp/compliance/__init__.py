"""The gate and what it stands on: consent, suppressions, hours, and the ledger of decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors, and listens to what the leads below announce."""
    from webapp.compliance import api, automation, listening, senders_api
    from webapp.compliance.pages import blueprint
    from webapp.web import openapi

    listening.register()
    app.jinja_env.globals["automation"] = automation.state
    app.register_blueprint(blueprint)
    openapi.mount(app, api.api)
    openapi.mount(app, senders_api.api)
