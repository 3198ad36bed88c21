"""The dry run as its templates show it: the totals, one price, and a page of texts lead by lead."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import request

from webapp import clock
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns.plans import coming, preview, pricing
from webapp.campaigns.plans.planned import Planned, Preview
from webapp.campaigns.plans.totals import day_words
from webapp.campaigns.steering import running
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.inbox.places import moment_there, place_of
from webapp.leads import reading
from webapp.models.constants import Reason
from webapp.web.paging import decode_cursor, encode_cursor

HIGHEST_PACE = 100_000
_TEXTS_PER_PAGE = 30
#: So many texts are foreseen while a page waits; a larger plan is counted by a worker.
AT_ONCE = 5000
#: Before the launch the texts to so many leads stand for all.
_FEW_LEADS = 3

#: Why leads get nothing, or a text waits, as the rest of "87 …".
WORDS = {
    "opted_out": "opted out",
    "refused": "may not be texted",
    "bad_number": "have a number that does not work",
    "goal": "have reached the goal",
    "reached_goal": "had reached the goal already",
    "no_consent": "have not agreed to texts",
    "in_another_campaign": "are in another campaign",
    "no_sender": "have no number of ours to hear from",
    Reason.UNRESOLVED_FIELD: "with an empty field",
    Reason.QUIET_HOURS: "wait for the sending hours",
    Reason.CAP: "wait for the daily cap",
    Reason.LANE: "wait behind another automatic text",
    Reason.SCHEDULED: "wait for the campaign’s own hours",
    Reason.TOUCHED: "wait after a colleague’s text",
    Reason.PACE: "wait for the pace",
    Reason.PROBABLE_OPT_OUT: "may have opted out: a person decides",
    Reason.BREAKER: "wait for a wording or a number that is stopped",
    Reason.LATE: "are late",
}


_ONE = {"wait ": "waits ", "are ": "is ", "have ": "has "}


def said(reason: str, count: int) -> str:
    """Why so many leads get nothing, or texts wait, as the rest of "87 …"."""
    words = WORDS.get(reason, reason.replace("_", " "))
    for many, one in _ONE.items():
        if count == 1 and words.startswith(many):
            return one + words.removeprefix(many)
    return words


class _OfLead(NamedTuple):
    """A lead's part of the plan, with each text's moment in words."""

    title: str
    lead_id: int
    enrollment_id: int
    texts: list[tuple[Planned, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a plan: its page, from behind the enrollment ``after``, and the leads of one reason."""

    campaign: Campaign
    version: Version
    after: int
    reason: str | None

    @property
    def scope(self) -> str:
        """A cursor of one plan means nothing in another."""
        return f"plan {self.campaign.id}"


def asked(campaign: Campaign, version: Version) -> Asked:
    """As the address has it; ``pace`` of it is tried instead of the campaign's."""
    cursor = request.args.get("after")
    after = int(decode_cursor(cursor, scope=f"plan {campaign.id}")[0]) if cursor else 0
    pace = pace_of(request.args.get("pace", "")) if "pace" in request.args else campaign.pace_per_hour
    return Asked(replace(campaign, pace_per_hour=pace), version, after, request.args.get("reason"))


def counted_at_once(conn: Connection, asked: Asked, leads: int) -> Preview | None:
    """The plan, where a page can wait for it; None where a worker is to count it."""
    now = clock.now()
    if leads * max(len(asked.version.steps), 1) <= AT_ONCE:
        return preview.preview(conn, asked.campaign, asked.version, now, after=asked.after, limit=_TEXTS_PER_PAGE)
    if not asked.after or preview.is_shared(conn, asked.campaign):
        return None
    return preview.page(conn, asked.campaign, asked.version, now, after=asked.after, limit=_TEXTS_PER_PAGE)


def shown(conn: Connection, actor: Actor, asked: Asked, found: Preview) -> dict[str, object]:
    """A plan for its template."""
    listed = found.named.get(asked.reason or "", [])
    named = {lead.id: lead for lead in reading.find_many(conn, actor, [one.lead_id for one in listed])}
    zone = account_settings.load(conn).default_timezone
    return {
        "plan": found,
        "price": pricing.price(conn, asked.campaign.id, found, clock.now()),
        "days": found.by_day(zone),
        "zone": zone,
        "day_words": day_words,
        "leads": _by_lead(conn, actor, found),
        "named": [(named[one.lead_id], one) for one in listed if one.lead_id in named],
        "reason": asked.reason,
        "said": said,
        "why": coming.WHY,
        "numbers": {step.key: number for number, step in enumerate(asked.version.steps, 1)},
        "more": encode_cursor(found.more_after, scope=asked.scope) if found.more_after is not None else None,
        "first_page": not asked.after,
        "few": _FEW_LEADS,
        "first_leads": running.CANARY,
    }


def _by_lead(conn: Connection, actor: Actor, found: Preview) -> list[_OfLead]:
    default_zone = account_settings.load(conn).default_timezone
    people = {lead.id: lead for lead in reading.find_many(conn, actor, [text.lead_id for text in found.plan])}
    texts: defaultdict[int, list[Planned]] = defaultdict(list)
    for text in found.plan:
        texts[text.lead_id].append(text)
    shown = []
    for lead_id, planned in texts.items():
        if lead := people.get(lead_id):
            place = place_of(lead.phone, lead.state, lead.timezone, default_zone)
            moments = [(one, moment_there(one.foreseen.send_at, place, actor.timezone)) for one in planned]
            shown.append(_OfLead(lead.title, lead_id, planned[0].enrollment_id, moments))
    return shown


def pace_of(given: str) -> int | None:
    """Leads an hour as somebody typed it; None where that is no such number."""
    given = given.replace(",", "").strip()
    if not given.isascii() or not given.isdecimal() or len(given) > 6:
        return None
    return int(given) if 1 <= int(given) <= HIGHEST_PACE else None
