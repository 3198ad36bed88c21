"""The statements of enrolling: set operations on one chunk of leads, whose rows never leave the database."""

from __future__ import annotations

from typing import Final

from webapp.accounts.actors import visible
from webapp.campaigns.goals import reached
from webapp.campaigns.joining.first_moments import PLACE

#: The leads of a chunk, as far as the actor may see them.
ASKED: Final = f"""
FROM (SELECT id, count(*) AS times FROM unnest(%(leads)b::bigint[]) AS given (id) GROUP BY 1) AS asked
JOIN leads l ON l.id = asked.id AND {visible("l.owner_id")}
"""  # noqa: S608 (our own words)

#: Our numbers that may write, the default one first, and whether each goes on: it may have been stopped by itself.
SENDERS: Final = """
SELECT id, paused_because = '' FROM phone_numbers WHERE active AND (%(own)s::bigint[] = '{}' OR id = ANY(%(own)s))
ORDER BY is_default DESC, id
"""

_REACHED = reached("%(goal_statuses)s::text[]", "lower(%(goal_tags)s::text[]::text)::text[]")

# The sender: one of ours that the lead knows, the one that wrote last; else ``turns`` take turns.
_JUDGED = f"""
SELECT asked.times, l.id AS lead, n.id AS number, l.owner_id AS owner, thread.id AS thread,
       coalesce(last.entry, 0) + 1 AS entry, {PLACE} AS place,
       coalesce(thread.phone_number_id, turn.sender) AS sender,
       CASE WHEN last.status IN ('active', 'paused') THEN 'already_enrolled'
            WHEN last.entry IS NOT NULL AND (%(reentry)s::int IS NULL
                 OR last.ended_at + %(reentry)s * interval '1 day' > %(now)s) THEN 'enrolled_before'
            WHEN n.suppressed_at IS NOT NULL THEN 'opted_out'
            WHEN n.invalid_at IS NOT NULL THEN 'bad_number'
            WHEN n.consent_at IS NULL OR n.consent_until <= %(now)s THEN 'no_consent'
            WHEN {_REACHED} THEN 'reached_goal'
            WHEN elsewhere.found THEN 'in_another_campaign'
            WHEN thread.id IS NULL AND turn.sender IS NULL THEN 'no_sender'
            ELSE 'enrolled' END AS outcome
{ASKED}
JOIN contact_numbers n ON n.id = l.contact_number_id
LEFT JOIN LATERAL (
    SELECT entry, status, ended_at FROM sms_campaign_enrollments e
    WHERE e.campaign_id = %(campaign)s AND e.lead_id = l.id ORDER BY entry DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (
    SELECT c.id, c.phone_number_id FROM sms_conversations c
    WHERE c.contact_number_id = n.id AND c.phone_number_id = ANY(%(senders)s::bigint[])
    ORDER BY c.last_message_at DESC NULLS LAST, c.id DESC LIMIT 1) thread ON true
LEFT JOIN LATERAL (
    SELECT true AS found FROM sms_campaign_enrollments o
    JOIN sms_campaigns g ON g.id = o.campaign_id AND g.status IN ('running', 'paused')
    WHERE o.contact_number_id = n.id AND o.status IN ('active', 'paused') AND o.campaign_id <> %(campaign)s
          AND NOT (%(moves)s AND (%(sees_all)s OR g.owner_id IS NOT DISTINCT FROM %(actor_id)s))
    LIMIT 1) elsewhere ON %(alone)s
CROSS JOIN LATERAL (
    SELECT (%(turns)s::bigint[])[1 + l.id %% greatest(cardinality(%(turns)s::bigint[]), 1)] AS sender) turn
"""  # noqa: S608 (our own words)

#: How many of them would be enrolled.
COUNT: Final = f"SELECT count(*) FROM ({_JUDGED}) AS asked WHERE outcome = 'enrolled'"  # noqa: S608 (our own words)

# Nothing here is joined to what was just made: its size is not known when the plan is made, so that each lead would be
# compared with each. Subqueries are LATERAL for the same reason.
# The last column: those whom another transaction has just given the thread, or the place, that this one was to make. It
# has committed by now, and another look sees it.
ENROLL: Final = f"""
WITH asked AS MATERIALIZED (
{_JUDGED}), going AS MATERIALIZED (
    SELECT *, thread IS NULL AS is_new,
           coalesce(thread, nextval('sms_conversations_id_seq')) AS conversation
    FROM asked WHERE outcome = 'enrolled'
), made AS (
    INSERT INTO sms_conversations (id, contact_number_id, phone_number_id, lead_id, assigned_to, created_at)
    SELECT conversation, number, sender, lead, owner, %(now)s FROM going WHERE is_new
    ORDER BY number ON CONFLICT (contact_number_id, phone_number_id) DO NOTHING
    RETURNING id
), entered AS (
    INSERT INTO sms_campaign_enrollments
        (campaign_id, version_id, lead_id, contact_number_id, conversation_id, entry, parked, next_run_at, reason,
         beside_others, enrolled_by, created_at)
    SELECT %(campaign)s, %(version)s, lead, number, conversation, entry, %(parked)s,
           coalesce((%(moments)s ->> place)::timestamptz, %(now)s), %(kept)s, %(beside)s, %(by)s, %(now)s
    FROM going WHERE NOT is_new OR conversation IN (SELECT id FROM made)
    ORDER BY lead ON CONFLICT (campaign_id, lead_id, entry) DO NOTHING
    RETURNING lead_id
)
SELECT a.outcome, sum(a.times)::int, count(e.lead_id)::int,
       array_agg(a.lead) FILTER (WHERE a.outcome <> 'enrolled'),
       array_agg(a.lead) FILTER (WHERE a.outcome = 'enrolled' AND e.lead_id IS NULL)
FROM asked a LEFT JOIN entered e ON e.lead_id = a.lead GROUP BY 1
"""  # noqa: S608 (our own words)
