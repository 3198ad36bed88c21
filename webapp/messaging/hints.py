"""The doorbells of this room, to be rung after the commit: work is waiting in Postgres."""

from __future__ import annotations

from webapp.jobs import queues
from webapp.jobs.queues import QueueName

SEND = "webapp.messaging.jobs.send_due"
FLOW = "webapp.messaging.jobs.apply_receipts"


def ring_send() -> None:
    """There are texts to send."""
    queues.ring(QueueName.SEND, SEND)


def ring_flow() -> None:
    """There are webhooks to apply."""
    queues.ring(QueueName.FLOW, FLOW)
