"""Who is where in a campaign: one page of its leads, filtered, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.campaigns.figures import definitions
from webapp.campaigns.steering.moving import ENDED
from webapp.database import Connection
from webapp.leads.search import text_query
from webapp.models.constants import CampaignStatus, EndReason, EnrollmentStatus, Reason
from webapp.rules.phones import display


class Group(StrEnum):
    """Where leads stand, as a person asks for it."""

    WAITING = "waiting"
    """Something comes next for them, or they are paused."""
    ACTIVE = "active"
    LATE = "late"
    """A step's moment is so long ago that a person decides."""
    HELD = "held"
    """Something holds up what comes next."""
    SKIPPED = "skipped"
    """Past a step without its text."""
    REPLIED = "replied"
    """They have answered, wherever they stand now; likewise below."""
    OPTED_OUT = "opted_out"
    COMPLETED = "completed"
    PAUSED = "paused"
    STOPPED = "stopped"
    """For another reason than those two."""
    FAILED = "failed"


class Got(StrEnum):
    """What became of a step's text to a lead."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    FILTERED = "filtered"
    """Of those, refused by carriers for what it says."""


_GROUPS = {
    Group.WAITING: definitions.WAITING,
    Group.ACTIVE: "e.status = 'active'",
    Group.LATE: definitions.LATE,
    Group.HELD: definitions.HELD,
    Group.SKIPPED: "true",
    Group.REPLIED: definitions.REPLIED,
    Group.OPTED_OUT: definitions.OPTED_OUT,
    Group.COMPLETED: "e.status = 'completed'",
    Group.PAUSED: "e.status = 'paused'",
    Group.STOPPED: definitions.LEFT_OUT,
    Group.FAILED: "e.status = 'failed'",
}

_GOT = {
    Got.QUEUED: definitions.QUEUED,
    Got.SENT: definitions.SENT,
    Got.DELIVERED: definitions.DELIVERED,
    Got.FAILED: definitions.FAILED,
    Got.FILTERED: definitions.FILTERED,
}

# Whoever answered did so after a step's text; everybody else stands before the step that comes next, or past one.
_OF_STEP = (
    "EXISTS (SELECT FROM sms_campaign_steps s WHERE s.version_id = e.version_id AND s.step_key = %(step)s AND {})"
)
_AT_STEP = {
    Group.REPLIED: "e.replied_step = %(step)s",
    Group.OPTED_OUT: "e.opted_out_step = %(step)s",
    Group.SKIPPED: _OF_STEP.format(definitions.SKIPPED),
}
_BEFORE_STEP = _OF_STEP.format("s.position = e.position")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads of the campaign: of a group, at a step (its key) or with a text of it, with these words."""

    group: Group | None = None
    step: str | None = None
    got: Got | None = None
    typed: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than everybody."""
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Row:
    """One lead on its way, or at its end. ``lead_id`` is None once the lead is gone. Business time.

    ``text_status`` and ``text_step`` are its newest text's, where it had one.
    """

    id: int
    lead_id: int | None
    contact_number_id: int
    conversation_id: int
    phone_number_id: int
    version_id: int
    status: EnrollmentStatus
    position: int
    entry: int
    next_run_at: datetime | None
    reason: str | None
    sentence: str
    error: str | None
    parked: bool
    created_at: datetime
    ended_at: datetime | None
    last_text_at: datetime | None
    first_name: str | None
    last_name: str | None
    phone: str | None
    state: str | None
    timezone: str | None
    text_status: str | None
    text_step: str | None

    @property
    def title(self) -> str:
        """The lead's name, or its number where it has none."""
        if self.phone is None:
            return "A deleted lead"
        return f"{self.first_name} {self.last_name}".strip() or display(self.phone)

    @property
    def number(self) -> str:
        return display(self.phone) if self.phone else ""

    @property
    def is_late(self) -> bool:
        """Its step waits for a person to say whether it is still right."""
        return self.status == EnrollmentStatus.ACTIVE and self.reason == Reason.LATE and self.next_run_at is None

    @property
    def answered(self) -> bool:
        """It was stopped by an answer, and nobody has decided yet whether it goes on."""
        replied = self.status == EnrollmentStatus.STOPPED and self.reason == EndReason.REPLIED
        return replied and not self.sentence.startswith(ENDED)


