"""The sweep: what the carrier received or delivered, and no webhook told us. Its repairs are counted; 0 is right.

Everything that it finds goes through ``intake``, exactly as if the webhook had come. Texts are compared by SID: a gap
in a thread's indexes proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from webapp.carrier.errors import CarrierError
from webapp.messaging import sweep_log, sweep_receipts, sweep_threads
from webapp.messaging.sweeping import Lists

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: inbound texts and receipts that no webhook had brought."""

    inbound: int
    receipts: int


def sweep(carrier: Lists) -> Swept:
    """One whole sweep. A part that the carrier does not let us read starts again at the same place next time."""
    return Swept(
        inbound=_part(sweep_log.run, carrier) + _part(sweep_threads.run, carrier),
        receipts=_part(sweep_receipts.run, carrier),
    )


def _part(run: Callable[[Lists], int], carrier: Lists) -> int:
    try:
        return run(carrier)
    except CarrierError as error:
        log.warning("sweep ended early", part=run.__module__, error=type(error).__name__, code=error.code)
        return 0
