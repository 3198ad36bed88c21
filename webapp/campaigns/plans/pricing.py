"""One price for a campaign: its texts, and the Conversations users whom it makes active."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from webapp.campaigns.plans.planned import Preview
from webapp.carrier import active_users
from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars. ``users``: how many active users the campaign adds over all its months."""

    texts: Decimal
    users: int
    users_cost: Decimal

    @property
    def total(self) -> Decimal:
        return self.texts + self.users_cost


def price(conn: Connection, campaign_id: int, found: Preview, now: datetime) -> Price:
    """What the plan costs. Whoever is active this month already costs nothing more in it; later months begin anew."""
    this_month = f"{now:%Y-%m}"
    users, cost = 0, Decimal(0)
    for month, leads in found.months.items():
        before, fresh = _this_month(conn, campaign_id, now) if month == this_month else (0, leads)
        more = min(leads, fresh)
        users += more
        cost += active_users.cost(before, more)
    return Price(found.cost, users, cost)


_THIS_MONTH = """
WITH active AS MATERIALIZED (
    SELECT DISTINCT contact_number_id FROM sms_messages
    WHERE created_at >= date_trunc('month', %(now)s::timestamptz, 'UTC')
      AND (direction = 'inbound' OR sent_at IS NOT NULL)
)
SELECT (SELECT count(*) FROM active),
       (SELECT count(*) FROM sms_campaign_enrollments e WHERE e.campaign_id = %(campaign)s AND e.status = 'active'
        AND NOT EXISTS (SELECT FROM active a WHERE a.contact_number_id = e.contact_number_id))
"""


def _this_month(conn: Connection, campaign_id: int, now: datetime) -> tuple[int, int]:
    """How many are active in the month of ``now``, and how many of the campaign's leads are not yet."""
    row = conn.execute(_THIS_MONTH, {"now": now, "campaign": campaign_id}).fetchone()
    assert row is not None
    return row[0], row[1]
