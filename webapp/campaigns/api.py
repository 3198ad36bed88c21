"""JSON doors of campaigns and their steps."""

from __future__ import annotations

from flask import Response

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import senders, store
from webapp.campaigns.doors import demand, shown
from webapp.campaigns.joining import assigning, joiners
from webapp.campaigns.rule_schemas import rules_of
from webapp.campaigns.rules import Rules
from webapp.campaigns.schemas import CampaignIn, CampaignOut, CampaignPatch, CampaignQuery, Campaigns
from webapp.campaigns.step_schemas import StepsIn, StepsOut, steps_of, steps_out
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.leads import lists
from webapp.models.constants import CampaignKind, CampaignStatus
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint, no_content, problem
from webapp.web.paging import cut, decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("campaigns_api", "Campaigns")

_NOT_NOW = problem("Not as the campaign stands: `detail` says what to do.")


@api.get("/sms/campaigns", responses={200: Campaigns})
@requires(Permission.SIGNED_IN)
def list_campaigns(query: CampaignQuery) -> Campaigns:
    """Lists campaigns: a rep's own, a manager's all."""
    after = decode_cursor(query.cursor)[0] if query.cursor else None
    with database.autocommit() as conn:
        rows = store.page(conn, current_actor(), query.limit, after=after, status=query.status)
        page = cut(rows, query.limit, lambda row: (row.id,))
        return Campaigns(items=[shown(conn, row) for row in page.rows], next_cursor=page.next_cursor)


@api.post("/sms/campaigns", responses={201: CampaignOut})
@requires(Permission.SIGNED_IN)
def create_campaign(body: CampaignIn) -> tuple[CampaignOut, int]:
    """Makes a campaign, as a draft without steps."""
    actor = current_actor()
    rules = rules_of(body.rules, stop_on_reply=body.stop_on_reply)
    with database.transaction() as conn:
        _demand_possible(conn, actor, Rules(), rules)
        campaign_id = store.create(conn, body.name, CampaignKind(body.kind), rules, actor, clock.now())
        return shown(conn, demand(conn, actor, campaign_id)), 201


@api.get("/sms/campaigns/<id:id>", responses={200: CampaignOut})
@requires(Permission.SIGNED_IN)
def get_campaign(path: ById) -> CampaignOut:
    """One campaign."""
    with database.autocommit() as conn:
        return shown(conn, demand(conn, current_actor(), path.id))


@api.patch("/sms/campaigns/<id:id>", responses={200: CampaignOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def change_campaign(path: ById, body: CampaignPatch) -> CampaignOut:
    """Changes a campaign. Rules go into its draft; one that is over keeps what it had, but for its name."""
    actor, now = current_actor(), clock.now()
    given = body.model_fields_set
    with database.transaction() as conn:
        campaign = demand(conn, actor, path.id, lock=True)
        if given - {"name"}:
            _demand_changeable(campaign)
        columns = body.model_dump(include=given & {"name", "pace_per_hour", "saved_list_id"})
        if body.saved_list_id is not None and lists.find(conn, actor, body.saved_list_id) is None:
            raise Problem.not_found("list", field="saved_list_id")
        if columns:
            store.change(conn, campaign.id, columns, now)
            campaign = demand(conn, actor, path.id, lock=True)
        if "takes_joiners" in given:
            joiners.switch(conn, campaign, actor, now, on=body.takes_joiners)
        if given & {"rules", "stop_on_reply"}:
            old = store.shown_version(conn, campaign).rules
            stop_on_reply = body.stop_on_reply if "stop_on_reply" in given else old.stop_on_reply
            rules = rules_of(body.rules, stop_on_reply=stop_on_reply, before=old) if "rules" in given else old
            _demand_possible(conn, actor, old, rules)
            store.set_draft(conn, campaign, now, rules=rules.model_copy(update={"stop_on_reply": stop_on_reply}))
        return shown(conn, demand(conn, actor, path.id))


@api.delete("/sms/campaigns/<id:id>", responses={204: None, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def delete_campaign(path: ById) -> Response:
    """Deletes a draft; one that was launched is archived. Pause it first if it runs."""
    actor = current_actor()
    with database.transaction() as conn:
        if not store.delete(conn, demand(conn, actor, path.id, lock=True), clock.now()):
            raise Problem.conflict("Pause the campaign first: it is running.")
    return no_content()


@api.get("/sms/campaigns/<id:id>/steps", responses={200: StepsOut})
@requires(Permission.SIGNED_IN)
def get_steps(path: ById) -> StepsOut:
    """The steps in order: the draft's while there is one, else those that are live."""
    with database.autocommit() as conn:
        version = store.shown_version(conn, demand(conn, current_actor(), path.id))
    return steps_out(version)


@api.put("/sms/campaigns/<id:id>/steps", responses={200: StepsOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def put_steps(path: ById, body: StepsIn) -> StepsOut:
    """Replaces the draft's steps by these, in this order."""
    actor, now = current_actor(), clock.now()
    given = steps_of(body.root)
    with database.transaction() as conn:
        campaign = demand(conn, actor, path.id, lock=True)
        _demand_changeable(campaign)
        return steps_out(store.set_draft(conn, campaign, now, new_steps=given))


def _demand_changeable(campaign: Campaign) -> None:
    if campaign.status in (CampaignStatus.FINISHED, CampaignStatus.ARCHIVED):
        raise Problem.conflict(f"The campaign is {campaign.status}: copy it, and change the copy.")


def _demand_possible(conn: Connection, actor: Actor, old: Rules, rules: Rules) -> None:
    """Raises a 422 Problem where rules name a user or a number that they cannot, and ``old`` ones did not."""
    if complaint := assigning.complaint(conn, actor, old.assign_to, rules.assign_to):
        raise Problem.invalid([("rules.assign_to", complaint)])
    if complaint := senders.complaint(conn, old.senders.numbers, rules.senders.numbers):
        raise Problem.invalid([("rules.senders.numbers", complaint)])
