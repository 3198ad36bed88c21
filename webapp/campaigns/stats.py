"""A campaign's figures: where its leads stand, and what became of each step's texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from psycopg.rows import class_row

from webapp.campaigns.steps import Version
from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class StepFigures:
    """``waiting``: leads whose next step it is. The others count texts; ``replied`` and ``opted_out`` leads whose last
    text it was when they answered."""

    step_key: str
    waiting: int = 0
    queued: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    replied: int = 0
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class Stats:
    """Leads by where they stand; they add up to ``enrolled``."""

    enrolled: int
    active: int
    completed: int
    stopped: int
    paused: int
    failed: int
    stopped_by_reason: Mapping[str, int]
    steps: list[StepFigures] = field(default_factory=list)


_STANDINGS = """
SELECT status, coalesce(reason, ''), count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s GROUP BY 1, 2
"""

_STEPS = """
WITH texts AS (
    SELECT step_key,
           count(*) FILTER (WHERE status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')) AS queued,
           count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
           count(*) FILTER (WHERE status = 'delivered') AS delivered,
           count(*) FILTER (WHERE status IN ('failed', 'undelivered', 'refused')) AS failed
    FROM sms_messages WHERE campaign_id = %(campaign)s AND status <> 'canceled' GROUP BY step_key
), places AS (
    SELECT s.step_key, count(*) FILTER (WHERE e.status IN ('active', 'paused')) AS waiting
    FROM sms_campaign_enrollments e
    JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.position = e.position
    WHERE e.campaign_id = %(campaign)s GROUP BY s.step_key
), ends AS (
    SELECT s.step_key, count(*) FILTER (WHERE e.reason = 'replied') AS replied,
           count(*) FILTER (WHERE e.reason = 'opted_out') AS opted_out
    FROM sms_campaign_enrollments e
    JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.position = e.position - 1
    WHERE e.campaign_id = %(campaign)s AND e.status = 'stopped' GROUP BY s.step_key
)
SELECT k.step_key, coalesce(p.waiting, 0) AS waiting, coalesce(t.queued, 0) AS queued, coalesce(t.sent, 0) AS sent,
       coalesce(t.delivered, 0) AS delivered, coalesce(t.failed, 0) AS failed, coalesce(x.replied, 0) AS replied,
       coalesce(x.opted_out, 0) AS opted_out
FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS k (step_key, place)
LEFT JOIN texts t USING (step_key) LEFT JOIN places p USING (step_key) LEFT JOIN ends x USING (step_key)
ORDER BY k.place
"""


def of(conn: Connection, version: Version) -> Stats:
    """The figures of the version's campaign, with its steps in order."""
    standings = conn.execute(_STANDINGS, [version.campaign_id]).fetchall()
    by_status: dict[str, int] = {}
    for status, _, count in standings:
        by_status[status] = by_status.get(status, 0) + count
    keys = [step.key for step in version.steps]
    with conn.cursor(row_factory=class_row(StepFigures)) as cursor:
        figures = cursor.execute(_STEPS, {"campaign": version.campaign_id, "keys": keys}).fetchall()
    return Stats(
        enrolled=sum(by_status.values()),
        active=by_status.get("active", 0),
        completed=by_status.get("completed", 0),
        stopped=by_status.get("stopped", 0),
        paused=by_status.get("paused", 0),
        failed=by_status.get("failed", 0),
        stopped_by_reason={reason: count for status, reason, count in standings if status == "stopped"},
        steps=figures,
    )
