"""Leads on their way in: enrolled, given to whoever's turn it is, and made to wait where another campaign is first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.campaigns import steps
from webapp.campaigns.joining import assigning, elsewhere, enrolling, taking_out, turns
from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.joining.enrolling import Entry, Target
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus


def put_in(
    conn: Connection,
    campaign: Campaign,
    lead_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    *,
    by: int | None,
    choice: Choice | None = None,
) -> Counter[Entry]:
    """Puts leads that the actor may see into the live version, or into the draft of what has not been launched.

    ``by``: who did it; None for a list that leads joined. ``choice``: what becomes of those in another campaign, if
    not what the rules say. Returns how many became what. The caller holds the campaign's lock, and before that has
    called ``taking_out.hold`` where leads are moved. ``now``: business time.
    """
    target = _target(conn, campaign, by, choice)
    if not target.is_draft:
        elsewhere.one_at_a_time(conn)
    outcomes = enrolling.enroll(conn, target, lead_ids, actor, now)
    if not outcomes[Entry.ENROLLED]:
        return outcomes
    if assign_to := target.version.rules.assign_to:
        assigning.give_out(conn, campaign.id, assign_to, now, by=by, lead_ids=lead_ids)
    if target.becomes == "wait":
        waiting = _wait(conn, target, lead_ids, now)
        outcomes += Counter({Entry.WAITING: waiting})
        outcomes[Entry.ENROLLED] -= waiting
    elif target.becomes == "move" and not target.is_draft:
        taking_out.of_others(conn, elsewhere.put_in(conn, campaign.id, lead_ids, now), campaign, actor, now)
    return +outcomes


def _wait(conn: Connection, target: Target, lead_ids: Sequence[int], now: datetime) -> int:
    """How many of the leads that were put in wait for another campaign; in a draft, as far as can be said by now."""
    if target.is_draft:
        return len(elsewhere.put_in(conn, target.version.campaign_id, lead_ids, now))
    return turns.hold_back(conn, target.version, now, lead_ids)


def would_come_in(
    conn: Connection,
    campaign: Campaign,
    lead_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    *,
    enough: int,
    choice: Choice | None = None,
) -> int:
    """How many of these leads ``put_in`` would let in; it counts no further once they are more than ``enough``."""
    target = _target(conn, campaign, actor.id, choice)
    return enrolling.would_enter(conn, target, lead_ids, actor, now, enough=enough)


def _target(conn: Connection, campaign: Campaign, by: int | None, choice: Choice | None) -> Target:
    version_id = campaign.live_version_id or campaign.draft_id
    assert version_id is not None, "a campaign has a version"
    version = steps.load(conn, [version_id])[version_id]
    parked = campaign.status != CampaignStatus.RUNNING or campaign.canary
    return Target(version, parked, by, campaign.status == CampaignStatus.DRAFT, choice)
