"""One attempt to send one claimed text: the last look at the suppression, the request, and what it came to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from webapp import clock, database
from webapp.carrier.errors import (
    CarrierError,
    GoneError,
    NotSentError,
    PassingError,
    PermanentError,
    UnknownOutcomeError,
)
from webapp.carrier.types import Accepted, CarrierMessage, Marker, Thread
from webapp.messaging import health, openings
from webapp.messaging.claims import Claimed
from webapp.messaging.openings import Turn

#: Well under what the gate keeps free before sending hours end (the validity period, 5 minutes).
_WORD_HOLDS = timedelta(minutes=1)


class Sends(Protocol):
    """What sending needs of a carrier."""

    def open_thread(self, *, unique_name: str, address: str, sender: str, friendly_name: str = "") -> Thread: ...

    def send(self, *, conversation_sid: str, body: str, marker: Marker, author: str) -> Accepted: ...

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier took it, into the thread ``conversation_sid``."""

    text: Claimed
    attempt: int
    conversation_sid: str
    accepted: Accepted


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not sent. ``permanent``: never again unchanged. ``retry_after``: seconds the carrier asked for.

    ``scope`` says what was ill: this message, or its sender or the account, which is no fault of the message's.
    """

    text: Claimed
    permanent: bool
    error_code: int | None
    retry_after: float | None
    scope: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Perhaps sent: nobody may send it again before the thread has been read back."""

    text: Claimed
    attempt: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """It was no longer ours to send: suppressed or canceled since it was claimed."""

    text: Claimed


@dataclass(frozen=True, slots=True)
class Unread:
    """Not tried: webhooks are distrusted, and the thread could not be read before it (``health``)."""

    text: Claimed


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Not tried: the thread had news that no webhook had brought, and the gate has to know it first."""

    text: Claimed


@dataclass(frozen=True, slots=True)
class Stale:
    """Not tried: the gate's word is of another time. The clock was moved, or this process lay still."""

    text: Claimed


Result = Sent | NotSent | Unknown | Withdrawn | Unread | Overtaken | Stale


def attempt(carrier: Sends, text: Claimed) -> Result:
    """Sends one text, or finds out why not. No transaction is open while the carrier is asked."""
    if text.wait > 0:
        time.sleep(text.wait)
    try:
        conversation_sid = text.conversation_sid or open_thread(carrier, text)
    except CarrierError as error:
        openings.heed(error)
        return _not_sent(text, error)  # opening a thread transmits nothing
    if health.must_look(text):
        objection = _look(carrier, text, conversation_sid)
        if objection is not None:
            return objection
    if abs(clock.now_looked_at() - text.judged_at) > _WORD_HOLDS:
        return Stale(text)
    number = begin(text, conversation_sid)
    if number is None:
        return Withdrawn(text)
    return _send(carrier, text, conversation_sid, number)


def _look(carrier: Sends, text: Claimed, conversation_sid: str) -> Result | None:
    """What the thread's own news make of a text that was about to go; None when it has none."""
    try:
        return Overtaken(text) if health.look(carrier, text, conversation_sid) else None
    except GoneError as error:
        _forget_thread(text, conversation_sid)
        return _not_sent(text, error)
    except CarrierError:
        return Unread(text)


def begin(text: Claimed, conversation_sid: str) -> int | None:
    """The conditional update ``claimed → sending``; the attempt's number, or None when the text may not go any more.

    It takes a share of the number's row, which a STOP locks: a STOP that has committed is seen here, and one that
    has not yet committed waits until this update has. The thread is noted, so that this one is read back, whichever
    the pair has by then.
    """
    with database.autocommit() as conn:
        row = conn.execute(
            """
            WITH number AS (
                SELECT id FROM contact_numbers
                WHERE id = %(contact_number_id)s AND (suppressed_at IS NULL OR %(exempt)s) FOR SHARE)
            UPDATE sms_messages m SET status = 'sending', attempt = attempt + 1, attempted_at = clock_timestamp(),
                   thread_sid = %(thread_sid)s, clean_reads = 0
            FROM number
            WHERE m.id = %(id)s AND m.contact_number_id = number.id
              AND m.status = 'claimed' AND m.claimed_by = %(claim)s
            RETURNING m.attempt
            """,
            {
                "id": text.id,
                "claim": text.claim,
                "thread_sid": conversation_sid,
                "contact_number_id": text.contact_number_id,
                "exempt": text.exempt,
            },
        ).fetchone()
    return int(row[0]) if row else None


def open_thread(carrier: Sends, text: Claimed) -> str:
    """The conversation's SID at the carrier, got or made in its turn, and remembered. Raises CarrierError."""
    meanwhile = openings.opened(text.conversation_id)
    if meanwhile is not None:
        return meanwhile
    openings.wait_turn(Turn.PERSON if text.urgent else Turn.DUE)
    thread = carrier.open_thread(unique_name=str(text.unique_name), address=text.address, sender=text.sender)
    openings.note(text.conversation_id, thread.conversation_sid)
    return thread.conversation_sid


def _send(carrier: Sends, text: Claimed, conversation_sid: str, number: int) -> Result:
    marker = Marker(key=str(text.marker), attempt=number)
    try:
        accepted = carrier.send(conversation_sid=conversation_sid, body=text.body, marker=marker, author=text.sender)
    except UnknownOutcomeError:
        return Unknown(text, number)
    except GoneError as error:
        _forget_thread(text, conversation_sid)
        return _not_sent(text, error)
    except (PermanentError, PassingError, NotSentError) as error:
        return _not_sent(text, error)
    return Sent(text, number, conversation_sid, accepted)


def _forget_thread(text: Claimed, conversation_sid: str) -> None:
    """The thread is closed or gone at the carrier: the next attempt opens it again."""
    with database.autocommit() as conn:
        conn.execute(
            "UPDATE sms_conversations SET twilio_sid = NULL WHERE id = %s AND twilio_sid = %s",
            [text.conversation_id, conversation_sid],
        )


def _not_sent(text: Claimed, error: CarrierError) -> NotSent:
    return NotSent(
        text,
        permanent=isinstance(error, PermanentError),
        error_code=error.code,
        retry_after=error.retry_after,
        scope=error.scope,
    )
