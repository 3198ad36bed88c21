"""Twilio's SDK, the one place that imports it: slow and large, so only a process that builds a client pays for it."""

from __future__ import annotations

from typing import Any, TypeAlias

from webapp.carrier.transport import Transport
from webapp.carrier.types import CarrierSettings

#: An object of the SDK. It ships no types, so its clients, lists and records are checked by our tests alone.
Sdk: TypeAlias = Any


def connect(settings: CarrierSettings, transport: Transport) -> Sdk:
    """An SDK client that calls through ``transport``. Opens no connection yet."""
    from twilio.rest import Client

    return Client(settings.account_sid, settings.auth_token, http_client=transport)
