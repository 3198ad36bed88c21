"""Whoever follows a version that was left behind goes over to the one that took its place: set operations on chunks.

Publishing only marks the versions: from then on no step of them is decided on. A tick that meets such a row brings it
over; a bulk operation (``moving_over``) brings all of them, for a moment of the new version may come before the old
one's. Who is not on the way comes along, so that it goes on in the new version if somebody lets it go on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from psycopg.rows import class_row

from webapp.campaigns import steps, tick_sql, timing
from webapp.campaigns.drafts.mapping import next_place
from webapp.campaigns.steps import Step
from webapp.compliance import hours
from webapp.database import Connection
from webapp.models.constants import EnrollmentStatus, Reason

_ENDED = frozenset({EnrollmentStatus.STOPPED, EnrollmentStatus.FAILED})
#: So many leads are moved in one transaction.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Moved:
    """So many leads go on in the new version; for ``finished`` nothing is left in it; ``ended`` are not on the way, and
    would go on in it."""

    going_on: int = 0
    finished: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    version_id: int
    moved_to_id: int
    status: str
    position: int
    visit: int
    next_run_at: datetime | None
    not_before: datetime | None
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
        return hours.likeliest_zone(self.e164, self.state, self.timezone, self.postal_code)


@dataclass(frozen=True, slots=True)
class _Place:
    status: str
    position: int
    next_run_at: datetime | None
    reason: str | None = None
    sentence: str = ""


# Counted from the last text; before the first one from when they were put in, or from the launch.
_ROWS = """
SELECT e.id, e.version_id, v.moved_to_id, e.status, e.position, e.visit, e.next_run_at, e.not_before, e.reason,
       e.sentence, coalesce(e.last_text_at, greatest(e.created_at, g.launched_at)) AS since,
       e.contact_number_id, n.e164, l.state, l.postal_code, l.timezone
FROM sms_campaign_enrollments e
JOIN sms_campaign_versions v ON v.id = e.version_id AND v.moved_to_id IS NOT NULL
JOIN sms_campaigns g ON g.id = e.campaign_id
JOIN contact_numbers n ON n.id = e.contact_number_id
LEFT JOIN leads l ON l.id = e.lead_id
WHERE e.id = ANY(%s) AND e.status <> 'completed' ORDER BY e.id
"""

_PLACE = """
UPDATE sms_campaign_enrollments e
SET version_id = t.version_id, status = t.status, position = t.position, next_run_at = t.next_run_at,
    reason = t.reason, sentence = t.sentence, changed_at = now(),
    ended_at = CASE WHEN t.status = 'completed' THEN %(now)s ELSE e.ended_at END
FROM unnest(%(id)b::bigint[], %(version_id)b::bigint[], %(status)b::text[], %(position)b::int[],
            %(next_run_at)b::timestamptz[], %(reason)b::text[], %(sentence)b::text[])
  AS t (id, version_id, status, position, next_run_at, reason, sentence)
WHERE e.id = t.id
"""


# What a tick is at work on, or an answer is being applied to, is passed over: see ``tick_sql.CLAIM``.
_LEFT_BEHIND = """
FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
WHERE e.campaign_id = %(campaign)s AND e.status <> 'completed' AND e.version_id IN (
      SELECT id FROM sms_campaign_versions WHERE campaign_id = %(campaign)s AND moved_to_id IS NOT NULL)
"""
_COUNT = f"SELECT count(*) {_LEFT_BEHIND}"
_CLAIM = f"""
SELECT e.status, e.id {_LEFT_BEHIND} AND (e.status, e.id) > (%(status)s, %(id)s)
ORDER BY e.status, e.id LIMIT %(limit)s FOR NO KEY UPDATE OF e, c SKIP LOCKED
"""

#: Where a row stands in the order in which they are moved, and the beginning of that order.
At: TypeAlias = tuple[str, int]
START: At = ("", 0)


def left_behind(conn: Connection, campaign_id: int) -> int:
    """How many leads are still to be brought over."""
    row = conn.execute(_COUNT, {"campaign": campaign_id}).fetchone()
    assert row is not None
    return int(row[0])


def move(conn: Connection, campaign_id: int, after: At, now: datetime) -> tuple[Moved, At] | None:
    """Brings over the next leads ``after`` that nobody has in hand; the caller commits, and goes on after the last.

    None where there are none, or somebody holds the campaign, such as a pause that is to take texts back. It waits for
    nobody.
    """
    status, last = after
    values = {"campaign": campaign_id, "status": status, "id": last, "limit": CHUNK}
    found: list[At] = conn.execute(_CLAIM, values).fetchall()
    if not found or not conn.execute(tick_sql.CAMPAIGNS, [[campaign_id]]).fetchall():
        return None
    return bring_over(conn, [row[1] for row in found], now), found[-1]


def bring_over(conn: Connection, enrollment_ids: Sequence[int], now: datetime) -> Moved:
    """Brings these leads, whose rows the caller holds, to the version that took the place of theirs.

    Each goes to the step that it waits for, or to what follows (``mapping``), never to one that it has had. The moment
    is counted anew from its last text; one that would be past already is the next that the step allows. ``now``:
    business time.
    """
    with conn.cursor(row_factory=class_row(_Row), binary=True) as cursor:
        rows = cursor.execute(_ROWS, [list(enrollment_ids)]).fetchall()
    if not rows:
        return Moved()
    places = _places(conn, rows, now)
    conn.execute(_PLACE, _columns(rows, places) | {"now": now})
    statuses = Counter(place.status for place in places)
    finished = statuses[EnrollmentStatus.COMPLETED]
    ended = statuses[EnrollmentStatus.STOPPED] + statuses[EnrollmentStatus.FAILED]
    return Moved(len(rows) - finished - ended, finished, ended)


def _places(conn: Connection, rows: Sequence[_Row], now: datetime) -> list[_Place]:
    known = steps.load(conn, {each for row in rows for each in (row.version_id, row.moved_to_id)})
    had: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for enrollment_id, key, visit in conn.execute(tick_sql.SENT, [[row.id for row in rows]]):
        had[enrollment_id, visit].add(key)
    return [
        _place(row, known[row.version_id].steps, known[row.moved_to_id].steps, had[row.id, row.visit], now)
        for row in rows
    ]


def _place(row: _Row, old: Sequence[Step], new: Sequence[Step], had: Collection[str], now: datetime) -> _Place:
    place = next_place([step.key for step in old], row.position, [step.key for step in new], had)
    if row.status in _ENDED:
        return _Place(row.status, len(new) if place is None else place, None, row.reason, row.sentence)
    if place is None:
        return _Place(EnrollmentStatus.COMPLETED, len(new), None)
    step = new[place]
    same = row.position < len(old) and old[row.position].key == step.key
    if row.reason == Reason.IN_ANOTHER_CAMPAIGN or (same and _asks_a_person(row, step)):
        return _Place(row.status, place, None, row.reason, row.sentence)
    due = _due(step, row.since, row.zone, now)
    due = max(due, row.not_before) if row.not_before else due
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
        "version_id": [row.moved_to_id for row in rows],
        "status": [place.status for place in places],
        "position": [place.position for place in places],
        "next_run_at": [place.next_run_at for place in places],
        "reason": [place.reason for place in places],
        "sentence": [place.sentence for place in places],
    }
