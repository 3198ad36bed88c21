"""Texts of campaigns that have not gone, taken back: each lead stands again before the step that it did not get."""

from __future__ import annotations

from datetime import datetime

from webapp.database import Connection
from webapp.messaging import threads

# What is on the wire cannot be taken back. The lead's place is its first step of these.
_TAKE_BACK = """
WITH taken AS (
    UPDATE sms_messages m SET status = 'canceled', reason = %(reason)s, ended_at = %(now)s, claimed_by = NULL
    WHERE m.status IN ('held', 'queued', 'claimed') AND m.enrollment_id IS NOT NULL
      AND (%(number)s::bigint IS NULL OR m.contact_number_id = %(number)s)
      AND (%(campaign)s::bigint IS NULL OR m.campaign_id = %(campaign)s)
      AND (%(enrollment)s::bigint IS NULL OR m.enrollment_id = %(enrollment)s)
      AND (%(step)s::bigint IS NULL OR EXISTS (
           SELECT FROM sms_campaign_steps s JOIN sms_campaign_enrollments e ON e.version_id = s.version_id
           WHERE s.id = %(step)s AND s.step_key = m.step_key AND e.id = m.enrollment_id))
    RETURNING m.conversation_id, m.enrollment_id, m.step_key
), places AS (
    SELECT t.enrollment_id, min(s.position) AS position
    FROM taken t JOIN sms_campaign_enrollments e ON e.id = t.enrollment_id
    JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.step_key = t.step_key
    GROUP BY t.enrollment_id
), rewound AS (
    UPDATE sms_campaign_enrollments e
    SET position = p.position, status = 'active', next_run_at = %(again_at)s, ended_at = NULL, reason = %(reason)s,
        changed_at = now()
    FROM places p WHERE e.id = p.enrollment_id AND e.status IN ('active', 'paused', 'completed')
)
SELECT conversation_id, enrollment_id FROM taken
"""


def take_back(
    conn: Connection,
    *,
    number: int | None = None,
    campaign: int | None = None,
    enrollment: int | None = None,
    step: int | None = None,
    reason: str | None,
    again_at: datetime | None,
    now: datetime,
) -> list[int]:
    """Takes back what has not gone to a number, of a campaign, or of an enrollment; of one ``step`` (the id of its
    row in a version) alone, if given.

    ``again_at``: when the step is due again (business time); None where a person decides. Returns the enrollments that
    it concerned, active again at that step.
    """
    assert number or campaign or enrollment
    rows = conn.execute(
        _TAKE_BACK,
        {
            "number": number,
            "campaign": campaign,
            "enrollment": enrollment,
            "step": step,
            "reason": reason,
            "again_at": again_at,
            "now": now,
        },
    ).fetchall()
    threads.show_change(conn, {row[0] for row in rows})
    return sorted({row[1] for row in rows})
