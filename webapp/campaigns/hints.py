"""The doorbells of this room, to be rung after the commit."""

from __future__ import annotations

from webapp.jobs import queues
from webapp.jobs.queues import QueueName

TICK = "webapp.campaigns.jobs.tick_due"
THREADS_AHEAD = "webapp.campaigns.jobs.open_threads_ahead"
PLANS = "webapp.campaigns.jobs.count_plans"


def ring_plans() -> None:
    """A plan was asked for, or is not counted to its end."""
    queues.ring(QueueName.BULK, PLANS)


def ring_threads_ahead() -> None:
    """There are more threads to open."""
    queues.ring(QueueName.BULK, THREADS_AHEAD)


def ring_tick() -> None:
    """A campaign was launched, resumed or filled."""
    queues.ring(QueueName.FLOW, TICK)
