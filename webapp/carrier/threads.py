"""Getting or making the one thread of a pair of numbers, when anybody may be doing the same at this moment.

Twilio holds two rules for us: a UniqueName is taken once (409, 50353), and a pair of numbers is bound in one open
conversation at a time (409, 50416). So every step may simply be tried; a conflict is resolved by reading what won.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from webapp.carrier import reading
from webapp.carrier.errors import CarrierError, GoneError, PassingError
from webapp.carrier.sdk import Sdk
from webapp.carrier.types import ConversationInfo, Pair, PairThread, Thread

T = TypeVar("T")

_NAME_TAKEN = 50353
_PAIR_BOUND = 50416
_ALREADY_THERE = 50433
_CHANGED_MEANWHILE = frozenset({50391, 50349, 50419, 50449, 50213})
_CONVERSATION_SID = re.compile(r"CH[0-9a-fA-F]{32}")
_TRIES = 5
_REINCARNATIONS = 50


def open_thread(
    service: Sdk, *, messaging_service_sid: str, unique_name: str, pair: Pair, friendly_name: str
) -> Thread:
    """The open thread of ``pair``: the one named ``unique_name``, or whichever already holds the pair.

    A closed conversation stays closed at Twilio for good; then the next name (``unique_name-2``…) is used. Whatever an
    earlier call left half done is completed.
    """
    with reading.understood():
        for name in _names(unique_name):
            conversation = _get_or_create(service, name, messaging_service_sid, friendly_name)
            if conversation.state == "closed":
                continue
            try:
                return _bind(service, conversation.sid, messaging_service_sid, pair)
            except GoneError:
                continue  # closed since we looked
    raise PassingError(f"More than {_REINCARNATIONS} closed conversations bear this name")


def find_thread(service: Sdk, pair: Pair) -> Thread | None:
    """The conversation of this service in which ``pair`` is bound now; ``None`` if there is none."""
    with reading.understood():
        for record in _held_by(service, pair):
            if record.conversation_state != "closed":
                return Thread(record.conversation_sid, record.participant_sid)
    return None


def threads_of(service: Sdk, pair: Pair) -> list[PairThread]:
    """Every conversation of this service that holds ``pair``, or held it until it was closed."""
    with reading.understood():
        return [
            PairThread(record.conversation_sid, record.conversation_state != "closed")
            for record in _held_by(service, pair)
        ]


def _held_by(service: Sdk, pair: Pair) -> Iterator[Sdk]:
    for record in service.participant_conversations.stream(address=pair.address, page_size=50):
        if reading.pair(record.participant_messaging_binding) == pair:
            yield record


def _names(unique_name: str) -> Iterator[str]:
    yield unique_name
    for count in range(2, _REINCARNATIONS + 1):
        yield f"{unique_name}-{count}"


def _get_or_create(service: Sdk, name: str, messaging_service_sid: str, friendly_name: str) -> ConversationInfo:
    def attempt() -> ConversationInfo:
        try:
            made = service.conversations.create(
                unique_name=name, friendly_name=friendly_name or None, messaging_service_sid=messaging_service_sid
            )
        except CarrierError as error:
            if error.code != _NAME_TAKEN:
                raise
            return _conversation(service, name)
        return reading.conversation(made)

    return _patiently(attempt)


def _bind(service: Sdk, conversation_sid: str, messaging_service_sid: str, pair: Pair) -> Thread:
    """Puts the pair into the conversation, or finds where it already is."""

    def attempt() -> Thread:
        try:
            participant = service.conversations(conversation_sid).participants.create(
                messaging_binding_address=pair.address, messaging_binding_proxy_address=pair.sender
            )
        except CarrierError as error:
            if error.code == _ALREADY_THERE:
                return _thread_in(service, conversation_sid, pair)
            if error.code == _PAIR_BOUND:
                return _adopted(service, _holder(service, error, pair), messaging_service_sid, pair)
            raise
        return Thread(conversation_sid, participant.sid)

    return _patiently(attempt)


def _holder(service: Sdk, error: CarrierError, pair: Pair) -> str:
    """The conversation in which the pair is bound: Twilio names it in its message, else the look-up by address does."""
    named = _CONVERSATION_SID.search(str(error))
    if named:
        return named[0]
    found = find_thread(service, pair)
    if found is None:
        raise _MovedError("The pair was released while we looked", code=_PAIR_BOUND)
    return found.conversation_sid


def _adopted(service: Sdk, conversation_sid: str, messaging_service_sid: str, pair: Pair) -> Thread:
    """The thread that holds the pair, sending through our messaging service from now on: one that Twilio made by itself
    may lack it, and its texts would be blocked as unregistered (30034)."""
    conversation = _conversation(service, conversation_sid)
    if conversation.state == "closed":
        raise _MovedError("The conversation that held the pair was closed", code=_PAIR_BOUND)
    if conversation.messaging_service_sid != messaging_service_sid:
        service.conversations(conversation_sid).update(messaging_service_sid=messaging_service_sid)
    return _thread_in(service, conversation_sid, pair)


def _conversation(service: Sdk, sid_or_name: str) -> ConversationInfo:
    try:
        return reading.conversation(service.conversations(sid_or_name).fetch())
    except GoneError as error:
        message = f"{sid_or_name} is gone, or in another conversation service"
        raise _MovedError(message, code=error.code, http_status=error.http_status) from error


def _thread_in(service: Sdk, conversation_sid: str, pair: Pair) -> Thread:
    for record in service.conversations(conversation_sid).participants.stream(page_size=100):
        if reading.pair(record.messaging_binding) == pair:
            return Thread(conversation_sid, record.sid)
    raise _MovedError("The pair left the conversation while we looked", code=_PAIR_BOUND)


class _MovedError(PassingError):
    """What we were about to use changed under our eyes: the whole step is worth another try."""


def _patiently(attempt: Callable[[], T]) -> T:
    for tries in range(1, _TRIES):
        try:
            return attempt()
        except CarrierError as error:
            if not isinstance(error, _MovedError) and error.code not in _CHANGED_MEANWHILE:
                raise
        time.sleep(tries * random.uniform(0.02, 0.1))  # noqa: S311 (spreads rivals, keeps no secret)
    return attempt()
