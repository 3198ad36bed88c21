"""The simulator's settings."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from webapp.simulator import defaults


def _auth_token() -> str:
    return os.environ.get("TWILIO_AUTH_TOKEN") or defaults.AUTH_TOKEN


@dataclass(frozen=True)
class SimulatorConfig:
    """One account with one Conversations service, one Messaging Service and its senders.

    `webhook_url`: where the service's post-event webhooks go; None leaves what REST configured.
    `app_url`: Leadline's address for "See in Leadline"; None takes the webhook's origin.
    `zone`: the IANA zone that the pages show times in.
    `opt_out_handling`: Twilio answers STOP/START/HELP and blocks by itself (its default); off, the app must.
    """

    state_dir: Path
    account_sid: str = defaults.ACCOUNT_SID
    auth_token: str = field(default_factory=_auth_token, repr=False)
    conversations_service_sid: str = defaults.CONVERSATIONS_SERVICE_SID
    messaging_service_sid: str = defaults.MESSAGING_SERVICE_SID
    numbers: tuple[str, ...] = defaults.NUMBERS
    webhook_url: str | None = None
    app_url: str | None = None
    opt_out_handling: bool = True
    carrier_latency_ms: int = defaults.CARRIER_LATENCY_MS
    texts_per_second: float = defaults.TEXTS_PER_SECOND
    zone: str = defaults.ZONE

    def __post_init__(self) -> None:
        """Raises ZoneInfoNotFoundError at the start rather than on the first page."""
        ZoneInfo(self.zone)

    @property
    def leadline_url(self) -> str | None:
        """Leadline's origin without a trailing slash, or None when neither address is known."""
        if self.app_url:
            return self.app_url.rstrip("/")
        if self.webhook_url:
            parts = urlsplit(self.webhook_url)
            return f"{parts.scheme}://{parts.netloc}"
        return None
