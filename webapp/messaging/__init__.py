"""The outbox, and everything that arrives: texts, receipts, and what the carrier has that no webhook brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Adds this room's doors, and listens to what the leads below announce."""
    from webapp.messaging import listening
    from webapp.messaging.api import api
    from webapp.messaging.webhook import webhook
    from webapp.web import openapi

    listening.register()
    openapi.mount(app, api)
    openapi.mount(app, webhook)
