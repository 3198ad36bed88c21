"""The JSON door to publishing a campaign's draft."""

from __future__ import annotations

from typing import Literal

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints
from webapp.campaigns.doors import demand, shown
from webapp.campaigns.drafts import publishing
from webapp.campaigns.drafts.changing_over import Moved
from webapp.campaigns.schemas import CampaignOut
from webapp.web.fields import Answer, Body, ById, OutId
from webapp.web.openapi import api_blueprint, problem

api = api_blueprint("campaigns_publishing", "Campaigns")

_NOT_NOW = problem("Not as the campaign stands: `detail` says what to do.")


class PublishIn(Body):
    """`waiting`: those who are on the way `finish` the version that they began, or `move` to the new one."""

    waiting: Literal["finish", "move"]


class PublishOut(Answer):
    """`moved` leads go on in the new version, `finished` ones have nothing left in it; both 0 when they `finish`.

    Many are moved by the bulk operation `operation_id`, and these are its counts so far; null when that is over. Nobody
    gets a step of the old version meanwhile.
    """

    campaign: CampaignOut
    moved: int
    finished: int
    operation_id: OutId | None = None


@api.post("/sms/campaigns/<id:id>/publish", responses={200: PublishOut, 409: _NOT_NOW})
@requires(Permission.SIGNED_IN)
def publish(path: ById, body: PublishIn) -> PublishOut:
    """Makes the draft of a launched campaign what leads get from now on."""
    actor = current_actor()
    done = publishing.publish(path.id, actor, clock.now(), move=body.waiting == "move")
    hints.ring_tick()
    with database.autocommit() as conn:
        out = shown(conn, demand(conn, actor, path.id))
    moving, moved = done.moving, done.moved or Moved()
    return PublishOut(
        campaign=out,
        moved=moved.going_on,
        finished=moved.finished,
        operation_id=moving.operation_id if moving and not moving.over else None,
    )
