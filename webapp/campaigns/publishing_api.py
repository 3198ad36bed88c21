"""The JSON door to publishing a campaign's draft."""

from __future__ import annotations

from typing import Literal

from webapp import clock, database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns import hints, publishing
from webapp.campaigns.doors import demand, shown
from webapp.campaigns.schemas import CampaignOut
from webapp.web.fields import Answer, Body, ById
from webapp.web.openapi import api_blueprint, problem

api = api_blueprint("campaigns_publishing", "Campaigns")

_NOT_NOW = problem("Not as the campaign stands: `detail` says what to do.")
_BUSY = problem("The campaign is too busy just now; nothing was changed.")


class PublishIn(Body):
    """`waiting`: those who are on the way `finish` the version that they began, or `move` to the new one."""

    waiting: Literal["finish", "move"]


class PublishOut(Answer):
    """`moved` leads go on in the new version, `finished` ones have nothing left in it; both 0 when they `finish`."""

    campaign: CampaignOut
    moved: int
    finished: int


@api.post("/sms/campaigns/<id:id>/publish", responses={200: PublishOut, 409: _NOT_NOW, 503: _BUSY})
@requires(Permission.SIGNED_IN)
def publish(path: ById, body: PublishIn) -> PublishOut:
    """Makes the draft of a launched campaign what leads get from now on."""
    actor = current_actor()
    done = publishing.publish(path.id, actor, clock.now(), move=body.waiting == "move")
    hints.ring_tick()
    with database.autocommit() as conn:
        out = shown(conn, demand(conn, actor, path.id))
    moved = done.moved
    return PublishOut(campaign=out, moved=moved.going_on if moved else 0, finished=moved.finished if moved else 0)
