"""Texts of campaigns that have not gone, taken back: each lead stands again before the step that it did not get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from webapp.database import Connection
from webapp.messaging import threads

# What is on the wire cannot be taken back. The lead's place is its first step of these, unless a person has moved it
# since. Who is stopped or paused stays so, before the step that did not go. The steps are those of the version that the
# row has once it is ours, for it may have been moving to another one: EXISTS would be a join, whose row stays.
_STEPS = "FROM sms_campaign_steps s WHERE s.version_id = e.version_id AND s.step_key = ANY(p.keys)"
_TAKE_BACK = f"""
WITH taken AS (
    UPDATE sms_messages m SET status = 'canceled', reason = %(reason)s, ended_at = %(now)s, claimed_by = NULL
    WHERE m.status IN ('held', 'queued', 'claimed') AND m.enrollment_id IS NOT NULL
      AND (%(number)s::bigint IS NULL OR m.contact_number_id = %(number)s)
      AND (%(campaign)s::bigint IS NULL OR m.campaign_id = %(campaign)s)
      AND (%(sender)s::bigint IS NULL OR m.phone_number_id = %(sender)s)
      AND (%(enrollments)s::bigint[] IS NULL OR m.enrollment_id = ANY(%(enrollments)s))
      AND (%(step)s::bigint IS NULL OR EXISTS (
           SELECT FROM sms_campaign_steps s JOIN sms_campaign_enrollments e ON e.version_id = s.version_id
           WHERE s.id = %(step)s AND s.step_key = m.step_key AND e.id = m.enrollment_id))
    RETURNING m.id, m.conversation_id, m.enrollment_id, m.step_key, m.visit
), places AS (
    SELECT t.enrollment_id, array_agg(t.step_key) AS keys
    FROM taken t JOIN sms_campaign_enrollments e ON e.id = t.enrollment_id AND e.visit = t.visit
    GROUP BY t.enrollment_id
), rewound AS (
    UPDATE sms_campaign_enrollments e
    SET position = (SELECT min(s.position) {_STEPS}), changed_at = now(),
        status = CASE WHEN e.status = 'completed' THEN 'active' ELSE e.status END,
        next_run_at = CASE WHEN e.status <> 'stopped' THEN %(again_at)s::timestamptz END,
        ended_at = CASE WHEN e.status = 'stopped' THEN e.ended_at END,
        reason = CASE WHEN e.status IN ('stopped', 'paused') THEN e.reason ELSE %(reason)s END,
        sentence = CASE WHEN e.status IN ('stopped', 'paused') THEN e.sentence ELSE %(sentence)s END
    FROM places p WHERE e.id = p.enrollment_id AND e.status IN ('active', 'paused', 'completed', 'stopped')
      AND (SELECT min(s.position) {_STEPS}) IS NOT NULL
)
SELECT conversation_id, id, enrollment_id, step_key FROM taken
"""  # noqa: S608 (our own words)


class Taken(NamedTuple):
    """A text that was taken back, and which step of whose way it was."""

    message_id: int
    enrollment_id: int
    step_key: str


def take_back(
    conn: Connection,
    *,
    number: int | None = None,
    campaign: int | None = None,
    enrollment: int | None = None,
    step: int | None = None,
    sender: int | None = None,
    reason: str | None,
    sentence: str = "",
    again_at: datetime | None,
    now: datetime,
) -> list[int]:
    """Takes back what has not gone to a number, of a campaign or an enrollment, from a ``sender`` of ours; of one
    ``step`` (the id of its row in a version) alone, if given. ``reason`` and ``sentence``: why the leads wait now.

    ``again_at``: when the step is due again (business time); None where a person decides. Returns the enrollments that
    it concerned.
    """
    assert number or campaign or enrollment or sender
    values = {
        "number": number,
        "campaign": campaign,
        "enrollments": [enrollment] if enrollment else None,
        "step": step,
        "sender": sender,
        "reason": reason,
        "sentence": sentence,
        "again_at": again_at,
        "now": now,
    }
    return sorted({each.enrollment_id for each in _take_back(conn, values)})


def take_back_of(conn: Connection, enrollment_ids: Sequence[int], now: datetime) -> list[Taken]:
    """Takes back what has not gone of these enrollments, whose ways the caller ends. Returns the texts."""
    open_ended = dict.fromkeys(("number", "campaign", "step", "sender", "reason"))
    values = {"enrollments": list(enrollment_ids), "sentence": "", "again_at": now, "now": now}
    return _take_back(conn, open_ended | values)


def _take_back(conn: Connection, values: Mapping[str, object]) -> list[Taken]:
    rows = conn.execute(_TAKE_BACK, values).fetchall()
    threads.show_change(conn, {row[0] for row in rows})
    return [Taken(*row[1:]) for row in rows]
