"""Prometheus metrics, read from the database at each scrape: so they hold for all machines together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from webapp import clock, database
from webapp.database import Connection

# One look at the head of each sender's queue: the partial index answers it however long the queue is.
_AGES = """
SELECT
    (SELECT extract(epoch FROM clock_timestamp() - min(head.not_before))
     FROM phone_numbers AS p CROSS JOIN LATERAL (
         SELECT m.not_before FROM sms_messages AS m
         WHERE m.phone_number_id = p.id AND m.status = 'queued' AND m.not_before <= clock_timestamp()
         ORDER BY m.id LIMIT 1) AS head) AS queued,
    (SELECT extract(epoch FROM %(now)s - min(send_after))
     FROM sms_messages WHERE status = 'held' AND send_after <= %(now)s) AS held,
    (SELECT extract(epoch FROM clock_timestamp() - min(received_at))
     FROM webhook_receipts WHERE applied_at IS NULL AND attempts = 0) AS webhooks,
    (SELECT count(*) FROM webhook_receipts WHERE applied_at IS NULL AND attempts > 0) AS parked
"""
# compliance.webhook_health keeps this row.
_DISTRUST = """
SELECT greatest(max((detail ->> 'distrusted_until')::float) - extract(epoch FROM clock_timestamp()), 0)
FROM heartbeats WHERE name = 'webhook repairs'
"""
_UNSETTLED = """
SELECT status, count(*) FROM sms_messages
WHERE status IN ('claimed', 'sending', 'unconfirmed') GROUP BY status
"""
_THREADS = "SELECT waiting FROM paces WHERE name = 'threads ahead'"
_HEARTBEATS = "SELECT name, extract(epoch FROM clock_timestamp() - at) FROM heartbeats ORDER BY name"
_COUNTERS = "SELECT name, label, value FROM counters ORDER BY name, label"
#: Counters that are 0 before the first event instead of absent, so that an alert sees them rise.
_FROM_THE_START = {
    "sends": ("sent", "not_sent", "unknown"),
    "unconfirmed": ("adopted", "released", "given_up"),
    "repaired": ("inbound", "receipts"),
    "duplicates": ("seen",),
}


def exposition() -> bytes:
    """All metrics in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(_Leadline())
    return generate_latest(registry)


class _Leadline:
    def collect(self) -> Iterator[Metric]:
        with database.autocommit() as conn:
            yield from _ages(conn, clock.now())
            yield _distrust(conn)
            yield _unsettled(conn)
            yield _threads(conn)
            yield _heartbeats(conn)
            yield from _counters(conn)


def _ages(conn: Connection, now: datetime) -> Iterator[Metric]:
    """How long the oldest has waited, in seconds; 0 when nothing waits."""
    row = conn.execute(_AGES, {"now": now}).fetchone()
    assert row is not None
    queued, held, webhooks, parked_now = row
    queue = GaugeMetricFamily(
        "leadline_queue_age_seconds", "How long the oldest text that may go has waited.", labels=["state"]
    )
    queue.add_metric(["queued"], float(queued or 0))
    queue.add_metric(["held"], float(held or 0))
    yield queue
    lag = "How long the oldest webhook that nobody looked at has waited."
    yield GaugeMetricFamily("leadline_webhook_lag_seconds", lag, value=float(webhooks or 0))
    parked = "Webhooks that speak of something not known yet."
    yield GaugeMetricFamily("leadline_webhooks_parked", parked, value=parked_now)


def _distrust(conn: Connection) -> Metric:
    row = conn.execute(_DISTRUST).fetchone()
    about = "How much longer automatic texts read their thread first; 0 while webhooks arrive."
    return GaugeMetricFamily("leadline_webhooks_distrusted_seconds", about, value=float((row and row[0]) or 0))


def _unsettled(conn: Connection) -> Metric:
    """Every state is always there, so that an alert sees 0 instead of nothing."""
    counts = dict.fromkeys(("claimed", "sending", "unconfirmed"), 0) | dict(conn.execute(_UNSETTLED).fetchall())
    family = GaugeMetricFamily("leadline_texts_unsettled", "Texts between queue and carrier.", labels=["status"])
    for status, count in counts.items():
        family.add_metric([status], count)
    return family


def _threads(conn: Connection) -> Metric:
    """As the job that opens them counted last: no further than some thousands."""
    row = conn.execute(_THREADS).fetchone()
    about = "Threads to open at the carrier before their texts are due."
    return GaugeMetricFamily("leadline_threads_to_open", about, value=row[0] if row else 0)


def _heartbeats(conn: Connection) -> Metric:
    family = GaugeMetricFamily(
        "leadline_heartbeat_age_seconds", "Since a process or periodic job was last well.", labels=["name"]
    )
    for name, age in conn.execute(_HEARTBEATS):
        family.add_metric([name], float(age))
    return family


def _counters(conn: Connection) -> Iterator[Metric]:
    values = {(name, label): 0 for name, labels in _FROM_THE_START.items() for label in labels}
    values |= {(name, label): value for name, label, value in conn.execute(_COUNTERS)}
    families: dict[str, CounterMetricFamily] = {}
    for (name, label), value in values.items():
        family = families.setdefault(
            name, CounterMetricFamily(f"leadline_{name}", f"Counted {name}, over all machines.", labels=["label"])
        )
        family.add_metric([label], value)
    yield from families.values()
