"""From the SDK's records to our values. One that lacks what Twilio always sends counts as an answer not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

from webapp.carrier import markers
from webapp.carrier.errors import UnknownOutcomeError
from webapp.carrier.types import (
    Accepted,
    CarrierMessage,
    ClassicMessage,
    ConversationInfo,
    MediaItem,
    Pair,
    Receipt,
)

_E164 = re.compile(r"\+[1-9]\d{4,14}")
T = TypeVar("T")

#: A record of the SDK, which ships no types.
Record: TypeAlias = Any


@contextmanager
def understood() -> Iterator[None]:
    """Turns an answer that is no JSON, or lacks a field, into UnknownOutcomeError: something was answered, but what?

    The SDK has an error of its own for a page in which it finds no list.
    """
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, _sdk_error()) as error:
        raise UnknownOutcomeError(f"The carrier's answer was not understood: {type(error).__name__}") from error


def accepted(record: Record) -> Accepted:
    return Accepted(sid=_needed(record.sid), index=record.index, created_at=instant(record.date_created))


def message(record: Record) -> CarrierMessage:
    marker = markers.decode(record.attributes)
    author = record.author or ""
    return CarrierMessage(
        sid=_needed(record.sid),
        index=int(record.index),
        author=author,
        body=record.body or "",
        marker=marker,
        created_at=_needed(instant(record.date_created)),
        media=media_items(record.media or ()),
        # REST answers do not say where a text came from: the carrier writes the phone's number as its author.
        from_contact=marker is None and is_number(author),
    )


def receipt(record: Record) -> Receipt:
    return Receipt(
        sid=_needed(record.sid),
        message_sid=_needed(record.message_sid),
        channel_sid=record.channel_message_sid,
        status=record.status or "",
        error_code=error_code(record.error_code),
        updated_at=instant(record.date_updated),
    )


def classic(record: Record) -> ClassicMessage:
    return ClassicMessage(
        sid=_needed(record.sid),
        direction=record.direction or "",
        from_=record.from_ or "",
        to=record.to or "",
        body=record.body or "",
        sent_at=instant(record.date_sent) or instant(record.date_created),
        num_media=int(record.num_media or 0),
        num_segments=int(record.num_segments or 0),
        status=record.status or "",
        error_code=error_code(record.error_code),
    )


def conversation(record: Record) -> ConversationInfo:
    return ConversationInfo(
        sid=_needed(record.sid),
        unique_name=record.unique_name,
        created_at=_needed(instant(record.date_created)),
        state=record.state or "active",
        messaging_service_sid=record.messaging_service_sid,
    )


def pair(binding: Mapping[str, Any] | None) -> Pair | None:
    """The two numbers of a participant's messaging binding; ``None`` for a chat user or a group member."""
    address, sender = (binding or {}).get("address"), (binding or {}).get("proxy_address")
    return Pair(address, sender) if address and sender else None


def media_items(listed: Iterable[Mapping[str, Any]]) -> tuple[MediaItem, ...]:
    """Media in any of Twilio's spellings: ``content_type`` in REST answers, ``ContentType`` in webhooks."""
    return tuple(_media_item({_plain(name): value for name, value in item.items()}) for item in listed)


def error_code(value: object) -> int | None:
    """Twilio writes 0, nothing, or a string where there is no error or one."""
    digits = str(value or "")
    return int(digits) or None if digits.isdecimal() else None


def instant(value: datetime | str | None) -> datetime | None:
    """An aware UTC time from what the SDK leaves: a datetime, or a string where it had milliseconds."""
    if not value:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_number(author: str) -> bool:
    return _E164.fullmatch(author) is not None


def _media_item(item: Mapping[str, Any]) -> MediaItem:
    return MediaItem(
        sid=_needed(item.get("sid")),
        content_type=item.get("contenttype") or "application/octet-stream",
        filename=item.get("filename") or None,
        size=int(item.get("size") or 0),
    )


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _sdk_error() -> type[Exception]:
    """Asked for when something was raised: by then the SDK is loaded, or it was not the SDK."""
    from twilio.base.exceptions import TwilioException

    found: type[Exception] = TwilioException
    return found


def _needed(value: T | None) -> T:
    if value is None:
        raise ValueError("a field is missing")
    return value
