"""The floor of the tick: one statement that writes the same rows."""

from __future__ import annotations

# The same rows, without a rule: what a text says and whether it may go is not asked.
FLOOR = """
WITH due AS (
    SELECT e.id, e.conversation_id, e.contact_number_id, e.campaign_id, e.position, e.visit, c.phone_number_id,
           nextval('sms_messages_id_seq') AS message_id, l.first_name
    FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
    JOIN leads l ON l.id = e.lead_id
    WHERE e.status = 'active' AND NOT e.parked AND e.next_run_at <= %(now)s
    ORDER BY e.next_run_at, e.id LIMIT %(batch)s FOR NO KEY UPDATE OF e, c SKIP LOCKED
), stored AS (
    INSERT INTO sms_messages
        (id, conversation_id, contact_number_id, phone_number_id, direction, body, status, origin, automatic,
         solicitation, footer, encoding, segments, cost, created_at, campaign_id, enrollment_id, step_key, visit)
    SELECT message_id, conversation_id, contact_number_id, phone_number_id, 'outbound',
           'Hi ' || first_name || ', we at Bluebonnet here: number 0 of the houses that you asked about can be seen on '
           'Saturday. Reply STOP to opt out.',
           'queued', 'campaign', true, true, true, 'GSM-7', 1, 0.0128, %(now)s, campaign_id, id, 'step' || position,
           visit
    FROM due RETURNING id, conversation_id, body
), told AS (
    INSERT INTO sms_events (at, type, conversation_id, message_id)
    SELECT %(now)s, 'queued', conversation_id, id FROM stored
), ledger AS (
    INSERT INTO decisions (message_id, contact_number_id, stage, at, outcome, rule, rule_version, sentence, inputs,
                           enrollment_id, step_key)
    SELECT message_id, contact_number_id, 'queue', %(now)s, 'allow', 'all rules', '2026-11-25',
           'Allowed: consent on file, and inside the hours where the lead is.',
           '{"at": "2026-12-09T18:00:00+00:00", "zones": ["America/Chicago"], "source": "state", "states": ["TX"],
             "hours": ["account@08:00-21:00", "federal@2026-11-22", "TX@2026-11-22"],
             "consent_at": "2026-09-10T18:00:00+00:00",
             "dispatch_until": "2026-12-10T02:55:00+00:00", "solicitations_24h": 0}', id, 'step' || position
    FROM due
), advanced AS (
    UPDATE sms_campaign_enrollments e
    SET position = due.position + 1, next_run_at = %(now)s + interval '1 day', last_text_at = %(now)s,
        changed_at = now()
    FROM due WHERE e.id = due.id
), shown AS (
    UPDATE sms_conversations c
    SET last_message_at = %(now)s, last_message_id = s.id, last_body = left(s.body, 200), last_direction = 'outbound',
        version = nextval('change_seq')
    FROM stored s WHERE c.id = s.conversation_id
)
SELECT count(*) FROM due
"""
