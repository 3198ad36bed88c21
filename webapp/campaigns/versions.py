"""Publishing a draft, and what becomes of those who are on their way by an older version.

They finish the version that they began, or move to the new one. Moving locks as the tick does, rows before the
campaign, and waits for nobody who could be waiting for it: so it is one transaction, behind which no moment of an old
version is left that could fire.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import psycopg

from webapp import database
from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import running, steps, store
from webapp.campaigns.changing_over import Moved, move
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.web.problems import Problem

T = TypeVar("T")

_TRIES = 5
_PATIENCE_SECONDS = 2.0
_PAUSE_SECONDS = 0.02


class BusyError(Exception):
    """Ticks, or other changes of the campaign, have its rows in their hands. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many leads wait for the step at ``position`` of ``version``."""

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
    """The draft becomes what new leads get; the others finish theirs, unless ``move`` follows. ``now``: business time.

    A step that a breaker stopped stays stopped unless it says something else now. The caller holds the campaign's lock.
    """
    assert campaign.draft_id is not None and campaign.live_version_id is not None
    conn.execute(_STILL_STOPPED, [campaign.live_version_id, campaign.draft_id])
    version = running.publish(conn, campaign, actor, now)
    audit.record(conn, actor.id, "campaign.published", f"campaign:{campaign.id}", version=version.number)
    return version


_STILL_STOPPED = """
UPDATE sms_campaign_steps d SET paused_because = s.paused_because
FROM sms_campaign_steps s
WHERE s.version_id = %s AND d.version_id = %s AND d.step_key = s.step_key AND d.variants = s.variants
"""


def discard(conn: Connection, campaign: Campaign) -> None:
    """Throws the draft of a launched campaign away: nobody ever got it."""
    assert campaign.live_version_id is not None
    conn.execute(
        "DELETE FROM sms_campaign_versions WHERE campaign_id = %s AND published_at IS NULL AND id <> %s",
        [campaign.id, campaign.live_version_id],
    )


def moving(campaign_id: int, actor: Actor, first: Callable[[Connection, Campaign], Version], now: datetime) -> Moved:
    """Moves everybody to the version that ``first`` gives, with all of the campaign's waiting rows in hand.

    ``first`` runs once the campaign is locked, and may raise what it likes: then nothing changes. Commits. Raises
    BusyError, and a 404 Problem where the actor may not see the campaign.
    """
    for _ in range(_TRIES):
        try:
            with database.transaction() as conn:
                return _move_in_turn(conn, campaign_id, actor, first, now)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            time.sleep(_PAUSE_SECONDS)
    raise BusyError


def _move_in_turn(
    conn: Connection, campaign_id: int, actor: Actor, first: Callable[[Connection, Campaign], Version], now: datetime
) -> Moved:
    _demand(conn, actor, campaign_id)
    _hold_rows(conn, campaign_id)
    conn.execute("SET LOCAL lock_timeout = '100ms'")
    campaign = _demand(conn, actor, campaign_id, lock=True)
    conn.execute("SET LOCAL lock_timeout = DEFAULT")
    version = first(conn, campaign)
    _hold_rows(conn, campaign_id)  # with those who were put in meanwhile
    return move(conn, version, now)


def _demand(conn: Connection, actor: Actor, campaign_id: int, *, lock: bool = False) -> Campaign:
    campaign = store.find(conn, actor, campaign_id, lock=lock)
    if campaign is None:
        raise Problem.not_found("campaign")
    return campaign


_ALL = """
SELECT id FROM sms_campaign_enrollments WHERE campaign_id = %s AND status IN ('active', 'paused') ORDER BY id
"""
_HELD = f"SELECT count(*) FROM ({_ALL} FOR NO KEY UPDATE SKIP LOCKED) held"  # noqa: S608 (our own words)
_COUNT = f"SELECT count(*) FROM ({_ALL}) waiting"  # noqa: S608 (our own words)


def _hold_rows(conn: Connection, campaign_id: int) -> None:
    """Locks everybody who is on the way, without ever waiting for a lock: ticks that are under way let go by and by.

    Raises LockNotAvailable where they do not: whoever has them may be waiting for us.
    """
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while _one(conn, _HELD, campaign_id) < _one(conn, _COUNT, campaign_id):
        if time.monotonic() > ends_at:
            raise psycopg.errors.LockNotAvailable
        time.sleep(_PAUSE_SECONDS)


def _one(conn: Connection, sql: str, campaign_id: int) -> int:
    row = conn.execute(sql, [campaign_id]).fetchone()
    assert row is not None
    return int(row[0])
