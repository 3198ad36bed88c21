"""Enrolling many leads as a bulk operation: one more thing that can be done to leads from their list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from webapp.accounts.actors import Actor
from webapp.campaigns import store
from webapp.campaigns.joining import elsewhere, enrolling, entering, taking_out
from webapp.campaigns.joining.elsewhere import Choice
from webapp.campaigns.joining.enrolling import Entry
from webapp.campaigns.steering import running, second_person
from webapp.campaigns.steering.second_person import NeededError
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.jobs.bulk_runner import StoppedError
from webapp.leads.bulk_actions import Action, Done, Params, RefusedError, Task
from webapp.leads.filters import Query
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
    Entry.GOAL: "Have reached the goal",
    Entry.OPTED_OUT: "Opted out",
    Entry.BAD_NUMBER: "Bad number",
    Entry.NO_CONSENT: "Without consent",
    Entry.NO_SENDER: "No number to send from",
    Entry.NOT_FOUND: "Not there",
}
_BECOME: Mapping[Choice, str] = {
    "skip": "without those in another campaign",
    "wait": "those in another campaign wait for its end",
    "move": "those in another campaign are moved",
    "both": "also those in another campaign",
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
    return params(campaign, elsewhere.chosen(given.get("elsewhere")))


def params(campaign: Campaign, choice: Choice | None) -> Params:
    """What the operation is told. ``choice``: what becomes of leads in another live campaign, if not what the rules
    say."""
    return {"campaign_id": campaign.id, "name": campaign.name, "elsewhere": choice}


def _says(given: Params) -> str:
    choice = elsewhere.chosen(given.get("elsewhere"))
    return f"Enroll in “{given['name']}”" + (f"; {_BECOME[choice]}" if choice else "")


def _object(task: Task, ids: Query) -> None:
    """To more leads than one person may let in: said before any work, as where they are enrolled at once."""
    campaign = store.find(task.conn, task.actor, task.params["campaign_id"])
    left = second_person.left_to_add(task.conn, campaign, task.actor, task.now) if campaign else None
    if campaign is None or left is None:
        return
    lead_ids = [row[0] for row in task.conn.execute(ids.sql, ids.params)]
    if len(lead_ids) <= left:
        return
    choice = elsewhere.chosen(task.params.get("elsewhere"))
    enough = max(left, 0)
    more = entering.would_come_in(task.conn, campaign, lead_ids, task.actor, task.now, enough=enough, choice=choice)
    try:
        if more:
            second_person.demand_for_adding(task.conn, campaign, task.actor, task.now, more=more)
    except NeededError as needed:
        raise RefusedError("campaign", str(needed)) from None


def _apply(task: Task, ids: Sequence[int]) -> Done:
    campaign_id, choice = task.params["campaign_id"], elsewhere.chosen(task.params.get("elsewhere"))
    if choice == "move":
        taking_out.hold(task.conn, ids, campaign_id)
    campaign = store.find(task.conn, task.actor, campaign_id, lock=True)
    if campaign is None or not takes_leads(campaign):
        raise StoppedError("The campaign takes no leads any more. Who was enrolled until then stays so.")
    try:
        outcomes = running.enroll(task.conn, campaign, ids, task.actor, task.now, elsewhere=choice)
    except NeededError as needed:
        raise StoppedError(f"{needed} Who was enrolled until then stays so.") from None
    return Done(Counter({str(entry): count for entry, count in outcomes.items()}))


ACTION = Action(
    NAME,
    "Enroll in a campaign",
    says=_says,
    read=_read,
    apply=_apply,
    objects=_object,
    asks="campaigns/_enroll_choice.html",
    offers=lambda conn, actor: {"campaigns": open_campaigns(conn, actor)},
    batch=enrolling.CHUNK,
    locks=False,
    counters={str(entry): word for entry, word in WORDS.items() if entry != Entry.NOT_FOUND} | {"skipped": "Skipped"},
)
