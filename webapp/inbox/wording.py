"""Did it go? What a text's state is called, why, and what to do: for people who never heard of a carrier."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.carrier import codes
from webapp.inbox.places import Place, moment_there
from webapp.inbox.threads import Text
from webapp.models.constants import Origin, Status


class Tone(StrEnum):
    """How a status looks beside its word."""

    GOING = "going"
    GONE = "gone"
    LATER = "later"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Said:
    """``word`` is the status; ``why`` and ``advice`` are sentences, empty where the word says it all."""

    word: str
    tone: Tone
    why: str = ""
    advice: str = ""
    may_retry: bool = False
    may_cancel: bool = False

    @property
    def always_shown(self) -> bool:
        """Shown under its bubble even where other bubbles of the group follow."""
        return bool(self.why or self.advice)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the thread is put into words: who they are, their zone, and where the lead is."""

    id: int
    timezone: str
    place: Place
    simulated: bool


_UNDER_WAY = frozenset({Status.QUEUED, Status.CLAIMED, Status.SENDING})


def status_of(text: Text, reader: Reader) -> Said | None:
    """The status of one of our texts; None for what somebody sent us."""
    status = Status(text.status)
    if status in _UNDER_WAY:
        return Said("Sending", Tone.GOING)
    match status:
        case Status.RECEIVED:
            return None
        case Status.SENT:
            return Said("Sent", Tone.GONE)
        case Status.DELIVERED:
            return Said("Delivered (simulated)" if reader.simulated else "Delivered", Tone.GONE)
        case Status.HELD:
            return _scheduled(text, reader)
        case Status.UNCONFIRMED:
            return Said("Checking with the carrier, don’t resend", Tone.GOING, why=_CHECKING)
        case _:
            return _not_delivered(text)


_CHECKING = "The carrier did not answer in time. Leadline looks up whether this text went before anything else is sent."


def _scheduled(text: Text, reader: Reader) -> Said:
    why = without_verdict(text.sentence or "")
    if text.send_after is None:
        return Said("Waits, no time yet", Tone.LATER, why=why, may_cancel=True)
    when = moment_there(text.send_after, reader.place, reader.timezone)
    return Said(f"Scheduled for {when}", Tone.LATER, why=why, may_cancel=True)


def _not_delivered(text: Text) -> Said:
    if text.status == Status.CANCELED:
        return Said("Not delivered", Tone.WRONG, why=text.sentence or "Canceled before it went.")
    if text.status == Status.REFUSED:
        return Said("Not delivered", Tone.WRONG, why=without_verdict(text.sentence or ""))
    words = codes.explain(text.error_code) if text.error_code else None
    why = f"{words.title}." if words else "The carrier did not say why."
    if text.retried:
        return Said("Not delivered", Tone.WRONG, why=why, advice="Sent again below.")
    advice = words.what_to_do if words else ""
    may_retry = text.origin != Origin.CONFIRMATION and not text.removed
    return Said("Not delivered", Tone.WRONG, why=why, advice=advice, may_retry=may_retry)


def without_verdict(sentence: str) -> str:
    """A ledger sentence without the outcome that it opens with, where the page has already said it."""
    for verdict in ("Refused: ", "Allowed: ", "Held: "):
        if sentence.startswith(verdict):
            rest = sentence.removeprefix(verdict)
            return rest[:1].upper() + rest[1:]
    return sentence
