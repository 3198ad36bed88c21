"""Enrolling many leads as a bulk operation: one more thing that can be done to leads from their list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.joining import enrolling
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.steering import running
from webapp.campaigns.steering.second_person import NeededError
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.leads.bulk_actions import Action, Done, Params, RefusedError, Task
from webapp.models.constants import CampaignStatus
from webapp.web.fields import ID_REGEX

NAME = "enroll"
#: Nobody looks through more in one select.
_MOST = 200
_OPEN = frozenset({CampaignStatus.DRAFT, CampaignStatus.RUNNING, CampaignStatus.PAUSED})

#: What becomes of leads that are to be enrolled, in words.
WORDS: Mapping[Entry, str] = {
    Entry.ENROLLED: "Enrolled",
    Entry.WAITING: "Wait for another campaign",
    Entry.ALREADY: "In it already",
    Entry.BEFORE: "Were in it before",
    Entry.ELSEWHERE: "In another campaign",
    Entry.OPTED_OUT: "Opted out",
    Entry.BAD_NUMBER: "Bad number",
    Entry.NO_CONSENT: "Without consent",
    Entry.NO_SENDER: "No number to send from",
    Entry.NOT_FOUND: "Not there",
}
_IN = frozenset({Entry.ENROLLED, Entry.WAITING})


def takes_leads(campaign: Campaign) -> bool:
    """Whether leads can be enrolled: not once it is finished or archived."""
    return campaign.status in _OPEN


def open_campaigns(conn: Connection, actor: Actor) -> list[Campaign]:
    """The newest campaigns of the actor that take leads."""
    return [campaign for campaign in store.page(conn, actor, _MOST) if takes_leads(campaign)]


def said(outcomes: Counter[Entry]) -> str:
    """ "380 enrolled. 3 begin once another campaign has ended. Left out: 20 without consent, 12 opted out." """
    left = ", ".join(
        f"{outcomes[entry]:,} {word.lower()}" for entry, word in WORDS.items() if entry not in _IN and outcomes[entry]
    )
    waiting = outcomes[Entry.WAITING]
    begins = f" {waiting:,} begin{'s' if waiting == 1 else ''} once another campaign has ended." if waiting else ""
    return f"{outcomes[Entry.ENROLLED]:,} enrolled.{begins}" + (f" Left out: {left}." if left else "")


def _read(conn: Connection, actor: Actor, given: Mapping[str, str]) -> Params:
    chosen = given.get("campaign", "")
    campaign = store.find(conn, actor, int(chosen)) if re.fullmatch(ID_REGEX, chosen) else None
    if campaign is None or not takes_leads(campaign):
        raise RefusedError("campaign", "Choose a campaign that is not finished.")
    return {"campaign_id": campaign.id, "name": campaign.name}


def _apply(task: Task, ids: Sequence[int]) -> Done:
    campaign = store.find(task.conn, task.actor, task.params["campaign_id"], lock=True)
    if campaign is None or not takes_leads(campaign):
        return Done(Counter(), [(lead_id, "The campaign takes no leads any more.") for lead_id in ids])
    try:
        outcomes = running.enroll(task.conn, campaign, ids, task.actor, task.now)
    except NeededError as needed:
        return Done(Counter(), [(lead_id, str(needed)) for lead_id in ids])
    return Done(Counter({str(entry): count for entry, count in outcomes.items()}))


ACTION = Action(
    NAME,
    "Enroll in a campaign",
    says=lambda params: f"Enroll in “{params['name']}”",
    read=_read,
    apply=_apply,
    asks="campaigns/_enroll_choice.html",
    offers=lambda conn, actor: {"campaigns": open_campaigns(conn, actor)},
    batch=enrolling.CHUNK,
    locks=False,
    counters={str(entry): word for entry, word in WORDS.items() if entry != Entry.NOT_FOUND} | {"skipped": "Skipped"},
)
