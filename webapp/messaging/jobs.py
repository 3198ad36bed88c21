"""RQ's ways in: ids or nothing, a few lines each, safe to run twice and at once."""

from __future__ import annotations

import time

from flask import current_app

from webapp import clock, database
from webapp.carrier import carrier_from_settings
from webapp.carrier.client import TwilioCarrier
from webapp.config import Settings
from webapp.jobs import queues, stopping
from webapp.jobs.leases import lease
from webapp.messaging import applying, attachments, claims, health, hints, housekeeping, unconfirmed
from webapp.messaging.sender import Sender
from webapp.messaging.sweep import sweep

#: As often as this job runs.
_LOOK_AHEAD_SECONDS = 5

#: After an outage there are many: they are worked through in several runs, so that other work gets its turn.
_RECONCILE_SECONDS = 4.0

_senders: dict[int, Sender] = {}


def send_due() -> None:
    """Sends what is queued: one job for one hint, however many texts."""
    queues.answer(hints.SEND)
    _sender().drain()


def apply_receipts() -> None:
    """Applies stored webhooks until none is due, then sees to what they brought."""
    queues.answer(hints.FLOW)
    applied = 0
    while batch := applying.apply_due():
        applied += batch
    if applied:
        look_after_outbox()
        attachments.fetch_due(_carrier())


def look_after_outbox() -> None:
    """Releases what has been held until now, takes back what dead workers had, and rings if anything can go."""
    settings = _settings()
    with database.transaction() as conn:
        claims.release_due(conn, now=clock.now())
        health.release_due(conn)
        unconfirmed.adopt_abandoned(conn, settle_seconds=settings.leadline_settle_seconds)
    with database.autocommit() as conn:
        seconds = claims.seconds_to_next(conn)
    if seconds is not None and seconds <= _LOOK_AHEAD_SECONDS:
        hints.ring_send()


def reconcile() -> None:
    """Reads back the threads of unconfirmed texts for some seconds, then rings for what that released."""
    ends_at, looked_into = time.monotonic() + _RECONCILE_SECONDS, 0
    while found := unconfirmed.reconcile_due(_carrier(), reread_seconds=_settings().leadline_reread_seconds):
        looked_into += found
        if time.monotonic() > ends_at or stopping.asked():
            break
    if looked_into:
        look_after_outbox()
        hints.ring_flow()


def sweep_carrier() -> None:
    """What the carrier has and no webhook brought."""
    with lease("sweep", seconds=120) as held:
        if held:
            sweep(_carrier())
            hints.ring_flow()


def fetch_media() -> None:
    """Attachments that could not be fetched at once."""
    attachments.fetch_due(_carrier())


def keep_house() -> None:
    """Partitions for the months to come; raw webhooks past their time go."""
    with lease("housekeeping", seconds=300) as held:
        if held:
            housekeeping.run()


def _sender() -> Sender:
    """One engine a process: its threads and connections outlive a job."""
    settings = _settings()
    key = id(settings)
    if key not in _senders:
        _senders[key] = Sender(_carrier(), settings.send_threads, settings.leadline_settle_seconds)
    return _senders[key]


def _carrier() -> TwilioCarrier:
    return carrier_from_settings(_settings())


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
