"""JSON doors to who is where in a campaign, and to what a person does about one of them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints
from webapp.campaigns.doors import demand
from webapp.campaigns.figures import people_of
from webapp.campaigns.figures.people_of import Group, Row, Wanted
from webapp.campaigns.plans import coming
from webapp.campaigns.plans.coming import Coming
from webapp.campaigns.steering import moving
from webapp.campaigns.steering.acts import Act, NotNowError
from webapp.database import Connection
from webapp.models.constants import EnrollmentStatus
from webapp.web.fields import Answer, Body, ById, InId, OutId, OutInstant, Path
from webapp.web.openapi import api_blueprint, problem
from webapp.web.paging import Page, PageQuery, cut, decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("campaigns_people", "Campaigns")

_NOT_NOW = problem("Not as the lead or the campaign stands: `detail` says why.")


class EnrollmentsQuery(PageQuery):
    """`group` shows only the leads that stand there."""

    group: Group | None = None


class EnrollmentOut(Answer):
    """One lead's way. `step` counts from 1 and comes next; `next_at` is when something happens, at the earliest.
    `comes` says the same in words, with the reason of a wait in `why`."""

    id: OutId
    lead_id: OutId | None
    status: EnrollmentStatus
    reason: str | None
    step: int
    entry: int
    next_at: OutInstant | None
    comes: str
    why: str
    created_at: OutInstant
    last_text_at: OutInstant | None
    ended_at: OutInstant | None


class Enrollments(Page[EnrollmentOut]):
    """A page of leads, newest first."""


class ByEnrollment(Path):
    """The path of one lead's way through one campaign."""

    id: InId
    enrollment_id: InId


class ActIn(Body):
    """What to do. `move` goes to `step`, which is then due; `resume` goes on in `days`; `end` settles an answer."""

    act: Literal["move", "skip", "remove", "pause", "resume", "end", "send"]
    step: int | None = Field(default=None, ge=1, le=50)
    days: int = Field(default=0, ge=0, le=365)


@api.get("/sms/campaigns/<id:id>/enrollments", responses={200: Enrollments})
@requires(Permission.SIGNED_IN)
def list_enrollments(path: ById, query: EnrollmentsQuery) -> Enrollments:
    """Lists where each lead of the campaign is, what comes next and why then."""
    actor = current_actor()
    before = decode_cursor(query.cursor)[0] if query.cursor else None
    with database.transaction() as conn:
        demand(conn, actor, path.id)
        rows = people_of.page(conn, actor, path.id, Wanted(query.group), query.limit, before=before)
        page = cut(rows, query.limit, lambda row: (row.id,))
        return Enrollments(items=_out(conn, actor, path.id, page.rows), next_cursor=page.next_cursor)


@api.post("/sms/campaigns/<id:id>/enrollments/<id:enrollment_id>", responses={200: EnrollmentOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def act_on_enrollment(path: ByEnrollment, body: ActIn) -> EnrollmentOut:
    """Moves, skips, removes, pauses or resumes one lead; what is queued for it and has not gone is taken back first."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand(conn, actor, path.id)
        _demand_row(conn, actor, path)
        try:
            moving.demand_open(campaign)
            _do(Act(conn, path.enrollment_id, actor, clock.now()), body)
        except NotNowError as not_now:
            raise Problem.conflict(str(not_now)) from None
        [out] = _out(conn, actor, path.id, [_demand_row(conn, actor, path)])
    hints.ring_tick()
    return out


def _do(act: Act, asked: ActIn) -> None:
    match asked.act:
        case "move":
            moving.move(act, _demand_step(asked) - 1)
        case "skip":
            moving.skip(act)
        case "remove":
            moving.remove(act)
        case "pause":
            moving.pause(act)
        case "resume":
            moving.resume(act, in_days=asked.days)
        case "end":
            moving.end(act)
        case "send":
            moving.send_now(act)


def _demand_step(asked: ActIn) -> int:
    if asked.step is None:
        raise Problem.invalid([("step", "say to which step")])
    return asked.step


def _demand_row(conn: Connection, actor: Actor, path: ByEnrollment) -> Row:
    row = people_of.find(conn, actor, path.id, path.enrollment_id)
    if row is None:
        raise Problem.not_found("enrollment")
    return row


def _out(conn: Connection, actor: Actor, campaign_id: int, rows: list[Row]) -> list[EnrollmentOut]:
    campaign = demand(conn, actor, campaign_id)
    found = coming.what_comes(conn, campaign, rows, coming.reader(conn, actor), clock.now())
    return [_row_out(row, found[row.id]) for row in rows]


def _row_out(row: Row, comes: Coming) -> EnrollmentOut:
    return EnrollmentOut(
        id=row.id,
        lead_id=row.lead_id,
        status=row.status,
        reason=row.reason,
        step=row.position + 1,
        entry=row.entry,
        next_at=comes.at,
        comes=comes.words,
        why=comes.why,
        created_at=row.created_at,
        last_text_at=row.last_text_at,
        ended_at=row.ended_at,
    )
