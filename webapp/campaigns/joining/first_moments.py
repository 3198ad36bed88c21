"""When a campaign's first step is due, place by place: of a million leads in a few statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp.campaigns import timing
from webapp.campaigns.steps import Version
from webapp.compliance import hours
from webapp.database import Connection

#: The place of a lead ``l``, as ``compliance.facts.Facts.place`` tells places apart: by no more of a number than its
#: area code.
PLACE: Final = """
concat_ws('|', CASE WHEN l.phone LIKE '+1%%' THEN substr(l.phone, 1, 5) ELSE l.phone END,
          coalesce(l.state, ''), coalesce(l.postal_code, ''), coalesce(l.timezone, ''))
"""

#: The moment there, of those that a statement is given as ``moments``. Who has just moved elsewhere is due at once.
MOMENT: Final = f"coalesce((%(moments)s ->> {PLACE})::timestamptz, %(now)s)"

_PLACES = f"""
SELECT DISTINCT ON (place) {PLACE} AS place, l.phone, l.state, l.postal_code, l.timezone
"""

# Who waits for another campaign begins when that has ended. For everybody else a choice about others, which a draft
# keeps as the reason, has been made use of.
_STARTING = """
e.campaign_id = %(campaign)s AND e.status = 'active' AND e.position = 0
AND e.reason IS DISTINCT FROM 'in_another_campaign'
"""
_LEADS = f"FROM sms_campaign_enrollments e JOIN leads l ON l.id = e.lead_id WHERE {_STARTING}"
_SET = f"""
WITH begun AS (
    UPDATE sms_campaign_enrollments e
    SET next_run_at = greatest({MOMENT}, e.not_before), parked = e.parked AND NOT %(unpark)s, reason = NULL
    FROM leads l WHERE l.id = e.lead_id AND {_STARTING}
    RETURNING e.parked)
SELECT count(*) FILTER (WHERE NOT parked) FROM begun
"""  # noqa: S608 (our own words)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where some leads are, told by one of them."""

    place: str
    phone: str
    state: str | None
    postal_code: str | None
    timezone: str | None

    @property
    def zone(self) -> str:
        return hours.likeliest_zone(self.phone, self.state, self.timezone, self.postal_code)


def of_leads(
    conn: Connection, version: Version, now: datetime, leads: str, params: Mapping[str, object]
) -> dict[str, datetime]:
    """By ``PLACE``, when leads there that begin at business time ``now`` get the first step. ``leads``: SQL from FROM
    on, in which they are ``l``."""
    with conn.cursor(row_factory=class_row(_Place)) as cursor:
        places = cursor.execute(f"{_PLACES} {leads}", params).fetchall()
    first = version.steps[0] if version.steps else None
    return {one.place: timing.due(first, now, one.zone) if first else now for one in places}


def as_json(moments: Mapping[str, datetime]) -> Jsonb:
    """For a statement that looks each lead's moment up by its place."""
    return Jsonb({place: at.isoformat() for place, at in moments.items()})


def set_all(conn: Connection, version: Version, now: datetime, *, unpark: bool) -> int:
    """Whoever is in the campaign and has not begun does so now, at the launch, not when they were put into the draft.

    ``unpark``: at once in the tick's way; else they stay out of it. Returns how many are in its way.
    """
    values: dict[str, object] = {"campaign": version.campaign_id, "now": now, "unpark": unpark}
    moments = of_leads(conn, version, now, _LEADS, values)
    row = conn.execute(_SET, {**values, "moments": as_json(moments)}).fetchone()
    assert row is not None
    return int(row[0])
