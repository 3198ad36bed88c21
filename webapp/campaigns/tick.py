"""The tick: every step whose moment has come is decided on, and what may go stands in the outbox.

A batch is one transaction: claimed with SKIP LOCKED, decided in Python, written back as set operations. Any number of
ticks on any number of machines share the work; one that dies leaves its batch as if it had not begun.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg.rows import args_row

from webapp import clock, database
from webapp.campaigns import people, steps, tick_sql, writing
from webapp.campaigns.deciding import Claimed, Decided, Deciding, Pace
from webapp.campaigns.drafts import changing_over
from webapp.campaigns.steps import Version
from webapp.compliance import usage
from webapp.database import Connection
from webapp.messaging import hints, outbox
from webapp.models.constants import CampaignStatus

BATCH = 2000
#: A run ends after so many seconds; the next one goes on.
_PATIENCE_SECONDS = 50


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the tick did. ``claimed`` is the sum of the others, and of what was parked, set aside or moved to
    a new version."""

    claimed: int = 0
    queued: int = 0
    held: int = 0
    skipped: int = 0
    finished: int = 0

    def plus(self, other: Ran) -> Ran:
        return Ran(
            self.claimed + other.claimed,
            self.queued + other.queued,
            self.held + other.held,
            self.skipped + other.skipped,
            self.finished + other.finished,
        )


def run() -> Ran:
    """Works off what is due now, then rings the outbox once. Safe at any time, from anywhere, and twice."""
    total, ends_at = Ran(), time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        now = clock.now()
        with database.transaction() as conn:
            ran = run_batch(conn, now)
        total = total.plus(ran)
        if ran.claimed < BATCH:
            break
    if total.queued:
        hints.ring_send()
    return total


def run_batch(conn: Connection, now: datetime) -> Ran:
    """Decides on at most ``BATCH`` due steps; the caller commits. ``now``: business time."""
    around = outbox.circumstances(conn)
    if around.settings.automation_paused:
        return Ran()
    claimed = _claim(conn, now)
    if not claimed:
        return Ran()
    paces = _paces(conn, claimed)
    running, parked = _running(conn, claimed, paces)
    if usage.capped(around.settings):
        around = replace(around, usage=usage.load_with_queued(conn, around.settings, now))
    versions = steps.load(conn, {one.version_id for one in running})
    running, brought_over = _in_force(conn, running, versions, now)
    deciding = Deciding(
        around=around,
        versions=versions,
        persons=people.load(conn, {one.lead_id for one in running if one.lead_id}, around.settings, now),
        paces=paces,
        doubled=_doubled(running),
        sent=_sent(conn, [one.id for one in running if versions[one.version_id].number > 1]),
        now=now,
    )
    decided = writing.write(conn, map(deciding.decide, running), len(running), now)
    _keep_pace(conn, deciding.paces)
    return _count(len(running) + parked + brought_over, decided)


def _running(conn: Connection, claimed: list[Claimed], paces: dict[int, Pace]) -> tuple[list[Claimed], int]:
    """Those whose campaign runs, and goes on running until this batch has committed; and how many others were parked.

    Rows of a campaign that somebody holds are left for the next tick.
    """
    rows = conn.execute(tick_sql.CAMPAIGNS, [list({one.campaign_id for one in claimed})]).fetchall()
    running = {row[0] for row in rows if row[1] == CampaignStatus.RUNNING and (row[0] in paces or not row[2])}
    idle_campaigns = {row[0] for row in rows if row[1] != CampaignStatus.RUNNING}
    idle = [one.id for one in claimed if one.campaign_id in idle_campaigns]
    if idle:
        conn.execute(tick_sql.PARK, [idle])
    return [one for one in claimed if one.campaign_id in running], len(idle)


def _in_force(
    conn: Connection, running: list[Claimed], versions: dict[int, Version], now: datetime
) -> tuple[list[Claimed], int]:
    """Those whose version still holds. The others are brought over to the one that took its place, where their moment
    is another one; and how many those were."""
    stale = [one.id for one in running if versions[one.version_id].moved_to_id is not None]
    if not stale:
        return running, 0
    changing_over.bring_over(conn, stale, now)
    return [one for one in running if versions[one.version_id].moved_to_id is None], len(stale)


def _paces(conn: Connection, claimed: list[Claimed]) -> dict[int, Pace]:
    """Of the campaigns that have one and are nobody else's at the moment."""
    rows = conn.execute(tick_sql.PACED, [list({one.campaign_id for one in claimed})])
    return {row[0]: Pace(row[1], row[2]) for row in rows}


def _sent(conn: Connection, enrollment_ids: list[int]) -> set[tuple[int, str, int]]:
    return set(conn.execute(tick_sql.SENT, [enrollment_ids])) if enrollment_ids else set()


def _doubled(running: list[Claimed]) -> frozenset[int]:
    counts = Counter(one.lead_id for one in running if one.lead_id is not None)
    return frozenset(lead_id for lead_id, count in counts.items() if count > 1)


def _keep_pace(conn: Connection, paces: dict[int, Pace]) -> None:
    if paces:
        conn.execute(tick_sql.PACE, [list(paces), [pace.free_from for pace in paces.values()]])


def _claim(conn: Connection, now: datetime) -> list[Claimed]:
    with conn.cursor(row_factory=args_row(Claimed), binary=True) as cursor:
        return cursor.execute(tick_sql.CLAIM, {"now": now, "limit": BATCH}).fetchall()


def _count(claimed: int, decided: list[Decided]) -> Ran:
    counted = Counter(one.outcome for one in decided)
    return Ran(claimed, counted["queued"], counted["held"], counted["skipped"], counted["finished"])
