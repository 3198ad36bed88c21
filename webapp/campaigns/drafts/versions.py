"""Publishing a draft, and what becomes of those who are on their way by an older version.

They finish the version that they began, or move to the new one. For that the older ones are marked, in the transaction
that publishes: a tick holds its campaigns while it decides, so behind that transaction no moment of an old version is
left that could fire. Where each lead stands in the new one is found out afterwards (``changing_over``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import steps
from webapp.campaigns.steering import running
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many leads wait for the step at ``position`` of ``version``; of one that was left behind they are moving."""

    version: Version
    position: int
    leads: int


def waiting(conn: Connection, campaign: Campaign) -> list[Waiting]:
    """Who is on the way, by version and step, in order."""
    rows = conn.execute(
        """
        SELECT version_id, position, count(*) FROM sms_campaign_enrollments
        WHERE campaign_id = %s AND status IN ('active', 'paused') GROUP BY 1, 2
        """,
        [campaign.id],
    ).fetchall()
    versions = steps.load(conn, {row[0] for row in rows})
    found = [Waiting(versions[row[0]], row[1], row[2]) for row in rows]
    return sorted(found, key=lambda each: (each.version.number, each.position))


@dataclass(frozen=True, slots=True)
class Published:
    """A version that is or was live, when it was published (business time), and by whom."""

    version: Version
    at: datetime
    by: str | None


def published(conn: Connection, campaign: Campaign) -> list[Published]:
    """Every published version, newest first."""
    rows = conn.execute(
        """
        SELECT v.id, v.published_at, u.name FROM sms_campaign_versions v LEFT JOIN users u ON u.id = v.published_by
        WHERE v.campaign_id = %s AND v.published_at IS NOT NULL ORDER BY v.number DESC
        """,
        [campaign.id],
    ).fetchall()
    found = steps.load(conn, {row[0] for row in rows})
    return [Published(found[row[0]], row[1], row[2]) for row in rows]


def publish(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> Version:
    """The draft becomes what new leads get; the others finish theirs, unless ``leave_behind`` follows.

    A step that a breaker stopped stays stopped unless it says something else now. The caller holds the campaign's lock.
    ``now``: business time.
    """
    assert campaign.draft_id is not None and campaign.live_version_id is not None
    conn.execute(_KEEP_BREAKERS, [campaign.live_version_id, campaign.draft_id])
    version = running.publish(conn, campaign, actor, now)
    audit.record(conn, actor.id, "campaign.published", f"campaign:{campaign.id}", version=version.number)
    return version


# What leads that move over have had of an older wording counts for no new one.
_KEEP_BREAKERS = """
UPDATE sms_campaign_steps d
SET paused_because = CASE WHEN d.variants = s.variants THEN s.paused_because ELSE '' END,
    judged_to_id = CASE WHEN d.variants = s.variants THEN s.judged_to_id
                        ELSE (SELECT coalesce(max(id), 0) FROM sms_messages) END
FROM sms_campaign_steps s WHERE s.version_id = %s AND d.version_id = %s AND d.step_key = s.step_key
"""


def discard(conn: Connection, campaign: Campaign) -> None:
    """Throws the draft of a launched campaign away, with a request to publish it: nobody ever got it."""
    assert campaign.live_version_id is not None
    conn.execute("UPDATE sms_campaigns SET launch_asked_by = NULL, launch_asked_at = NULL WHERE id = %s", [campaign.id])
    conn.execute(
        "DELETE FROM sms_campaign_versions WHERE campaign_id = %s AND published_at IS NULL AND id <> %s",
        [campaign.id, campaign.live_version_id],
    )


def leave_behind(conn: Connection, version: Version) -> None:
    """Whoever follows an older version of the campaign, or begins to again, goes over to this one.

    The caller holds the campaign's lock.
    """
    conn.execute(
        """
        UPDATE sms_campaign_versions SET moved_to_id = %s
        WHERE campaign_id = %s AND published_at IS NOT NULL AND number < %s
        """,
        [version.id, version.campaign_id, version.number],
    )
