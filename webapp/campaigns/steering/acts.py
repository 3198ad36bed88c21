"""What every act on one lead's way through a campaign is made of: it is taken in hand, set anew, and noted.

Which acts there are, ``moving`` says. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import people, steps
from webapp.campaigns.drafts import changing_over
from webapp.campaigns.steering.taking_back import take_back
from webapp.campaigns.steps import Version
from webapp.compliance import decisions
from webapp.compliance.decisions import Decision, LedgerRow, Stage
from webapp.database import Connection
from webapp.models.constants import EndReason, EnrollmentStatus


class NotNowError(Exception):
    """The lead stands elsewhere by now; ``str()`` says where."""


@dataclass(frozen=True, slots=True)
class Place:
    """How an enrollment stands, and before which step of its version (``position``, from 0), in business time."""

    id: int
    campaign_id: int
    lead_id: int | None
    contact_number_id: int
    version_id: int
    status: EnrollmentStatus
    position: int
    next_run_at: datetime | None
    not_before: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts on which enrollment, and when (business time)."""

    conn: Connection
    enrollment_id: int
    actor: Actor
    now: datetime


_FIND = """
SELECT id, campaign_id, lead_id, contact_number_id, version_id, status, position, next_run_at, not_before, reason
FROM sms_campaign_enrollments WHERE id = %s FOR NO KEY UPDATE
"""


def take(act: Act) -> tuple[Place, Version]:
    """The enrollment in this transaction's hands, with nothing of it left in the outbox that has not gone, and in the
    version that it follows from now on. Raises NotNowError where it is gone.

    The number is locked before the thread, as everywhere. A tick that has the thread is waited for; what it wrote
    meanwhile is taken back by the second look, after which none gets at it.
    """
    conn = act.conn
    number = "SELECT contact_number_id FROM sms_campaign_enrollments WHERE id = %s"
    conn.execute(f"SELECT 1 FROM contact_numbers WHERE id = ({number}) FOR NO KEY UPDATE", [act.enrollment_id])  # noqa: S608
    take_back(conn, enrollment=act.enrollment_id, reason=None, again_at=act.now, now=act.now)
    thread = "SELECT conversation_id FROM sms_campaign_enrollments WHERE id = %s"
    conn.execute(f"SELECT 1 FROM sms_conversations WHERE id = ({thread}) FOR NO KEY UPDATE", [act.enrollment_id])  # noqa: S608
    take_back(conn, enrollment=act.enrollment_id, reason=None, again_at=act.now, now=act.now)
    changing_over.bring_over(conn, [act.enrollment_id], act.now)
    with conn.cursor(row_factory=class_row(Place)) as cursor:
        place = cursor.execute(_FIND, [act.enrollment_id]).fetchone()
    if place is None:
        raise NotNowError("This lead is not in the campaign any more.")
    return place, steps.load(conn, [place.version_id])[place.version_id]


def demand(
    place: Place, allowed: frozenset[EnrollmentStatus] | set[EnrollmentStatus], version: Version | None = None
) -> None:
    """Raises NotNowError unless it stands in one of these ways, and before a step where a version is given."""
    if place.status not in allowed:
        raise NotNowError(f"This lead is {place.status} by now.")
    if version is not None and place.position >= len(version.steps):
        raise NotNowError("No step is left for this lead.")


def put(
    act: Act,
    status: EnrollmentStatus,
    position: int,
    at: datetime | None,
    *,
    visits: int = 0,
    not_before: datetime | None = None,
    sentence: str = "",
) -> None:
    """It stands so, before the step at ``position``, which is due ``at``; with ``visits`` it is there once more.

    Out of the tick's way it stays only while its campaign does not run, or waits after its canary.
    """
    act.conn.execute(
        """
        WITH campaign AS (
            SELECT status = 'running' AND NOT canary AS runs FROM sms_campaigns
            WHERE id = (SELECT campaign_id FROM sms_campaign_enrollments WHERE id = %(id)s) FOR SHARE)
        UPDATE sms_campaign_enrollments
        SET status = %(status)s, position = %(position)s, visit = visit + %(visits)s, next_run_at = %(at)s,
            not_before = %(not_before)s, reason = NULL, sentence = %(sentence)s, error = NULL,
            ended_at = CASE WHEN %(status)s = 'completed' THEN %(now)s::timestamptz END,
            parked = parked AND NOT (SELECT runs FROM campaign), changed_at = now()
        WHERE id = %(id)s
        """,
        {
            "id": act.enrollment_id,
            "status": status,
            "position": position,
            "visits": visits,
            "at": at,
            "not_before": not_before,
            "sentence": sentence,
            "now": act.now,
        },
    )


def stop(act: Act, place: Place, why: EndReason, sentence: str, kept: datetime | None = None) -> None:
    """It is stopped for this reason; ``kept`` is the moment of its next step, for coming back."""
    act.conn.execute(
        """
        UPDATE sms_campaign_enrollments
        SET status = 'stopped', reason = %s, sentence = %s, next_run_at = %s, ended_at = coalesce(ended_at, %s),
            changed_at = now()
        WHERE id = %s
        """,
        [why, sentence, kept, act.now, place.id],
    )


def note(act: Act, place: Place, what: str, decision: Decision, version: Version, position: int) -> None:
    """Into the ledger, at the step at ``position``, and into the audit log as ``what``."""
    key = version.steps[position].key if position < len(version.steps) else None
    row = LedgerRow(None, place.contact_number_id, Stage.QUEUE, act.now, decision, place.id, key)
    decisions.record(act.conn, [row])
    audit.record(
        act.conn, act.actor.id, what, f"enrollment:{place.id}", campaign_id=place.campaign_id, step=position + 1
    )


def zone_of(act: Act, place: Place) -> str:
    """The zone where the lead is; it matters to nobody once the lead is gone, and NotNowError is raised."""
    if place.lead_id is None:
        raise NotNowError("This lead was deleted.")
    return people.load(act.conn, [place.lead_id], account_settings.load(act.conn), act.now)[place.lead_id].zone
