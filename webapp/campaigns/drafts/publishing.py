"""The act of publishing, the same for the page and the API. It commits by itself: see ``versions``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from webapp import database
from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import steps
from webapp.campaigns.doors import demand
from webapp.campaigns.drafts import moving_over, versions
from webapp.campaigns.drafts.changing_over import Moved
from webapp.campaigns.steering import checklist, second_person
from webapp.campaigns.steering.second_person import NeededError
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.jobs import bulk, bulk_runner
from webapp.models.constants import CampaignStatus
from webapp.web.problems import Problem

#: More leads than this are moved by a worker, with a page that shows how far it is.
AT_ONCE = 2000
_SECONDS = 2.0


class DraftChangedError(ValueError):
    """The draft is not the one that was read. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Moving:
    """The bulk operation that moves those who are on the way, with what it has done so far."""

    operation_id: int
    done: Moved
    over: bool


@dataclass(frozen=True, slots=True)
class Published:
    """The version that is live now, and the moving of the others to it; None where they finish theirs."""

    version: int
    moving: Moving | None

    @property
    def moved(self) -> Moved | None:
        return None if self.moving is None else self.moving.done


def publish(campaign_id: int, actor: Actor, now: datetime, *, move: bool, seen: str | None = None) -> Published:
    """Publishes the draft; ``seen`` is the fingerprint of the one that was read, None for whoever did not look.

    With ``move`` everybody who is on the way goes over to it: a few leads at once, many by a worker. Commits. Raises
    DraftChangedError, and a Problem: 404, or 409 where there is nothing to publish or the draft cannot go out.
    """
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id, lock=True)
        _demand_ready(conn, campaign, actor, seen)
        version = versions.publish(conn, campaign, actor, now)
        begun = _begin_moving(conn, campaign, actor, version) if move else None
    return Published(version.number, _go_on(*begun) if begun else None)


def move_older(campaign_id: int, actor: Actor) -> Moving:
    """Those who finish an older version go over to the live one. Commits. Raises a Problem like ``publish``."""
    with database.transaction() as conn:
        campaign = demand(conn, actor, campaign_id, lock=True)
        _demand_launched(campaign)
        assert campaign.live_version_id is not None
        audit.record(conn, actor.id, "campaign.moved_over", f"campaign:{campaign.id}")
        live = steps.load(conn, [campaign.live_version_id])[campaign.live_version_id]
        begun = _begin_moving(conn, campaign, actor, live)
    return _go_on(*begun)


def _begin_moving(conn: Connection, campaign: Campaign, actor: Actor, version: Version) -> tuple[int, int]:
    versions.leave_behind(conn, version)
    return moving_over.begin(conn, actor, campaign, version)


def _go_on(operation_id: int, total: int) -> Moving:
    """Moves a few leads while the person waits. The others, or what is left of them, are a worker's."""
    over = total <= AT_ONCE and bulk_runner.run(operation_id, moving_over.plan, seconds=_SECONDS)
    if not over:
        bulk.ring(moving_over.KIND, operation_id)
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    return Moving(operation_id, moving_over.moved(operation), operation.over)


def objections(conn: Connection, draft: Version) -> list[str]:
    """What of the checklist keeps this wording from going out."""
    if not draft.steps:
        return ["There is no step left: write a text, or pause the campaign instead."]
    return [one.sentence for one in checklist.check(conn, draft) if one.blocks and one.step is not None]


def fingerprint(draft: Version) -> str:
    """What a form sends back, so that nobody publishes what they have not read."""
    said = repr((draft.number, draft.rules, draft.steps))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def sentence(done: Published) -> str:
    """What was done, for the person who did it."""
    follows = (
        "Leads on the way finish the version that they began." if done.moving is None else moved_words(done.moving)
    )
    return f"Version {done.version} is live. {follows}"


def moved_words(moving: Moving) -> str:
    """How many went over, and for how many nothing is left."""
    if not moving.over:
        return "Those on the way are moving over; nobody gets a step of the old version any more."
    moved = moving.done
    if not (moved.going_on or moved.finished):
        return "Nobody was on the way."
    ended = f"; for {_leads(moved.finished)} nothing was left" if moved.finished else ""
    return f"{_leads(moved.going_on).capitalize()} moved over{ended}."


def _demand_ready(conn: Connection, campaign: Campaign, actor: Actor, seen: str | None) -> None:
    _demand_launched(campaign)
    if campaign.draft_id is None:
        if seen is not None:
            raise DraftChangedError
        raise Problem.conflict("There is nothing to publish: change a step or a rule first.", reason="no_draft")
    draft = steps.load(conn, [campaign.draft_id])[campaign.draft_id]
    if seen is not None and seen != fingerprint(draft):
        raise DraftChangedError
    wrong = objections(conn, draft)
    if wrong:
        raise Problem.conflict(wrong[0], reason="checklist", problems=wrong)
    try:
        second_person.demand_for_publishing(conn, campaign, actor)
    except NeededError as needed:
        raise Problem.conflict(str(needed), reason="second_person") from None


def _demand_launched(campaign: Campaign) -> None:
    if campaign.status not in (CampaignStatus.RUNNING, CampaignStatus.PAUSED):
        do = "launch it" if campaign.status == CampaignStatus.DRAFT else "copy it, and change the copy"
        raise Problem.conflict(f"The campaign is {campaign.status}: {do}.")


def _leads(count: int) -> str:
    return f"{count:,} lead{'' if count == 1 else 's'}"
