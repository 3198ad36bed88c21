"""What the bench of enrolling seeds, and its floors: the same rows, without a rule."""

from __future__ import annotations

MANAGER = """
INSERT INTO users (email, name, role, password_hash) VALUES ('max@bench.example', 'Max', 'manager', 'x') RETURNING id
"""

# The same rows, without a rule: nobody asks who may be texted, from which number, and when.
THREADS = """
INSERT INTO sms_conversations (contact_number_id, phone_number_id, lead_id, assigned_to, created_at)
SELECT l.contact_number_id, p.id, l.id, l.owner_id, %(now)s FROM leads l, phone_numbers p ORDER BY l.id LIMIT %(most)s
"""
ENTER = """
INSERT INTO sms_campaign_enrollments
    (campaign_id, version_id, lead_id, contact_number_id, conversation_id, next_run_at, created_at)
SELECT g.id, g.live_version_id, c.lead_id, c.contact_number_id, c.id, %(now)s + interval '1 day', %(now)s
FROM sms_campaigns g, sms_conversations c WHERE g.id = %(campaign)s ORDER BY c.id
"""

# Everybody has had the first step of five.
ON_THE_WAY = """
WITH texts AS (
    INSERT INTO sms_messages
        (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin, automatic,
         solicitation, footer, encoding, segments, cost, created_at, sent_at, campaign_id, enrollment_id,
         step_key, visit)
    SELECT c.id, c.contact_number_id, c.phone_number_id, 'outbound', 'Hi', 'delivered', 'campaign', true, true, true,
           'GSM-7', 1, 0.0128, %(now)s, %(now)s, e.campaign_id, e.id, 'step0', 1
    FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
)
UPDATE sms_campaign_enrollments SET position = 1, last_text_at = %(now)s
"""
BACK_TO_DRAFT = """
WITH draft AS (UPDATE sms_campaign_versions SET published_at = NULL), parked AS (
    UPDATE sms_campaign_enrollments SET parked = true)
UPDATE sms_campaigns SET status = 'draft', live_version_id = NULL, launched_at = NULL
"""
START = """
UPDATE sms_campaign_enrollments SET parked = false, next_run_at = %(now)s + interval '1 day'
WHERE campaign_id = %(campaign)s
"""
MOVE = """
UPDATE sms_campaign_enrollments e
SET version_id = d.id, next_run_at = e.last_text_at + interval '1 day', changed_at = now()
FROM sms_campaign_versions d
WHERE d.campaign_id = e.campaign_id AND d.published_at IS NULL AND e.campaign_id = %s
"""
