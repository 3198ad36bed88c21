"""What compliance announces to the rooms above: they listen inside the same transaction, through its connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from blinker import Signal

from webapp.database import Connection
from webapp.models.constants import Reason


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Nothing may go to these contact numbers any more."""

    conn: Connection
    contact_number_ids: Sequence[int]
    now: datetime


@dataclass(frozen=True, slots=True)
class WaitEnded:
    """What waits for this reason may be judged again: to one number or to all, from one of ours or from all."""

    conn: Connection
    reason: Reason
    contact_number_id: int | None = None
    sender_id: int | None = None


#: Receivers get one Suppressed; the numbers are locked.
numbers_suppressed = Signal()
#: Receivers get one WaitEnded.
wait_ended = Signal()
