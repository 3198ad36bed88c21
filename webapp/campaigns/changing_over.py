"""Everybody who is on the way moves to another version of their campaign: set operations on chunks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg.rows import class_row

from webapp.campaigns import steps, tick_sql, timing
from webapp.campaigns.mapping import next_place
from webapp.campaigns.steps import Step, Version
from webapp.compliance import hours
from webapp.compliance.facts import Facts
from webapp.database import Connection
from webapp.models.constants import EnrollmentStatus, Reason

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Moved:
    """So many leads go on in the new version; ``finished``: those for whom nothing is left in it."""

    going_on: int = 0
    finished: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    version_id: int
    status: str
    position: int
    visit: int
    next_run_at: datetime | None
    reason: str | None
    sentence: str
    since: datetime
    contact_number_id: int
    e164: str
    state: str | None
    postal_code: str | None
    timezone: str | None

    @property
    def zone(self) -> str:
        facts = Facts(
            self.contact_number_id,
            self.e164,
            state=self.state,
            postal_code=self.postal_code,
            timezone=self.timezone,
        )
        return hours.place_of(facts).zones[0]


@dataclass(frozen=True, slots=True)
class _Place:
    status: str
    position: int
    next_run_at: datetime | None
    reason: str | None = None
    sentence: str = ""


# Counted from the last text; before the first one from when they were put in, or from the launch.
_ROWS = """
SELECT e.id, e.version_id, e.status, e.position, e.visit, e.next_run_at, e.reason, e.sentence,
       coalesce(e.last_text_at, greatest(e.created_at, g.launched_at)) AS since,
       e.contact_number_id, n.e164, l.state, l.postal_code, l.timezone
FROM sms_campaign_enrollments e
JOIN sms_campaigns g ON g.id = e.campaign_id
JOIN contact_numbers n ON n.id = e.contact_number_id
LEFT JOIN leads l ON l.id = e.lead_id
WHERE e.campaign_id = %s AND e.status IN ('active', 'paused') AND e.version_id <> %s AND e.id > %s
ORDER BY e.id LIMIT %s
"""

_PLACE = """
UPDATE sms_campaign_enrollments e
SET version_id = %(version)s, status = t.status, position = t.position, next_run_at = t.next_run_at,
    reason = t.reason, sentence = t.sentence, ended_at = CASE WHEN t.status = 'completed' THEN %(now)s END,
    changed_at = now()
FROM unnest(%(id)s::bigint[], %(status)s::text[], %(position)s::int[], %(next_run_at)s::timestamptz[],
            %(reason)s::text[], %(sentence)s::text[])
  AS t (id, status, position, next_run_at, reason, sentence)
WHERE e.id = t.id
"""


def move(conn: Connection, version: Version, now: datetime) -> Moved:
    """Moves everybody; the caller has their rows locked. ``now``: business time.

    Each goes to the step that it waits for, or to what follows (``mapping``), never to one that it has had. The moment
    is counted anew from its last text; one that would be past already is the next that the step allows.
    """
    going_on, finished, last = 0, 0, 0
    while True:
        with conn.cursor(row_factory=class_row(_Row), binary=True) as cursor:
            rows = cursor.execute(_ROWS, [version.campaign_id, version.id, last, _CHUNK]).fetchall()
        if not rows:
            return Moved(going_on, finished)
        places = _places(conn, rows, version, now)
        conn.execute(_PLACE, _columns(rows, places) | {"version": version.id, "now": now})
        done = sum(place.status == EnrollmentStatus.COMPLETED for place in places)
        going_on, finished, last = going_on + len(rows) - done, finished + done, rows[-1].id


def _places(conn: Connection, rows: Sequence[_Row], version: Version, now: datetime) -> list[_Place]:
    old = steps.load(conn, {row.version_id for row in rows})
    had: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for enrollment_id, key, visit in conn.execute(tick_sql.SENT, [[row.id for row in rows]]):
        had[enrollment_id, visit].add(key)
    return [_place(row, old[row.version_id].steps, version.steps, had[row.id, row.visit], now) for row in rows]


def _place(row: _Row, old: Sequence[Step], new: Sequence[Step], had: Collection[str], now: datetime) -> _Place:
    place = next_place([step.key for step in old], row.position, [step.key for step in new], had)
    if place is None:
        return _Place(EnrollmentStatus.COMPLETED, len(new), None)
    step = new[place]
    same = row.position < len(old) and old[row.position].key == step.key
    if same and _asks_a_person(row, step):
        return _Place(row.status, place, None, row.reason, row.sentence)
    due = _due(step, row.since, row.zone, now)
    if row.reason == Reason.PACE and place == 0 and row.next_run_at is not None:
        return _Place(row.status, place, max(due, row.next_run_at), row.reason, row.sentence)
    return _Place(row.status, place, due)


def _asks_a_person(row: _Row, step: Step) -> bool:
    """Whether a person must still say if it goes: publishing is no answer to that."""
    return row.next_run_at is None and (row.reason == Reason.LATE or bool(step.paused_because))


def _due(step: Step, since: datetime, zone: str, now: datetime) -> datetime:
    due = timing.due(step, since, zone)
    return due if due >= now else timing.due(replace(step, delay_minutes=0), now, zone)


def _columns(rows: Sequence[_Row], places: Sequence[_Place]) -> dict[str, Any]:
    return {
        "id": [row.id for row in rows],
        "status": [place.status for place in places],
        "position": [place.position for place in places],
        "next_run_at": [place.next_run_at for place in places],
        "reason": [place.reason for place in places],
        "sentence": [place.sentence for place in places],
    }
