"""Plans that are kept: what a launch foresaw, and dry runs so large that a page cannot wait for them.

Asked for in one statement, so that no launch waits; counted by a worker, a slice at a time, on what was known at the
moment that it is counted from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp.accounts import settings as account_settings
from webapp.campaigns.joining import elsewhere
from webapp.campaigns.plans.planned import Preview
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus, PlanKind, PlanStatus

#: A dry run that is older is counted anew, for people come and go; and nobody looks at it again.
_FRESH_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """One of them. ``at``: the business time that it is counted from; of ``total`` leads ``done`` are counted.

    ``begins``: it is a draft's that was never launched.
    """

    id: int
    campaign_id: int
    version_id: int
    kind: PlanKind
    status: PlanStatus
    at: datetime
    pace_per_hour: int | None
    after_id: int
    last_message_id: int
    total: int
    done: int
    done_to: int
    result: Mapping[str, Any]
    begins: bool

    @property
    def found(self) -> Preview:
        """What is counted so far."""
        return Preview.of(self.result) if self.result else Preview()


COLUMNS = """
p.id, p.campaign_id, p.version_id, p.kind, p.status, p.at, p.pace_per_hour, p.after_id, p.last_message_id, p.total,
p.done, p.done_to, p.result,
(SELECT published_at IS NULL AND number = 1 FROM sms_campaign_versions v WHERE v.id = p.version_id) AS begins
"""

_ASK = f"""
INSERT INTO sms_campaign_plans AS p
    (campaign_id, version_id, kind, at, pace_per_hour, after_id, basis, last_message_id, total)
SELECT g.id, %(version)s, %(kind)s, %(now)s, CASE WHEN %(kind)s = 'launch' THEN g.pace_per_hour ELSE %(pace)s END,
       %(after)s, %(basis)s, (SELECT coalesce(max(id), 0) FROM sms_messages),
       (SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %(campaign)s AND status = 'active')
FROM sms_campaigns g WHERE g.id = %(campaign)s RETURNING {COLUMNS}
"""  # noqa: S608 (our own words)


def ask_for_launch(conn: Connection, campaign_id: int, version: Version, now: datetime) -> None:
    """What is launched at business time ``now`` is to be foreseen, and kept. Ring ``hints.ring_plans`` afterwards."""
    values = {"campaign": campaign_id, "version": version.id, "kind": PlanKind.LAUNCH, "now": now}
    conn.execute(_ASK, values | {"after": 0, "basis": "", "pace": None})


def of_launch(conn: Connection, campaign_id: int) -> Kept | None:
    """What the launch foresaw, or what is counted of it so far; None where there is none."""
    sql = f"""
        SELECT {COLUMNS} FROM sms_campaign_plans p
        WHERE p.campaign_id = %s AND p.kind = 'launch' ORDER BY p.id DESC LIMIT 1
    """  # noqa: S608 (our own words)
    with conn.cursor(row_factory=class_row(Kept)) as cursor:
        return cursor.execute(sql, [campaign_id]).fetchone()


def dry_run(conn: Connection, campaign: Campaign, version: Version, now: datetime, *, after: int) -> tuple[Kept, bool]:
    """A dry run of this campaign as it is now, and whether it was only just asked for: then ring."""
    basis = _basis(conn, campaign, version)
    values = {"campaign": campaign.id, "basis": basis, "after": after, "minutes": _FRESH_MINUTES}
    sql = f"""
        SELECT {COLUMNS} FROM sms_campaign_plans p
        WHERE p.campaign_id = %(campaign)s AND p.kind = 'dry_run' AND p.basis = %(basis)s AND p.after_id = %(after)s
          AND p.asked_at > now() - %(minutes)s * interval '1 minute' AND p.status <> 'failed'
        ORDER BY p.id DESC LIMIT 1
    """  # noqa: S608 (our own words)
    with conn.cursor(row_factory=class_row(Kept)) as cursor:
        kept = cursor.execute(sql, values).fetchone()
        if kept is not None:
            return kept, False
        conn.execute(_FORGET, values)
        asked = {"version": version.id, "kind": PlanKind.DRY_RUN, "now": now, "pace": campaign.pace_per_hour}
        kept = cursor.execute(_ASK, values | asked).fetchone()
    assert kept is not None
    return kept, True


def keep(conn: Connection, campaign: Campaign, version: Version, found: Preview, now: datetime) -> int:
    """Keeps the sums of a dry run of business time ``now``, for whoever reads on in its pages. Returns their id."""
    conn.execute(_FORGET, {"campaign": campaign.id, "minutes": _FRESH_MINUTES})
    asked = {"campaign": campaign.id, "version": version.id, "kind": PlanKind.DRY_RUN, "now": now, "after": 0}
    row = conn.execute(_ASK, asked | {"basis": "", "pace": campaign.pace_per_hour}).fetchone()
    assert row is not None
    sums = Jsonb({**found.stored(), "plan": []})
    conn.execute("UPDATE sms_campaign_plans SET status = 'done', result = %s WHERE id = %s", [sums, row[0]])
    return int(row[0])


def find(conn: Connection, campaign_id: int, plan_id: int) -> Kept | None:
    """One that is counted; None where it is not kept any more."""
    sql = f"SELECT {COLUMNS} FROM sms_campaign_plans p WHERE p.campaign_id = %s AND p.id = %s AND p.status = 'done'"  # noqa: S608
    with conn.cursor(row_factory=class_row(Kept)) as cursor:
        return cursor.execute(sql, [campaign_id, plan_id]).fetchone()


def forget_old(conn: Connection) -> None:
    """Dry runs that nobody looks at any more: they have people's names in them."""
    conn.execute(
        "DELETE FROM sms_campaign_plans WHERE kind = 'dry_run' AND asked_at < now() - %s * interval '1 minute'",
        [6 * _FRESH_MINUTES],
    )


_FORGET = """
DELETE FROM sms_campaign_plans
WHERE campaign_id = %(campaign)s AND kind = 'dry_run' AND asked_at < now() - %(minutes)s * interval '1 minute'
"""


def _basis(conn: Connection, campaign: Campaign, version: Version) -> str:
    """Equal as long as the plan would be, but for texts and people that come meanwhile."""
    row = conn.execute(
        """
        SELECT count(*), max(id), max(changed_at) FROM sms_campaign_enrollments
        WHERE campaign_id = %s AND status = 'active'
        """,
        [campaign.id],
    ).fetchone()
    others = elsewhere.counts(conn, version) if campaign.status == CampaignStatus.DRAFT else {}
    said = repr(
        (version, campaign.status, campaign.pace_per_hour, row, sorted(others.items()), account_settings.load(conn))
    )
    return hashlib.blake2s(said.encode(), digest_size=16).hexdigest()
