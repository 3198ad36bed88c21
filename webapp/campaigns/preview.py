"""The dry run: what a campaign will do to each of its leads, computed by the code that sends. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from psycopg.rows import class_row

from webapp.campaigns import people, timing
from webapp.campaigns.deciding import Pace
from webapp.campaigns.foreseeing import Foreseen, LeftOut, Start, foresee
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.carrier import prices
from webapp.compliance import gate
from webapp.database import Connection
from webapp.messaging import outbox
from webapp.models.constants import CampaignStatus

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Planned:
    """One text of the plan."""

    enrollment_id: int
    lead_id: int
    foreseen: Foreseen
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Named:
    """A lead that is left out, or misses a step, and why."""

    enrollment_id: int
    lead_id: int
    sentence: str


@dataclass
class Preview:
    """The totals of the whole plan, and one page of it, lead by lead.

    ``excluded`` counts leads that get nothing, ``skipped`` steps left out for leads that get others, by reason.
    ``days`` counts texts by UTC date, as YYYY-MM-DD, ``months`` leads with a text by UTC month, ``holds`` texts that
    wait first, by reason. ``named``: the first leads whom the asked reason concerns. ``more_after``: the enrollment
    after which the next page begins.
    """

    leads: int = 0
    texted: int = 0
    texts: int = 0
    segments: int = 0
    cost: Decimal = Decimal(0)
    first_at: datetime | None = None
    last_at: datetime | None = None
    days: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    named: list[Named] = field(default_factory=list)
    plan: list[Planned] = field(default_factory=list)
    more_after: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    lead_id: int
    position: int
    next_run_at: datetime | None
    phone_number_id: int


_ROWS = """
SELECT e.id, e.lead_id, e.position, e.next_run_at, c.phone_number_id
FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
WHERE e.campaign_id = %s AND e.status = 'active' AND e.lead_id IS NOT NULL AND e.id > %s
ORDER BY e.id LIMIT %s
"""


def preview(
    conn: Connection,
    campaign: Campaign,
    version: Version,
    now: datetime,
    *,
    after: int = 0,
    limit: int = 50,
    reason: str | None = None,
) -> Preview:
    """What ``version`` will do to everybody who is on the way, as if a draft were launched ``now`` (business time).

    The page begins after the enrollment ``after`` and ends with the lead that fills ``limit`` texts. ``reason``: one
    of ``excluded`` or ``skipped``, whose first ``limit`` leads are named.
    """
    found = Preview()
    around = _as_if_running(outbox.circumstances(conn))
    pace = Pace(campaign.pace_per_hour, None) if campaign.pace_per_hour else None
    for row, steps in _foreseen(conn, campaign, version, around, pace, now):
        planned = [
            Planned(row.id, row.lead_id, step, prices.estimate(step.segments))
            for step in steps
            if isinstance(step, Foreseen)
        ]
        left_out = [step for step in steps if isinstance(step, LeftOut)]
        _add(found, planned, left_out)
        if reason is not None and len(found.named) < limit:
            found.named.extend(_named(row, left_out, reason))
        if row.id > after:
            _show(found, planned, limit)
    return found


def _foreseen(
    conn: Connection,
    campaign: Campaign,
    version: Version,
    around: gate.Circumstances,
    pace: Pace | None,
    now: datetime,
) -> Iterator[tuple[_Row, list[Foreseen | LeftOut]]]:
    last, launched = 0, campaign.status != CampaignStatus.DRAFT
    while True:
        with conn.cursor(row_factory=class_row(_Row), binary=True) as cursor:
            rows = cursor.execute(_ROWS, [campaign.id, last, _CHUNK]).fetchall()
        if not rows:
            return
        persons = people.load(conn, {row.lead_id for row in rows}, around.settings, now)
        for row in rows:
            person = persons[row.lead_id]
            if launched:
                due_at = max(row.next_run_at or now, now)
            else:
                due_at = timing.due(version.steps[0], now, person.zone) if version.steps else now
            start = Start(row.position, due_at, row.phone_number_id)
            yield row, foresee(version, person, around, start, pace)
        last = rows[-1].id


def _as_if_running(around: gate.Circumstances) -> gate.Circumstances:
    """The plan is of what happens once nothing is paused and the carriers have approved; the checklist names both."""
    settings = around.settings.model_copy(update={"automation_paused": False, "registration_state": "approved"})
    return replace(around, settings=settings)


def _add(found: Preview, planned: list[Planned], left_out: list[LeftOut]) -> None:
    found.leads += 1
    if planned:
        found.texted += 1
        found.skipped.update(step.reason for step in left_out)
    elif left_out:
        found.excluded[left_out[-1].reason] += 1
    found.months.update({f"{text.foreseen.send_at:%Y-%m}" for text in planned})
    found.holds.update(text.foreseen.hold_reason for text in planned if text.foreseen.hold_reason)
    for text in planned:
        at = text.foreseen.send_at
        found.texts += 1
        found.segments += text.foreseen.segments
        found.cost += text.cost
        found.days[f"{at:%Y-%m-%d}"] += 1
        found.first_at = min(found.first_at or at, at)
        found.last_at = max(found.last_at or at, at)


def _named(row: _Row, left_out: list[LeftOut], reason: str) -> list[Named]:
    """At most one entry a lead."""
    return [Named(row.id, row.lead_id, one.sentence) for one in left_out if one.reason == reason][:1]


def _show(found: Preview, planned: list[Planned], limit: int) -> None:
    if found.more_after is None and len(found.plan) < limit:
        found.plan.extend(planned)
    elif found.more_after is None and planned:
        found.more_after = found.plan[-1].enrollment_id
