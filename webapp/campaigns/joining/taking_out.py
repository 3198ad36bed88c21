"""Leads that are moved from whatever campaign they are in to another one: taken out there first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from webapp.accounts.actors import Actor, visible
from webapp.campaigns.steering import moving
from webapp.campaigns.steering.moving import Act
from webapp.database import Connection

#: So many leads are moved at once: each is an act of its own, with its own entries.
MOST = 200

# Nobody is taken out who cannot be put in.
_WAYS = f"""
SELECT o.id
FROM leads l
JOIN contact_numbers n ON n.id = l.contact_number_id AND n.suppressed_at IS NULL AND n.invalid_at IS NULL
     AND n.consent_at IS NOT NULL AND (n.consent_until IS NULL OR n.consent_until > %(now)s)
JOIN sms_campaign_enrollments o ON o.contact_number_id = n.id AND o.status IN ('active', 'paused')
     AND o.campaign_id <> %(into)s
JOIN sms_campaigns g ON g.id = o.campaign_id AND (%(sees_all)s OR g.owner_id = %(actor_id)s)
WHERE l.id = ANY(%(leads)s) AND {visible("l.owner_id")}
  AND NOT EXISTS (SELECT FROM sms_campaign_enrollments e
                  WHERE e.campaign_id = %(into)s AND e.lead_id = l.id AND e.status IN ('active', 'paused'))
ORDER BY o.contact_number_id, o.id
"""  # noqa: S608 (our own words)


def of_others(conn: Connection, lead_ids: Sequence[int], into: int, actor: Actor, now: datetime) -> int:
    """Takes these leads out of all campaigns that the actor may see but the one ``into``. Returns out of how many.

    Before that campaign is locked: people's numbers come before campaigns, as wherever one lead is acted on.
    """
    values = {"leads": list(lead_ids), "into": into, "now": now, **actor.params()}
    ways = [row[0] for row in conn.execute(_WAYS, values)]
    for enrollment_id in ways:
        moving.remove(Act(conn, enrollment_id, actor, now))
    return len(ways)
