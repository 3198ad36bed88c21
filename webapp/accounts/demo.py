"""The demo's sign-in without a password: where nothing can leave this computer, and only from this computer."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Request

from webapp.config import Settings


def is_offered(settings: Settings, request: Request) -> bool:
    """Whether the three buttons are shown and work: a demo, a stand-in carrier, and nobody between us and the asker.

    The address asked for is compared as well as the asker's, so that neither a proxy on this computer nor a name
    that somebody else points at it opens the demo to others.
    """
    return (
        settings.leadline_demo
        and settings.simulated
        and "X-Forwarded-For" not in request.headers
        and _is_loopback(request.remote_addr)
        and _is_loopback(urlsplit(f"//{request.host}").hostname)
        and _is_loopback(urlsplit(settings.app_url).hostname)
    )


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
