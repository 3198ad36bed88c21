"""A campaign's figures: where its leads stand, what they have done, and what became of each step's texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psycopg.rows import class_row

from webapp.campaigns.figures import definitions as d
from webapp.campaigns.steps import Version
from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class StepFigures:
    """``queued`` to ``filtered`` count texts; ``filtered`` are those of ``failed`` that carriers refused for what they
    say. ``waiting``: leads whose next step it is, ``held`` those of them whom something holds up; ``skipped``: leads
    that are past it without a text; ``replied`` and ``opted_out``: leads who did so after its text. Each as
    ``campaigns.figures.definitions`` has it."""

    step_key: str
    waiting: int = 0
    held: int = 0
    queued: int = 0
    sent: int = 0
    delivered: int = 0
    failed: int = 0
    filtered: int = 0
    skipped: int = 0
    replied: int = 0
    opted_out: int = 0


@dataclass(frozen=True, slots=True)
class Stats:
    """Leads by where they stand, from ``active`` to ``failed``: they add up to ``enrolled``.

    ``replied`` and ``opted_out`` count leads by what they have done, wherever they stand now; ``left_out`` those for
    whom it was stopped otherwise. ``late``: leads whose step waits for a person to say whether it still goes.
    """

    enrolled: int
    active: int
    completed: int
    stopped: int
    paused: int
    failed: int
    stopped_by_reason: Mapping[str, int]
    replied: int = 0
    opted_out: int = 0
    left_out: int = 0
    late: int = 0
    steps: list[StepFigures] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Standing:
    """So many leads that stand alike; each further number counts those of them to whom its definition applies."""

    status: str
    reason: str | None
    version_id: int
    position: int
    replied_step: str | None
    opted_out_step: str | None
    leads: int
    waiting: int
    held: int
    replied: int
    opted_out: int
    left_out: int
    late: int


@dataclass(frozen=True, slots=True)
class _Texts:
    """What became of a step's texts, and how many leads have one."""

    step_key: str
    leads: int
    queued: int
    sent: int
    delivered: int
    failed: int
    filtered: int


# Each of a campaign's leads is read once: a campaign may have a million, and stand alike they do by the thousand.
_STANDINGS = f"""
SELECT e.status, e.reason, e.version_id, e.position, e.replied_step, e.opted_out_step, count(*) AS leads,
       count(*) FILTER (WHERE {d.WAITING}) AS waiting, count(*) FILTER (WHERE {d.HELD}) AS held,
       count(*) FILTER (WHERE {d.REPLIED}) AS replied, count(*) FILTER (WHERE {d.OPTED_OUT}) AS opted_out,
       count(*) FILTER (WHERE {d.LEFT_OUT}) AS left_out, count(*) FILTER (WHERE {d.LATE}) AS late
FROM sms_campaign_enrollments e WHERE e.campaign_id = %s GROUP BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 (our own words)

# A lead that a person moved back may have a step twice: its further texts look for an earlier one. That spares the sort
# of all texts that count(DISTINCT) would cost.
_TEXTS = f"""
SELECT m.step_key, count(*) FILTER (WHERE m.visit <= 1 OR NOT EXISTS (
           SELECT FROM sms_messages o WHERE o.enrollment_id = m.enrollment_id AND o.step_key = m.step_key
           AND o.visit < m.visit AND o.status <> 'canceled')) AS leads,
       count(*) FILTER (WHERE {d.QUEUED}) AS queued, count(*) FILTER (WHERE {d.SENT}) AS sent,
       count(*) FILTER (WHERE {d.DELIVERED}) AS delivered, count(*) FILTER (WHERE {d.FAILED}) AS failed,
       count(*) FILTER (WHERE {d.FILTERED}) AS filtered
FROM sms_messages m WHERE m.campaign_id = %s AND m.status <> 'canceled' GROUP BY 1
"""  # noqa: S608 (our own words)

_PLACES = """
SELECT s.version_id, s.position, s.step_key
FROM sms_campaign_steps s JOIN sms_campaign_versions v ON v.id = s.version_id WHERE v.campaign_id = %s
"""


def of(conn: Connection, version: Version) -> Stats:
    """The figures of the version's campaign, with its steps in order."""
    with conn.cursor(row_factory=class_row(_Standing)) as cursor:
        standings = cursor.execute(_STANDINGS, [version.campaign_id]).fetchall()
    by_status: Counter[str] = Counter()
    for one in standings:
        by_status[one.status] += one.leads
    return Stats(
        enrolled=by_status.total(),
        active=by_status["active"],
        completed=by_status["completed"],
        stopped=by_status["stopped"],
        paused=by_status["paused"],
        failed=by_status["failed"],
        stopped_by_reason=_stopped_by_reason(standings),
        replied=sum(one.replied for one in standings),
        opted_out=sum(one.opted_out for one in standings),
        left_out=sum(one.left_out for one in standings),
        late=sum(one.late for one in standings),
        steps=_of_steps(conn, version, standings),
    )


def _stopped_by_reason(standings: Sequence[_Standing]) -> Mapping[str, int]:
    stopped: Counter[str] = Counter()
    for one in standings:
        if one.status == "stopped":
            stopped[one.reason or ""] += one.leads
    return dict(stopped)


def _of_steps(conn: Connection, version: Version, standings: Sequence[_Standing]) -> list[StepFigures]:
    with conn.cursor(row_factory=class_row(_Texts)) as cursor:
        texts = {one.step_key: one for one in cursor.execute(_TEXTS, [version.campaign_id]).fetchall()}
    waiting, held, past = _places(conn, version.campaign_id, standings)
    replied: Counter[str | None] = Counter()
    opted_out: Counter[str | None] = Counter()
    for one in standings:
        replied[one.replied_step] += one.replied
        opted_out[one.opted_out_step] += one.opted_out
    return [
        StepFigures(
            key, waiting[key], held[key], had.queued, had.sent, had.delivered, had.failed, had.filtered,
            # Whoever is past a step and has no text of it was left out there.
            max(past[key] - had.leads, 0), replied[key], opted_out[key],
        )
        for key in (step.key for step in version.steps)
        for had in [texts.get(key) or _Texts(key, 0, 0, 0, 0, 0, 0)]
    ]  # fmt: skip


def _places(
    conn: Connection, campaign_id: int, standings: Sequence[_Standing]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By step: whose next one it is, those of them whom something holds up, and who is past it; in any version."""
    waiting: Counter[str] = Counter()
    held: Counter[str] = Counter()
    past: Counter[str] = Counter()
    leads: Counter[tuple[int, int]] = Counter()
    keys = {(version, place): key for version, place, key in conn.execute(_PLACES, [campaign_id]).fetchall()}
    for one in standings:
        leads[one.version_id, one.position] += one.leads
        if key := keys.get((one.version_id, one.position)):
            waiting[key] += one.waiting
            held[key] += one.held
    for (version, position), count in leads.items():
        for place in range(position):
            if key := keys.get((version, place)):
                past[key] += count
    return waiting, held, past
