"""JSON doors to what a campaign does: enrolling, the dry run, launching, pausing, its figures, the tick."""

from __future__ import annotations

from datetime import datetime

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import breakers, hints, steps, store, tick
from webapp.campaigns.doors import demand, shown
from webapp.campaigns.figures import stats
from webapp.campaigns.figures.schemas import StatsOut, plan_out
from webapp.campaigns.joining import audience, elsewhere, taking_out
from webapp.campaigns.joining.schemas import EnrollIn, EnrollOut
from webapp.campaigns.plans import comparing, preview, pricing
from webapp.campaigns.plans.schemas import PreviewIn, PreviewOut, preview_out
from webapp.campaigns.steering import checklist, launches, running
from webapp.campaigns.steering.schemas import LaunchIn, LaunchOut, PauseOut, RanOut
from webapp.campaigns.steering.second_person import NeededError
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignStatus
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint, problem
from webapp.web.paging import decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("campaigns_running", "Campaigns")

_NOT_NOW = problem("Not as the campaign stands: `detail` says what to do.")


@api.post("/sms/campaigns/<id:id>/enroll", responses={200: EnrollOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def enroll(path: ById, body: EnrollIn) -> EnrollOut:
    """Puts leads into the campaign, each once, however often it is asked. In a draft they wait for the launch."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, actor, path.id)
        lead_ids = audience.lead_ids(conn, actor, body, now)
        if body.elsewhere == "move":
            taking_out.hold(conn, lead_ids, campaign.id)
        campaign = demand(conn, actor, path.id, lock=True)
        if campaign.status in (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED):
            raise Problem.conflict(f"The campaign is {campaign.status}: copy it, and enroll into the copy.")
        try:
            outcomes = running.enroll(conn, campaign, lead_ids, actor, now, elsewhere=body.elsewhere)
        except NeededError as needed:
            raise Problem.conflict(str(needed), reason="second_person") from None
    return EnrollOut(total=len(lead_ids), outcomes=dict(outcomes))


@api.post("/sms/campaigns/<id:id>/launch", responses={200: LaunchOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def launch(path: ById, body: LaunchIn) -> LaunchOut:
    """Starts the campaign. 409 with `problems` where the checklist objects; a rep's launch is a manager's to make."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        taking_out.hold_of_draft(conn, demand(conn, actor, path.id).id)
        campaign = demand(conn, actor, path.id, lock=True)
        elsewhere.one_at_a_time(conn)
        _demand_a_launch(conn, campaign, actor, body)
        started = running.launch(conn, campaign, actor, canary=body.canary, now=now)
        out = shown(conn, demand(conn, actor, path.id))
    hints.ring_tick()
    hints.ring_plans()
    return LaunchOut(campaign=out, started=started)


@api.post("/sms/campaigns/<id:id>/pause", responses={200: PauseOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def pause(path: ById) -> PauseOut:
    """Pauses it at once: what is queued does not go. What the carrier has been given is counted."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, actor, path.id, lock=True)
        if campaign.status != CampaignStatus.RUNNING:
            raise Problem.conflict(f"The campaign does not run: it is {campaign.status}.")
        paused = running.pause(conn, campaign, actor.id, f"{actor.name} paused it", now)
        out = shown(conn, demand(conn, actor, path.id))
    return PauseOut(campaign=out, taken_back=paused.taken_back, on_the_wire=paused.on_the_wire)


@api.post("/sms/campaigns/<id:id>/resume", responses={200: LaunchOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def resume(path: ById) -> LaunchOut:
    """Goes on where everybody stands; after a canary, with all the others.

    Where it runs and circuit breakers have stopped wordings of it, those go on; `started` leads had waited for them.
    """
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, actor, path.id, lock=True)
        if campaign.status == CampaignStatus.PAUSED or campaign.waits_after_canary:
            started = running.resume(conn, campaign, actor, now)
        else:
            started = _resume_wordings(conn, campaign, actor, now)
        out = shown(conn, demand(conn, actor, path.id))
    hints.ring_tick()
    return LaunchOut(campaign=out, started=started)


@api.get("/sms/campaigns/<id:id>/stats", responses={200: StatsOut})
@requires(Permission.SIGNED_IN)
def get_stats(path: ById) -> StatsOut:
    """The campaign's figures: leads by where they stand, each step's texts, and the plan of the launch beside them."""
    with database.autocommit() as conn:
        campaign = demand(conn, current_actor(), path.id)
        version_id = campaign.live_version_id or campaign.draft_id
        assert version_id is not None
        out = StatsOut.model_validate(stats.of(conn, steps.load(conn, [version_id])[version_id]))
        found = comparing.compare(conn, campaign.id, clock.now())
    return out if found is None else out.model_copy(update={"plan": plan_out(found)})


@api.post("/sms/drip/run", responses={200: RanOut})
@requires(Permission.CRON)
def run_tick() -> RanOut:
    """Works off every step that is due. Safe at any time, from anywhere, and twice."""
    return RanOut.model_validate(tick.run())


@api.post("/sms/campaigns/<id:id>/preview", responses={200: PreviewOut})
@requires(Permission.SIGNED_IN)
def preview_campaign(path: ById, body: PreviewIn) -> PreviewOut:
    """The dry run: each text that will go, when, to whom and at what cost, computed by the code that sends.

    Of everybody who is enrolled, as if a draft were launched now. Nobody is written to, and nothing about them. All
    pages are of the moment of the first.
    """
    reading, now = preview.Reading(*decode_cursor(body.cursor)) if body.cursor else preview.Reading(), clock.now()
    with database.transaction() as conn:
        campaign = demand(conn, current_actor(), path.id)
        version = store.shown_version(conn, campaign)
        found, following = preview.read_on(conn, campaign, version, reading, body.limit, now)
        price = pricing.price(conn, campaign.id, found, now)
        others = launches.overlaps(conn, campaign)
    return preview_out(found, following, price, others)


def _demand_a_launch(conn: Connection, campaign: Campaign, actor: Actor, asked: LaunchIn) -> None:
    if campaign.status != CampaignStatus.DRAFT:
        raise Problem.conflict(f"It was launched before: it is {campaign.status}.")
    wrong = [
        finding.sentence for finding in checklist.check(conn, store.shown_version(conn, campaign)) if finding.blocks
    ]
    if wrong:
        raise Problem.conflict(wrong[0], reason="checklist", problems=wrong)
    count = launches.size(conn, campaign).leads
    if launches.needs_a_second_person(conn, campaign, actor):
        raise Problem.conflict("A second person launches this one.", reason="second_person", leads=count)
    if count > launches.LARGE and asked.confirm != count:
        raise Problem.conflict(f"It goes to {count} leads: confirm that number.", reason="confirm", leads=count)


def _resume_wordings(conn: Connection, campaign: Campaign, actor: Actor, now: datetime) -> int:
    stopped = breakers.tripped(conn, campaign.id) if campaign.status == CampaignStatus.RUNNING else ()
    if not stopped:
        raise Problem.conflict(f"There is nothing to resume: the campaign is {campaign.status}.")
    keys = sorted({step.step_key for step in stopped})
    return sum(breakers.resume_step(conn, campaign.id, key, actor, now) for key in keys)
