"""RQ's ways in: a few lines each, safe to run twice and at once."""

from __future__ import annotations

from flask import current_app

from webapp import clock, database
from webapp.campaigns import breakers, hints, opening_ahead, tick
from webapp.campaigns.drafts import moving_over
from webapp.campaigns.joining import joiners, turns
from webapp.campaigns.plans import counting_kept
from webapp.campaigns.steering import running
from webapp.carrier import carrier_from_settings
from webapp.carrier.client import TwilioCarrier
from webapp.config import Settings
from webapp.jobs import bulk, bulk_runner, queues
from webapp.jobs.leases import lease

#: Within what a worker that is asked to stop waits for.
_SLICE_SECONDS = 10.0


def tick_due() -> None:
    """Works off every step that is due."""
    queues.answer(hints.TICK)
    tick.run()


def move_over(operation_id: int) -> None:
    """Goes on with moving leads to a new version, and rings for the rest when there is any."""
    if not bulk_runner.run(operation_id, moving_over.plan, seconds=_SLICE_SECONDS):
        bulk.ring(moving_over.KIND, operation_id)
    hints.ring_tick()


def count_plans() -> None:
    """Goes on with a plan that somebody waits for, and rings while there may be more."""
    queues.answer(hints.PLANS)
    if counting_kept.work_off(seconds=_SLICE_SECONDS):
        hints.ring_plans()


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


def open_threads_ahead() -> None:
    """Threads of texts that are due soon are opened at the carrier, some seconds at a time."""
    queues.answer(hints.THREADS_AHEAD)
    with lease("threads ahead", seconds=60) as held:
        more = held and opening_ahead.run(_carrier())
    if more:
        hints.ring_threads_ahead()


def begin_after_others() -> None:
    """Leads that waited until their way through another campaign had ended begin."""
    with database.transaction() as conn:
        begun = turns.begin(conn, clock.now())
    if begun:
        hints.ring_tick()


def look_at_breakers() -> None:
    """What carriers filter, what fails, what people answer with STOP is stopped."""
    with database.transaction() as conn:
        breakers.look(conn, clock.now())


def _carrier() -> TwilioCarrier:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return carrier_from_settings(settings)
