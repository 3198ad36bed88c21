"""Caps, keywords and the answers to them: what an admin changes, what of it loosens, and how much of it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from webapp.accounts import audit, notices
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.accounts.mail import Letter
from webapp.accounts.settings import AccountSettings
from webapp.compliance import holds, usage
from webapp.database import Connection
from webapp.models.constants import Reason

#: T-Mobile's segments a day by what the brand is and how it was scored (compliance facts 5; support.twilio.com).
BRAND_TIERS = (
    ("Sole proprietor", 1_000),
    ("Low volume, unvetted, or score 1 to 24", 2_000),
    ("Score 25 to 49", 10_000),
    ("Score 50 to 74", 40_000),
    ("Score 75 to 100", 200_000),
)

#: Settings whose higher value, or whose absence, lets more texts go; and in words what they count.
_HIGHER_IS_LOOSER = {
    "cap_per_lead": "texts to one person in 24 hours",
    "reply_exemption_minutes": "minutes in which a person may answer whatever the hour",
    "cap_sender_hour": "texts an hour from one number",
    "cap_sender_day": "texts a day from one number",
    "cap_account_hour": "texts an hour",
    "cap_account_day": "texts a day",
    "cap_brand_segments": "segments a day for T-Mobile",
    "breaker_least_texts": "texts before a wording or a number is stopped",
    "breaker_filtered_percent": "percent of texts that may be filtered",
    "breaker_opt_out_percent": "percent of texts that may be answered by an opt-out",
    "breaker_failed_percent": "percent of texts that may fail",
    "second_person_above": "leads that one person may launch to",
}


@dataclass(frozen=True, slots=True)
class Used:
    """What has gone in the present hour and day: by the busiest of our numbers, by all of them, and for the brand."""

    sender_hour: int
    sender_day: int
    account_hour: int
    account_day: int
    brand_segments: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is not made yet, and in words what it loosens."""

    settings: Mapping[str, object]
    loosened: tuple[str, ...]

    @property
    def seal(self) -> str:
        """Stands for exactly what it loosens: who agreed to this did not agree to anything else."""
        return sha256("\n".join(self.loosened).encode()).hexdigest()[:16]


def draft(now: AccountSettings, changes: Mapping[str, object]) -> Draft:
    """What these changes of settings would do. Raises pydantic.ValidationError."""
    after = AccountSettings.model_validate(now.model_dump() | dict(changes))
    return Draft(changes, tuple(_loosened(now, after)))


def save(conn: Connection, actor: Actor, made: Draft) -> list[Letter]:
    """Makes the change, audited; returns what the owners are to be told. What a cap held is judged again."""
    account_settings.save(conn, actor, **made.settings)
    if not made.loosened:
        return []
    holds.ask_again(conn, Reason.CAP)
    holds.ask_again(conn, Reason.LANE)
    audit.record(conn, actor.id, "texting.loosened", "settings", opened=list(made.loosened))
    told = "\n".join(f"- {words}" for words in made.loosened)
    return notices.to_owners(conn, "texting limits were loosened", f"{actor.name} has changed:\n\n{told}")


def used(conn: Connection, settings: AccountSettings, now: datetime) -> Used:
    """How much of the caps is used. ``now``: business time."""
    found = usage.read(conn, settings, now)
    hour, day = found.sender_hour.values(), found.sender_day.values()
    return Used(max(hour, default=0), max(day, default=0), sum(hour), sum(day), found.brand_segments)


def _loosened(before: AccountSettings, after: AccountSettings) -> Iterator[str]:
    for name, words in _HIGHER_IS_LOOSER.items():
        was, will_be = getattr(before, name), getattr(after, name)
        if was is not None and (will_be is None or will_be > was):
            yield f"{words[0].upper()}{words[1:]}: {_count(was)} becomes {_count(will_be)}"
    if after.lane_gap_minutes < before.lane_gap_minutes:
        yield (
            "Minutes between two automatic texts to one person: "
            f"{_count(before.lane_gap_minutes)} becomes {_count(after.lane_gap_minutes)}"
        )
    for word in before.extra_stop_words:
        if word not in after.extra_stop_words:
            yield f"“{word}” no longer stops texts"


def _count(value: int | None) -> str:
    return "no limit" if value is None else f"{value:,}"
