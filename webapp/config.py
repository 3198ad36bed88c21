"""Typed settings from the environment. Nonsense is refused at start, naming the variable and the fix."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROCESSES = ("web", "send", "flow", "bulk", "clock")
_SID = re.compile(r"^[A-Z]{2}[0-9a-fA-F]{32}$")
_E164 = re.compile(r"^\+[1-9]\d{7,14}$")


class ConfigError(Exception):
    """The environment does not make sense; ``str()`` is one line per variable for whoever starts Leadline."""


class Settings(BaseSettings):
    """What design section 4 calls the environment; field names are the variables' names in lower case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: str
    redis_url: str
    secret_key: SecretStr
    app_url: str = Field(
        default="http://127.0.0.1:5000", validation_alias=AliasChoices("APP_URL", "NEXT_PUBLIC_APP_URL", "app_url")
    )
    port: int = Field(default=5000, ge=1, le=65535)
    leadline_host: str = "0.0.0.0"  # noqa: S104 (a dyno is reached from its router; `leadline up` passes loopback)

    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_webhook_auth_token: SecretStr = SecretStr("")
    twilio_conversations_service_sid: str = ""
    twilio_messaging_service_sid: str = ""
    twilio_sms_number: str = ""
    twilio_api_base_url: str = ""
    cron_secret: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    leadline_hmac_key: SecretStr = SecretStr("")
    """What erased numbers are recognised by; without it the secret key is."""

    leadline_admin_email: str = ""
    leadline_admin_password: SecretStr = SecretStr("")
    leadline_admin_token: SecretStr = SecretStr("")
    leadline_processes: Annotated[tuple[str, ...], NoDecode] = PROCESSES
    leadline_clock: datetime | None = None
    leadline_clock_file: Path | None = None
    leadline_demo: bool = False
    simulator_url: str = ""
    web_threads: int = Field(default=8, ge=1, le=64)
    web_workers: int = Field(default=1, ge=1, le=16)
    send_threads: int = Field(default=64, ge=1, le=256)
    leadline_settle_seconds: float = Field(default=60.0, ge=0.1, le=3600)
    """How long after an attempt of unknown outcome its thread is read back. Shorter only against a simulator."""
    leadline_reread_seconds: float = Field(default=15.0, ge=0.1, le=3600)
    """Between the two clean reads that release a text."""
    leadline_carrier_timeout: float = Field(default=10.0, ge=0.2, le=60)
    """Seconds that one call to the carrier may take."""

    leadline_threads_per_second: float | None = Field(default=None, ge=1, le=1000)
    """See ``threads_per_second``."""

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        """Heroku still writes ``postgres://``; psycopg and SQLAlchemy want ``postgresql://``."""
        value = re.sub(r"^postgres(ql)?(\+psycopg)?://", "postgresql://", value)
        if not value.startswith("postgresql://"):
            raise ValueError("must be a postgres:// address")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        """Hosted ones (Heroku's among them) sign their own certificates, so TLS encrypts and does not verify unless the
        address says ``?ssl_cert_reqs=required``."""
        parts = urlsplit(value)
        if parts.scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("must be a redis:// or rediss:// address")
        if parts.scheme == "rediss" and "ssl_cert_reqs" not in parts.query:
            return f"{value}{'&' if parts.query else '?'}ssl_cert_reqs=none"
        return value

    @field_validator("app_url", "twilio_api_base_url", "simulator_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        value = value.rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("must be an http:// or https:// address, like https://texts.example.com")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 32:
            raise ValueError("needs 32 characters or more; make one with: openssl rand -hex 32")
        return value

    @field_validator("leadline_admin_token", "leadline_hmac_key", "cron_secret")
    @classmethod
    def _optional_long_secret(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("is too short to be safe; use 32 characters or more")
        return value

    @field_validator(
        "twilio_account_sid", "twilio_conversations_service_sid", "twilio_messaging_service_sid", mode="after"
    )
    @classmethod
    def _sid(cls, value: str) -> str:
        if value and not _SID.match(value):
            raise ValueError("must be a Twilio SID: two letters and 32 hexadecimal digits")
        return value

    @field_validator("twilio_sms_number")
    @classmethod
    def _number(cls, value: str) -> str:
        if value and not _E164.match(value):
            raise ValueError("must be an E.164 number, like +15125550100")
        return value

    @field_validator("leadline_processes", mode="before")
    @classmethod
    def _process_names(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        names = tuple(name.strip() for name in value.split(",") if name.strip())
        unknown = sorted(set(names) - set(PROCESSES))
        if unknown or not names:
            raise ValueError(f"takes a comma-separated choice of {', '.join(PROCESSES)}")
        return names

    @field_validator("leadline_clock")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("must say its zone, like 2026-12-01T15:00:00Z")
        return value

    @model_validator(mode="after")
    def _twilio_is_whole(self) -> Self:
        """A half-configured carrier would fail at the first text instead of at the start."""
        if not self.twilio_account_sid:
            return self
        needed = {
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
            "TWILIO_CONVERSATIONS_SERVICE_SID": self.twilio_conversations_service_sid,
            "TWILIO_MESSAGING_SERVICE_SID": self.twilio_messaging_service_sid,
            "TWILIO_SMS_NUMBER": self.twilio_sms_number,
        }
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise ValueError(f"TWILIO_ACCOUNT_SID is set, so {', '.join(missing)} must be set too")
        return self

    @cached_property
    def simulated(self) -> bool:
        """True when the carrier is a stand-in; demo and live never mix."""
        return bool(self.twilio_api_base_url)

    @cached_property
    def threads_per_second(self) -> float:
        """How many threads a second the carrier lets all machines together open: Twilio 30 in one service, a stand-in
        mostly what it is asked."""
        return self.leadline_threads_per_second or (200.0 if self.simulated else 30.0)

    @cached_property
    def number_key(self) -> bytes:
        """The key of the hashes that erased numbers are recognised by: its own, whatever it comes from."""
        source = self.leadline_hmac_key.get_secret_value() or self.secret_key.get_secret_value()
        return hmac.digest(source.encode(), b"leadline: hashes of erased numbers", hashlib.sha256)

    @cached_property
    def signing_tokens(self) -> tuple[str, ...]:
        """The tokens a webhook may be signed with; two, so that one can be rotated."""
        tokens = (self.twilio_auth_token.get_secret_value(), self.twilio_webhook_auth_token.get_secret_value())
        return tuple(token for token in tokens if token)


def load_settings(**given: object) -> Settings:
    """Settings from the environment, with ``given`` on top. Raises ConfigError with one line per bad variable."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigError("\n".join(_complaint(item) for item in error.errors())) from None


def _complaint(item: object) -> str:
    assert isinstance(item, dict)
    name = "_".join(str(part) for part in item["loc"]).upper() or "The environment"
    if item["type"] == "missing":
        return f"{name} is not set."
    return f"{name}: {item['msg'].removeprefix('Value error, ')}."
