"""The plan of a launch beside what came: per day, per step, and where they differ, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from webapp.accounts import settings as account_settings
from webapp.campaigns import steps
from webapp.campaigns.figures import definitions as d
from webapp.campaigns.plans import keeping
from webapp.campaigns.plans.totals import Sum, Totals
from webapp.campaigns.steps import Version
from webapp.database import Connection
from webapp.models.constants import PlanStatus


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the account's zone, as YYYY-MM-DD: what was to go on it, and what went."""

    day: str
    planned: Sum
    came: Sum


@dataclass(frozen=True, slots=True)
class OfStep:
    """A step of the launch: what was to go, until now and in all; what went of it; and the leads without it, by why.

    ``why`` has words of ``EndReason`` and ``Reason``, and ``to_come``, ``queued``, ``failed``, ``skipped``, ``paused``,
    ``set_aside``. Whoever was left out of the plan already is among them: ``foreseen`` counts those.
    """

    step_key: str
    number: int
    body: str
    planned: int
    by_now: int
    sent: int
    foreseen: int
    why: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Compared:
    """``at``: the business time of the launch. While the plan is being counted, ``done`` of ``leads`` are.

    ``joined``: leads that were put in later, and are not compared. ``edited``: the steps have been changed since.
    """

    status: PlanStatus
    at: datetime
    zone: str
    done: int
    leads: int
    plan: Totals | None = None
    joined: int = 0
    edited: bool = False
    days: Sequence[Day] = ()
    steps: Sequence[OfStep] = ()

    @property
    def planned(self) -> Sum:
        """Of all days."""
        return sum((day.planned for day in self.days), Sum())

    @property
    def came(self) -> Sum:
        return sum((day.came for day in self.days), Sum())


@dataclass(frozen=True, slots=True)
class Brief:
    """The plan of a launch in short. ``by_now``: what of ``planned`` was to go until now; ``steps``: likewise in texts,
    by step key."""

    status: PlanStatus
    done: int
    leads: int
    planned: Sum = field(default_factory=Sum)
    by_now: Sum = field(default_factory=Sum)
    steps: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def brief(conn: Connection, campaign_id: int, now: datetime) -> Brief | None:
    """For a page that polls: what the launch foresaw until business time ``now``. None where nothing was foreseen."""
    kept = keeping.of_launch(conn, campaign_id)
    if kept is None:
        return None
    if kept.status != PlanStatus.DONE:
        return Brief(kept.status, kept.done, kept.total)
    plan, by_now = kept.found.by_step(), kept.found.until(now).by_step()
    steps_of = {key: (by_now.get(key, Sum()).texts, whole.texts) for key, whole in plan.items()}
    total, until_now = sum(plan.values(), Sum()), sum(by_now.values(), Sum())
    return Brief(kept.status, kept.total, kept.total, total, until_now, steps_of)


def compare(conn: Connection, campaign_id: int, now: datetime) -> Compared | None:
    """What the launch foresaw, and what came until business time ``now``. None where nothing was foreseen."""
    kept = keeping.of_launch(conn, campaign_id)
    if kept is None:
        return None
    zone = account_settings.load(conn).default_timezone
    if kept.status != PlanStatus.DONE:
        return Compared(kept.status, kept.at, zone, kept.done, kept.total)
    plan, version = kept.found, steps.load(conn, [kept.version_id])[kept.version_id]
    given = {"campaign": campaign_id, "at": kept.at, "zone": zone, "version": version.id}
    row = conn.execute(_LATER, given).fetchone()
    assert row is not None
    return Compared(
        kept.status, kept.at, zone, kept.total, kept.total, plan, row[0], row[1],
        _days(plan, conn.execute(_CAME, given).fetchall(), zone),
        _steps(conn, version, plan, given, now),
    )  # fmt: skip


