"""The blueprint that the modules beside add their views to."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app

from webapp.config import Settings

blueprint = Blueprint("accounts", __name__)


def settings() -> Settings:
    """The running application's settings."""
    return cast(Settings, current_app.extensions["leadline"])
