"""The part of the day in which anything may go at all, so that nobody chooses one in which nothing ever does."""

from __future__ import annotations

from typing import TypeAlias

from webapp.accounts import settings as account_settings
from webapp.campaigns.rules import Window
from webapp.compliance import hours
from webapp.database import Connection
from webapp.rules.laws import ACCOUNT

#: From when until when, as in ("08:00", "21:00"), one for each that a weekday has.
OpenHours: TypeAlias = tuple[tuple[str, str], ...]


def account_hours(conn: Connection) -> OpenHours:
    """The account's own sending hours. Laws only leave less of them."""
    week = hours.policy_of(account_settings.load(conn)).change_of(ACCOUNT).week or ()
    return tuple({each for each in week if each})


def complaint(window: Window, open_hours: OpenHours) -> str:
    """Why nothing would ever go between these times; empty where something may. No ``open_hours`` mean any."""
    if not open_hours or any(opens < window.closes and window.opens < closes for opens, closes in open_hours):
        return ""
    first, last = min(opens for opens, _ in open_hours), max(closes for _, closes in open_hours)
    return f"Nothing would ever go then: your sending hours are {first} to {last}. Choose times within them."