def day_of(at: datetime, zone: str) -> str:
    """The day of an instant in an IANA zone, as YYYY-MM-DD."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def _days(plan: Totals, rows: Sequence[tuple[str, int, int, Decimal]], zone: str) -> list[Day]:
    came = {day: Sum(texts, segments, cost) for day, texts, segments, cost in rows}
    planned = plan.by_day(zone)
    return [Day(day, planned.get(day, Sum()), came.get(day, Sum())) for day in sorted(planned.keys() | came.keys())]


def _steps(conn: Connection, version: Version, plan: Totals, given: dict[str, object], now: datetime) -> list[OfStep]:
    planned, by_now = plan.by_step(), plan.until(now).by_step()
    texts = {row[0]: row[1:] for row in conn.execute(_TEXTS, given)}
    why: dict[str, Counter[str]] = {}
    for key, reason, count in conn.execute(_WITHOUT, given):
        why.setdefault(key, Counter())[reason] += count
    found = []
    for number, step in enumerate(version.steps, 1):
        sent, queued, failed, leads = texts.get(step.key, (0, 0, 0, 0))
        of_step = why.get(step.key, Counter())
        skipped = of_step.pop("past", 0) - leads
        of_step.update({"queued": queued, "failed": failed, "skipped": max(skipped, 0)})
        all_of_it = planned.get(step.key, Sum()).texts
        foreseen = max(sent + of_step.total() - all_of_it, 0)
        found.append(
            OfStep(step.key, number, step.body, all_of_it, by_now.get(step.key, Sum()).texts, sent, foreseen, +of_step)
        )
    return found


# Those whom the plan is about: who was put in before the launch.
_OF_PLAN = "e.campaign_id = %(campaign)s AND e.created_at <= %(at)s"
_TEXT_OF_PLAN = f"""
m.campaign_id = %(campaign)s AND m.status <> 'canceled' AND (
    NOT (SELECT EXISTS (SELECT FROM sms_campaign_enrollments e
                        WHERE e.campaign_id = %(campaign)s AND e.created_at > %(at)s))
    OR EXISTS (SELECT FROM sms_campaign_enrollments e WHERE e.id = m.enrollment_id AND {_OF_PLAN}))
"""  # noqa: S608 (our own words)

_LATER = """
SELECT (SELECT count(*) FROM sms_campaign_enrollments e
        WHERE e.campaign_id = %(campaign)s AND e.created_at > %(at)s),
       (SELECT live_version_id IS DISTINCT FROM %(version)s FROM sms_campaigns WHERE id = %(campaign)s)
"""

_CAME = f"""
SELECT to_char(m.sent_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD'), count(*), sum(m.segments)::int, sum(m.cost)
FROM sms_messages m WHERE {_TEXT_OF_PLAN} AND {d.SENT} GROUP BY 1
"""  # noqa: S608 (our own words)

_TEXTS = f"""
SELECT m.step_key, count(*) FILTER (WHERE {d.SENT}), count(*) FILTER (WHERE {d.QUEUED}),
       count(*) FILTER (WHERE {d.FAILED} AND m.sent_at IS NULL), count(DISTINCT m.enrollment_id)
FROM sms_messages m WHERE {_TEXT_OF_PLAN} GROUP BY 1
"""  # noqa: S608 (our own words)

# Where everybody stands, counted first and then laid on the steps: few rows, whoever many leads.
_WITHOUT = f"""
WITH standing AS MATERIALIZED (
    SELECT e.version_id, e.position, count(*) AS leads,
           CASE WHEN e.status = 'paused' THEN 'paused' WHEN e.status = 'failed' THEN 'set_aside'
                WHEN e.status = 'stopped' OR {d.HELD} THEN e.reason ELSE 'to_come' END AS why
    FROM sms_campaign_enrollments e WHERE {_OF_PLAN} GROUP BY 1, 2, 4
)
SELECT s.step_key, CASE WHEN p.position > s.position THEN 'past' WHEN p.position < s.position
       AND p.why NOT IN ({d.ENDS}) THEN 'to_come' ELSE p.why END, sum(p.leads)::int
FROM standing p JOIN sms_campaign_steps s ON s.version_id = p.version_id GROUP BY 1, 2
"""  # noqa: S608 (our own words)
