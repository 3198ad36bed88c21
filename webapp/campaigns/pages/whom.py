"""Choosing whom a campaign is for: a saved list or conditions built here, and the arithmetic before it happens."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from psycopg.types.json import Jsonb
from werkzeug.datastructures import MultiDict

from webapp import clock, database
from webapp.accounts import audit
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints, store
from webapp.campaigns.doors import demand
from webapp.campaigns.joining import elsewhere, enrolling_many, joiners, taking_out
from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.steering import running
from webapp.campaigns.steering.second_person import NeededError
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads import bulk_work, filter_form, filter_words, filters, lists
from webapp.leads.bulk_actions import RefusedError
from webapp.leads.bulk_work import NobodyError
from webapp.leads.filters import Condition, Filter, FilterError
from webapp.leads.lists import Arithmetic, SavedList
from webapp.leads.pages.view import View, as_text
from webapp.web.fields import ID_REGEX
from webapp.web.fragments import toast
from webapp.web.problems import Problem

#: More leads than this are enrolled by a worker, with a page that shows how far it is.
_AT_ONCE = 1000
_NOBODY = "Choose a list, or add a condition."
_GONE = "These conditions ask about something that is not there any more."


class _UnclearError(ValueError):
    """The form does not say whom it is for; ``str()`` says what to do."""


@dataclass(frozen=True, slots=True)
class Sums:
    """``total`` match; ``there``, whom ``there_filter`` finds, are in the campaign already; ``others`` is the
    arithmetic of the rest, whom ``rest`` finds; of those whom it leaves ``elsewhere`` are in another live campaign."""

    total: int
    there: int
    there_filter: Filter
    others: Arithmetic
    rest: Filter
    elsewhere: int


@blueprint.get(f"/<{ID}:campaign_id>/enroll")
@requires(Permission.SIGNED_IN)
def enroll_page(campaign_id: int) -> ResponseReturnValue:
    """Whom to enroll, and whether whoever comes to match later comes along. At first as it was chosen the last time."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = demand_open(demand(conn, actor, campaign_id))
        return _page(conn, actor, campaign, request.args or _as_chosen(campaign))


