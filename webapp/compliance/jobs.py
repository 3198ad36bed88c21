"""RQ's ways in: ids or nothing, a few lines each, safe to run twice and at once."""

from __future__ import annotations

from typing import Final

from flask import current_app

from webapp import clock, database
from webapp.carrier import carrier_from_settings
from webapp.compliance.consent import seals
from webapp.compliance.dnc import filling
from webapp.compliance.dnc import lists as dnc_lists
from webapp.compliance.optouts import importing as optout_importing
from webapp.compliance.privacy import erasure_at_carrier, retention
from webapp.compliance.registration import reading as registration_reading
from webapp.compliance.texting import validity
from webapp.config import Settings
from webapp.jobs import bulk, queues
from webapp.jobs.bulk_runner import run
from webapp.jobs.leases import lease
from webapp.jobs.queues import QueueName

REGISTRATION: Final = "webapp.compliance.jobs.read_registration"
ERASURES: Final = "webapp.compliance.jobs.finish_erasures"
CHECK_LEDGER: Final = "webapp.compliance.jobs.check_ledger"
RETENTION: Final = "webapp.compliance.jobs.keep_retention"
#: Within what a worker that is asked to stop waits for, and fair to the other bulk work that waits.
_SLICE_SECONDS: Final = 10.0


def seal_ledger() -> None:
    """Once a day a seal over the consent rows that came since the last, and a look over all of them."""
    with lease("seal", seconds=300) as held:
        if held and seals.seal_if_due():
            with database.transaction() as conn:
                seals.look_over(conn)


def check_ledger() -> None:
    """A look over all consent rows and seals now, because somebody asked."""
    queues.answer(CHECK_LEDGER)
    with lease("ledger", seconds=300) as held:
        if held:
            with database.transaction() as conn:
                seals.look_over(conn)


def ring_ledger() -> None:
    """Asks a worker for it."""
    queues.ring(QueueName.BULK, CHECK_LEDGER)


def import_opt_outs(operation_id: int) -> None:
    """Goes on with an import of an opt-out list, and rings for the rest when there is any."""
    if not run(operation_id, optout_importing.plan, seconds=_SLICE_SECONDS):
        bulk.ring(optout_importing.KIND, operation_id)


def import_dnc_list(operation_id: int) -> None:
    """Goes on with filling a do-not-call list, then rings for the lists that it has replaced."""
    if not run(operation_id, filling.plan, seconds=_SLICE_SECONDS):
        bulk.ring(dnc_lists.IMPORT, operation_id)
    else:
        filling.ring_removals()


def delete_dnc_list(operation_id: int) -> None:
    """Goes on with taking a do-not-call list away."""
    if not run(operation_id, filling.plan_removal, seconds=_SLICE_SECONDS):
        bulk.ring(dnc_lists.DELETION, operation_id)


def finish_erasures() -> None:
    """What erased people have left at the carrier goes."""
    queues.answer(ERASURES)
    with lease("erasures", seconds=300) as held:
        if held:
            erasure_at_carrier.finish_due(carrier_from_settings(_settings()))


def keep_retention() -> None:
    """What is older than the settings say goes; where there is much, in several runs."""
    with lease("retention", seconds=300) as held:
        finished = not held or retention.run(clock.now(), seconds=_SLICE_SECONDS).finished
    if not finished:  # where it is told to stop, too: the worker that starts next goes on
        queues.enqueue(QueueName.BULK, RETENTION)


def keep_validity() -> None:
    """Twilio keeps texts in its queue no longer than the account says."""
    settings = _settings()
    if settings.twilio_account_sid:
        validity.keep(carrier_from_settings(settings))


def read_registration() -> None:
    """What the carrier says of our registration is read, hourly and when somebody asks."""
    queues.answer(REGISTRATION)
    settings = _settings()
    with lease("registration", seconds=60) as held:
        if held and settings.twilio_account_sid:
            registration_reading.read(carrier_from_settings(settings))


def ring_registration() -> None:
    """Asks a worker for it."""
    queues.ring(QueueName.BULK, REGISTRATION)


def ring_erasures() -> None:
    """Asks a worker to finish erasures now. Call it after the commit."""
    queues.ring(QueueName.BULK, ERASURES)


def _settings() -> Settings:
    settings = current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    return settings
