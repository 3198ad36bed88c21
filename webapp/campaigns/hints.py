"""The doorbell of this room, to be rung after the commit: a step may be due."""

from __future__ import annotations

from webapp.jobs import queues
from webapp.jobs.queues import QueueName

TICK = "webapp.campaigns.jobs.tick_due"


def ring_tick() -> None:
    """A campaign was launched, resumed or filled."""
    queues.ring(QueueName.FLOW, TICK)
