"""A campaign's life: launched, paused, resumed, finished; and who of its leads is in the tick's way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import steps, store
from webapp.campaigns.joining import assigning, elsewhere, entering, first_moments, taking_out, turns
from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.plans import keeping
from webapp.campaigns.steering import second_person
from webapp.campaigns.steering.taking_back import take_back
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus

#: So many leads get a canary's first text; the others wait for a person (product.md 2).
CANARY = 25


@dataclass(frozen=True, slots=True)
class Paused:
    """What pausing found: texts that were taken back, and those that the carrier has already or is just being given."""

    taken_back: int
    on_the_wire: int


def enroll(
    conn: Connection,
    campaign: Campaign,
    lead_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    *,
    elsewhere: Choice | None = None,
) -> Counter[Entry]:
    """Puts leads into the campaign's live version, or into its draft while it has not been launched.

    ``elsewhere``: what becomes of those in another campaign, if not what the rules say. The caller holds the
    campaign's lock, before it ``taking_out.hold`` where leads are moved. Raises second_person.NeededError, and then
    nobody was put in.
    """
    with conn.transaction():
        outcomes = entering.put_in(conn, campaign, lead_ids, actor, now, by=actor.id, choice=elsewhere)
        if outcomes[Entry.ENROLLED] or outcomes[Entry.WAITING]:
            second_person.demand_for_adding(conn, campaign, actor, now)
    return outcomes


def launch(conn: Connection, campaign: Campaign, actor: Actor, *, canary: bool, now: datetime) -> int:
    """Publishes the draft and starts everybody who is enrolled. Returns how many; with a canary the others wait.

    Whoever is in another live campaign by now is left out, waits or is moved, as ``joining.elsewhere`` says. The caller
    has asked the checklist and holds the campaign's lock, before it ``taking_out.hold_of_draft``.
    """
    elsewhere.one_at_a_time(conn)
    version = publish(conn, campaign, actor, now)
    conn.execute(
        "UPDATE sms_campaign_enrollments SET version_id = %(version)s "
        "WHERE campaign_id = %(campaign)s AND version_id <> %(version)s",
        {"version": version.id, "campaign": campaign.id},
    )
    changes = {
        "status": CampaignStatus.RUNNING,
        "canary": canary,
        "launched_at": now,
        "launched_by": actor.id,
        "paced_until": None,
        "paused_because": "",
    }
    store.change(conn, campaign.id, changes, now)
    elsewhere.leave_out(conn, version, campaign.name, now)
    assigning.give_out(conn, campaign.id, version.rules.assign_to, now, by=actor.id)
    taking_out.of_others(conn, elsewhere.to_move(conn, version), campaign, actor, now)
    turns.hold_back(conn, version, now)
    begun = first_moments.set_all(conn, version, now, unpark=not canary)
    keeping.ask_for_launch(conn, campaign.id, version, now)
    audit.record(conn, actor.id, "campaign.launched", f"campaign:{campaign.id}", canary=canary)
    return begun + _unpark(conn, campaign.id, limit=CANARY if canary else None).due


def publish(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> Version:
    """The draft becomes the live version, never to change again; without a draft the live one stays."""
    if campaign.draft_id is None:
        return store.shown_version(conn, campaign)
    conn.execute(
        "UPDATE sms_campaign_versions SET published_at = %s, published_by = %s WHERE id = %s",
        [now, actor.id, campaign.draft_id],
    )
    changes = {"live_version_id": campaign.draft_id, "launch_asked_by": None, "launch_asked_at": None}
    store.change(conn, campaign.id, changes, now)
    return steps.load(conn, [campaign.draft_id])[campaign.draft_id]


def pause(conn: Connection, campaign: Campaign, actor_id: int | None, because: str, now: datetime) -> Paused:
    """At once: what is queued is taken back, the rest waits. What the carrier has is counted, and cannot be undone."""
    changes = {"status": CampaignStatus.PAUSED, "paused_because": because}
    store.change(conn, campaign.id, changes, now)
    taken = take_back(conn, campaign=campaign.id, reason=None, again_at=now, now=now)
    row = conn.execute(
        "SELECT count(*) FROM sms_messages WHERE campaign_id = %s AND status IN ('sending', 'unconfirmed')",
        [campaign.id],
    ).fetchone()
    audit.record(conn, actor_id, "campaign.paused", f"campaign:{campaign.id}", because=because)
    return Paused(len(taken), row[0] if row else 0)


def resume(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> int:
    """Goes on where everybody stands; a canary's others begin, too. Returns how many were waiting for it."""
    changes = {"status": CampaignStatus.RUNNING, "canary": False, "paused_because": ""}
    store.change(conn, campaign.id, changes, now)
    audit.record(conn, actor.id, "campaign.resumed", f"campaign:{campaign.id}")
    return _unpark(conn, campaign.id).leads


class _Unparked(NamedTuple):
    """``due``: those of the leads for whom it is known when they go on."""

    leads: int
    due: int


def _unpark(conn: Connection, campaign_id: int, limit: int | None = None) -> _Unparked:
    row = conn.execute(
        """
        WITH unparked AS (
            UPDATE sms_campaign_enrollments SET parked = false
            WHERE id IN (SELECT id FROM sms_campaign_enrollments
                         WHERE campaign_id = %s AND status = 'active' AND parked
                         ORDER BY next_run_at IS NULL, id LIMIT %s)
            RETURNING next_run_at)
        SELECT count(*), count(next_run_at) FROM unparked
        """,
        [campaign_id, limit],
    ).fetchone()
    assert row is not None
    return _Unparked(*row)


def finish_what_is_through(conn: Connection, now: datetime) -> int:
    """Broadcasts, and campaigns that take no joiners, are finished once nobody is on the way. Returns how many."""
    return conn.execute(
        """
        UPDATE sms_campaigns g SET status = 'finished', ended_at = %s, updated_at = %s
        WHERE g.status = 'running' AND NOT g.takes_joiners
          AND EXISTS (SELECT 1 FROM sms_campaign_enrollments e WHERE e.campaign_id = g.id)
          AND NOT EXISTS (SELECT 1 FROM sms_campaign_enrollments e
                          WHERE e.campaign_id = g.id AND e.status IN ('active', 'paused'))
        """,
        [now, now],
    ).rowcount


def with_status(campaign: Campaign, status: CampaignStatus) -> Campaign:
    """The campaign as it is after a change of its status."""
    return replace(campaign, status=status)
