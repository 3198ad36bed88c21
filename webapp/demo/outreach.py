"""What reps wrote by hand and nobody answered: as many texts as make the agency's rates what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from webapp.demo.people import LeadPlan
from webapp.demo.threads import DAYS, ThreadPlan, Writer
from webapp.models.constants import Status

#: Texts of ours to one of theirs, so that replies are 18 %.
_REPLY_RATE = 0.18
_UNDELIVERED = 37
_SCRIPT = 9
#: A campaign's silent leads are written to before it, or afterwards: since when and until when (days ago).
_BEFORE, _AFTERWARDS = (DAYS, 3), (14, 1)
_AFTER_TEXTS = 3


@dataclass(frozen=True, slots=True)
class _Room:
    """A conversation that takes at most so many texts, the ``first`` in the script and on."""

    thread: ThreadPlan
    most: int
    days: tuple[int, int]
    first: int = 0

    @property
    def before(self) -> bool:
        return self.days is _BEFORE


def write(
    writer: Writer, others: Iterator[LeadPlan], so_far: Sequence[ThreadPlan], wanted: int, silent: Sequence[ThreadPlan]
) -> list[ThreadPlan]:
    """Writes to new leads until there are ``wanted`` conversations, and to the ``silent`` ones of campaigns.

    ``so_far``: all conversations there are, those included. Returns the new ones.
    """
    fresh = [ThreadPlan(lead, lead.owner, []) for lead in islice(others, wanted - len(so_far))]
    rooms = [_Room(thread, _SCRIPT, (DAYS, 1)) for thread in fresh] + [_room(thread) for thread in silent]
    texts, failures = _missing(so_far)
    space, taken = sum(room.most for room in rooms), 0
    assert texts <= space, "the rates of the demo need more silent leads"
    for place, room in enumerate(rooms):
        count = texts * (taken + room.most) // space - texts * taken // space
        taken += room.most
        _fill(writer, room, count, failures=int(place < failures))
    return fresh


def _room(thread: ThreadPlan) -> _Room:
    """The finished campaign's leads hear from their rep afterwards; the others heard before."""
    if len(thread.turns) > 1:
        return _Room(thread, _AFTER_TEXTS, _AFTERWARDS, first=_SCRIPT - _AFTER_TEXTS)
    return _Room(thread, _SCRIPT, _BEFORE)


def _missing(so_far: Sequence[ThreadPlan]) -> tuple[int, int]:
    """How many texts, and how many of them are to fail at first."""
    turns = [turn for thread in so_far for turn in thread.turns]
    theirs = sum(turn.inbound for turn in turns)
    failures = _UNDELIVERED - sum(turn.status == Status.UNDELIVERED and turn.said is not None for turn in turns)
    return round(theirs / _REPLY_RATE) - (len(turns) - theirs) - failures, failures


def _fill(writer: Writer, room: _Room, count: int, *, failures: int) -> None:
    if not count:
        return
    thread = room.thread
    told = writer.nurtured(thread.lead, count, failures=failures, days=room.days, first=room.first)
    thread.turns = [*told, *thread.turns] if room.before else [*thread.turns, *told]
