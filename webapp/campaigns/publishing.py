"""The act of publishing, the same for the page and the API. It commits by itself: see ``versions``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from webapp import database
from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import checklist, steps, versions
from webapp.campaigns.changing_over import Moved
from webapp.campaigns.doors import demand
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.campaigns.versions import BusyError
from webapp.database import Connection
from webapp.models.constants import CampaignStatus
from webapp.web.problems import Problem


class DraftChangedError(ValueError):
    """The draft is not the one that was read. Nothing was published."""


@dataclass(frozen=True, slots=True)
class Published:
    """The version that is live now, and who moved to it; None where the others finish theirs."""

    version: int
    moved: Moved | None


def publish(campaign_id: int, actor: Actor, now: datetime, *, move: bool, seen: str | None = None) -> Published:
    """Publishes the draft; ``seen`` is the fingerprint of the one that was read, None for whoever did not look.

    With ``move`` everybody who is on the way goes over to it. Commits. Raises DraftChangedError, and a Problem: 404, or
    409 where there is nothing to publish or the draft cannot go out, 503 while the campaign is too busy.
    """

    def first(conn: Connection, campaign: Campaign) -> Version:
        _demand_ready(conn, campaign, seen)
        return versions.publish(conn, campaign, actor, now)

    if not move:
        with database.transaction() as conn:
            version = first(conn, demand(conn, actor, campaign_id, lock=True))
        return Published(version.number, None)
    numbers: list[int] = []

    def noted(conn: Connection, campaign: Campaign) -> Version:
        version = first(conn, campaign)
        numbers.append(version.number)
        return version

    moved = _moving(campaign_id, actor, noted, now)
    return Published(numbers[-1], moved)


def move_older(campaign_id: int, actor: Actor, now: datetime) -> Moved:
    """Those who finish an older version go over to the live one. Commits. Raises a Problem like ``publish``."""

    def live(conn: Connection, campaign: Campaign) -> Version:
        _demand_launched(campaign)
        assert campaign.live_version_id is not None
        audit.record(conn, actor.id, "campaign.moved_over", f"campaign:{campaign.id}")
        return steps.load(conn, [campaign.live_version_id])[campaign.live_version_id]

    return _moving(campaign_id, actor, live, now)


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
    follows = "Leads on the way finish the version that they began." if done.moved is None else moved_words(done.moved)
    return f"Version {done.version} is live. {follows}"


def moved_words(moved: Moved) -> str:
    """How many went over, and for how many nothing is left."""
    if not (moved.going_on or moved.finished):
        return "Nobody was on the way."
    ended = f"; for {_leads(moved.finished)} nothing was left" if moved.finished else ""
    return f"{_leads(moved.going_on).capitalize()} moved over{ended}."


def _moving(campaign_id: int, actor: Actor, first: Callable[[Connection, Campaign], Version], now: datetime) -> Moved:
    try:
        return versions.moving(campaign_id, actor, first, now)
    except BusyError:
        raise Problem.unavailable("The campaign is at work just now, and nothing was changed. Try again.") from None


def _demand_ready(conn: Connection, campaign: Campaign, seen: str | None) -> None:
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


def _demand_launched(campaign: Campaign) -> None:
    if campaign.status not in (CampaignStatus.RUNNING, CampaignStatus.PAUSED):
        do = "launch it" if campaign.status == CampaignStatus.DRAFT else "copy it, and change the copy"
        raise Problem.conflict(f"The campaign is {campaign.status}: {do}.")


def _leads(count: int) -> str:
    return f"{count:,} lead{'' if count == 1 else 's'}"
