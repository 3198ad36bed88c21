"""The dry run: what a campaign will do to each of its leads, computed by the code that sends. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.campaigns.plans import keeping
from webapp.campaigns.plans.counting import Basis, Part, counting
from webapp.campaigns.plans.planned import Preview
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.compliance import usage
from webapp.database import Connection
from webapp.messaging import outbox


def preview(
    conn: Connection, campaign: Campaign, version: Version, now: datetime, *, after: int = 0, limit: int = 50
) -> Preview:
    """What ``version`` will do to everybody who is on the way (``now``: business time).

    The page begins after the enrollment ``after`` and ends with the lead that fills ``limit`` texts.
    """
    found = Preview()
    for _ in counting(conn, version, Basis.of(campaign, now), found, Part(after=after, limit=limit)):
        pass
    return found


def page(conn: Connection, campaign: Campaign, version: Version, now: datetime, *, after: int, limit: int) -> Preview:
    """A page alone, with totals of no more than it. Where no lead holds up another, nobody else is looked at."""
    found = Preview()
    part = Part(done_to=after, after=after, limit=limit)
    for _ in counting(conn, version, Basis.of(campaign, now), found, part):
        if found.more_after is not None:
            break
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """Where somebody who reads a plan page by page has got to. ``plan_id``: of the kept sums of its first page."""

    after: int = 0
    plan_id: int | None = None


def read_on(
    conn: Connection, campaign: Campaign, version: Version, reading: Reading, limit: int, now: datetime
) -> tuple[Preview, Reading | None]:
    """A page, with the totals of the whole plan, and where the next one begins; None at the end.

    All pages are of the moment of the first one, and the whole is counted once, unless leads hold up each other.
    """
    kept = keeping.find(conn, campaign.id, reading.plan_id) if reading.plan_id else None
    if kept is None or is_shared(conn, campaign):
        at = kept.at if kept else now
        found = preview(conn, campaign, version, at, after=reading.after, limit=limit)
    else:
        at, found = kept.at, kept.found
        part = page(conn, campaign, version, at, after=reading.after, limit=limit)
        found.plan, found.more_after = part.plan, part.more_after
    if found.more_after is None:
        return found, None
    plan_id = kept.id if kept else keeping.keep(conn, campaign, version, found, at)
    return found, Reading(found.more_after, plan_id)


def is_shared(conn: Connection, campaign: Campaign) -> bool:
    """Whether one lead's text may hold up another's: by a pace, or by a cap on volume."""
    return campaign.pace_per_hour is not None or usage.capped(outbox.circumstances(conn).settings)
