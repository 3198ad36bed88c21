"""Leads that wait, before their first step, until their way through another campaign has ended.

A way ends in many places: by its last step, an answer, a person, its campaign's end. So nothing is listened to: every
few seconds those who wait are looked at. Of several that wait for the same person the oldest begins first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.campaigns import engine, steps, timing
from webapp.campaigns.joining import elsewhere
from webapp.campaigns.steps import Version
from webapp.compliance import decisions, hours
from webapp.compliance.decisions import Decision, LedgerRow, Stage
from webapp.database import Connection
from webapp.models.constants import Reason

_CHUNK = 2000

_HOLD_BACK = """
UPDATE sms_campaign_enrollments e
SET next_run_at = NULL, reason = 'in_another_campaign', changed_at = now(),
    sentence = 'Held: the lead is on its way through “' || first.name || '”, and begins here after that.'
FROM (SELECT w.id, o.name
      FROM sms_campaign_enrollments w CROSS JOIN LATERAL (
           SELECT g.name FROM sms_campaign_enrollments o
           JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused')
           WHERE o.contact_number_id = w.contact_number_id AND o.status IN ('active', 'paused')
             AND o.campaign_id <> w.campaign_id ORDER BY o.id LIMIT 1) o
      WHERE w.campaign_id = %(campaign)s AND w.status = 'active' AND w.position = 0 AND w.next_run_at IS NOT NULL
        AND {which}) first
WHERE e.id = first.id RETURNING e.id, e.contact_number_id, e.sentence
"""
_OF_LEADS = "w.lead_id = ANY(%(leads)s::bigint[]) AND w.created_at = %(now)s"
_AT_THE_LAUNCH = f"""w.id IN (
    SELECT e.id FROM sms_campaign_enrollments e WHERE e.campaign_id = %(campaign)s AND {elsewhere.BECOMES} = 'wait')
"""  # noqa: S608 (our own words)

# A way that waits itself is before this one if it is older: so two never wait for each other.
_FREE = """
SELECT e.id, e.version_id, e.contact_number_id, n.e164, l.state, l.postal_code, l.timezone
FROM sms_campaign_enrollments e
JOIN sms_campaigns g ON g.id = e.campaign_id AND g.status = 'running'
JOIN contact_numbers n ON n.id = e.contact_number_id
LEFT JOIN leads l ON l.id = e.lead_id
WHERE e.status = 'active' AND e.reason = 'in_another_campaign' AND NOT EXISTS (
      SELECT FROM sms_campaign_enrollments o
      JOIN sms_campaigns og ON og.id = o.campaign_id AND og.status IN ('running', 'paused')
      WHERE o.contact_number_id = e.contact_number_id AND o.status IN ('active', 'paused')
        AND o.campaign_id <> e.campaign_id AND (o.reason IS DISTINCT FROM 'in_another_campaign' OR o.id < e.id))
ORDER BY e.id LIMIT %s FOR NO KEY UPDATE OF e SKIP LOCKED
"""

_BEGIN = """
UPDATE sms_campaign_enrollments e SET next_run_at = t.at, reason = NULL, sentence = '', changed_at = now()
FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (id, at) WHERE e.id = t.id
"""


@dataclass(frozen=True, slots=True)
class _Free:
    id: int
    version_id: int
    contact_number_id: int
    e164: str
    state: str | None
    postal_code: str | None
    timezone: str | None

    @property
    def zone(self) -> str:
        return hours.likeliest_zone(self.e164, self.state, self.timezone, self.postal_code)


def hold_back(conn: Connection, version: Version, now: datetime, lead_ids: Sequence[int] | None = None) -> int:
    """Lets those wait that are in another live campaign: of these leads, put in at business time ``now``; or, at the
    launch, all who are to wait. Returns how many.
    """
    if lead_ids is None:
        held = conn.execute(_HOLD_BACK.format(which=_AT_THE_LAUNCH), elsewhere.given(version)).fetchall()
    else:
        values = {"campaign": version.campaign_id, "leads": list(lead_ids), "now": now}
        held = conn.execute(_HOLD_BACK.format(which=_OF_LEADS), values).fetchall()
    waits = ((row[0], row[1], engine.held(elsewhere.RULE, Reason.IN_ANOTHER_CAMPAIGN, row[2], None)) for row in held)
    if held:
        decisions.record_many(conn, (_entry(*one, version, now) for one in waits))
    return len(held)


def begin(conn: Connection, now: datetime) -> int:
    """Those whose other way has ended begin now, as their first step says. Returns how many; the caller commits."""
    with conn.cursor(row_factory=class_row(_Free)) as cursor:
        free = cursor.execute(_FREE, [_CHUNK]).fetchall()
    if not free:
        return 0
    versions = steps.load(conn, {one.version_id for one in free})
    at = {one.id: timing.due(versions[one.version_id].steps[0], now, one.zone) for one in free}
    conn.execute(_BEGIN, [list(at), list(at.values())])
    said = "Begins now: the lead’s way through another campaign has ended."
    begun = {one.id: engine.held(elsewhere.RULE, Reason.SCHEDULED, said, at[one.id]) for one in free}
    decisions.record(
        conn, [_entry(one.id, one.contact_number_id, begun[one.id], versions[one.version_id], now) for one in free]
    )
    return len(free)


def _entry(enrollment_id: int, number: int, decision: Decision, version: Version, now: datetime) -> LedgerRow:
    key = version.steps[0].key if version.steps else None
    return LedgerRow(None, number, Stage.QUEUE, now, decision, enrollment_id, key)
