"""A campaign made from another one, or from a starter: a draft with steps of its own, and nobody in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.building.starters import Starter
from webapp.campaigns.steps import Step, new_key
from webapp.campaigns.store import Campaign
from webapp.database import Connection

NAME_LENGTH = 100


def from_starter(conn: Connection, starter: Starter, name: str, actor: Actor, now: datetime) -> int:
    """A draft that says what the starter says. Returns its id."""
    campaign_id = store.create(conn, name, starter.kind, starter.rules, actor, now)
    _fill(conn, campaign_id, actor, now, starter.steps())
    return campaign_id


def duplicate(conn: Connection, campaign: Campaign, name: str, actor: Actor, now: datetime) -> int:
    """A draft that says what is shown of this campaign: its own draft, where there is one. Returns its id."""
    version = store.shown_version(conn, campaign)
    copy_id = store.create(conn, name, campaign.kind, version.rules, actor, now)
    store.change(conn, copy_id, {"pace_per_hour": campaign.pace_per_hour}, now)
    _fill(conn, copy_id, actor, now, [replace(step, key=new_key(), paused_because="") for step in version.steps])
    return copy_id


def _fill(conn: Connection, campaign_id: int, actor: Actor, now: datetime, steps: list[Step]) -> None:
    made = store.find(conn, actor, campaign_id)
    assert made is not None, "whoever makes a campaign may see it"
    store.set_draft(conn, made, now, new_steps=steps)
