"""One lead on its way: what it got and why, and what a person may do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.pages.login import safe_next
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import engine, hints, people, steps
from webapp.campaigns.doors import demand
from webapp.campaigns.figures import people_of, ways
from webapp.campaigns.figures.people_of import Row
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.plans import coming
from webapp.campaigns.steering import moving
from webapp.campaigns.steering.acts import Act, NotNowError
from webapp.campaigns.steps import Version
from webapp.database import Connection
from webapp.models.constants import CampaignStatus, EndReason, EnrollmentStatus
from webapp.texts.preview import Preview, preview
from webapp.texts.render import MergeFields
from webapp.web.fragments import toast
from webapp.web.problems import Problem

_MOST_DAYS = 365


@blueprint.get(f"/<{ID}:campaign_id>/leads/<{ID}:enrollment_id>")
@requires(Permission.SIGNED_IN)
def show_way(campaign_id: int, enrollment_id: int) -> ResponseReturnValue:
    """Step by step, with the reasons."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id)
        row = _demand_row(conn, actor, campaign_id, enrollment_id)
        reader = coming.reader(conn, actor)
        version = steps.load(conn, [row.version_id])[row.version_id]
        return render_template(
            "campaigns/way.html",
            g=campaign,
            row=row,
            version=version,
            read=_as_read(conn, row, version, now),
            next=coming.what_comes(conn, campaign, [row], reader, now)[row.id],
            way=ways.load(conn, row.id),
            over=campaign.status in (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED),
        )


@blueprint.post(f"/<{ID}:campaign_id>/leads/<{ID}:enrollment_id>/<act>")
@requires(Permission.SIGNED_IN)
def act_on(campaign_id: int, enrollment_id: int, act: str) -> ResponseReturnValue:
    """Move, skip, remove, pause, resume, end, send, and what takes these back: one lead alone."""
    actor = current_actor()
    do = _ACTS.get(act)
    if do is None:
        raise Problem.not_found("act")
    here = url_for("campaigns.show_way", campaign_id=campaign_id, enrollment_id=enrollment_id)
    undo = ""
    try:
        with database.transaction() as conn:
            moving.demand_open(demand(conn, actor, campaign_id))
            row = _demand_row(conn, actor, campaign_id, enrollment_id)
            said, undo = do(Act(conn, enrollment_id, actor, clock.now()), row)
    except NotNowError as not_now:
        said = str(not_now)
    hints.ring_tick()
    toast(said, undo=f"{here}/{undo}" if undo else None)
    asked = request.form.get("back")
    return redirect(safe_next(asked) if asked else here, 303)


_Did = tuple[str, str]


def _move(act: Act, row: Row) -> _Did:
    given = request.form.get("step", "")
    if not given.isascii() or not given.isdecimal() or len(given) > 3:
        raise Problem.invalid([("step", "choose a step")])
    moving.move(act, int(given) - 1)
    return f"{row.title} stands at step {int(given)}: it goes as soon as the rules allow.", ""


def _skip(act: Act, row: Row) -> _Did:
    moving.skip(act)
    return f"Step left out for {row.title}.", ""


def _remove(act: Act, row: Row) -> _Did:
    moving.remove(act)
    return f"{row.title} is out of this campaign.", "hold" if row.status == EnrollmentStatus.PAUSED else "resume"


def _pause(act: Act, row: Row) -> _Did:
    moving.pause(act)
    return f"{row.title} is paused.", "resume"


def _resume(act: Act, row: Row) -> _Did:
    given = request.form.get("days", "0")
    days = min(int(given), _MOST_DAYS) if given.isascii() and given.isdecimal() and len(given) <= 3 else 0
    moving.resume(act, in_days=days)
    when = f" in {days} days" if days > 1 else " tomorrow" if days else ""
    return f"{row.title} goes on{when}.", _back_from_resumed(row)


def _end(act: Act, row: Row) -> _Did:
    moving.end(act)
    return f"The campaign has ended for {row.title}.", "ask"


def _ask(act: Act, row: Row) -> _Did:
    """Undoes what was decided after an answer: nothing goes by that."""
    moving.ask_again(act)
    return f"{row.title} stays stopped by the answer until somebody decides.", ""


def _hold(act: Act, row: Row) -> _Did:
    """Undoes that a lead was taken out which was paused."""
    moving.resume(act)
    moving.pause(act)
    return f"{row.title} is back, and paused.", ""


def _back_from_resumed(row: Row) -> str:
    """The act after which it stands as it did."""
    if row.answered:
        return "ask"
    return "remove" if row.reason == EndReason.REMOVED else "pause"


def _send(act: Act, row: Row) -> _Did:
    moving.send_now(act)
    return f"The step for {row.title} goes as soon as the rules allow.", ""


_ACTS: dict[str, Callable[[Act, Row], _Did]] = {
    "move": _move,
    "skip": _skip,
    "remove": _remove,
    "pause": _pause,
    "resume": _resume,
    "end": _end,
    "ask": _ask,
    "hold": _hold,
    "send": _send,
}


def _as_read(conn: Connection, row: Row, version: Version, now: datetime) -> dict[str, Preview]:
    """Each step as the engine would render it for this lead, by its key."""
    loaded = people.load(conn, [row.lead_id], account_settings.load(conn), now) if row.lead_id else {}
    person = loaded.get(row.lead_id or 0)
    known = engine.signed_for(person, version.signed_by).fields if person else MergeFields()
    return {step.key: preview(step.body, known) for step in version.steps}


def _demand_row(conn: Connection, actor: Actor, campaign_id: int, enrollment_id: int) -> Row:
    row = people_of.find(conn, actor, campaign_id, enrollment_id)
    if row is None:
        raise Problem.not_found("lead in this campaign")
    return row