@blueprint.post(f"/<{ID}:campaign_id>/enroll")
@requires(Permission.SIGNED_IN)
def enroll_list(campaign_id: int) -> ResponseReturnValue:
    """Enrolls whom the page showed: a few at once, many as a bulk operation."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        campaign = demand_open(demand(conn, actor, campaign_id))
        try:
            saved, chosen = _asked(conn, actor)
            _hold_who_moves(conn, campaign, actor, chosen, now)
            campaign = demand_open(demand(conn, actor, campaign_id, lock=True))
            campaign = _keep(conn, campaign, actor, saved, chosen)
            done = _enroll(conn, campaign, actor, chosen, now)
        except (_UnclearError, NeededError, RefusedError, NobodyError) as wrong:
            conn.rollback()
            error = _NOBODY if isinstance(wrong, NobodyError) else str(wrong)
            return _page(conn, actor, campaign, request.form, error=error), 422
    if isinstance(done, int):
        bulk.ring(bulk_work.KIND, done)
        return redirect(url_for("leads.show_bulk", operation_id=done), 303)
    hints.ring_tick()
    toast(enrolling_many.said(done))
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/joiners")
@requires(Permission.SIGNED_IN)
def change_joiners(campaign_id: int) -> ResponseReturnValue:
    """Switches on, or off, that whoever joins the list later is enrolled by itself."""
    actor, wanted = current_actor(), request.form.get("joiners") == "on"
    with database.transaction() as conn:
        campaign = demand_open(demand(conn, actor, campaign_id, lock=True))
        if wanted and campaign.saved_list_id is None and not campaign.audience:
            raise Problem.conflict("Choose the campaign’s list first.")
        _set_joiners(conn, campaign, actor, wanted=wanted)
    toast("Whoever joins the list from now on is enrolled." if wanted else "Nobody joins by itself any more.")
    return redirect(url_for("campaigns.enroll_page", campaign_id=campaign_id), 303)


def demand_open(campaign: Campaign) -> Campaign:
    """The campaign. Raises a 409 Problem where it takes no leads any more."""
    if not enrolling_many.takes_leads(campaign):
        raise Problem.conflict(f"The campaign is {campaign.status}: copy it, and enroll into the copy.")
    return campaign


def _as_chosen(campaign: Campaign) -> MultiDict[str, str]:
    if campaign.saved_list_id is not None:
        return MultiDict({"list": str(campaign.saved_list_id)})
    return MultiDict({"filter": json.dumps(dict(campaign.audience))} if campaign.audience else {})


def _saved(conn: Connection, actor: Actor, given: Mapping[str, str]) -> SavedList | None:
    chosen = given.get("list", "")
    return lists.find(conn, actor, int(chosen)) if re.fullmatch(ID_REGEX, chosen) else None


def _means_something(saved: SavedList) -> bool:
    try:
        return saved.finds is not None
    except FilterError:
        return False


def _asked(conn: Connection, actor: Actor) -> tuple[SavedList | None, Filter]:
    """The list as it is saved, or else what was built. Raises _UnclearError: nothing unclear may become everybody."""
    saved, text = _saved(conn, actor, request.form), request.form.get("filter", "")
    try:
        if saved is not None and text in {"", as_text(saved.finds)}:
            return saved, saved.finds
        chosen = filters.parse(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        raise _UnclearError(_GONE) from None
    if not chosen.narrows:
        raise _UnclearError(_NOBODY)
    return None, chosen


def _keep(conn: Connection, campaign: Campaign, actor: Actor, saved: SavedList | None, chosen: Filter) -> Campaign:
    """Notes whom the campaign is for, which is also whom later joiners join."""
    audience = {} if saved else chosen.stored()
    store.change(conn, campaign.id, {"saved_list_id": saved and saved.id, "audience": Jsonb(audience)}, clock.now())
    campaign = demand(conn, actor, campaign.id, lock=True)
    _set_joiners(conn, campaign, actor, wanted="joiners" in request.form)
    return campaign


def _enroll(conn: Connection, campaign: Campaign, actor: Actor, chosen: Filter, now: datetime) -> Counter[Entry] | int:
    """What became of them; or the bulk operation that is to enroll them.

    Raises NobodyError, and NeededError or RefusedError for more than one person may let in.
    """
    ids, choice = filters.leads_sql(chosen, actor, now), _choice(conn, campaign)
    if lists.count_of(conn, ids) > _AT_ONCE:
        return bulk_work.begin(conn, actor, enrolling_many.ACTION, enrolling_many.params(campaign, choice), ids)
    lead_ids = [row[0] for row in conn.execute(ids.sql, ids.params)]
    outcomes = running.enroll(conn, campaign, lead_ids, actor, now, elsewhere=choice)
    audit.record(conn, actor.id, "campaign.enrolled", f"campaign:{campaign.id}", **dict(outcomes))
    return outcomes


def _choice(conn: Connection, campaign: Campaign) -> Choice | None:
    """What becomes of those in another campaign, where it is not what the rules say: those may change till the
    launch."""
    choice = elsewhere.chosen(request.form.get("elsewhere"))
    return None if choice == store.shown_version(conn, campaign).rules.one_campaign_at_a_time else choice


def _hold_who_moves(conn: Connection, campaign: Campaign, actor: Actor, chosen: Filter, now: datetime) -> None:
    """Those who are moved are locked before the campaign, but for so many that a worker enrolls them."""
    if request.form.get("elsewhere") != "move":
        return
    ids = filters.leads_sql(chosen, actor, now)
    if lists.count_of(conn, ids) <= _AT_ONCE:
        taking_out.hold(conn, [row[0] for row in conn.execute(ids.sql, ids.params)], campaign.id)


def _set_joiners(conn: Connection, campaign: Campaign, actor: Actor, *, wanted: bool) -> None:
    now = clock.now()
    if wanted:
        joiners.switch_on(conn, campaign, actor, now)
    elif campaign.takes_joiners:
        joiners.switch_off(conn, campaign, now)
    if wanted != campaign.takes_joiners:
        audit.record(conn, actor.id, "campaign.joiners", f"campaign:{campaign.id}", on=wanted)


def _page(conn: Connection, actor: Actor, campaign: Campaign, given: MultiDict[str, str], *, error: str = "") -> str:
    saved = _saved(conn, actor, given)
    if saved is not None and not _means_something(saved):
        saved, error = None, _GONE
    view = View.read(given, saved)
    chosen = view.whole.narrows or (saved is not None and not view.changed)
    found = lists.visible_lists(conn, actor)
    return render_template(
        "campaigns/enroll.html",
        g=campaign,
        lists=found,
        view=view,
        whole_json=view.whole_json,
        choices=filter_words.choices_for(conn, actor, view.builder.fields),
        fields=filter_form.grouped_fields(),
        phrase=filter_words.phrase,
        sums=_sums(conn, actor, campaign, view.whole) if chosen and not view.builder.unfinished else None,
        elsewhere=elsewhere.chosen(given.get("elsewhere"))
        or store.shown_version(conn, campaign).rules.one_campaign_at_a_time,
        as_text=as_text,
        joining=_joining(conn, actor, campaign, found),
        error=error,
    )


def _sums(conn: Connection, actor: Actor, campaign: Campaign, chosen: Filter) -> Sums:
    now, again = clock.now(), store.shown_version(conn, campaign).rules.reentry_days is not None
    there, rest = (
        chosen.within(Condition(field="campaign", op=op, value=str(campaign.id)))
        for op in (("in", "not_in") if again else ("was_in", "never_in"))
    )
    count = lists.count_of(conn, filters.leads_sql(there, actor, now))
    found = filters.leads_sql(rest, actor, now)
    others = lists.arithmetic(conn, found, now)
    return Sums(count + others.total, count, there, others, rest, elsewhere.among(conn, found, campaign.id, now))


def _joining(conn: Connection, actor: Actor, campaign: Campaign, found: Sequence[SavedList]) -> str | None:
    """Who joins by itself, in words; None where nobody does."""
    if not campaign.takes_joiners:
        return None
    if campaign.saved_list_id is not None:
        return next((f"“{each.name}”" for each in found if each.id == campaign.saved_list_id), "a colleague’s list")
    try:
        audience = filters.parse(dict(campaign.audience))
    except FilterError:
        return "conditions that mean nothing any more"
    choices = filter_words.choices_for(conn, actor, filter_words.fields_of(audience))
    return " · ".join(filter_words.described(audience, choices))
