"""Templates, merge fields, rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors."""
    from webapp.texts.api import api
    from webapp.web import openapi

    openapi.mount(app, api)
