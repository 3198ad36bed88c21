"""What a person does with one lead's way through a campaign: move, skip, remove, pause, resume, end, send.

Each act first takes back what has been decided on but has not gone, writes why into the ledger, and leaves the commit
to the door. An act that does not fit how the lead stands by now raises NotNowError.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import engine, people, steps, timing
from webapp.campaigns.drafts import changing_over
from webapp.campaigns.steering.taking_back import take_back
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.compliance import decisions
from webapp.compliance.decisions import Decision, LedgerRow, Stage
from webapp.database import Connection
from webapp.models.constants import CampaignStatus, EndReason, EnrollmentStatus, Reason

#: How the sentence of an enrollment begins that a person has ended after an answer, and what it says before.
ENDED = "Ended"
ANSWERED = "Stopped: the lead has answered."
_LIVE = frozenset({EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED})


class NotNowError(Exception):
    """The lead stands elsewhere by now; ``str()`` says where."""


@dataclass(frozen=True, slots=True)
class _Place:
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


def demand_open(campaign: Campaign) -> None:
    """Raises NotNowError where nothing goes on in the campaign any more."""
    if campaign.status in (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED):
        raise NotNowError(f"The campaign is {campaign.status}: nothing goes on in it.")


def move(act: Act, position: int) -> None:
    """To the step at ``position``, from 0, which is due now; a step that the lead has had may be said once more."""
    place, version = _take(act)
    if place.lead_id is None:
        raise NotNowError("This lead was deleted.")
    if not 0 <= position < len(version.steps):
        raise NotNowError("There is no such step in the version that this lead follows.")
    sentence = f"{act.actor.name} moved the lead to step {position + 1}."
    _set(act, EnrollmentStatus.ACTIVE, position, act.now, visits=1)
    _note(act, place, "enrollment.moved", engine.held("person", Reason.SCHEDULED, sentence, act.now), version, position)


def skip(act: Act) -> None:
    """Leaves the next step out. The one after it is due as if this one had gone now; after the last it is over."""
    place, version = _take(act)
    _demand(place, _LIVE, version)
    following = version.steps[place.position + 1 :]
    at = timing.due(following[0], act.now, _zone(act, place)) if following else None
    at = max(at, place.not_before) if at and place.not_before else at
    status = place.status if following else EnrollmentStatus.COMPLETED
    _set(act, status, place.position + 1, at, not_before=place.not_before)
    sentence = f"Skipped: {act.actor.name} left this step out."
    _note(act, place, "enrollment.skipped", engine.skipped("person", sentence), version, place.position)


def remove(act: Act) -> None:
    """Nothing more goes to this lead from this campaign. The moment of its next step is kept, for coming back."""
    place, version = _take(act)
    _demand(place, _LIVE)
    sentence = f"Stopped: {act.actor.name} took the lead out."
    _end(act, place, EndReason.REMOVED, sentence, place.next_run_at)
    _note(act, place, "enrollment.removed", engine.skipped("person", sentence), version, place.position)


def pause(act: Act) -> None:
    """This one lead waits where it stands, and keeps the moment of its next step."""
    place, version = _take(act)
    _demand(place, {EnrollmentStatus.ACTIVE})
    sentence = f"Held: {act.actor.name} paused this lead."
    kept = place.next_run_at, place.not_before
    _set(act, EnrollmentStatus.PAUSED, place.position, kept[0], not_before=kept[1], sentence=sentence)
    _note(
        act, place, "enrollment.paused", engine.held("person", Reason.PAUSED, sentence, None), version, place.position
    )


def resume(act: Act, *, in_days: int = 0) -> datetime:
    """Goes on with the next step in so many days, or when it was due anyway. Returns when (business time).

    For a lead that was paused, has answered, was taken out, or was set aside for an error. A day that was chosen stays:
    a new version, or whatever else times the lead anew, does not go before it.
    """
    place, version = _take(act)
    _demand(place, {EnrollmentStatus.PAUSED, EnrollmentStatus.STOPPED, EnrollmentStatus.FAILED}, version)
    if place.lead_id is None:
        raise NotNowError("This lead was deleted.")
    kept = None if place.status == EnrollmentStatus.FAILED else place.next_run_at
    at = max(kept or act.now, act.now + timedelta(days=in_days))
    _set(act, EnrollmentStatus.ACTIVE, place.position, at, not_before=at if in_days else kept and place.not_before)
    sentence = f"{act.actor.name} let it go on."
    resumed = engine.held("person", Reason.SCHEDULED, sentence, at)
    _note(act, place, "enrollment.resumed", resumed, version, place.position)
    return at


def end(act: Act) -> None:
    """It stays stopped by the lead's answer, and nobody is asked about it any more."""
    place, version = _take(act)
    if (place.status, place.reason) != (EnrollmentStatus.STOPPED, EndReason.REPLIED):
        raise NotNowError("This lead is not stopped by an answer any more.")
    sentence = f"{ENDED} by {act.actor.name} after an answer."
    _end(act, place, EndReason.REPLIED, sentence)
    _note(act, place, "enrollment.ended", engine.skipped("person", sentence), version, place.position)


