"""Before a launch: the checklist, the dry run, a test to one's own phone, the second person, the launch itself."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints, store
from webapp.campaigns.building import trying
from webapp.campaigns.building.trying import CannotTryError
from webapp.campaigns.doors import demand
from webapp.campaigns.joining import taking_out
from webapp.campaigns.pages import plans
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.plans import keeping
from webapp.campaigns.steering import checklist, launches, running, second_person
from webapp.campaigns.steering.launches import Asked, ObjectionError
from webapp.campaigns.store import Campaign
from webapp.compliance.decisions import Outcome
from webapp.database import Connection
from webapp.leads import arithmetic, lists
from webapp.messaging import hints as outbox_hints
from webapp.models.constants import CampaignStatus, PlanStatus
from webapp.web.fragments import is_fragment, toast
from webapp.web.problems import Problem


@blueprint.get(f"/<{ID}:campaign_id>/launch")
@requires(Permission.SIGNED_IN)
def launch_page(campaign_id: int) -> ResponseReturnValue:
    """All that is to be seen before the launch."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id)
        if campaign.status != CampaignStatus.DRAFT:
            return redirect(url_for("campaigns.show", campaign_id=campaign_id))
        return _page(conn, actor, campaign)


@blueprint.get(f"/<{ID}:campaign_id>/launch/plan")
@requires(Permission.SIGNED_IN)
def plan(campaign_id: int) -> ResponseReturnValue:
    """The dry run: for the launch page as its fragment, and by itself for its further pages."""
    actor, fresh = current_actor(), False
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id)
        asked = plans.asked(campaign, store.shown_version(conn, campaign))
        found = plans.counted_at_once(conn, asked, launches.size(conn, campaign).leads)
        if found is None:
            kept, fresh = keeping.dry_run(conn, asked.campaign, asked.version, clock.now(), after=asked.after)
            found = kept.found if kept.status == PlanStatus.DONE else None
        values = {"kept": kept} if found is None else plans.shown(conn, actor, asked, found)
    if fresh:
        hints.ring_plans()
    part = "campaigns/_counting.html" if found is None else "campaigns/_preview.html"
    template = part if is_fragment() else "campaigns/preview.html"
    return render_template(template, g=campaign, version=asked.version, part=part, alone=not is_fragment(), **values)


@blueprint.post(f"/<{ID}:campaign_id>/launch")
@requires(Permission.SIGNED_IN)
def launch(campaign_id: int) -> ResponseReturnValue:
    """Launches it; what objects is said at its field."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        taking_out.hold_of_draft(conn, demand(conn, actor, campaign_id).id)
        campaign = demand(conn, actor, campaign_id, lock=True)
        try:
            asked = _asked()
            started = launches.launch(conn, campaign, actor, asked, now)
        except ObjectionError as objection:
            return _page(conn, actor, campaign, {objection.field: str(objection)}), 422
    hints.ring_tick()
    hints.ring_plans()
    leads = f"{started:,} lead begins" if started == 1 else f"{started:,} leads begin"
    toast(f"Launched. {leads} now{'; the others wait for you' if asked.canary else ''}.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/launch/ask")
@requires(Permission.SIGNED_IN)
def ask_to_launch(campaign_id: int) -> ResponseReturnValue:
    """Asks for the second person, who launches it, or publishes the draft of what was launched."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id, lock=True)
        try:
            launches.ask(conn, campaign, actor, clock.now())
        except ObjectionError as objection:
            if campaign.status != CampaignStatus.DRAFT:
                raise Problem.conflict(str(objection)) from None
            return _page(conn, actor, campaign, {objection.field: str(objection)}), 422
    toast("Asked. A manager finds it on this campaign’s page.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/launch/decline")
@requires(Permission.SIGNED_IN)
def decline_launch(campaign_id: int) -> ResponseReturnValue:
    """Takes the request off: by whoever asked, or a manager."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id, lock=True)
        dropped = launches.decline(conn, campaign, actor, clock.now())
    toast("The request is off." if dropped else "There was no request any more.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/launch/test")
@requires(Permission.SIGNED_IN)
def test_to_my_phone(campaign_id: int) -> ResponseReturnValue:
    """One step to one's own phone. A POST: the number is in no address and no log."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id)
        version = store.shown_version(conn, campaign)
        given = request.form.get("step", "")
        position = int(given) - 1 if given.isascii() and given.isdecimal() and len(given) <= 3 else -1
        try:
            with conn.transaction():
                sent = trying.send(conn, version, position, request.form.get("phone", ""), actor, clock.now())
        except CannotTryError as error:
            return _page(conn, actor, campaign, {f"test_{error.field}": str(error)}), 422
    outbox_hints.ring_send()
    assert sent.decision is not None, "a test has no key that another one could have had"
    went = sent.decision.outcome is Outcome.ALLOW
    toast("The test is on its way to your phone." if went else sent.decision.sentence)
    return redirect(url_for("campaigns.launch_page", campaign_id=campaign_id, _anchor="test"), 303)


def _page(conn: Connection, actor: Actor, campaign: Campaign, errors: dict[str, str] | None = None) -> str:
    version = store.shown_version(conn, campaign)
    size = launches.size(conn, campaign)
    findings = checklist.check(conn, version)
    asked = plans.asked(campaign, version)
    found = plans.counted_at_once(conn, asked, size.leads)
    asks = request.form if request.method == "POST" and "launching" in request.form else None
    return render_template(
        "campaigns/launch.html",
        g=campaign,
        version=version,
        size=size,
        findings=findings,
        blocked=any(finding.blocks for finding in findings),
        large=launches.LARGE,
        asked=second_person.requested(conn, campaign),
        second=launches.needs_a_second_person(conn, campaign, actor),
        overlaps=launches.overlaps(conn, campaign),
        sums=_sums(conn, actor, campaign),
        errors=errors or {},
        given=request.form,
        canary=("canary" in asks) if asks is not None else size.leads > launches.LARGE,
        canary_leads=running.CANARY,
        at_once=found is not None,
        alone=False,
        **(plans.shown(conn, actor, asked, found) if found is not None else {}),
    )


def _sums(conn: Connection, actor: Actor, campaign: Campaign) -> tuple[int, arithmetic.Arithmetic] | None:
    """The arithmetic of the list that the campaign is for, with its id, where the actor may see it."""
    if campaign.saved_list_id is None:
        return None
    now = clock.now()
    try:
        ids = lists.leads_sql(conn, campaign.saved_list_id, actor, now)
    except ValueError:  # its filter means nothing any more
        return None
    except LookupError:
        return None
    return campaign.saved_list_id, arithmetic.arithmetic(conn, ids, now)


def _asked() -> Asked:
    given = request.form.get("confirm", "").replace(",", "").strip()
    confirm = int(given) if given.isascii() and given.isdecimal() and len(given) <= 9 else None
    pace = request.form.get("pace", "").strip()
    per_hour = plans.pace_of(pace)
    if pace and per_hour is None:
        raise ObjectionError("pace", f"Give a whole number from 1 to {plans.HIGHEST_PACE:,}, or leave it empty.")
    return Asked(confirm, "canary" in request.form, per_hour)
