"""How far the team is with each lead, as its conversation tells: told last, so that nothing else depends on it."""

from __future__ import annotations

import random
from collections.abc import Iterable

from webapp.demo import drips
from webapp.demo.journeys import Way
from webapp.demo.people import LeadPlan
from webapp.demo.threads import ThreadPlan
from webapp.models.constants import LeadStatus

_SEED = 555_0101
#: What became of those who answered, out of a hundred: of those whom a campaign still asks, and of the others.
_STILL_ASKED = {LeadStatus.INTERESTED: 50, LeadStatus.CONTACTED: 28, LeadStatus.APPOINTMENT: 22}
_ANSWERED = {LeadStatus.CLIENT: 75, LeadStatus.LOST: 15, LeadStatus.APPOINTMENT: 10}


def settle(leads: Iterable[LeadPlan], threads: Iterable[ThreadPlan], ways: Iterable[Way]) -> None:
    """Gives each lead its status. Nobody whom a campaign asks that ends with it has become a client, or is lost."""
    rng = random.Random(_SEED)  # noqa: S311 (a made-up agency keeps no secret)
    of_lead = {thread.lead.phone: thread for thread in threads}
    ends = {way.lead.phone for way in ways if way.drip.rules.exit_statuses}
    for lead in leads:
        asked = lead.phone in ends or drips.OLD_INQUIRY in lead.tags
        lead.status = _status(lead, of_lead.get(lead.phone), rng, asked=asked)


def _status(lead: LeadPlan, thread: ThreadPlan | None, rng: random.Random, *, asked: bool) -> LeadStatus:
    if lead.suppressed_at and not asked:
        return LeadStatus.LOST
    if thread is None or all(turn.inbound for turn in thread.turns):
        return LeadStatus.NEW
    if lead.suppressed_at or not thread.answered:
        return LeadStatus.CONTACTED
    chances = _STILL_ASKED if asked or thread.waits else _ANSWERED
    return rng.choices(list(chances), list(chances.values()))[0]
