"""What a page may do to the time of an installation whose carrier is a stand-in."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.campaigns.doors import demand
from webapp.campaigns.pages.blueprint import ID
from webapp.config import Settings
from webapp.demo import jumping
from webapp.demo.jumping import CannotJumpError
from webapp.web.fragments import toast
from webapp.web.problems import Problem
from webapp.web.times import local_moment

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.post(f"/campaigns/<{ID}:campaign_id>/jump")
@requires(Permission.SIGNED_IN)
def jump(campaign_id: int) -> ResponseReturnValue:
    """Business time jumps to the campaign's next texts. 404 where there is no stand-in carrier with a clock."""
    actor, settings = current_actor(), current_app.extensions["leadline"]
    assert isinstance(settings, Settings)
    if not (settings.simulated and settings.simulator_url):
        raise Problem.not_found()
    with database.transaction() as conn:
        demand(conn, actor, campaign_id)
    try:
        jumped = jumping.jump(settings.simulator_url, campaign_id)
    except CannotJumpError as error:
        toast(str(error))
    else:
        texts = "1 text is" if jumped.texts == 1 else f"{jumped.texts:,} texts are"
        toast(f"It is {local_moment(jumped.at, actor.timezone)}. {texts} on the way; people answer by themselves.")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)
