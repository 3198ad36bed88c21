"""Leads that are moved from the live campaigns that they are in to another one: they end there as they begin here.

Set operations, for it may be a hundred thousand. As wherever one lead is acted on, people's numbers are locked first,
then campaigns, then threads: ``hold`` and ``hold_of_draft`` come before the campaign's lock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.campaigns import engine, steps
from webapp.campaigns.drafts import changing_over
from webapp.campaigns.joining.elsewhere import LIVE
from webapp.campaigns.steering.taking_back import take_back_of
from webapp.campaigns.store import Campaign
from webapp.compliance import decisions
from webapp.compliance.decisions import LedgerRow, Stage
from webapp.database import Connection
from webapp.models.constants import EndReason

_LOCK = "SELECT FROM contact_numbers WHERE id IN ({}) ORDER BY id FOR NO KEY UPDATE"

_OF_LEADS = """
SELECT o.contact_number_id FROM leads l
JOIN sms_campaign_enrollments o ON o.contact_number_id = l.contact_number_id AND o.status IN ('active', 'paused')
JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused') AND g.id <> %(campaign)s
WHERE l.id = ANY(%(leads)s::bigint[])
"""

_OF_DRAFT = f"""
SELECT e.contact_number_id FROM sms_campaign_enrollments e
WHERE e.campaign_id = %(campaign)s AND e.status = 'active' AND e.reason = 'chosen_move' AND EXISTS (SELECT {LIVE})
"""  # noqa: S608 (our own words)

_OTHERS = f"""
SELECT o.id, o.contact_number_id, o.conversation_id
FROM sms_campaign_enrollments e CROSS JOIN LATERAL (SELECT o.* {LIVE}) o WHERE e.id = ANY(%s::bigint[])
"""  # noqa: S608 (our own words)

# The moment of the next step is kept, for coming back.
_END = """
UPDATE sms_campaign_enrollments
SET status = 'stopped', reason = %(reason)s, sentence = %(sentence)s, ended_at = coalesce(ended_at, %(now)s),
    changed_at = now()
WHERE id = ANY(%(ways)s::bigint[]) AND status IN ('active', 'paused')
RETURNING id, campaign_id, contact_number_id, version_id, position
"""


def hold(conn: Connection, lead_ids: Sequence[int], into: int) -> None:
    """Locks the numbers of those of these leads that are in live campaigns other than the one ``into``."""
    conn.execute(_LOCK.format(_OF_LEADS), {"leads": list(lead_ids), "campaign": into})


def hold_of_draft(conn: Connection, campaign_id: int) -> None:
    """Locks the numbers of those whom the draft's launch moves."""
    conn.execute(_LOCK.format(_OF_DRAFT), {"campaign": campaign_id})


def of_others(conn: Connection, here: Sequence[int], into: Campaign, actor: Actor, now: datetime) -> int:
    """Ends all other live ways of the people whose ways (by id) begin in the campaign ``into``, at business ``now``.

    What has not gone there is taken back. Returns how many ended. A tick that has a thread is waited for; what it
    wrote meanwhile is taken back by the second look, as in ``steering.acts``.
    """
    others = conn.execute(_OTHERS, [list(here)]).fetchall()
    if not others:
        return 0
    ways, numbers, threads = (sorted({row[column] for row in others}) for column in range(3))
    conn.execute(_LOCK.format("SELECT unnest(%s::bigint[])"), [numbers])
    take_back_of(conn, ways, now)
    conn.execute("SELECT FROM sms_conversations WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE", [threads])
    take_back_of(conn, ways, now)
    changing_over.bring_over(conn, ways, now)
    sentence = f"Stopped: {actor.name} moved the lead to “{into.name}”."
    values = {"ways": ways, "reason": EndReason.REMOVED, "sentence": sentence, "now": now}
    ended = conn.execute(_END, values).fetchall()
    _note(conn, ended, sentence, now)
    for campaign_id, leads in Counter(row[1] for row in ended).items():
        audit.record(conn, actor.id, "enrollments.moved_out", f"campaign:{campaign_id}", leads=leads, into=into.id)
    return len(ended)


def _note(conn: Connection, ended: Sequence[tuple[int, int, int, int, int]], sentence: str, now: datetime) -> None:
    versions = steps.load(conn, {row[3] for row in ended})
    decision = engine.skipped("person", sentence)

    def entries() -> Iterable[LedgerRow]:
        for enrollment_id, _, number, version_id, position in ended:
            following = versions[version_id].steps[position : position + 1]
            key = following[0].key if following else None
            yield LedgerRow(None, number, Stage.QUEUE, now, decision, enrollment_id, key)

    if ended:
        decisions.record_many(conn, entries())
