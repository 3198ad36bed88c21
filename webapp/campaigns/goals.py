"""A goal ends the way at once: whose tags or status become what the rules name is stopped, not only at the next step.

Set operations, however many leads have changed; where no campaign names a goal, none of them is looked at. Whoever is
put in by another transaction at the very same moment is stopped by the tick, which asks the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import args_row

from webapp.campaigns import engine
from webapp.campaigns.steering import taking_back
from webapp.campaigns.steering.taking_back import Taken
from webapp.compliance import decisions
from webapp.compliance.decisions import LedgerRow, Stage
from webapp.database import Connection
from webapp.leads.signals import LeadsChanged
from webapp.models.constants import EndReason

_SENTENCE = "Stopped: the lead has reached its goal."


def reached(statuses: str, tags: str) -> str:
    """SQL that is true of a lead ``l`` that has reached a goal: ``engine.decide`` says the same of one in memory.

    ``statuses`` and ``tags`` are SQL of text arrays; the tags are in small letters.
    """
    return f"(l.status = ANY({statuses}) OR lower(l.tags::text)::text[] && {tags})"


# What a version's rules name: of one that was left behind, those of the one that took its place. Of a draft nothing is
# in force yet, its first tick looks; a finished campaign's last texts may still be queued.
_IN_FORCE = """
SELECT v.id AS version_id,
       ARRAY(SELECT jsonb_array_elements_text(r.rules -> 'exit_statuses')) AS statuses,
       ARRAY(SELECT lower(jsonb_array_elements_text(r.rules -> 'exit_tags'))) AS tags
FROM sms_campaign_versions v LEFT JOIN sms_campaign_versions w ON w.id = v.moved_to_id
CROSS JOIN LATERAL (SELECT coalesce(w.rules, v.rules) AS rules) r
WHERE r.rules ?| '{exit_statuses,exit_tags}'
  AND v.campaign_id IN (SELECT id FROM sms_campaigns WHERE status IN ('running', 'paused', 'finished'))
"""

# Those that are through are among them while their last text has not gone.
_ARRIVED = f"""
WITH goals AS MATERIALIZED ({_IN_FORCE})
SELECT e.id
FROM leads l JOIN sms_campaign_enrollments e ON e.lead_id = l.id JOIN goals ON goals.version_id = e.version_id
WHERE l.id = ANY(%s) AND {reached("goals.statuses", "goals.tags")}
  AND (e.status IN ('active', 'paused') OR e.status = 'completed' AND EXISTS (
       SELECT FROM sms_messages m WHERE m.contact_number_id = e.contact_number_id AND m.enrollment_id = e.id
       AND m.status IN ('held', 'queued', 'claimed')))
ORDER BY e.id
"""  # noqa: S608 (our own words)

_THREADS = """
SELECT FROM sms_conversations WHERE id IN (SELECT conversation_id FROM sms_campaign_enrollments WHERE id = ANY(%s))
ORDER BY id FOR NO KEY UPDATE
"""

_STOP = """
UPDATE sms_campaign_enrollments e
SET status = 'stopped', reason = %(why)s, sentence = %(sentence)s, next_run_at = NULL, ended_at = %(now)s,
    changed_at = now()
FROM sms_campaign_enrollments o JOIN leads l ON l.id = o.lead_id
LEFT JOIN sms_campaign_steps s ON s.version_id = o.version_id AND s.position = o.position
WHERE e.id = ANY(%(ids)s) AND o.id = e.id AND e.status IN ('active', 'paused')
RETURNING e.id, e.contact_number_id, s.step_key, l.status, l.tags
"""


class _Stopped(NamedTuple):
    id: int
    contact_number_id: int
    step_key: str | None
    status: str
    tags: Sequence[str]


def stop_who_arrived(news: LeadsChanged) -> None:
    """Ends the ways of those of these leads that have reached their campaign's goal, and takes back what is queued.

    What a tick has in hand is waited for, and then taken back too: see ``steering.acts``. Only what is on the wire
    goes.
    """
    conn, now = news.conn, news.now
    if conn.execute(f"SELECT EXISTS ({_IN_FORCE})").fetchone() == (False,):
        return
    arrived = [row[0] for row in conn.execute(_ARRIVED, [list(news.lead_ids)])]
    if not arrived:
        return
    taken = taking_back.take_back_of(conn, arrived, now)
    conn.execute(_THREADS, [arrived])
    taken += taking_back.take_back_of(conn, arrived, now)
    _stop(conn, arrived, taken, now)


def _stop(conn: Connection, enrollment_ids: Sequence[int], taken: Sequence[Taken], now: datetime) -> None:
    values = {"ids": list(enrollment_ids), "why": EndReason.GOAL, "sentence": _SENTENCE, "now": now}
    with conn.cursor(row_factory=args_row(_Stopped)) as cursor:
        stopped = cursor.execute(_STOP, values).fetchall()
    texts: defaultdict[int, list[Taken]] = defaultdict(list)
    for each in taken:
        texts[each.enrollment_id].append(each)
    decisions.record_many(conn, (entry for one in stopped for entry in _entries(one, texts[one.id], now)))


def _entries(one: _Stopped, taken: Sequence[Taken], now: datetime) -> Iterator[LedgerRow]:
    """Of each text that was taken back; where there is none, of the step that would have been next."""
    decision = engine.skipped("goal", _SENTENCE)._replace(inputs={"status": one.status, "tags": list(one.tags)})
    for each in taken:
        yield LedgerRow(each.message_id, one.contact_number_id, Stage.STOP, now, decision, one.id, each.step_key)
    if not taken:
        yield LedgerRow(None, one.contact_number_id, Stage.STOP, now, decision, one.id, one.step_key)
