"""A campaign's figures: where its leads stand, what they have done, and what became of each step's texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from psycopg.rows import class_row

from webapp.campaigns.figures import definitions as d
from webapp.campaigns.steps import Version
from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class StepFigures:
    """``queued`` to ``failed`` count texts. ``waiting``: leads whose next step it is, ``held`` those of them whom
    something holds up; ``skipped``: leads that are past it without a text; ``replied`` and ``opted_out``: leads who did
    so after its text. Each as ``campaigns.figures.definitions`` has it."""

    step_key: str
    waiting: int = 0
    held: int = 0
    queued: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    skipped: int = 0
    replied: int = 0
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class Stats:
    """Leads by where they stand, from ``active`` to ``failed``: they add up to ``enrolled``.

    ``replied`` and ``opted_out`` count leads by what they have done, wherever they stand now; ``left_out`` those for
    whom it was stopped otherwise.
    """

    enrolled: int
    active: int
    completed: int
    stopped: int
    paused: int
    failed: int
    stopped_by_reason: Mapping[str, int]
    replied: int = 0
    opted_out: int = 0
    left_out: int = 0
    steps: list[StepFigures] = field(default_factory=list)


_STANDINGS = f"""
SELECT e.status, coalesce(e.reason, ''), count(*), count(*) FILTER (WHERE {d.REPLIED}),
       count(*) FILTER (WHERE {d.OPTED_OUT}), count(*) FILTER (WHERE {d.LEFT_OUT})
FROM sms_campaign_enrollments e WHERE e.campaign_id = %s GROUP BY 1, 2
"""  # noqa: S608 (our own words)

# Whoever is past a step and has no text of it was left out there.
_STEPS = f"""
WITH texts AS (
    SELECT m.step_key, count(DISTINCT m.enrollment_id) AS leads, count(*) FILTER (WHERE {d.QUEUED}) AS queued,
           count(*) FILTER (WHERE {d.SENT}) AS sent, count(*) FILTER (WHERE {d.DELIVERED}) AS delivered,
           count(*) FILTER (WHERE {d.FAILED}) AS failed
    FROM sms_messages m WHERE m.campaign_id = %(campaign)s AND m.status <> 'canceled' GROUP BY 1
), standing AS MATERIALIZED (
    SELECT e.version_id, e.position, count(*) AS leads, count(*) FILTER (WHERE {d.WAITING}) AS waiting,
           count(*) FILTER (WHERE {d.HELD}) AS held
    FROM sms_campaign_enrollments e WHERE e.campaign_id = %(campaign)s GROUP BY 1, 2
), places AS (
    SELECT s.step_key, sum(p.waiting) FILTER (WHERE p.position = s.position) AS waiting,
           sum(p.held) FILTER (WHERE p.position = s.position) AS held,
           sum(p.leads) FILTER (WHERE p.position > s.position) AS past
    FROM standing p JOIN sms_campaign_steps s ON s.version_id = p.version_id AND s.position <= p.position GROUP BY 1
), answers AS (
    SELECT step_key, sum(replied) AS replied, sum(opted_out) AS opted_out FROM (
        SELECT replied_step AS step_key, count(*) AS replied, 0 AS opted_out FROM sms_campaign_enrollments e
        WHERE e.campaign_id = %(campaign)s AND {d.REPLIED} GROUP BY 1
        UNION ALL
        SELECT opted_out_step, 0, count(*) FROM sms_campaign_enrollments e
        WHERE e.campaign_id = %(campaign)s AND {d.OPTED_OUT} GROUP BY 1) each GROUP BY 1
)
SELECT k.step_key, coalesce(p.waiting, 0)::int AS waiting, coalesce(p.held, 0)::int AS held,
       coalesce(t.queued, 0) AS queued, coalesce(t.sent, 0) AS sent, coalesce(t.delivered, 0) AS delivered,
       coalesce(t.failed, 0) AS failed, greatest(coalesce(p.past, 0) - coalesce(t.leads, 0), 0)::int AS skipped,
       coalesce(a.replied, 0)::int AS replied, coalesce(a.opted_out, 0)::int AS opted_out
FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS k (step_key, place)
LEFT JOIN texts t USING (step_key) LEFT JOIN places p USING (step_key) LEFT JOIN answers a USING (step_key)
ORDER BY k.place
"""  # noqa: S608 (our own words)


def of(conn: Connection, version: Version) -> Stats:
    """The figures of the version's campaign, with its steps in order."""
    standings = conn.execute(_STANDINGS, [version.campaign_id]).fetchall()
    by_status: Counter[str] = Counter()
    for status, _, count, *_ in standings:
        by_status[status] += count
    keys = [step.key for step in version.steps]
    with conn.cursor(row_factory=class_row(StepFigures)) as cursor:
        figures = cursor.execute(_STEPS, {"campaign": version.campaign_id, "keys": keys}).fetchall()
    return Stats(
        enrolled=by_status.total(),
        active=by_status["active"],
        completed=by_status["completed"],
        stopped=by_status["stopped"],
        paused=by_status["paused"],
        failed=by_status["failed"],
        stopped_by_reason={row[1]: row[2] for row in standings if row[0] == "stopped"},
        replied=sum(row[3] for row in standings),
        opted_out=sum(row[4] for row in standings),
        left_out=sum(row[5] for row in standings),
        steps=figures,
    )
