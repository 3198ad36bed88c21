"""Deleting at the carrier what a person wants erased: a thread with its texts and files, and its log entries.

The pair of numbers is learned from the thread itself, which goes last: whoever asks needs to keep no number, and what
broke off halfway is begun again without harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from webapp.carrier import reading
from webapp.carrier.errors import GoneError
from webapp.carrier.sdk import Sdk
from webapp.carrier.types import Pair

_PAGE = 200


def forget_thread(twilio: Sdk, service: Sdk, conversation_sid: str, before: datetime) -> None:
    """Deletes the conversation, and from the classic log the texts of its pair up to ``before`` (the carrier's time).

    Nothing happens where it is gone already. Raises CarrierError, PassingError (409) too for a text on its way.
    """
    with reading.understood():
        try:
            pair = _pair_of(service, conversation_sid)
        except GoneError:
            return
        if pair is not None:
            _forget_log(twilio, pair, before)
        _delete(service.conversations(conversation_sid))


def forget_logged(twilio: Sdk, message_sid: str) -> None:
    """Deletes one entry of the classic log, by its SM or MM; nothing happens where it is gone. Raises CarrierError."""
    with reading.understood():
        _delete(twilio.messages(message_sid))


def _pair_of(service: Sdk, conversation_sid: str) -> Pair | None:
    participants = service.conversations(conversation_sid).participants.stream(page_size=50)
    return next((pair for record in participants if (pair := reading.pair(record.messaging_binding))), None)


def _forget_log(twilio: Sdk, pair: Pair, before: datetime) -> None:
    for record in [*_logged(twilio, pair.address, pair.sender), *_logged(twilio, pair.sender, pair.address)]:
        entry = reading.classic(record)
        if entry.sent_at is None or entry.sent_at <= before:
            _delete(twilio.messages(entry.sid))


def _logged(twilio: Sdk, sender: str, recipient: str) -> Iterator[Sdk]:
    listed: Iterator[Sdk] = twilio.messages.stream(from_=sender, to=recipient, page_size=_PAGE)
    return listed


def _delete(resource: Sdk) -> None:
    try:
        resource.delete()
    except GoneError:
        return  # somebody was faster, or we were ourselves the last time
