"""Leads that were to be enrolled and cannot be texted, kept by reason: the dry run is of everybody asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from webapp.database import Connection

#: Why, for a person, by the words of ``enrolling.Entry``.
SENTENCES = {
    "reached_goal": "Has reached the campaign's goal already.",
    "opted_out": "Has opted out.",
    "bad_number": "The number does not work.",
    "no_consent": "There is no record that this person agreed to texts.",
    "in_another_campaign": "Is on the way through another campaign.",
    "no_sender": "There is no number of ours to write from.",
}

_NOTE = """
INSERT INTO sms_campaign_left_out (campaign_id, lead_id, reason, at)
SELECT %(campaign)s, t.lead, t.reason, %(now)s
FROM unnest(%(lead)s::bigint[], %(reason)s::text[]) AS t (lead, reason)
ON CONFLICT (campaign_id, lead_id) DO UPDATE SET reason = excluded.reason, at = excluded.at
"""

# Who got in later is left out no more.
_STILL = """
FROM sms_campaign_left_out o
WHERE o.campaign_id = %(campaign)s
  AND NOT EXISTS (SELECT FROM sms_campaign_enrollments e WHERE e.campaign_id = o.campaign_id AND e.lead_id = o.lead_id)
"""


def note(conn: Connection, campaign_id: int, reasons: Mapping[int, str], now: datetime) -> None:
    """Keeps why these leads (by id) were not enrolled at business time ``now``; a newer reason replaces an older."""
    if reasons:
        values = {"campaign": campaign_id, "lead": list(reasons), "reason": list(reasons.values()), "now": now}
        conn.execute(_NOTE, values)


def counts(conn: Connection, campaign_id: int) -> Counter[str]:
    """How many leads are left out, by reason."""
    query = f"SELECT o.reason, count(*) {_STILL} GROUP BY 1"
    return Counter(dict(conn.execute(query, {"campaign": campaign_id}).fetchall()))


def named(conn: Connection, campaign_id: int, reason: str, limit: int) -> list[int]:
    """The first leads that are left out for this reason, by id."""
    query = f"SELECT o.lead_id {_STILL} AND o.reason = %(reason)s ORDER BY o.lead_id LIMIT %(limit)s"
    values = {"campaign": campaign_id, "reason": reason, "limit": limit}
    return [row[0] for row in conn.execute(query, values)]
