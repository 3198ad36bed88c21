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
from webapp.rules.policy import HoursPolicy

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
    hours_policy: HoursPolicy = HoursPolicy()
    """What the account changes of the laws' hours, and its own hours by weekday where it has some."""
    keyword_replies: Literal["carrier", "leadline"] = "carrier"
    """Who answers STOP, START and HELP; never both."""
    message_frequency: str = Field(default="Msg frequency varies", min_length=1, max_length=60)
    """What the opt-in promised; HELP and the first text repeat it."""
    stop_reply: str = Field(default="", max_length=300)
    """The account's own confirmation of an opt-out; empty means the standard words. Likewise the two below."""
    start_reply: str = Field(default="", max_length=300)
    help_reply: str = Field(default="", max_length=300)
    extra_stop_words: tuple[str, ...] = ()
    """Single words or phrases, in plain form, that stop texts to this account besides the legal ones."""

    validity_minutes: int = Field(default=5, ge=1, le=60)
    """How long the carrier may keep a text in its queue. Sending ends so long before the hours do."""
    reply_exemption_minutes: int = Field(default=15, ge=0, le=60)
    """A person may answer within this time of the lead's own text, whatever the hour and the caps."""
    cap_per_lead: int = Field(default=3, ge=1, le=50)
    """Solicitations to one person in any 24 hours (FL, OK, MD, OR allow 3)."""
    lane_gap_minutes: int = Field(default=10, ge=0, le=10_080)
    """The least time between two automatic texts to one person, whichever campaigns send them."""
    cap_sender_hour: int | None = Field(default=None, ge=1)
    """Texts that one of our numbers gives to the carrier in a clock hour; the three below likewise."""
    cap_sender_day: int | None = Field(default=None, ge=1)
    cap_account_hour: int | None = Field(default=None, ge=1)
    cap_account_day: int | None = Field(default=None, ge=1)
    cap_brand_segments: int | None = Field(default=None, ge=1)
    """Segments a day, from midnight Pacific, that T-Mobile grants the brand. Every US text counts, since a number's
    carrier is not known."""

    automation_paused: bool = False
    """The one button that holds every automatic text."""
    registration_state: Literal["unknown", "pending", "approved", "rejected"] = "unknown"
    """Where the carriers' review of the campaign stands; pending and rejected keep live texts back."""
    suppression_flood: int = Field(default=50, ge=10, le=10_000)
    """Opt-outs reported by the carrier within an hour, above which the next ones wait for a person to look."""

    breaker_texts: int = Field(default=200, ge=20, le=5000)
    """A campaign's step, and a number of ours, is judged by so many of its newest texts, once it has as many as the
    next says."""
    breaker_least_texts: int = Field(default=20, ge=5, le=5000)
    breaker_filtered_percent: int = Field(default=10, ge=1, le=100)
    """Above so much of them filtered by carriers its wording is stopped; likewise opt-outs, and other failures."""
    breaker_opt_out_percent: int = Field(default=15, ge=1, le=100)
    breaker_failed_percent: int = Field(default=30, ge=1, le=100)
    second_person_above: int | None = Field(default=None, ge=1)
    """A launch to more leads than this needs a second person, whoever asks; None: only a rep's does."""

    business_address: str = Field(default="", max_length=300)
    business_website: str = Field(default="", max_length=200)
    privacy_email: str = Field(default="", max_length=200)
    message_topics: str = Field(default="offers, news and answers to your questions", min_length=1, max_length=200)
    """What the texts are about, as the opt-in page and the terms say it."""
    opt_in_page: bool = False
    """Whether the public opt-in page is open."""
    double_opt_in: bool = True
    """Whether somebody who fills it in must confirm by a text."""

    keep_bodies_days: int = Field(default=730, ge=30, le=3650)
    """Words of texts go after so many days; their times and decisions stay. Pictures and raw webhooks below."""
    keep_media_days: int = Field(default=365, ge=30, le=3650)
    keep_webhooks_days: int = Field(default=30, ge=1, le=365)

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
    old = before.model_dump()
    after = AccountSettings.model_validate({**old, **changes})
    for key, value in after.model_dump().items():
        if value != old[key]:
            _store(conn, actor, key, value)
            audit.record(conn, actor.id, "setting.changed", key, before=old[key], after=value)
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
