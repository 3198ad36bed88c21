"""Campaigns made by the database itself: a drip with a step a day, and everybody in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import psycopg

#: Five texts of usual length, with fields that have defaults and one that has none.
FIVE = tuple(
    'Hi {{ first_name | default("there") }}, {{ my_name | default("we") }} at {{ business_name }} here: number '
    f"{number} of the houses that you asked about can be seen on Saturday."
    for number in range(5)
)

_CAMPAIGN = """
WITH campaign AS (
    INSERT INTO sms_campaigns (name, kind, status, owner_id, pace_per_hour, created_at, updated_at, launched_at)
    VALUES ('Bench', 'drip', %(status)s, %(owner)s, %(pace)s, %(now)s, %(now)s, %(launched_at)s) RETURNING id
), version AS (
    INSERT INTO sms_campaign_versions (campaign_id, number, published_at, created_at)
    SELECT id, 1, CASE WHEN %(status)s <> 'draft' THEN %(now)s::timestamptz END, %(now)s FROM campaign
    RETURNING id, campaign_id
), steps AS (
    INSERT INTO sms_campaign_steps (version_id, position, step_key, delay_minutes, at_local, variants)
    SELECT v.id, i - 1, 'step' || i - 1, (i - 1) * 1440, s.at_local,
           jsonb_build_array(jsonb_build_object('key', 'a', 'body', s.body))
    FROM version v, unnest(%(bodies)s::text[], %(at_local)s::text[]) WITH ORDINALITY AS s (body, at_local, i)
)
SELECT campaign_id, id FROM version
"""

_LIVE = "UPDATE sms_campaigns SET live_version_id = %s WHERE id = %s"

_ENTER = """
INSERT INTO sms_campaign_enrollments
    (campaign_id, version_id, lead_id, contact_number_id, conversation_id, parked, next_run_at, created_at)
SELECT %(campaign)s, %(version)s, c.lead_id, c.contact_number_id, c.id, %(parked)s,
       %(due)s - c.id %% %(within)s * interval '1 second', %(now)s
FROM sms_conversations c
"""


class Made(NamedTuple):
    """Its id, and that of its only version."""

    campaign_id: int
    version_id: int


def create(
    conn: psycopg.Connection,
    bodies: Sequence[str],
    now: datetime,
    *,
    at_local: Sequence[str | None] = (),
    draft: bool = False,
    launched_by: int | None = None,
    pace: int | None = None,
) -> Made:
    """A campaign that runs, or a ``draft``, of one step a day; step n at ``at_local[n]`` where the lead is, if given.

    ``launched_by``: who owns it and has launched it. ``pace``: leads an hour.
    """
    values = {
        "status": "draft" if draft else "running",
        "owner": launched_by,
        "launched_at": None if launched_by is None else now,
        "pace": pace,
        "bodies": list(bodies),
        "at_local": list(at_local) or [None] * len(bodies),
        "now": now,
    }
    row = conn.execute(_CAMPAIGN, values).fetchone()
    assert row is not None
    made = Made(*row)
    if not draft:
        conn.execute(_LIVE, [made.version_id, made.campaign_id])
    return made


def enter_everybody(
    conn: psycopg.Connection,
    made: Made,
    now: datetime,
    *,
    due: datetime,
    within_seconds: int = 1,
    parked: bool = False,
) -> None:
    """Everybody who has a thread is before the first step, which is ``due`` then, or up to so many seconds before."""
    values = {
        "campaign": made.campaign_id,
        "version": made.version_id,
        "due": due,
        "within": within_seconds,
        "parked": parked,
        "now": now,
    }
    conn.execute(_ENTER, values)
