"""Leads that are on their way through another live campaign, one that runs or is paused: what becomes of them here.

The rule ``one_campaign_at_a_time`` says it, or a choice for these leads: they are left out, wait for their turn, are
moved here, or are in both. A campaign that was launched asks when a lead is put in; a draft is not live, so it asks
again at its launch, of everybody. Until then a choice is kept as the way's ``reason``, or as ``beside_others``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, get_args

from webapp.accounts.permissions import Permission, role_may
from webapp.campaigns import engine
from webapp.campaigns.joining import left_out
from webapp.campaigns.steps import Version
from webapp.compliance import decisions
from webapp.compliance.decisions import Decision, LedgerRow, Outcome, Stage
from webapp.database import Connection
from webapp.leads.filters import Query
from webapp.models.constants import Reason, Role

#: What becomes of a lead that is on its way through another live campaign; the rules know all but *move*.
Choice = Literal["skip", "wait", "move", "both"]
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)
#: The rule's name in the ledger.
RULE: Final = "one campaign at a time"

#: Another live way ``o`` of the person whose way is ``e``, through the campaign ``g``.
LIVE: Final = """
FROM sms_campaign_enrollments o JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused')
WHERE o.contact_number_id = e.contact_number_id AND o.status IN ('active', 'paused') AND o.campaign_id <> e.campaign_id
"""

# Nobody is moved out of a campaign that whoever wanted it may not see: see ``store``.
_UNSEEN = f"""
EXISTS (SELECT {LIVE} AND NOT EXISTS (
    SELECT FROM users u WHERE u.id = e.enrolled_by AND (u.role = ANY(%(managers)s) OR u.id = g.owner_id)))
"""  # noqa: S608 (our own words)

#: What becomes of the way ``e`` that has not begun, if there is another live one. It takes ``given``.
BECOMES: Final = f"""
CASE WHEN e.beside_others OR e.position > 0 OR e.last_text_at IS NOT NULL THEN 'both'
     WHEN e.reason = 'in_another_campaign' THEN 'wait'
     WHEN e.reason = 'chosen_move' THEN CASE WHEN {_UNSEEN} THEN 'skip' ELSE 'move' END
     WHEN e.reason = 'chosen_wait' THEN 'wait'
     WHEN e.reason = 'chosen_skip' THEN 'skip'
     ELSE %(rule)s END
"""

_COUNT = f"""
SELECT {BECOMES}, count(*) FROM sms_campaign_enrollments e
WHERE e.campaign_id = %(campaign)s AND e.status = 'active' AND EXISTS (SELECT {LIVE}) GROUP BY 1
"""  # noqa: S608 (our own words)

_TO_MOVE = f"""
SELECT e.id FROM sms_campaign_enrollments e
WHERE e.campaign_id = %(campaign)s AND e.status = 'active' AND e.reason = 'chosen_move' AND {BECOMES} = 'move'
  AND EXISTS (SELECT {LIVE})
"""  # noqa: S608 (our own words)

_PUT_IN = f"""
SELECT e.id FROM sms_campaign_enrollments e
WHERE e.campaign_id = %(campaign)s AND e.status = 'active'
  AND e.lead_id = ANY(%(leads)s::bigint[]) AND e.created_at = %(now)s
  AND EXISTS (SELECT {LIVE})
"""  # noqa: S608 (our own words)

# Deleted, not ended: it never began, so nobody has been in this campaign before, and no figure counts it.
_LEAVE_OUT = f"""
WITH others AS MATERIALIZED (
    SELECT e.id, min(o.campaign_id) AS campaign FROM sms_campaign_enrollments e
    JOIN sms_campaign_enrollments o ON o.contact_number_id = e.contact_number_id AND o.status IN ('active', 'paused')
         AND o.campaign_id <> e.campaign_id
    JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused')
    WHERE e.campaign_id = %(campaign)s AND e.status = 'active' AND {BECOMES} = 'skip' GROUP BY e.id)
