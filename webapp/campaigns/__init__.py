"""Campaigns: versions of steps, who is where in them, and the tick that brings each due step to the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors, and listens to what the rooms below announce."""
    from webapp.campaigns import listening
    from webapp.campaigns.api import api
    from webapp.campaigns.drafts import api as publishing_api
    from webapp.campaigns.figures import api as people_api
    from webapp.campaigns.joining import enrolling_many
    from webapp.campaigns.pages import blueprint
    from webapp.campaigns.steering import api as running_api
    from webapp.leads import bulk_actions
    from webapp.web import openapi

    listening.register()
    bulk_actions.register(enrolling_many.ACTION)
    openapi.mount(app, api)
    openapi.mount(app, running_api.api)
    openapi.mount(app, people_api.api)
    openapi.mount(app, publishing_api.api)
    app.register_blueprint(blueprint)
