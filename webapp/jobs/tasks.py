"""Periodic work of the jobs room itself."""

from __future__ import annotations

from webapp import database
from webapp.jobs import bulk, heartbeats, leases, scheduler


def beat_send() -> None:
    """The send queue is being worked on."""
    heartbeats.beat("worker send")


def beat_flow() -> None:
    """The flow queue is being worked on."""
    heartbeats.beat("worker flow")


def beat_bulk() -> None:
    """The bulk queue is being worked on."""
    heartbeats.beat("worker bulk")


def ring_abandoned_bulk() -> None:
    """Bulk operations whose worker died go on."""
    bulk.ring_abandoned()


def resume_abandoned() -> None:
    """Periodic work whose worker died in the middle goes on now; when it is next due may be tomorrow."""
    for name in leases.abandoned():
        scheduler.queue_now(name)


def forget_uploads() -> None:
    """Uploaded files past their time go."""
    with database.transaction() as conn:
        bulk.forget_uploads(conn)
