"""A campaign's name and rules, folded beside its steps."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import store
from webapp.campaigns.building import drafting
from webapp.campaigns.building.forms import NameForm
from webapp.campaigns.building.rules_form import RulesForm
from webapp.campaigns.joining import joiners
from webapp.campaigns.pages import building
from webapp.campaigns.pages.blueprint import ID, blueprint
from webapp.campaigns.pages.building import Told
from webapp.web.fragments import is_fragment, toast


@blueprint.post(f"/<{ID}:campaign_id>/name")
@requires(Permission.SIGNED_IN)
def rename(campaign_id: int) -> ResponseReturnValue:
    """Gives it another name."""
    actor, form = current_actor(), NameForm()
    with database.transaction() as conn:
        campaign = building.demand_editable(conn, actor, campaign_id)
        name = form.read_name()
        if name is None:
            response = building.page(conn, actor, campaign_id, Told(name_form=form))
            response.status_code = 422
            return response
        store.change(conn, campaign.id, {"name": name}, clock.now())
    toast("Renamed.")
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


@blueprint.post(f"/<{ID}:campaign_id>/rules")
@requires(Permission.SIGNED_IN)
def save_rules(campaign_id: int) -> ResponseReturnValue:
    """Saves the rules into the draft; pace and joiners, which are the campaign's own, hold at once."""
    actor = current_actor()
    with database.transaction() as conn:
        campaign = building.demand_editable(conn, actor, campaign_id)
        choices = building.choices(conn, actor)
        form = RulesForm.sent(choices)
        old = store.shown_version(conn, campaign).rules
        read = form.read(choices, old)
        if read is None or form.seen.data != drafting.fingerprint(old):
            outdated = read is not None
            if outdated:
                form.seen.data = drafting.fingerprint(old)
            told = Told(rules_form=form, rules_outdated=outdated)
            response = building.page(conn, actor, campaign_id, told, part="rules")
            response.status_code = 409 if outdated else 422
            return response
        rules, columns = read
        if rules != old:
            store.set_draft(conn, campaign, clock.now(), rules=rules)
        takes_joiners = bool(columns.pop("takes_joiners"))
        store.change(conn, campaign.id, columns, clock.now())
        joiners.switch(conn, campaign, actor, clock.now(), on=takes_joiners)
        if is_fragment():
            return building.page(conn, actor, campaign_id, Told("The rules are saved.", "rules-fold"), part="rules")
    toast("The rules are saved.")
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id, _anchor="rules"), 303)
