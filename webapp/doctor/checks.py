"""What a check says, and the checks of what stands in the environment alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from ipaddress import ip_address
from urllib.parse import urlsplit

from webapp.config import Settings
from webapp.rules import zones

_OLD_ZONE_DATA_MONTHS = 6
_FEWEST_CHARACTERS = 8  # different ones, in a secret that was not typed by leaning on a key


class State(StrEnum):
    """How a check ended. Only ``FAILED`` makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    NOTE = "note"
    """Nothing to mend: something to know."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, what was found there and, when it is not well, how to mend it."""

    state: State
    name: str
    found: str
    fix: str = ""


def secrets(settings: Settings) -> Check:
    """Whether the secrets are secrets. Their length is refused at start."""
    name = "Secrets"
    key, cron = settings.secret_key.get_secret_value(), settings.cron_secret.get_secret_value()
    if len(set(key)) < _FEWEST_CHARACTERS:
        return Check(State.FAILED, name, "SECRET_KEY can be guessed", "make one with: openssl rand -hex 32")
    if cron == key:
        return Check(State.FAILED, name, "CRON_SECRET is the SECRET_KEY", "give each a value of its own")
    if settings.leadline_admin_password.get_secret_value() and not settings.simulated:
        fix = "sign in, change the password, then remove the variable"
        return Check(State.WARNING, name, "LEADLINE_ADMIN_PASSWORD stands in the environment", fix)
    return Check(State.OK, name, "SECRET_KEY is set")


def app_url(settings: Settings) -> Check:
    """Whether Twilio and people elsewhere can reach ``APP_URL``; a stand-in carrier reaches any."""
    name = "APP_URL"
    parts = urlsplit(settings.app_url)
    if parts.path or parts.query:
        return Check(State.FAILED, name, settings.app_url, "name the site alone, like https://texts.example.com")
    if settings.simulated or not settings.twilio_account_sid:
        return Check(State.OK, name, settings.app_url)
    if _is_private(parts.hostname or ""):
        return Check(State.FAILED, name, settings.app_url, "Twilio cannot reach it: set the public https:// address")
    if parts.scheme != "https":
        return Check(State.FAILED, name, settings.app_url, "texts and passwords cross the net in the clear: use https")
    return Check(State.OK, name, settings.app_url)


def zone_data(_settings: Settings) -> Check:
    """Whether quiet hours are reckoned with the zones as they are (``facts/compliance.md`` 4.4)."""
    found, newer = f"tzdata {version('tzdata')}", "pip install --upgrade tzdata, and restart"
    if not zones.zone_data_is_fresh():
        return Check(State.FAILED, "Zone data", found, f"it is older than 2026e: {newer}")
    months = zones.zone_data_age(datetime.now(UTC).date())
    if months >= _OLD_ZONE_DATA_MONTHS:
        fix = f"it is {months} months old or more, and clocks are changed by law every year: {newer}"
        return Check(State.WARNING, "Zone data", found, fix)
    return Check(State.OK, "Zone data", found)


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".local", ".localhost", ".internal")) or "." not in host:
        return ":" not in host or _is_private_address(host)
    return _is_private_address(host)


def _is_private_address(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
