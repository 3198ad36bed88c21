"""What the doors of campaigns share: finding one that the caller may see, and showing it."""

from __future__ import annotations

from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.schemas import CampaignOut, out_of
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.web.problems import Problem


def demand(conn: Connection, actor: Actor, campaign_id: int, *, lock: bool = False) -> Campaign:
    """The campaign, locked against other changes if asked. Raises a 404 Problem where the actor may not see it."""
    campaign = store.find(conn, actor, campaign_id, lock=lock)
    if campaign is None:
        raise Problem.not_found("campaign")
    return campaign


def shown(conn: Connection, campaign: Campaign) -> CampaignOut:
    """The campaign as the API shows it: with its draft's rules while there is one."""
    return out_of(campaign, store.shown_version(conn, campaign))
