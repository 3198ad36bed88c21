"""Leads on their way in: enrolled, given to whoever's turn it is, and made to wait where another campaign is first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.campaigns import steps
from webapp.campaigns.joining import assigning, enrolling, turns
from webapp.campaigns.joining.enrolling import Entry, Target
from webapp.campaigns.rules import Elsewhere
from webapp.campaigns.steps import Version
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
    elsewhere: Elsewhere | None = None,
) -> Counter[Entry]:
    """Puts leads that the actor may see into the live version, or into the draft of what has not been launched.

    ``by``: who did it; None for a list that leads joined. ``elsewhere``: what becomes of those in another campaign, if
    not what the rules say. Returns how many became what. The caller holds the campaign's lock. ``now``: business time.
    """
    version = _version(conn, campaign, elsewhere)
    parked = campaign.status != CampaignStatus.RUNNING or campaign.canary
    outcomes = enrolling.enroll(conn, Target(version, parked, by), lead_ids, actor, now)
    if not outcomes[Entry.ENROLLED]:
        return outcomes
    if version.rules.assign_to:
        assigning.give_out(conn, campaign.id, version.rules.assign_to, now, by=by, lead_ids=lead_ids)
    if version.rules.one_campaign_at_a_time == "wait":
        waiting = turns.hold_back(conn, version, now, lead_ids)
        outcomes += Counter({Entry.WAITING: waiting})
        outcomes[Entry.ENROLLED] -= waiting
    return +outcomes


def _version(conn: Connection, campaign: Campaign, elsewhere: Elsewhere | None) -> Version:
    version_id = campaign.live_version_id or campaign.draft_id
    assert version_id is not None, "a campaign has a version"
    version = steps.load(conn, [version_id])[version_id]
    if elsewhere is None:
        return version
    return replace(version, rules=version.rules.model_copy(update={"one_campaign_at_a_time": elsewhere}))
