"""Twilio's webhooks: is it from Twilio, what does it say, and have we had it already?

Nothing here knows a request or a database, and nothing raises on what Twilio might send one day: unknown parameters,
events and statuses are kept as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from hashlib import sha256

from webapp.carrier import markers, reading
from webapp.carrier.events import ConversationAdded, DeliveryUpdated, Event, MessageAdded, OtherEvent
from webapp.carrier.signatures import FORM_TYPE, Form, field_lists, is_form, verify
from webapp.carrier.types import MediaItem, Pair

__all__ = ["FORM_TYPE", "dedupe_key", "from_contact", "is_form", "parse", "verify"]

_MOST_DIGITS = 18
#: Twilio's have 34 characters. What is far longer is none, and would not fit an index.
_LONGEST_SID = 64
_PHONE_SOURCES = frozenset({"sms", "mms", "rcs"})


def parse(form: Form) -> Event:
    """The event in a webhook's form. One that lacks the SIDs it could be applied by comes as OtherEvent."""
    raw = {name: values[0] for name, values in field_lists(form) if values}
    event_type = raw.get("EventType", "")
    needed, build = _KINDS.get(event_type, ((), _other))
    if not all(0 < len(raw.get(name, "")) <= _LONGEST_SID for name in needed):
        build = _other
    return build(event_type, raw)


def dedupe_key(event: Event) -> str:
    """Equal for two deliveries of one event, different for two events."""
    match event:
        case MessageAdded():
            return f"{event.event_type}:{event.message_sid}"
        case DeliveryUpdated():
            receipt = event.receipt_sid[:_LONGEST_SID] or event.message_sid
            return f"{event.event_type}:{receipt}:{event.status[:_LONGEST_SID]}"
        case ConversationAdded():
            return f"{event.event_type}:{event.conversation_sid}"
        case OtherEvent():
            return f"{event.event_type[:_LONGEST_SID]}:{_digest(event.raw)}"


def from_contact(event: MessageAdded, ours: Collection[str] = ()) -> bool:
    """True if a phone wrote this text. ``ours``: our own numbers and author names.

    Twilio says so in ``Source``. Where that is missing, a phone number as author that is not ours counts.
    """
    if event.marker is not None or event.author in ours:
        return False
    if event.source:
        return event.source.lower() in _PHONE_SOURCES
    return reading.is_number(event.author)


def _message_added(event_type: str, raw: Mapping[str, str]) -> MessageAdded:
    return MessageAdded(
        event_type=event_type,
        conversation_sid=raw["ConversationSid"],
        message_sid=raw["MessageSid"],
        index=_number(raw.get("Index")),
        author=raw.get("Author", ""),
        body=raw.get("Body", ""),
        source=raw.get("Source", ""),
        marker=markers.decode(raw.get("Attributes")),
        media=_media(raw.get("Media")),
        created_at=_instant(raw.get("DateCreated")),
        sender=raw.get("MessagingBinding.ProxyAddress") or None,
        raw=raw,
    )


def _delivery_updated(event_type: str, raw: Mapping[str, str]) -> DeliveryUpdated:
    return DeliveryUpdated(
        event_type=event_type,
        conversation_sid=raw.get("ConversationSid", ""),
        message_sid=raw["MessageSid"],
        receipt_sid=raw.get("DeliveryReceiptSid", ""),
        channel_sid=raw.get("ChannelMessageSid") or None,
        # Twilio's documents say Status, one of its own samples reads DeliveryStatus.
        status=(raw.get("Status") or raw.get("DeliveryStatus") or "").lower(),
        error_code=_number(raw.get("ErrorCode")) or None,
        updated_at=_instant(raw.get("DateUpdated")),
        raw=raw,
    )


def _conversation_added(event_type: str, raw: Mapping[str, str]) -> ConversationAdded:
    address, sender = raw.get("MessagingBinding.Address"), raw.get("MessagingBinding.ProxyAddress")
    return ConversationAdded(
        event_type=event_type,
        conversation_sid=raw["ConversationSid"],
        unique_name=raw.get("UniqueName") or None,
        messaging_service_sid=raw.get("MessagingServiceSid") or None,
        pair=Pair(address, sender) if address and sender else None,
        created_at=_instant(raw.get("DateCreated")),
        raw=raw,
    )


def _other(event_type: str, raw: Mapping[str, str]) -> OtherEvent:
    return OtherEvent(event_type, raw)


#: By event: the parameters without which it cannot be applied, and its builder.
_KINDS: dict[str, tuple[tuple[str, ...], Callable[[str, Mapping[str, str]], Event]]] = {
    "onMessageAdded": (("ConversationSid", "MessageSid"), _message_added),
    "onDeliveryUpdated": (("MessageSid",), _delivery_updated),
    "onConversationAdded": (("ConversationSid",), _conversation_added),
}


def _digest(raw: Mapping[str, str]) -> str:
    """Of all parameters but the one that counts deliveries. Updates carry DateUpdated, so two of them differ."""
    told = sorted(item for item in raw.items() if item[0] != "RetryCount")
    return sha256(json.dumps(told).encode()).hexdigest()[:32]


def _media(listed: str | None) -> tuple[MediaItem, ...]:
    try:
        return reading.media_items(json.loads(listed)) if listed else ()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) <= _MOST_DIGITS else None


def _instant(value: str | None) -> datetime | None:
    try:
        return reading.instant(value)
    except ValueError:
        return None