def ask_again(act: Act) -> None:
    """Takes back what was decided after an answer: it is stopped by it, and somebody is asked."""
    place, version = _take(act)
    ended = (place.status, place.reason) == (EnrollmentStatus.STOPPED, EndReason.REPLIED)
    if not ended and place.status != EnrollmentStatus.ACTIVE:
        raise NotNowError(f"This lead is {place.status} by now.")
    _end(act, place, EndReason.REPLIED, ANSWERED)
    _note(act, place, "enrollment.asked", engine.skipped("person", ANSWERED), version, place.position)


def send_now(act: Act) -> None:
    """A step that is late goes after all, as soon as the rules allow; or one that waits goes before its time."""
    place, version = _take(act)
    _demand(place, {EnrollmentStatus.ACTIVE}, version)
    _set(act, EnrollmentStatus.ACTIVE, place.position, act.now)
    hurried = engine.held("person", Reason.SCHEDULED, f"{act.actor.name} decided that it goes now.", act.now)
    _note(act, place, "enrollment.hurried", hurried, version, place.position)


_FIND = """
SELECT id, campaign_id, lead_id, contact_number_id, version_id, status, position, next_run_at, not_before, reason
FROM sms_campaign_enrollments WHERE id = %s FOR NO KEY UPDATE
"""


def _take(act: Act) -> tuple[_Place, Version]:
    """The enrollment in this transaction's hands, with nothing of it left in the outbox that has not gone, and in the
    version that it follows from now on.

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
    with conn.cursor(row_factory=class_row(_Place)) as cursor:
        place = cursor.execute(_FIND, [act.enrollment_id]).fetchone()
    if place is None:
        raise NotNowError("This lead is not in the campaign any more.")
    return place, steps.load(conn, [place.version_id])[place.version_id]


def _demand(
    place: _Place, allowed: frozenset[EnrollmentStatus] | set[EnrollmentStatus], version: Version | None = None
) -> None:
    """Raises NotNowError unless it stands in one of these ways, and before a step where a version is given."""
    if place.status not in allowed:
        raise NotNowError(f"This lead is {place.status} by now.")
    if version is not None and place.position >= len(version.steps):
        raise NotNowError("No step is left for this lead.")


def _set(
    act: Act,
    status: EnrollmentStatus,
    position: int,
    at: datetime | None,
    *,
    visits: int = 0,
    not_before: datetime | None = None,
    sentence: str = "",
) -> None:
    """Out of the tick's way it stays only while its campaign does not run, or waits after its canary."""
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


def _end(act: Act, place: _Place, why: EndReason, sentence: str, kept: datetime | None = None) -> None:
    act.conn.execute(
        """
        UPDATE sms_campaign_enrollments
        SET status = 'stopped', reason = %s, sentence = %s, next_run_at = %s, ended_at = coalesce(ended_at, %s),
            changed_at = now()
        WHERE id = %s
        """,
        [why, sentence, kept, act.now, place.id],
    )


def _note(act: Act, place: _Place, what: str, decision: Decision, version: Version, position: int) -> None:
    key = version.steps[position].key if position < len(version.steps) else None
    row = LedgerRow(None, place.contact_number_id, Stage.QUEUE, act.now, decision, place.id, key)
    decisions.record(act.conn, [row])
    audit.record(
        act.conn, act.actor.id, what, f"enrollment:{place.id}", campaign_id=place.campaign_id, step=position + 1
    )


def _zone(act: Act, place: _Place) -> str:
    """Where the lead is; it matters to nobody once the lead is gone."""
    if place.lead_id is None:
        raise NotNowError("This lead was deleted.")
    return people.load(act.conn, [place.lead_id], account_settings.load(act.conn), act.now)[place.lead_id].zone
