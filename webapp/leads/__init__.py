"""Leads: who is texted, one for each phone number; their list, their pages, and importing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors."""
    from webapp.leads import (
        api,
        bulk_actions,
        bulk_changes,
        bulk_export,
        bulk_fields,
        bulk_statuses,
        import_api,
        list_api,
    )
    from webapp.leads.pages import blueprint
    from webapp.web import openapi

    fields = (bulk_statuses.ACTION, bulk_fields.ACTION)
    for action in (*bulk_changes.ACTIONS, *fields, bulk_export.ACTION, bulk_changes.DELETE):
        bulk_actions.register(action)
    openapi.mount(app, api.api)
    openapi.mount(app, import_api.api)
    openapi.mount(app, list_api.api)
    app.register_blueprint(blueprint)