DELETE FROM sms_campaign_enrollments e USING others, sms_campaigns g
WHERE e.id = others.id AND g.id = others.campaign AND e.status = 'active' AND e.position = 0
RETURNING e.lead_id, e.contact_number_id, g.name
"""  # noqa: S608 (our own words)


_AMONG = """
SELECT count(*) FROM ({found}) AS f
JOIN leads AS asked ON asked.id = f.id
JOIN contact_numbers AS number ON number.id = asked.contact_number_id
     AND number.consent_at IS NOT NULL AND (number.consent_until IS NULL OR number.consent_until > %(joining_now)s)
     AND number.suppressed_at IS NULL AND number.invalid_at IS NULL
WHERE EXISTS (SELECT FROM sms_campaign_enrollments o
              JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused')
              WHERE o.contact_number_id = number.id AND o.status IN ('active', 'paused')
                AND o.campaign_id <> %(joining_campaign)s)
"""


def one_at_a_time(conn: Connection) -> None:
    """Whoever lets leads into live campaigns does so alone, until the commit: of two who let in the same person at
    once, the later one sees what the first did. Taken after a campaign's own lock."""
    conn.execute("SELECT pg_advisory_xact_lock(hashtext('leadline live campaigns'))")


def given(version: Version, *, rule: str | None = None) -> dict[str, Any]:
    """The parameters of ``BECOMES``. ``rule``: instead of the version's own."""
    managers = [role.value for role in Role if role_may(role, Permission.MANAGE)]
    return {
        "campaign": version.campaign_id,
        "rule": rule or version.rules.one_campaign_at_a_time,
        "managers": managers,
    }


def chosen(given: str | None) -> Choice | None:
    """What a form says; None for what the rules say."""
    return next((each for each in CHOICES if each == given), None)


def kept(choice: Choice | None) -> str | None:
    """How a choice is kept as the reason of a way in a draft; None where there is nothing to keep there."""
    return None if choice in (None, "both") else f"chosen_{choice}"


def counts(conn: Connection, version: Version) -> Counter[str]:
    """Of a draft's leads that are in another live campaign: how many become what (a ``Choice``) at the launch."""
    return Counter(dict(conn.execute(_COUNT, given(version)).fetchall()))


def to_move(conn: Connection, version: Version) -> list[int]:
    """The ways of a draft that begin by ending others, by id."""
    return [row[0] for row in conn.execute(_TO_MOVE, given(version))]


def among(conn: Connection, found: Query, campaign_id: int, now: datetime) -> int:
    """How many of the leads that a query finds are in a live campaign other than this one, and could be texted."""
    values = {**found.params, "joining_campaign": campaign_id, "joining_now": now}
    row = conn.execute(_AMONG.format(found=found.sql), values, prepare=False).fetchone()
    assert row is not None
    return int(row[0])


def put_in(conn: Connection, campaign_id: int, lead_ids: Sequence[int], now: datetime) -> list[int]:
    """Of the ways of these leads that were put in at business time ``now``: those that have another live one, by id."""
    values = {"campaign": campaign_id, "leads": list(lead_ids), "now": now}
    return [row[0] for row in conn.execute(_PUT_IN, values)]


def leave_out(conn: Connection, version: Version, name: str, now: datetime) -> int:
    """At the launch of the campaign ``name``: takes out whom it does not write to while another live campaign does.

    Returns how many. ``now``: business time.
    """
    gone = conn.execute(_LEAVE_OUT, given(version)).fetchall()
    left_out.note(conn, version.campaign_id, _reasons(gone), now)
    if gone:
        decisions.record_many(conn, (_entry(number, name, other, now) for _, number, other in gone))
    return len(gone)


def _reasons(gone: Sequence[tuple[int | None, int, str]]) -> Mapping[int, str]:
    """Of the leads that are still there."""
    return {lead_id: Reason.IN_ANOTHER_CAMPAIGN for lead_id, _, _ in gone if lead_id is not None}


def _entry(number: int, name: str, other: str, now: datetime) -> LedgerRow:
    said = f"Left out of “{name}” at its launch: the lead is on its way through “{other}”."
    decision = Decision(Outcome.REFUSE, RULE, engine.VERSION, said, Reason.IN_ANOTHER_CAMPAIGN)
    return LedgerRow(None, number, Stage.QUEUE, now, decision)
