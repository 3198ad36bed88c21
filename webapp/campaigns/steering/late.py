"""Steps whose moment is long ago: a person decides for all of a campaign's at once whether they still go.

What is late waits for that person: no tick has a hand on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import engine, people, steps, timing
from webapp.campaigns.steps import Version
from webapp.compliance import decisions
from webapp.compliance.decisions import LedgerRow, Stage
from webapp.database import Connection
from webapp.models.constants import EnrollmentStatus, Reason

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    lead_id: int | None
    contact_number_id: int
    version_id: int
    position: int


_LATE = """
SELECT id, lead_id, contact_number_id, version_id, position
FROM sms_campaign_enrollments
WHERE campaign_id = %s AND status = 'active' AND reason = 'late' AND next_run_at IS NULL AND id > %s
ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""


def decide(conn: Connection, campaign_id: int, actor: Actor, now: datetime, *, send: bool) -> int:
    """All late steps of a campaign at once: they go now, as the rules allow, or are left out. Returns how many.

    ``now``: business time; the caller commits.
    """
    count, last = 0, 0
    while chunk := _chunk(conn, campaign_id, last):
        if send:
            _write(conn, [(one.id, EnrollmentStatus.ACTIVE, one.position, now) for one in chunk], now)
        else:
            _write(conn, _past(conn, chunk, now), now)
        _note(conn, chunk, actor, now, send=send)
        count, last = count + len(chunk), chunk[-1].id
    audit.record(conn, actor.id, "campaign.late_decided", f"campaign:{campaign_id}", send=send, leads=count)
    return count


def _chunk(conn: Connection, campaign_id: int, after: int) -> list[_Place]:
    with conn.cursor(row_factory=class_row(_Place)) as cursor:
        return cursor.execute(_LATE, [campaign_id, after, _CHUNK]).fetchall()


_Next = tuple[int, EnrollmentStatus, int, datetime | None]


def _past(conn: Connection, chunk: Sequence[_Place], now: datetime) -> list[_Next]:
    """Behind the step that was late."""
    versions = steps.load(conn, {one.version_id for one in chunk})
    persons = people.load(conn, {one.lead_id for one in chunk if one.lead_id}, account_settings.load(conn), now)
    found: list[_Next] = []
    for one in chunk:
        following = versions[one.version_id].steps[one.position + 1 :]
        person = persons.get(one.lead_id or 0)
        at = timing.due(following[0], now, person.zone) if following and person else None
        status = EnrollmentStatus.ACTIVE if at else EnrollmentStatus.COMPLETED
        found.append((one.id, status, one.position + 1, at))
    return found


def _write(conn: Connection, rows: Sequence[_Next], now: datetime) -> None:
    conn.execute(
        """
        UPDATE sms_campaign_enrollments e
        SET status = t.status, position = t.position, next_run_at = t.at, reason = NULL, sentence = '',
            ended_at = CASE WHEN t.status = 'completed' THEN %s::timestamptz END, changed_at = now()
        FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::timestamptz[]) AS t (id, status, position, at)
        WHERE e.id = t.id
        """,
        [now, *(list(column) for column in zip(*rows, strict=True))],
    )


def _note(conn: Connection, chunk: Sequence[_Place], actor: Actor, now: datetime, *, send: bool) -> None:
    versions = steps.load(conn, {one.version_id for one in chunk})
    if send:
        said = engine.held("person", Reason.SCHEDULED, f"{actor.name} decided that it goes now.", now)
    else:
        said = engine.skipped("person", f"Skipped: {actor.name} left out what was late.")
    decisions.record(
        conn,
        [LedgerRow(None, one.contact_number_id, Stage.QUEUE, now, said, one.id, _key(versions, one)) for one in chunk],
    )


def _key(versions: dict[int, Version], place: _Place) -> str | None:
    steps_of = versions[place.version_id].steps
    return steps_of[place.position].key if place.position < len(steps_of) else None
