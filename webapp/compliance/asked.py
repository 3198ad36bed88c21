"""What the gate is asked about: one text, and the circumstances of its moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from webapp.accounts.settings import AccountSettings
from webapp.compliance.facts import Facts
from webapp.compliance.usage import Usage
from webapp.models.constants import Origin

VERSION = "2026-11-25"

#: What one person may get is counted over this time, and whoever wrote within it is being answered, not solicited.
CAP_WINDOW = timedelta(hours=24)


class Asked(NamedTuple):
    """The text that wants to go: when it was asked for, and the time somebody chose for it (business time), if any.

    ``message_id`` and ``sender_id`` are known when it is claimed; ``segments`` counts for the brand's cap.
    """

    origin: Origin
    automatic: bool
    asked_at: datetime
    send_at: datetime | None = None
    message_id: int | None = None
    sender_id: int | None = None
    segments: int = 1


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What holds for all texts of one moment: the account's rules, whether the carrier is a stand-in, what has gone in
    this hour and day, where that is capped, and our numbers that are stopped, by id, in a sentence that says why."""

    settings: AccountSettings
    simulated: bool
    usage: Usage | None = None
    stopped_senders: Mapping[int, str] = field(default_factory=dict)

    @property
    def reply_exemption(self) -> timedelta:
        """A person may answer within this time whatever the hour: the lead is awake and asked (facts 1.2)."""
        return timedelta(minutes=self.settings.reply_exemption_minutes)


def wrote_recently(facts: Facts, now: datetime, within: timedelta) -> bool:
    """Whether the person's own newest text is so fresh."""
    return facts.last_inbound_at is not None and now - facts.last_inbound_at <= within


def is_answer(facts: Facts, asked: Asked, now: datetime) -> bool:
    """Whether a person answers somebody who is in conversation with us."""
    return not asked.automatic and wrote_recently(facts, now, CAP_WINDOW)
