"""The account's settings: what an admin decides once for everybody, kept in the database."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.database import Connection

_CACHE_SECONDS = 2.0
_CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class AccountSettings(BaseModel):
    """Every account-wide setting with its default. Times of day are ``HH:MM`` on the lead's clock."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    business_name: str = Field(default="", max_length=100)
    """Named in confirmations, and in the first text to somebody new."""
    business_contact: str = Field(default="", max_length=200)
    """A number or address that the answer to HELP gives."""
    default_timezone: str = "America/New_York"
    quiet_hours_open: str = Field(default="08:00", pattern=_CLOCK_TIME)
    quiet_hours_close: str = Field(default="21:00", pattern=_CLOCK_TIME)
    keyword_replies: Literal["carrier", "leadline"] = "carrier"
    """Who answers STOP, START and HELP; never both."""

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is not a time zone") from None
        return value

    @model_validator(mode="after")
    def _window_is_open(self) -> Self:
        if self.quiet_hours_open >= self.quiet_hours_close:
            raise ValueError("texting must begin before it ends")
        return self


@dataclass
class _Cached:
    settings: AccountSettings | None = None
    until: float = 0.0


_cached = _Cached()


def load(conn: Connection) -> AccountSettings:
    """The settings, at most two seconds old in this process."""
    if _cached.settings is None or time.monotonic() >= _cached.until:
        _cached.settings = read(conn)
        _cached.until = time.monotonic() + _CACHE_SECONDS
    return _cached.settings


def read(conn: Connection) -> AccountSettings:
    """The settings as they are stored now."""
    return AccountSettings.model_validate(dict(conn.execute("SELECT key, value FROM settings").fetchall()))


def save(conn: Connection, actor: Actor, **changes: object) -> AccountSettings:
    """Changes some settings, each with an audit entry. Raises pydantic.ValidationError and then changes nothing."""
    before = read(conn)
    after = AccountSettings.model_validate({**before.model_dump(), **changes})
    for key, value in after.model_dump().items():
        if value != getattr(before, key):
            _store(conn, actor, key, value)
            audit.record(conn, actor.id, "setting.changed", key, before=getattr(before, key), after=value)
    forget()
    return after


def forget() -> None:
    """The next ``load`` reads the database."""
    _cached.settings = None


def _store(conn: Connection, actor: Actor, key: str, value: object) -> None:
    conn.execute(
        "INSERT INTO settings (key, value, updated_by) VALUES (%s, %s, %s)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now(), updated_by = excluded.updated_by",
        (key, Jsonb(value), actor.id),
    )
