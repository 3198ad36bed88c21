"""One campaign while it runs: its figures, where each lead is and what comes next, pausing and resuming all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import breakers, hints, steps
from webapp.campaigns.doors import demand
from webapp.campaigns.figures import people_of, recent
from webapp.campaigns.figures.people_of import Row
from webapp.campaigns.figures.stats import Stats
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.pages.view import PeopleView
from webapp.campaigns.plans import coming, comparing
from webapp.campaigns.plans.coming import Coming
from webapp.campaigns.steering import late, running, second_person
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus
from webapp.web.fragments import is_fragment, not_modified, tagged, toast, unchanged
from webapp.web.paging import cut, decode_cursor, encode_cursor
from webapp.web.problems import Problem

_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page that polls shows. ``older``: the cursor of the next page."""

    campaign: Campaign
    version: Version
    figures: Stats
    rows: Sequence[Row]
    next: dict[int, Coming]
    older: str | None
    tripped: Sequence[breakers.Tripped]
    senders: Sequence[breakers.SenderTripped]
    asked: second_person.Request | None
    declined_by: str
    plan: comparing.Brief | None

    @property
    def stopped(self) -> list[int]:
        """The numbers of the steps that a breaker stopped, as their versions have them."""
        return sorted({stop.number for stop in self.tripped})

    @property
    def counted_every(self) -> int:
        """Seconds between two counts of the figures; 0 where each poll counts."""
        return int(recent.KEPT_SECONDS) if self.figures.enrolled >= recent.LARGE else 0

    @property
    def tag(self) -> str:
        """Equal as long as the page would look the same."""
        return hashlib.blake2s(repr(self).encode(), digest_size=16).hexdigest()


@blueprint.get(f"/<{ID}:campaign_id>")
@requires(Permission.SIGNED_IN)
def show(campaign_id: int) -> ResponseReturnValue:
    """The page, and the answer of its own poll: 304 while it would look the same."""
    actor, view = current_actor(), PeopleView.read(campaign_id, request.args)
    with database.transaction() as conn:
        try:
            shown = _load(conn, actor, view, polled=_is_poll())
        except Problem as problem:
            if problem.status == 404:
                raise
            return redirect(view.at())  # a cursor of another view
    if is_fragment() and unchanged(shown.tag):
        return not_modified()
    template = "campaigns/_people.html" if _is_poll() else "campaigns/show.html"
    return tagged(render_template(template, s=shown, view=view, steps=_numbers(shown.version)), shown.tag)


@blueprint.post(f"/<{ID}:campaign_id>/pause")
@requires(Permission.SIGNED_IN)
def pause(campaign_id: int) -> ResponseReturnValue:
    """Pauses it at once, and says what the carrier has already."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id, lock=True)
        if campaign.status != CampaignStatus.RUNNING:
            raise Problem.conflict(f"The campaign does not run: it is {campaign.status}.")
        paused = running.pause(conn, campaign, actor.id, f"{actor.name} paused it", now)
    toast(_said_of(paused), undo=url_for("campaigns.resume", campaign_id=campaign_id))
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/resume")
@requires(Permission.SIGNED_IN)
def resume(campaign_id: int) -> ResponseReturnValue:
    """Goes on where everybody stands; after a canary, with all the others."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id, lock=True)
        if campaign.status != CampaignStatus.PAUSED and not campaign.waits_after_canary:
            raise Problem.conflict(f"There is nothing to resume: the campaign is {campaign.status}.")
        started = running.resume(conn, campaign, actor, now)
    hints.ring_tick()
    if campaign.waits_after_canary:
        toast(f"{_leads(started)} more begin{'s' if started == 1 else ''} now, as the rules allow.")
    else:
        toast("It goes on where everybody stands.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/late")
@requires(Permission.SIGNED_IN)
def decide_late(campaign_id: int) -> ResponseReturnValue:
    """All steps that are late: they go now, or are left out."""
    actor, send = current_actor(), request.form.get("act") == "send"
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id)
        count = late.decide(conn, campaign.id, actor, clock.now(), send=send)
    hints.ring_tick()
    toast(f"{_leads(count)}: the step {'goes now, as the rules allow' if send else 'is left out'}.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/breaker")
@requires(Permission.SIGNED_IN)
def resume_step(campaign_id: int) -> ResponseReturnValue:
    """A wording that a breaker stopped goes on."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id)
        waited = breakers.resume_step(conn, campaign.id, request.form.get("step", ""), actor, clock.now())
    hints.ring_tick()
    toast(f"It goes on. {_leads(waited)} had waited for it.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


def _is_poll() -> bool:
    return is_fragment() and "HX-PTag" in request.headers


def _load(conn: Connection, actor: Actor, view: PeopleView, *, polled: bool) -> Shown:
    campaign, now = demand(conn, actor, view.campaign_id), clock.now()
    version_id = campaign.live_version_id or campaign.draft_id
    assert version_id is not None, "a campaign has a version"
    version = steps.load(conn, [version_id])[version_id]
    before = int(decode_cursor(view.cursor, scope=view.scope)[0]) if view.cursor else None
    found = people_of.page(conn, actor, campaign.id, view.wanted, _PER_PAGE, before=before)
    page = cut(found, _PER_PAGE, lambda row: (row.id,))
    reader = coming.reader(conn, actor)
    return Shown(
        campaign,
        version,
        recent.of(conn, version) if polled else recent.count(conn, version),
        page.rows,
        coming.what_comes(conn, campaign, page.rows, reader, now),
        encode_cursor(page.rows[-1].id, scope=view.scope) if page.next_cursor else None,
        breakers.tripped(conn, campaign.id),
        breakers.senders_tripped(conn, campaign.id),
        second_person.requested(conn, campaign),
        second_person.declined_by(conn, campaign),
        comparing.brief(conn, campaign.id, now) if campaign.status != CampaignStatus.DRAFT else None,
    )


def _numbers(version: Version) -> dict[str, int]:
    """Each step's number, from 1, by its key."""
    return {step.key: number for number, step in enumerate(version.steps, 1)}


def _said_of(paused: running.Paused) -> str:
    back = f"{_texts(paused.taken_back)} taken back" if paused.taken_back else "Nothing was queued"
    wire = paused.on_the_wire
    gone = f"{_texts(wire)} already with the carrier and may still arrive" if wire else "none is with the carrier"
    return f"Paused. {back}; {gone}."


def _texts(count: int) -> str:
    return "1 text is" if count == 1 else f"{count:,} texts are"


def _leads(count: int) -> str:
    return "1 lead" if count == 1 else f"{count:,} leads"
