"""The floor of the tick: one statement that writes the same rows; and the campaign that both work off."""

from __future__ import annotations

CAMPAIGN = """
WITH campaign AS (
    INSERT INTO sms_campaigns (name, kind, status, created_at, updated_at)
    VALUES ('Bench', 'drip', 'running', %(now)s, %(now)s) RETURNING id
), version AS (
    INSERT INTO sms_campaign_versions (campaign_id, number, published_at, created_at)
    SELECT id, 1, %(now)s, %(now)s FROM campaign RETURNING id, campaign_id
), steps AS (
    INSERT INTO sms_campaign_steps (version_id, position, step_key, delay_minutes, variants)
    SELECT v.id, i, 'step' || i, i * 1440, jsonb_build_array(jsonb_build_object('key', 'a', 'body',
           'Hi {{ first_name | default("there") }}, {{ my_name | default("we") }} at {{ business_name }} here: number '
           || i || ' of the houses that you asked about can be seen on Saturday.'))
    FROM version v, generate_series(0, 4) i
), live AS (
    UPDATE sms_campaigns SET live_version_id = version.id FROM version WHERE sms_campaigns.id = version.campaign_id
)
INSERT INTO sms_campaign_enrollments
    (campaign_id, version_id, lead_id, contact_number_id, conversation_id, next_run_at, created_at)
SELECT v.campaign_id, v.id, c.lead_id, c.contact_number_id, c.id, %(now)s - c.id %% 600 * interval '1 second', %(now)s
FROM version v, sms_conversations c
"""

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
