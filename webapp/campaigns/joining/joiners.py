"""Whoever joins a campaign's list later is enrolled by itself.

A lead joins a list in many ways: it is new, it got a tag, time went by, somebody answered. So nothing is listened to:
every few seconds the list itself is asked, less those who were in it when this was switched on (kept as a frozen list
that no page shows), less whoever is or was in the campaign. Who cannot be texted yet, or is on the way through another
campaign, is asked about again each time, and so joins once that has changed. Asking twice, or at once, enrolls nobody
twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb

from webapp.accounts import audit, users
from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.joining import entering
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.steering import second_person
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.leads import filters, lists
from webapp.leads.filters import FilterError, Query
from webapp.models.constants import CampaignStatus

#: So many at most join at one look, the newest leads first; the next look goes on.
MOST = 5000


def taking(conn: Connection) -> list[int]:
    """The campaigns that are to be looked at."""
    rows = conn.execute(
        """
        SELECT id FROM sms_campaigns WHERE status IN ('draft', 'running', 'paused') AND takes_joiners
          AND (saved_list_id IS NOT NULL OR audience <> '{}') ORDER BY id
        """
    )
    return [row[0] for row in rows]


def look(conn: Connection, campaign_id: int, now: datetime) -> int:
    """Enrolls who has joined. Returns how many. ``now``: business time; the caller commits.

    The first look since it was switched on, or since the list is another one, only notes who is there already.
    """
    actor = _on_whose_behalf(conn, campaign_id)
    campaign = store.find(conn, actor, campaign_id, lock=True) if actor else None
    if actor is None or campaign is None or not campaign.takes_joiners:
        return 0
    found = _members(conn, campaign, actor, now)
    if found is None:
        return 0
    present = _present(conn, campaign)
    if present is None:
        _note_present(conn, campaign, found, actor, now)
        return 0
    if campaign.status != CampaignStatus.RUNNING:
        return 0
    return _enroll(conn, campaign, _joined(conn, campaign, found, present, now), actor, now)


def switch(conn: Connection, campaign: Campaign, actor: Actor, now: datetime, *, on: bool) -> None:
    """On or off; what is so already stays as it is, and remembers who was there before."""
    if on == campaign.takes_joiners:
        return
    if on:
        switch_on(conn, campaign, actor, now)
    else:
        switch_off(conn, campaign, now)
    audit.record(conn, actor.id, "campaign.joiners", f"campaign:{campaign.id}", on=on)


def switch_on(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """From now on; whoever is in the list at this moment has not joined later."""
    store.change(conn, campaign.id, {"takes_joiners": True}, now)
    _forget(conn, campaign.id)
    has_list = campaign.saved_list_id is not None or campaign.audience
    found = _members(conn, campaign, actor, now) if has_list else None
    if found is not None:
        _note_present(conn, campaign, found, actor, now)


def switch_off(conn: Connection, campaign: Campaign, now: datetime) -> None:
    """Nobody joins by itself any more."""
    store.change(conn, campaign.id, {"takes_joiners": False}, now)
    _forget(conn, campaign.id)


def _on_whose_behalf(conn: Connection, campaign_id: int) -> Actor | None:
    """Whose leads are meant: the owner's, or, once they have left, those of whoever launched it."""
    rows = conn.execute(
        """
        SELECT u.id FROM sms_campaigns g JOIN users u ON u.id IN (g.owner_id, g.launched_by) AND u.active
        WHERE g.id = %s ORDER BY u.id = g.owner_id DESC LIMIT 1
        """,
        [campaign_id],
    ).fetchall()
    return users.get(conn, rows[0][0]).actor if rows else None


