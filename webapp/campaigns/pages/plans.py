"""The dry run as its templates show it: the totals, one price, and a page of texts lead by lead."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from flask import request

from webapp import clock
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import coming, preview, pricing
from webapp.campaigns.preview import Planned, Preview
from webapp.campaigns.steps import Version
from webapp.campaigns.store import Campaign
from webapp.database import Connection
from webapp.inbox.places import moment_there, place_of
from webapp.leads import reading
from webapp.models.constants import Reason
from webapp.web.paging import decode_cursor, encode_cursor

HIGHEST_PACE = 100_000
_TEXTS_PER_PAGE = 30
#: Before the launch the texts to so many leads stand for all.
_FEW_LEADS = 3

#: Why leads get nothing, or a text waits, as the rest of "87 …".
WORDS = {
    "opted_out": "opted out",
    "refused": "may not be texted",
    "bad_number": "have a number that does not work",
    "goal": "have reached the goal",
    Reason.UNRESOLVED_FIELD: "with an empty field",
    Reason.QUIET_HOURS: "wait for the sending hours",
    Reason.CAP: "wait for the daily cap",
    Reason.LANE: "wait behind another automatic text",
    Reason.SCHEDULED: "wait for the campaign’s own hours",
    Reason.TOUCHED: "wait after a colleague’s text",
    Reason.PACE: "wait for the pace",
    Reason.PROBABLE_OPT_OUT: "may have opted out: a person decides",
    Reason.BREAKER: "wait for a stopped wording",
    Reason.LATE: "are late",
}


class _OfLead(NamedTuple):
    """A lead's part of the plan, with each text's moment in words."""

    title: str
    lead_id: int
    enrollment_id: int
    texts: list[tuple[Planned, str]]


def shown(conn: Connection, actor: Actor, campaign: Campaign, version: Version) -> dict[str, object]:
    """The dry run for its template. ``pace`` of the address is tried instead of the campaign's."""
    now, cursor, reason = clock.now(), request.args.get("after"), request.args.get("reason")
    scope = f"plan {campaign.id}"
    after = int(decode_cursor(cursor, scope=scope)[0]) if cursor else 0
    pace = pace_of(request.args.get("pace", "")) if "pace" in request.args else campaign.pace_per_hour
    paced = replace(campaign, pace_per_hour=pace)
    found = preview.preview(conn, paced, version, now, after=after, limit=_TEXTS_PER_PAGE, reason=reason)
    named = {lead.id: lead for lead in reading.find_many(conn, actor, [one.lead_id for one in found.named])}
    return {
        "plan": found,
        "price": pricing.price(conn, campaign.id, found, now),
        "leads": _by_lead(conn, actor, found),
        "named": [(named[one.lead_id], one) for one in found.named if one.lead_id in named],
        "reason": reason,
        "words": WORDS,
        "why": coming.WHY,
        "numbers": {step.key: number for number, step in enumerate(version.steps, 1)},
        "more": encode_cursor(found.more_after, scope=scope) if found.more_after is not None else None,
        "first_page": cursor is None,
        "few": _FEW_LEADS,
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
