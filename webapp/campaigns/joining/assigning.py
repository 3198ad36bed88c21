"""Leads that nobody has, given out in turn as a campaign's rules say. Who is away, or gone, is passed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.leads import ownership

# Whoever is assigned, or deleted, at the same moment is waited for, and then is not among them.
_UNOWNED = """
SELECT l.id FROM leads l
WHERE l.owner_id IS NULL AND (%(leads)s::bigint[] IS NULL OR l.id = ANY(%(leads)s))
  AND EXISTS (SELECT FROM sms_campaign_enrollments e
              WHERE e.campaign_id = %(campaign)s AND e.lead_id = l.id AND e.status IN ('active', 'paused'))
ORDER BY l.id FOR NO KEY UPDATE OF l
"""

_THERE = "SELECT id FROM users WHERE id = ANY(%s) AND active AND NOT away"

_GIVE = """
UPDATE leads l SET owner_id = t.owner, updated_at = %(now)s
FROM unnest(%(leads)s::bigint[], %(owners)s::bigint[]) AS t (lead, owner) WHERE l.id = t.lead
"""


def people(conn: Connection) -> dict[int, str]:
    """Who can be given leads, by id, by name; of who is away it is said."""
    rows = conn.execute("SELECT id, name, away FROM users WHERE active ORDER BY lower(name), id")
    return {user_id: f"{name} (away)" if away else name for user_id, name, away in rows}


def complaint(conn: Connection, actor: Actor, before: Sequence[int], user_ids: Sequence[int]) -> str | None:
    """Why this actor may not have leads given to these users, where it was others before; None where they may."""
    if list(before) == list(user_ids):
        return None
    if not actor.sees_all:
        return "Only a manager says who gets leads. Leave this out."
    known = people(conn)
    return None if all(user_id in known for user_id in user_ids) else ownership.NOBODY


def give_out(
    conn: Connection,
    campaign_id: int,
    user_ids: Sequence[int],
    now: datetime,
    *,
    by: int | None,
    lead_ids: Sequence[int] | None = None,
) -> int:
    """Assigns those of these leads (None: of all) that are in the campaign and have no owner. Returns how many.

    ``by``: who put them in; None for a list that they joined. The turn goes on from whoever got the last one; where
    everybody is away, they stay as they are. The caller holds the campaign's lock, so that no two give out at once.
    ``now``: business time.
    """
    there = {row[0] for row in conn.execute(_THERE, [list(user_ids)])}
    if not there:
        return 0
    leads = [row[0] for row in conn.execute(_UNOWNED, {"campaign": campaign_id, "leads": _listed(lead_ids)})]
    if not leads:
        return 0
    turns = [user_id for user_id in _after(_last(conn, campaign_id), user_ids) if user_id in there]
    owners = [turns[place % len(turns)] for place in range(len(leads))]
    conn.execute(_GIVE, {"leads": leads, "owners": owners, "now": now})
    conn.execute("UPDATE sms_campaigns SET last_assigned_to = %s WHERE id = %s", [owners[-1], campaign_id])
    ownership.align_conversations(conn, leads)
    audit.record(conn, by, "leads.given_out", f"campaign:{campaign_id}", leads=len(leads), to=turns)
    return len(leads)


def _after(last: int | None, user_ids: Sequence[int]) -> list[int]:
    """Everybody once, from the one who follows ``last``."""
    place = user_ids.index(last) + 1 if last in user_ids else 0
    return [*user_ids[place:], *user_ids[:place]]


def _last(conn: Connection, campaign_id: int) -> int | None:
    row = conn.execute("SELECT last_assigned_to FROM sms_campaigns WHERE id = %s", [campaign_id]).fetchone()
    assert row is not None, "the caller has found the campaign"
    return None if row[0] is None else int(row[0])


def _listed(lead_ids: Sequence[int] | None) -> list[int] | None:
    return None if lead_ids is None else list(lead_ids)
