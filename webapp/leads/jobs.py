"""The leads room's RQ entry point."""

from __future__ import annotations

from webapp.jobs import bulk
from webapp.jobs.bulk_runner import run
from webapp.leads import bulk_work, importing

#: Within what a worker that is asked to stop waits for, and fair to the imports that wait.
_SLICE_SECONDS = 10.0


def import_leads(operation_id: int) -> None:
    """Goes on with an import, and rings for the rest when there is any."""
    if not run(operation_id, importing.plan, seconds=_SLICE_SECONDS):
        bulk.ring(importing.KIND, operation_id)


def change_leads(operation_id: int) -> None:
    """Goes on with a change of many leads, and rings for the rest when there is any."""
    if not run(operation_id, bulk_work.plan, seconds=_SLICE_SECONDS):
        bulk.ring(bulk_work.KIND, operation_id)