def _members(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> Query | None:
    """The list as it is now; None where it is gone, or means nothing any more."""
    try:
        if campaign.saved_list_id is not None:
            return lists.leads_sql(conn, campaign.saved_list_id, actor, now)
        return filters.leads_sql(filters.parse(campaign.audience), actor, now)
    except (LookupError, FilterError):
        return None


def _source(campaign: Campaign) -> object:
    return campaign.saved_list_id if campaign.saved_list_id is not None else dict(campaign.audience)


def _present(conn: Connection, campaign: Campaign) -> int | None:
    """The frozen list of those who were there; None where none was made for this list."""
    row = conn.execute(
        "SELECT joiners_present_id FROM sms_campaigns WHERE id = %s AND joiners_source = %s",
        [campaign.id, Jsonb(_source(campaign))],
    ).fetchone()
    return None if row is None else row[0]


_FREEZE = """
INSERT INTO saved_lists (name, owner_id, frozen, filter, created_at, updated_at, deleted_at)
VALUES (%(name)s, %(owner)s, true, %(filter)s, %(now)s, %(now)s, %(now)s) RETURNING id
"""


def _note_present(conn: Connection, campaign: Campaign, found: Query, actor: Actor, now: datetime) -> None:
    _forget(conn, campaign.id)
    name = f"Not joiners of campaign {campaign.id}"
    values = {"name": name, "owner": actor.id, "filter": Jsonb({}), "now": now}
    row = conn.execute(_FREEZE, values).fetchone()
    assert row is not None
    insert = f"INSERT INTO saved_list_members (list_id, lead_id) SELECT %(frozen_id)s, f.id FROM ({found.sql}) AS f"  # noqa: S608
    conn.execute(insert, {**found.params, "frozen_id": row[0]}, prepare=False)
    changes = {"joiners_source": Jsonb(_source(campaign)), "joiners_present_id": row[0], "joiners_held": 0}
    store.change(conn, campaign.id, changes, now)


def _forget(conn: Connection, campaign_id: int) -> None:
    conn.execute(
        """
        DELETE FROM saved_lists WHERE deleted_at IS NOT NULL
        AND id = (SELECT joiners_present_id FROM sms_campaigns WHERE id = %s)
        """,
        [campaign_id],
    )


# What the gate would refuse for good is left out here: it would be turned away at every look.
_JOINED = """
SELECT f.id FROM ({members}) AS f
JOIN leads AS joined ON joined.id = f.id
JOIN contact_numbers AS number ON number.id = joined.contact_number_id
     AND number.consent_at IS NOT NULL AND (number.consent_until IS NULL OR number.consent_until > %(joining_now)s)
     AND number.suppressed_at IS NULL AND number.invalid_at IS NULL
WHERE NOT EXISTS (SELECT FROM sms_campaign_enrollments e
                  WHERE e.campaign_id = %(joining_campaign)s AND e.lead_id = f.id)
  AND NOT EXISTS (SELECT FROM saved_list_members m WHERE m.list_id = %(joining_present)s AND m.lead_id = f.id)
ORDER BY f.id DESC LIMIT %(joining_most)s
"""


def _joined(conn: Connection, campaign: Campaign, found: Query, present: int, now: datetime) -> list[int]:
    values = {
        **found.params,
        "joining_now": now,
        "joining_campaign": campaign.id,
        "joining_present": present,
        "joining_most": MOST,
    }
    return [row[0] for row in conn.execute(_JOINED.format(members=found.sql), values, prepare=False)]


def _enroll(conn: Connection, campaign: Campaign, lead_ids: Sequence[int], actor: Actor, now: datetime) -> int:
    """More at once than one person may let in wait for a second one, who enrolls the list."""
    if not lead_ids:
        _hold(conn, campaign, 0, now)
        return 0
    most = second_person.most_to_join(conn, actor)
    too_many = False
    with conn.transaction() as entering_all:
        outcomes = entering.put_in(conn, campaign, lead_ids, actor, now, by=None)
        joined = outcomes[Entry.ENROLLED] + outcomes[Entry.WAITING]
        too_many = joined > 0 and most is not None and second_person.added(conn, campaign, None, now) > most
        if too_many:
            raise psycopg.Rollback(entering_all)
    _hold(conn, campaign, joined if too_many else 0, now)
    return 0 if too_many else joined


def _hold(conn: Connection, campaign: Campaign, leads: int, now: datetime) -> None:
    if leads != campaign.joiners_held:
        store.change(conn, campaign.id, {"joiners_held": leads}, now)
