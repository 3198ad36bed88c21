"""All periodic work in one list. Each body may run twice, late, or on several machines at once."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.jobs.queues import QueueName


@dataclass(frozen=True, slots=True)
class Periodic:
    """``function`` is a dotted path without arguments; ``seconds`` of machine time between two runs.

    ``timeout``: seconds after which a run that hangs is broken off. Where it holds a lease of the same ``name`` and its
    worker is killed, it goes on as soon as the lease has run out.
    """

    name: str
    function: str
    queue: QueueName
    seconds: int
    timeout: int = 120


#: What asks the carrier runs on the bulk worker, so that no slow answer holds up what came in.
PERIODIC: tuple[Periodic, ...] = (
    Periodic("outbox", "webapp.messaging.jobs.look_after_outbox", QueueName.FLOW, 5),
    Periodic("receipts", "webapp.messaging.jobs.apply_receipts", QueueName.FLOW, 5),
    Periodic("reconcile", "webapp.messaging.jobs.reconcile", QueueName.BULK, 5),
    Periodic("tick", "webapp.campaigns.jobs.tick_due", QueueName.FLOW, 5),
    Periodic("finish campaigns", "webapp.campaigns.jobs.finish", QueueName.FLOW, 60),
    Periodic("joiners", "webapp.campaigns.jobs.enroll_joiners", QueueName.BULK, 20),
    Periodic("threads ahead", "webapp.campaigns.jobs.open_threads_ahead", QueueName.BULK, 15),
    Periodic("turns", "webapp.campaigns.jobs.begin_after_others", QueueName.BULK, 20),
    Periodic("plans", "webapp.campaigns.jobs.count_plans", QueueName.BULK, 15, timeout=300),
    Periodic("breakers", "webapp.campaigns.jobs.look_at_breakers", QueueName.BULK, 15),
    Periodic("media", "webapp.messaging.jobs.fetch_media", QueueName.BULK, 30),
    Periodic("sweep", "webapp.messaging.jobs.sweep_carrier", QueueName.BULK, 60),
    Periodic("housekeeping", "webapp.messaging.jobs.keep_house", QueueName.BULK, 3600),
    Periodic("seal", "webapp.compliance.jobs.seal_ledger", QueueName.BULK, 3600),
    Periodic("registration", "webapp.compliance.jobs.read_registration", QueueName.BULK, 3600),
    Periodic("validity", "webapp.compliance.jobs.keep_validity", QueueName.BULK, 300),
    Periodic("erasures", "webapp.compliance.jobs.finish_erasures", QueueName.BULK, 300),
    Periodic("retention", "webapp.compliance.jobs.keep_retention", QueueName.BULK, 86_400),
    Periodic("bulk", "webapp.jobs.tasks.ring_abandoned_bulk", QueueName.BULK, 30),
    Periodic("abandoned", "webapp.jobs.tasks.resume_abandoned", QueueName.BULK, 30),
    Periodic("uploads", "webapp.jobs.tasks.forget_uploads", QueueName.BULK, 3600),
    Periodic("beat send", "webapp.jobs.tasks.beat_send", QueueName.SEND, 15),
    Periodic("beat flow", "webapp.jobs.tasks.beat_flow", QueueName.FLOW, 15),
    Periodic("beat bulk", "webapp.jobs.tasks.beat_bulk", QueueName.BULK, 15),
)
