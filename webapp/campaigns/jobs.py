"""RQ's ways in: a few lines each, safe to run twice and at once."""

from __future__ import annotations

from webapp import clock, database
from webapp.campaigns import breakers, hints, joiners, running, tick
from webapp.jobs import queues


def tick_due() -> None:
    """Works off every step that is due."""
    queues.answer(hints.TICK)
    tick.run()


def finish() -> None:
    """Campaigns through which everybody is are finished."""
    with database.transaction() as conn:
        running.finish_what_is_through(conn, clock.now())


def enroll_joiners() -> None:
    """Whoever has joined a campaign's list is on the way; each campaign in a transaction of its own."""
    with database.autocommit() as conn:
        taking = joiners.taking(conn)
    joined = 0
    for campaign_id in taking:
        with database.transaction() as conn:
            joined += joiners.look(conn, campaign_id, clock.now())
    if joined:
        hints.ring_tick()


def look_at_breakers() -> None:
    """What carriers filter, what fails, what people answer with STOP is stopped."""
    with database.transaction() as conn:
        breakers.look(conn, clock.now())
