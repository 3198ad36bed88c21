"""The demo's campaigns, lists and drafts, made by the rooms themselves as a manager would have."""

from __future__ import annotations

from datetime import datetime, timedelta

from webapp.accounts.actors import Actor
from webapp.campaigns import breakers, steps, store, tick
from webapp.campaigns.joining import joiners
from webapp.campaigns.plans import keeping
from webapp.campaigns.steering import running
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.demo import drips
from webapp.demo.drips import Drip, ListPlan
from webapp.demo.rows import Launched
from webapp.demo.story import Story
from webapp.leads import filters, lists
from webapp.models.constants import CampaignStatus

_LAUNCHED = tuple(drip for drip in drips.ALL if drip.days_ago is not None)
_DRAFTS = tuple(drip for drip in drips.ALL if drip.days_ago is None)
#: A campaign was written down the day before, a draft a while ago.
_DRAFTED_BEFORE, _DRAFTS_BEGUN = timedelta(hours=20), timedelta(hours=19)
_BREAKERS_LOOK_AFTER, _TICK_AFTER = timedelta(seconds=11), timedelta(hours=2)


def launch(conn: Connection, actor: Actor, now: datetime) -> dict[str, Launched]:
    """The campaigns that were launched, by name, with nobody in them yet. ``now``: business time."""
    return {drip.name: _launched(conn, drip, actor, drip.launched_at(now)) for drip in _LAUNCHED}


def complete(conn: Connection, story: Story, launched: dict[str, Launched], actor: Actor, now: datetime) -> None:
    """All that stands on leads and texts: lists, plans, what became of the campaigns, and drafts with their leads."""
    finished_id = launched[drips.FINISHED.name].campaign_id
    _saved(conn, drips.silent_list(finished_id), actor, now)
    for drip in _LAUNCHED:
        _give_list(conn, launched[drip.name].campaign_id, drip, actor, now)
        _foresee(conn, launched[drip.name], drip.launched_at(now))
    _finish(conn, finished_id, story)
    _trip(conn, story, now)
    joiners.switch_on(conn, _find(conn, launched[drips.RUNNING.name].campaign_id, actor), actor, now)
    for drip in _DRAFTS:
        _enroll(conn, _drafted(conn, drip, actor, now), actor, now)


def _launched(conn: Connection, drip: Drip, actor: Actor, at: datetime) -> Launched:
    campaign_id = _written(conn, drip, actor, at - _DRAFTED_BEFORE)
    version = running.publish(conn, _find(conn, campaign_id, actor), actor, at)
    begun = {
        "status": CampaignStatus.RUNNING,
        "launched_at": at,
        "launched_by": actor.id,
        "pace_per_hour": drip.pace_per_hour,
    }
    store.change(conn, campaign_id, begun, at)
    return Launched(campaign_id, version.id)


def _written(conn: Connection, drip: Drip, actor: Actor, at: datetime) -> int:
    campaign_id = store.create(conn, drip.name, drip.kind, drip.rules, actor, at)
    store.set_draft(conn, _find(conn, campaign_id, actor), at, new_steps=drip.steps)
    return campaign_id


def _give_list(conn: Connection, campaign_id: int, drip: Drip, actor: Actor, now: datetime) -> None:
    store.change(conn, campaign_id, {"saved_list_id": _saved(conn, drip.audience, actor, now)}, now)


def _foresee(conn: Connection, launched: Launched, at: datetime) -> None:
    """What the launch foresaw, counted once the workers are there."""
    version = steps.load(conn, [launched.version_id])[launched.version_id]
    keeping.ask_for_launch(conn, launched.campaign_id, version, at)


def _saved(conn: Connection, plan: ListPlan, actor: Actor, now: datetime) -> int:
    return lists.create(conn, actor, lists.NewList(plan.name, filters.parse(plan.filter), shared=True), now)


def _finish(conn: Connection, campaign_id: int, story: Story) -> None:
    ended_at = max(way.ended_at for way in story.ways if way.drip is drips.FINISHED and way.ended_at)
    store.change(conn, campaign_id, {"status": CampaignStatus.FINISHED, "ended_at": ended_at}, ended_at)


def _trip(conn: Connection, story: Story, now: datetime) -> None:
    """The breaker looks when it did, and the tick holds those whose place to begin came afterwards."""
    breakers.look(conn, min(story.tripped_at + _BREAKERS_LOOK_AFTER, now))
    tick.run_batch(conn, min(story.tripped_at + _TICK_AFTER, now))


def _drafted(conn: Connection, drip: Drip, actor: Actor, now: datetime) -> int:
    campaign_id = _written(conn, drip, actor, now - _DRAFTS_BEGUN)
    _give_list(conn, campaign_id, drip, actor, now)
    return campaign_id


def _enroll(conn: Connection, campaign_id: int, actor: Actor, now: datetime) -> None:
    """Everybody on the campaign's list, as far as they can be texted."""
    campaign = _find(conn, campaign_id, actor)
    assert campaign.saved_list_id is not None, "a draft of the demo stands on a list"
    query = lists.leads_sql(conn, campaign.saved_list_id, actor, now)
    lead_ids = [row[0] for row in conn.execute(query.sql, query.params)]
    running.enroll(conn, campaign, lead_ids, actor, now)


def _find(conn: Connection, campaign_id: int, actor: Actor) -> Campaign:
    campaign = store.find(conn, actor, campaign_id)
    assert campaign is not None, "a manager sees every campaign"
    return campaign
