"""A new campaign: blank, from a starter, or a copy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import store
from webapp.campaigns.building import copying, starters
from webapp.campaigns.building.forms import NewForm
from webapp.campaigns.building.starters import STARTERS, Starter
from webapp.campaigns.doors import demand
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.rules import Rules
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.models.constants import CampaignKind, CampaignStatus
from webapp.web.fragments import toast
from webapp.web.problems import Problem

_ID_DIGITS = 18


@blueprint.get("/new")
@requires(Permission.SIGNED_IN)
def new() -> ResponseReturnValue:
    """Asks for a name; ``starter`` or ``copy`` in the address say what it begins with."""
    with database.transaction() as conn:
        starter, copied = _begun_with(conn, current_actor(), request.args)
    name = f"{copied.name} (copy)"[: copying.NAME_LENGTH] if copied else starter.name if starter else ""
    form = NewForm(formdata=None, name=name, starter=request.args.get("starter"), copy=request.args.get("copy"))
    return _page(form, starter, copied)


@blueprint.post("/new")
@requires(Permission.SIGNED_IN)
def create() -> ResponseReturnValue:
    """Makes the campaign, as a draft."""
    actor, form = current_actor(), NewForm()
    with database.transaction() as conn:
        starter, copied = _begun_with(conn, actor, request.form)
        name = form.read_name()
        if name is None:
            return _page(form, starter, copied), 422
        kind = CampaignKind(form.kind.data or CampaignKind.DRIP)
        campaign_id = _create(conn, name, kind, starter, copied, actor, clock.now())
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/delete")
@requires(Permission.SIGNED_IN)
def delete(campaign_id: int) -> ResponseReturnValue:
    """Deletes a draft; one that was launched is archived, and can be taken out again."""
    with database.transaction() as conn:
        campaign = demand(conn, current_actor(), campaign_id, lock=True)
        if not store.delete(conn, campaign, clock.now()):
            raise Problem.conflict("Pause the campaign first: it is running.")
    if campaign.launched_at is None:
        toast(f"“{campaign.name}” is deleted.")
    else:
        toast(f"“{campaign.name}” is archived.", undo=url_for("campaigns.unarchive", campaign_id=campaign_id))
    return redirect(url_for("campaigns.index"), 303)


@blueprint.post(f"/<{ID}:campaign_id>/unarchive")
@requires(Permission.SIGNED_IN)
def unarchive(campaign_id: int) -> ResponseReturnValue:
    """Takes it out again: paused, whatever it was before, unless it was finished."""
    with database.transaction() as conn:
        campaign = demand(conn, current_actor(), campaign_id, lock=True)
        if campaign.status == CampaignStatus.ARCHIVED:
            status = CampaignStatus.FINISHED if campaign.ended_at else CampaignStatus.PAUSED
            store.change(conn, campaign_id, {"status": status}, clock.now())
    toast(f"“{campaign.name}” is back.")
    return redirect(url_for("campaigns.index"), 303)


def _begun_with(conn: Connection, actor: Actor, given: Mapping[str, str]) -> tuple[Starter | None, Campaign | None]:
    """What the new campaign begins with: at most one of the two. Raises a 404 Problem for what there is not."""
    key, copied = given.get("starter", ""), given.get("copy", "")
    if key:
        starter = starters.find(key)
        if starter is None:
            raise Problem.not_found("starter")
        return starter, None
    if copied:
        is_id = copied.isascii() and copied.isdigit() and len(copied) <= _ID_DIGITS
        return None, demand(conn, actor, int(copied) if is_id else 0)
    return None, None


def _create(
    conn: Connection,
    name: str,
    kind: CampaignKind,
    starter: Starter | None,
    copied: Campaign | None,
    actor: Actor,
    now: datetime,
) -> int:
    if starter:
        return copying.from_starter(conn, starter, name, actor, now)
    if copied:
        return copying.duplicate(conn, copied, name, actor, now)
    return store.create(conn, name, kind, Rules(), actor, now)


def _page(form: NewForm, starter: Starter | None, copied: Campaign | None) -> str:
    return render_template("campaigns/new.html", form=form, starter=starter, copied=copied, starters=STARTERS)
