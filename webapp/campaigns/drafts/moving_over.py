"""Bringing everybody over to a new version as a bulk operation: it may be left, and goes on where its worker died.

Nothing hangs on its haste but the leads whose next step comes sooner in the new version: the others would be brought
over by the tick that finds them due. So it cannot be stopped.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.campaigns.drafts import changing_over
from webapp.campaigns.drafts.changing_over import START, At, Moved
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation
from webapp.jobs.bulk_runner import Batch, Step

KIND = "campaign_move"
#: Each outcome with its word on the page.
COUNTERS = {"moved": "Go on there", "finished": "Nothing left for them", "ended": "Had ended before"}
_PAUSE_SECONDS = 0.02


def begin(conn: Connection, actor: Actor, campaign: Campaign, version: Version) -> tuple[int, int]:
    """Stores that whoever was left behind is to be brought over to ``version``, in the transaction that left them.

    To be run or rung for after the commit. Returns its id, and for how many leads it is.
    """
    params = {
        "campaign_id": campaign.id,
        "says": f"Move to version {version.number} of “{campaign.name}”",
        "filename": "",
        "notes": [],
    }
    total = changing_over.left_behind(conn, campaign.id)
    operation_id = bulk.create(
        conn, KIND, actor_id=actor.id, params=params, upload=b"", total=total, counters=tuple(COUNTERS)
    )
    return operation_id, total


def moved(operation: Operation) -> Moved:
    """What an operation has done so far."""
    found = operation.counters
    return Moved(found["moved"], found["finished"], found["ended"])


def plan(operation: Operation, _upload: bytes) -> Iterator[Step]:
    """Steps until nobody is left behind. Rows that somebody has in hand are come back to."""
    looking = _Looking(operation.params["campaign_id"], operation.total - operation.done)
    while True:
        yield looking.step
        if looking.found:
            continue
        with database.autocommit() as conn:
            left = changing_over.left_behind(conn, looking.campaign_id)
        if not left:
            break
        looking.after = START
        time.sleep(_PAUSE_SECONDS)
    if looking.left > 0:
        yield looking.rest


@dataclass
class _Looking:
    """Where the operation has got to; ``left`` leads of those whom it began with."""

    campaign_id: int
    left: int
    after: At = START
    found: bool = False

    def step(self, conn: Connection) -> Batch:
        """The next leads."""
        done = changing_over.move(conn, self.campaign_id, self.after, clock.now())
        self.found = done is not None
        if done is None:
            return Batch(0)
        brought, self.after = done
        counters = Counter(moved=brought.going_on, finished=brought.finished, ended=brought.ended)
        self.left -= counters.total()
        return Batch(counters.total(), counters)

    def rest(self, _conn: Connection) -> Batch:
        """Those whom a tick, or a colleague's hand, was quicker to bring over."""
        return Batch(self.left, Counter(moved=self.left))
