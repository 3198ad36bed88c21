"""What a webhook told us, by kind. What Twilio left out is ``None`` or empty; ``raw`` keeps everything it sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from webapp.carrier.types import Marker, MediaItem, Pair


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A text is in a thread. ``source`` is SMS when a phone wrote it, API or SDK otherwise, empty when not said.

    ``sender``: our number, where the form names it.
    """

    event_type: str
    conversation_sid: str
    message_sid: str
    index: int | None
    author: str
    body: str
    source: str
    marker: Marker | None
    media: tuple[MediaItem, ...]
    created_at: datetime | None
    sender: str | None
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeliveryUpdated:
    """A text got further. ``status`` is Twilio's word, also one that we do not know yet."""

    event_type: str
    conversation_sid: str
    message_sid: str
    receipt_sid: str
    channel_sid: str | None
    status: str
    error_code: int | None
    updated_at: datetime | None
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ConversationAdded:
    """A thread exists. ``pair`` is known where Twilio made it for a stranger's first text."""

    event_type: str
    conversation_sid: str
    unique_name: str | None
    messaging_service_sid: str | None
    pair: Pair | None
    created_at: datetime | None
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """Anything else, and any event that lacks the SIDs it could be applied by."""

    event_type: str
    raw: Mapping[str, str]


Event = MessageAdded | DeliveryUpdated | ConversationAdded | OtherEvent
