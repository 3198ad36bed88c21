"""What nobody does alone: a rep's launch, or any to more leads than the account allows one person; and the ways round.

Whoever could launch to a few and then let thousands in, or another wording out, would have launched alone. So the
same holds for leads that are added to a launched campaign, and for publishing an edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus

#: A rep adds at most so many leads to a launched campaign within a day.
REPS_MOST = 200
_DAY = timedelta(hours=24)
#: So far back in the audit log somebody's answer is looked for, by its key: a page that polls asks.
_NEWEST_ENTRIES = 2000

_DECLINED = """
SELECT u.name FROM (
    SELECT action, actor_id, details FROM audit_log
    WHERE id > (SELECT max(id) FROM audit_log) - %(newest)s AND target = %(target)s
      AND action IN ('campaign.launch_asked', 'campaign.launch_declined', 'campaign.launched', 'campaign.published')
    ORDER BY id DESC LIMIT 1) a
JOIN users u ON u.id = a.actor_id
WHERE a.action = 'campaign.launch_declined' AND a.actor_id::text <> a.details ->> 'asked_by'
"""


class NeededError(Exception):
    """Somebody else must do this; ``str()`` says who and why."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a second person, since business time ``at``."""

    by: int
    name: str
    at: datetime


def requested(conn: Connection, campaign: Campaign) -> Request | None:
    """Who waits for a second person to launch this draft, or to publish the one of a launched campaign, if anybody."""
    if campaign.draft_id is None or campaign.status in (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED):
        return None
    with conn.cursor(row_factory=class_row(Request)) as cursor:
        return cursor.execute(
            """
            SELECT g.launch_asked_by AS by, u.name, g.launch_asked_at AS at
            FROM sms_campaigns g JOIN users u ON u.id = g.launch_asked_by WHERE g.id = %s
            """,
            [campaign.id],
        ).fetchone()


def declined_by(conn: Connection, campaign: Campaign) -> str:
    """Who turned down the newest request for this draft; empty where it was taken back, or nobody did."""
    if campaign.draft_id is None:
        return ""
    values = {"target": f"campaign:{campaign.id}", "newest": _NEWEST_ENTRIES}
    row = conn.execute(_DECLINED, values).fetchone()
    return "" if row is None else str(row[0])


def needed(conn: Connection, campaign: Campaign, actor: Actor, leads: int) -> bool:
    """Whether what this person wants to let out to so many leads is for somebody else to let out."""
    if not actor.sees_all:
        return True
    limit = account_settings.load(conn).second_person_above
    if limit is None or leads <= limit:
        return False
    request = requested(conn, campaign)
    return request is None or request.by == actor.id


def needed_to_publish(conn: Connection, campaign: Campaign, actor: Actor) -> bool:
    """Whether this person's edit is for somebody else to publish, by how many leads are on the way."""
    return needed(conn, campaign, actor, on_the_way(conn, campaign))


def demand_for_publishing(conn: Connection, campaign: Campaign, actor: Actor) -> None:
    """Raises NeededError where the edit is for somebody else to publish."""
    if needed_to_publish(conn, campaign, actor):
        whose = "A rep’s edit" if not actor.sees_all else "An edit for so many leads"
        raise NeededError(f"{whose} is published by a second person: ask for it.")


def on_the_way(conn: Connection, campaign: Campaign) -> int:
    """How many leads of the campaign still get something, those included that were paused one by one."""
    row = conn.execute(
        "SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s AND status IN ('active', 'paused')",
        [campaign.id],
    ).fetchone()
    assert row is not None
    return int(row[0])


def demand_for_adding(conn: Connection, campaign: Campaign, actor: Actor, now: datetime, *, more: int = 0) -> None:
    """Raises NeededError where this person has let more leads into a launched campaign than one may within a day.

    Asked once they are in, and before the caller commits; it holds the campaign's lock. Or beforehand, of so many
    ``more``, so that nobody waits for nothing; others may let leads in meanwhile. In a draft they wait for the launch,
    which asks for itself. ``now``: business time.
    """
    most = _most_to_add(conn, campaign, actor)
    if most is None or added(conn, campaign, actor.id, now) + more <= most:
        return
    who = "a manager adds more" if not actor.sees_all else "somebody else than who launched it adds more"
    raise NeededError(f"Within a day one person adds at most {most:,} leads to a campaign that runs: {who}.")


def left_to_add(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> int | None:
    """How many more leads this person may let in; None for any number."""
    most = _most_to_add(conn, campaign, actor)
    return None if most is None else most - added(conn, campaign, actor.id, now)


def most_to_join(conn: Connection, actor: Actor) -> int | None:
    """How many leads may join this person's campaign by themselves within a day; None for any number."""
    limit = account_settings.load(conn).second_person_above
    return limit if actor.sees_all else min(REPS_MOST, limit or REPS_MOST)


def added(conn: Connection, campaign: Campaign, user_id: int | None, now: datetime) -> int:
    """How many leads this person (None: their list) has let in since the launch, and within a day."""
    assert campaign.launched_at is not None
    row = conn.execute(
        """
        SELECT count(*) FROM sms_campaign_enrollments
        WHERE campaign_id = %s AND enrolled_by IS NOT DISTINCT FROM %s AND created_at > greatest(%s, %s)
        """,
        [campaign.id, user_id, campaign.launched_at, now - _DAY],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _most_to_add(conn: Connection, campaign: Campaign, actor: Actor) -> int | None:
    if campaign.launched_at is None:
        return None
    if not actor.sees_all:
        return most_to_join(conn, actor)
    return account_settings.load(conn).second_person_above if _launched_by(conn, campaign) == actor.id else None


def _launched_by(conn: Connection, campaign: Campaign) -> int | None:
    row = conn.execute("SELECT launched_by FROM sms_campaigns WHERE id = %s", [campaign.id]).fetchone()
    return None if row is None else row[0]