_COLUMNS = f"""
SELECT e.id, e.lead_id, e.contact_number_id, e.conversation_id, c.phone_number_id, e.version_id, e.status, e.position,
       e.entry, e.next_run_at, e.reason, e.sentence, e.error, e.parked, e.created_at, e.ended_at, e.last_text_at,
       l.first_name, l.last_name, l.phone, l.state, l.timezone, m.status AS text_status, m.step_key AS text_step
FROM sms_campaign_enrollments e
JOIN sms_conversations c ON c.id = e.conversation_id
LEFT JOIN leads l ON l.id = e.lead_id
LEFT JOIN LATERAL (
    SELECT status, step_key FROM sms_messages
    WHERE enrollment_id = e.id AND status <> 'canceled' ORDER BY id DESC LIMIT 1) m ON true
WHERE e.campaign_id = %(campaign)s AND {visible("l.owner_id")}
"""  # noqa: S608 (our own words)


def page(
    conn: Connection, actor: Actor, campaign_id: int, wanted: Wanted, limit: int, *, before: int | None = None
) -> list[Row]:
    """``limit + 1`` rows at most, newest first, from after the enrollment ``before``."""
    conditions = ["(%(before)s::bigint IS NULL OR e.id < %(before)s)", *_conditions(wanted)]
    values = {
        "campaign": campaign_id,
        "before": before,
        "step": wanted.step,
        "query": text_query(wanted.typed),
        "limit": limit + 1,
        **actor.params(),
    }
    query = f"{_COLUMNS} AND {' AND '.join(conditions)} ORDER BY e.id DESC LIMIT %(limit)s"
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(query, values).fetchall()


def find(conn: Connection, actor: Actor, campaign_id: int, enrollment_id: int) -> Row | None:
    """One of them, if it is this campaign's and the actor may see the lead."""
    values = {"campaign": campaign_id, "id": enrollment_id, **actor.params()}
    with conn.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(f"{_COLUMNS} AND e.id = %(id)s", values).fetchone()


@dataclass(frozen=True, slots=True)
class OfLead:
    """One time of a lead in one campaign, newest first."""

    id: int
    campaign_id: int
    campaign: str
    campaign_status: CampaignStatus
    status: EnrollmentStatus
    reason: str | None
    position: int
    steps: int
    next_run_at: datetime | None
    created_at: datetime


def of_lead(conn: Connection, actor: Actor, lead_id: int) -> Sequence[OfLead]:
    """The campaigns that a lead is or was in, as far as the actor may see them; the caller has found the lead."""
    with conn.cursor(row_factory=class_row(OfLead)) as cursor:
        return cursor.execute(
            """
            SELECT e.id, e.campaign_id, g.name AS campaign, g.status AS campaign_status, e.status, e.reason, e.position,
                   e.next_run_at, e.created_at,
                   (SELECT count(*) FROM sms_campaign_steps s WHERE s.version_id = e.version_id) AS steps
            FROM sms_campaign_enrollments e JOIN sms_campaigns g ON g.id = e.campaign_id
            WHERE e.lead_id = %(lead)s AND (%(sees_all)s OR g.owner_id = %(actor_id)s) ORDER BY e.id DESC LIMIT 20
            """,
            {"lead": lead_id, **actor.params()},
        ).fetchall()


def _conditions(wanted: Wanted) -> list[str]:
    found = [_GROUPS[wanted.group]] if wanted.group else []
    if wanted.got:
        text = "m.campaign_id = %(campaign)s AND m.step_key = %(step)s AND m.enrollment_id = e.id"
        found.append(f"EXISTS (SELECT FROM sms_messages m WHERE {text} AND {_GOT[wanted.got]})")
    elif wanted.step:
        found.append(_AT_STEP.get(wanted.group, _BEFORE_STEP) if wanted.group else _BEFORE_STEP)
    if text_query(wanted.typed):
        found.append("l.search @@ lower(%(query)s)::tsquery")
    elif wanted.typed:
        found.append("false")
    return found
