"""Publishing a draft with its diff; the versions that there were."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints, steps, store
from webapp.campaigns.building import rule_words
from webapp.campaigns.doors import demand
from webapp.campaigns.drafts import differences, moving_over, publishing, versions
from webapp.campaigns.drafts.differences import StepChange
from webapp.campaigns.drafts.mapping import next_place
from webapp.campaigns.drafts.publishing import DraftChangedError, Moving
from webapp.campaigns.drafts.versions import Waiting
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.senders import senders
from webapp.campaigns.steering import second_person
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.leads.pages import operations
from webapp.leads.pages.operations import Shown
from webapp.texts.diffing import Change, word_diff
from webapp.web.fragments import toast


@dataclass(frozen=True, slots=True)
class Where:
    """So many wait for step ``number`` of version ``version``; moved, they wait for ``then``; None is the end."""

    leads: int
    version: int
    number: int
    opening: str
    then: int | None


_SHOWN = Shown(
    moving_over.KIND,
    [(name, word, "") for name, word in moving_over.COUNTERS.items()],
    stop_detail="",
    endpoint="campaigns.show_move",
    cancel="",
    page="campaigns/move.html",
    progress="campaigns/_move.html",
)


@blueprint.get(f"/<{ID}:campaign_id>/publish")
@requires(Permission.SIGNED_IN)
def publishing_page(campaign_id: int) -> ResponseReturnValue:
    """What the draft changes, and for whom."""
    with database.transaction() as conn:
        campaign = demand(conn, current_actor(), campaign_id)
        if campaign.draft_id is None or campaign.live_version_id is None:
            return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)
        return _page(conn, campaign)


@blueprint.post(f"/<{ID}:campaign_id>/publish")
@requires(Permission.SIGNED_IN)
def publish(campaign_id: int) -> ResponseReturnValue:
    """Publishes the draft that was read; where it is another one by now it is shown again."""
    actor, move = current_actor(), request.form.get("waiting") == "move"
    if request.form.get("waiting") not in ("move", "finish"):
        with database.transaction() as conn:
            return _page(conn, demand(conn, actor, campaign_id), unsaid=True, status=422)
    try:
        done = publishing.publish(campaign_id, actor, clock.now(), move=move, seen=request.form.get("seen", ""))
    except DraftChangedError:
        with database.transaction() as conn:
            return _page(conn, demand(conn, actor, campaign_id), outdated=True, status=409)
    hints.ring_tick()
    toast(publishing.sentence(done))
    return _follow(done.moving, url_for("campaigns.show", campaign_id=campaign_id))


@blueprint.get(f"/<{ID}:campaign_id>/versions")
@requires(Permission.SIGNED_IN)
def all_versions(campaign_id: int) -> ResponseReturnValue:
    """Every published version, newest first, each with what it changed and who still follows it."""
    with database.transaction() as conn:
        campaign = demand(conn, current_actor(), campaign_id)
        published = versions.published(conn, campaign)
        numbers = senders(conn)
        waiting = versions.waiting(conn, campaign)
    following = {each.version.id: 0 for each in waiting}
    for each in waiting:
        following[each.version.id] += each.leads
    changed = [
        (each, _diff(published[place + 1].version if place + 1 < len(published) else None, each.version))
        for place, each in enumerate(published)
    ]
    rules = {each.version.id: rule_words.sentence(each.version.rules, campaign, numbers) for each in published}
    older = [each for each in waiting if each.version.id != campaign.live_version_id]
    return render_template(
        "campaigns/versions.html",
        campaign=campaign,
        changed=changed,
        following=following,
        rules=rules,
        older=sum(each.leads for each in older if each.version.moved_to_id is None),
        moving=sum(each.leads for each in older if each.version.moved_to_id is not None),
    )


@blueprint.post(f"/<{ID}:campaign_id>/versions/move")
@requires(Permission.SIGNED_IN)
def move_older(campaign_id: int) -> ResponseReturnValue:
    """Those who were to finish an older version move to the live one after all."""
    moving = publishing.move_older(campaign_id, current_actor())
    hints.ring_tick()
    toast(publishing.moved_words(moving))
    return _follow(moving, url_for("campaigns.all_versions", campaign_id=campaign_id))


@blueprint.get(f"/moves/<{ID}:operation_id>")
@requires(Permission.SIGNED_IN)
def show_move(operation_id: int) -> ResponseReturnValue:
    """How far the leads of a campaign are on their way to its new version. It is its own poller's answer."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, moving_over.KIND)
        return operations.show(conn, operation, _SHOWN)


@blueprint.post(f"/<{ID}:campaign_id>/draft/discard")
@requires(Permission.SIGNED_IN)
def discard(campaign_id: int) -> ResponseReturnValue:
    """Throws the draft of a launched campaign away."""
    with database.transaction() as conn:
        campaign = demand(conn, current_actor(), campaign_id, lock=True)
        if campaign.live_version_id is not None:
            versions.discard(conn, campaign)
    toast("The changes are thrown away.")
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


def _follow(moving: Moving | None, over: str) -> ResponseReturnValue:
    """Goes on to the progress of the move; to ``over`` where there is none to wait for."""
    if moving is None or moving.over:
        return redirect(over, 303)
    return redirect(url_for("campaigns.show_move", operation_id=moving.operation_id), 303)


def _page(
    conn: Connection, campaign: Campaign, *, outdated: bool = False, unsaid: bool = False, status: int = 200
) -> Response:
    draft = store.shown_version(conn, campaign)
    live = draft
    if campaign.live_version_id is not None:
        live = steps.load(conn, [campaign.live_version_id])[campaign.live_version_id]
    numbers = senders(conn)
    answer = render_template(
        "campaigns/publish.html",
        campaign=campaign,
        live=live,
        draft=draft,
        seen=publishing.fingerprint(draft),
        changes=differences.of_steps(live, draft),
        nothing=differences.is_empty(live, draft),
        rules=_rules_diff(campaign, live, draft, numbers),
        where=[_where(each, draft) for each in versions.waiting(conn, campaign)],
        wrong=publishing.objections(conn, draft),
        asked=second_person.requested(conn, campaign),
        second=second_person.needed_to_publish(conn, campaign, current_actor()),
        outdated=outdated,
        unsaid=unsaid,
    )
    return make_response(answer, status)


def _rules_diff(campaign: Campaign, live: Version, draft: Version, numbers: dict[int, str]) -> list[Change]:
    """The sentence of the rules, word by word; nothing where they stay."""
    if live.rules == draft.rules:
        return []
    return word_diff(
        rule_words.sentence(live.rules, campaign, numbers), rule_words.sentence(draft.rules, campaign, numbers)
    )


def _where(each: Waiting, draft: Version) -> Where:
    """As for those who got every step so far; the move itself looks at what each one got."""
    keys = [step.key for step in each.version.steps]
    then = next_place(keys, each.position, [step.key for step in draft.steps], keys[: each.position])
    body = each.version.steps[each.position].body if each.position < len(keys) else ""
    return Where(each.leads, each.version.number, each.position + 1, body, None if then is None else then + 1)


def _diff(older: Version | None, newer: Version) -> list[StepChange] | None:
    return None if older is None else differences.of_steps(older, newer)
