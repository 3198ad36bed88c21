"""The only room that knows Twilio.

Importing it is cheap. The SDK is loaded when a client is built, which only processes that send do: the web process
needs no more than ``webhooks``, ``codes`` and ``segments``.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.carrier.client import TwilioCarrier
    from webapp.carrier.types import CarrierSettings
    from webapp.config import Settings

_clients: dict[tuple[int, CarrierSettings], TwilioCarrier] = {}
_lock = Lock()


def carrier_from_settings(settings: Settings) -> TwilioCarrier:
    """This process's client for ``settings``, shared by its threads. A forked child gets its own: connections that two
    processes share would mix their answers."""
    from webapp.carrier.client import TwilioCarrier

    wanted = _carrier_settings(settings)
    with _lock:
        key = (os.getpid(), wanted)
        if key not in _clients:
            _clients[key] = TwilioCarrier(wanted)
        return _clients[key]


def _carrier_settings(settings: Settings) -> CarrierSettings:
    from webapp.carrier.types import CarrierSettings

    return CarrierSettings(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        conversations_service_sid=settings.twilio_conversations_service_sid,
        messaging_service_sid=settings.twilio_messaging_service_sid,
        api_base_url=settings.twilio_api_base_url or None,
        timeout=settings.leadline_carrier_timeout,
        pool_size=settings.send_threads,
    )
