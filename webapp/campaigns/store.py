"""Campaigns as rows: made, read, renamed, deleted; who may see which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from webapp.accounts.actors import Actor
from webapp.campaigns import steps
from webapp.campaigns.rules import Rules
from webapp.campaigns.steps import Step, Version
from webapp.database import Connection
from webapp.models.constants import CampaignKind, CampaignStatus

_COLUMNS = """
g.id, g.name, g.kind, g.status, g.owner_id, g.saved_list_id, g.audience, g.takes_joiners, g.live_version_id,
g.joiners_held, g.pace_per_hour, g.canary, g.paused_because, g.created_at, g.launched_at, g.ended_at,
(SELECT v.id FROM sms_campaign_versions v WHERE v.campaign_id = g.id AND v.published_at IS NULL) AS draft_id
"""
# A rep has their own campaigns; managers have all.
_MAY_SEE = "(%(sees_all)s OR g.owner_id = %(actor_id)s)"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign's own row. ``draft_id``: the version that is being edited, if any."""

    id: int
    name: str
    kind: CampaignKind
    status: CampaignStatus
    owner_id: int | None
    saved_list_id: int | None
    audience: Mapping[str, Any]
    takes_joiners: bool
    live_version_id: int | None
    joiners_held: int
    pace_per_hour: int | None
    canary: bool
    paused_because: str
    created_at: datetime
    launched_at: datetime | None
    ended_at: datetime | None
    draft_id: int | None

    @property
    def waits_after_canary(self) -> bool:
        """The first leads got their text; the others wait for a person."""
        return self.canary and self.status == CampaignStatus.RUNNING


def create(conn: Connection, name: str, kind: CampaignKind, rules: Rules, actor: Actor, now: datetime) -> int:
    """A new draft without steps. Returns its id."""
    row = conn.execute(
        "INSERT INTO sms_campaigns (name, kind, owner_id, created_at, updated_at) VALUES (%s, %s, %s, %s, %s) "
        "RETURNING id",
        [name, kind, actor.id, now, now],
    ).fetchone()
    assert row is not None
    _insert_version(conn, row[0], 1, rules, now)
    return int(row[0])


def find(conn: Connection, actor: Actor, campaign_id: int, *, lock: bool = False) -> Campaign | None:
    """One campaign, if the actor may see it; locked against other changes, if asked."""
    sql = f"SELECT {_COLUMNS} FROM sms_campaigns g WHERE g.id = %(id)s AND {_MAY_SEE}"  # noqa: S608 (our own words)
    with conn.cursor(row_factory=class_row(Campaign)) as cursor:
        return cursor.execute(
            sql + (" FOR NO KEY UPDATE OF g" if lock else ""), {"id": campaign_id, **actor.params()}
        ).fetchone()


def page(
    conn: Connection, actor: Actor, limit: int, *, after: int | None = None, status: str | None = None
) -> list[Campaign]:
    """``limit + 1`` campaigns at most, newest first, from after the one with id ``after``; archived ones on demand."""
    sql = f"""
        SELECT {_COLUMNS} FROM sms_campaigns g
        WHERE {_MAY_SEE} AND (%(after)s::bigint IS NULL OR g.id < %(after)s)
          AND CASE WHEN %(status)s::text IS NULL THEN g.status <> 'archived' ELSE g.status = %(status)s END
        ORDER BY g.id DESC LIMIT %(limit)s
    """  # noqa: S608 (our own words)
    with conn.cursor(row_factory=class_row(Campaign)) as cursor:
        return cursor.execute(sql, {"after": after, "status": status, "limit": limit + 1, **actor.params()}).fetchall()


def change(conn: Connection, campaign_id: int, changes: Mapping[str, object], now: datetime) -> None:
    """Sets columns of the campaign's own row; names come from code, never from a request."""
    names = ", ".join(f"{name} = %({name})s" for name in changes)
    conn.execute(
        f"UPDATE sms_campaigns SET {names}, updated_at = %(now)s WHERE id = %(id)s",  # noqa: S608 (our own words)
        {**changes, "now": now, "id": campaign_id},
    )


def shown_version(conn: Connection, campaign: Campaign) -> Version:
    """What a reader of the campaign sees: the draft while there is one, else the live version."""
    version_id = campaign.draft_id or campaign.live_version_id
    assert version_id is not None, "a campaign has a version"
    return steps.load(conn, [version_id])[version_id]


def draft(conn: Connection, campaign: Campaign, now: datetime) -> Version:
    """The version that is being edited, begun as a copy of the live one where there is none."""
    if campaign.draft_id is not None:
        return steps.load(conn, [campaign.draft_id])[campaign.draft_id]
    live = shown_version(conn, campaign)
    version_id = _insert_version(conn, campaign.id, live.number + 1, live.rules, now)
    steps.replace(conn, version_id, live.steps)
    return steps.load(conn, [version_id])[version_id]


def set_draft(
    conn: Connection,
    campaign: Campaign,
    now: datetime,
    *,
    rules: Rules | None = None,
    new_steps: Sequence[Step] | None = None,
) -> Version:
    """Changes the draft's rules or steps; other columns of the draft stay.

    Whoever asked for a second person asked for the draft as it was: the request is off.
    """
    version = draft(conn, campaign, now)
    change(conn, campaign.id, {"launch_asked_by": None, "launch_asked_at": None}, now)
    if rules is not None:
        conn.execute("UPDATE sms_campaign_versions SET rules = %s WHERE id = %s", [_json(rules), version.id])
    if new_steps is not None:
        steps.replace(conn, version.id, new_steps)
    return steps.load(conn, [version.id])[version.id]


def delete(conn: Connection, campaign: Campaign, now: datetime) -> bool:
    """A draft goes; one that was launched is archived, since its texts were sent. False while it runs."""
    if campaign.status == CampaignStatus.RUNNING:
        return False
    if campaign.launched_at is None:
        conn.execute("DELETE FROM sms_campaign_enrollments WHERE campaign_id = %s", [campaign.id])
        conn.execute("DELETE FROM sms_campaigns WHERE id = %s", [campaign.id])
    else:
        change(conn, campaign.id, {"status": CampaignStatus.ARCHIVED}, now)
    return True


def _insert_version(conn: Connection, campaign_id: int, number: int, rules: Rules, now: datetime) -> int:
    row = conn.execute(
        "INSERT INTO sms_campaign_versions (campaign_id, number, rules, created_at) VALUES (%s, %s, %s, %s) "
        "RETURNING id",
        [campaign_id, number, _json(rules), now],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _json(rules: Rules) -> Jsonb:
    return Jsonb(rules.model_dump(mode="json", exclude_defaults=True))
