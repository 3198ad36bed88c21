"""The statements of the tick: set operations on one batch. Rows come and go as arrays, one element a row.

Arrays of words travel in binary form (``%b``): in text form each would be searched for what must be escaped. What is
inserted goes by COPY, which costs Postgres less than an INSERT does.
"""

from __future__ import annotations

# The head of the partial index, whosever campaign it is: what does not run is parked, so that nobody reads it twice.
# Who waits for a row of ours, or whose row we would wait for, is passed over: a tick never waits. The columns are the
# fields of ``deciding.Claimed``.
CLAIM = """
SELECT e.id, e.campaign_id, e.version_id, e.lead_id, e.contact_number_id, e.conversation_id, c.phone_number_id,
       e.position, e.visit, e.next_run_at, e.reason
FROM sms_campaign_enrollments e
JOIN sms_conversations c ON c.id = e.conversation_id
WHERE e.status = 'active' AND NOT e.parked AND e.next_run_at <= %(now)s
ORDER BY e.next_run_at, e.id LIMIT %(limit)s
FOR NO KEY UPDATE OF e, c SKIP LOCKED
"""

# Shared: whoever pauses a campaign waits for the batches that are under way, and then knows all that was queued. One
# with a pace is taken alone, for its next free place moves. A tick never waits for either: it holds rows that a pause
# takes back.
CAMPAIGNS = """
SELECT id, status, pace_per_hour IS NOT NULL FROM sms_campaigns WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED
"""
PACED = """
SELECT id, pace_per_hour, paced_until FROM sms_campaigns
WHERE id = ANY(%s) AND pace_per_hour IS NOT NULL ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
PACE = """
UPDATE sms_campaigns g SET paced_until = t.until
FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (id, until) WHERE g.id = t.id
"""

PARK = "UPDATE sms_campaign_enrollments SET parked = true WHERE id = ANY(%s)"

IDS = "SELECT array_agg(nextval('sms_messages_id_seq')) FROM generate_series(1, %s)"

# Whoever has this step already, on this visit, gets nothing: the unique key says so.
TEXTS = """
COPY sms_messages
    (id, conversation_id, contact_number_id, phone_number_id, direction, body, status, origin, automatic, solicitation,
     footer, encoding, segments, cost, created_at, campaign_id, enrollment_id, step_key, visit)
FROM STDIN (FORMAT BINARY)
"""
TEXT_TYPES = (
    "int8", "int8", "int8", "int8", "text", "text", "text", "text", "bool", "bool",
    "bool", "text", "int4", "numeric", "timestamptz", "int8", "int8", "text", "int4",
)  # fmt: skip

# Of each text: its event, its thread, and how its row goes on; without a next moment it was the last step.
TEXTED = """
WITH texts AS (
    SELECT * FROM unnest(%(id)s::bigint[], %(conversation_id)s::bigint[], %(body)b::text[], %(enrollment_id)s::bigint[],
                         %(position)s::int[], %(next_run_at)b::timestamptz[])
      AS t (id, conversation_id, body, enrollment_id, position, next_run_at)
), told AS (
    INSERT INTO sms_events (at, type, conversation_id, message_id)
    SELECT %(now)s, 'queued', conversation_id, id FROM texts
), advanced AS (
    UPDATE sms_campaign_enrollments e
    SET status = CASE WHEN t.next_run_at IS NULL THEN 'completed' ELSE 'active' END, position = t.position,
        next_run_at = t.next_run_at, reason = NULL, sentence = '', error = NULL, last_text_at = %(now)s,
        ended_at = CASE WHEN t.next_run_at IS NULL THEN %(now)s::timestamptz END, changed_at = now()
    FROM texts t WHERE e.id = t.enrollment_id
)
UPDATE sms_conversations c
SET last_message_at = %(now)s, last_message_id = t.id, last_body = left(t.body, 200), last_direction = 'outbound',
    version = nextval('change_seq')
FROM texts t WHERE c.id = t.conversation_id
"""

# Of rows that came from an older version, whose steps may have been put into another order.
SENT = """
SELECT enrollment_id, step_key, visit FROM sms_messages
WHERE enrollment_id = ANY(%s) AND status <> 'canceled'
"""

# The rows that got no text.
ADVANCE = """
UPDATE sms_campaign_enrollments e
SET status = t.status, position = t.position, next_run_at = t.next_run_at, reason = t.reason, sentence = t.sentence,
    error = t.error, ended_at = CASE WHEN t.status = 'active' THEN NULL ELSE %(now)s END, changed_at = now()
FROM unnest(%(id)b::bigint[], %(status)b::text[], %(position)b::int[], %(next_run_at)b::timestamptz[],
            %(reason)b::text[], %(sentence)b::text[], %(error)b::text[])
  AS t (id, status, position, next_run_at, reason, sentence, error)
WHERE e.id = t.id
"""
