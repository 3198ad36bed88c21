"""The queries of an evidence file, each for one contact number; names of columns are names in the file."""

from __future__ import annotations

SUMMARY = """
SELECT n.id, n.e164, l.id AS lead_id, trim(concat_ws(' ', l.first_name, l.last_name)) AS name,
       (SELECT count(*) FROM consent_events WHERE contact_number_id = n.id) AS consent_rows,
       (SELECT count(*) FROM sms_messages m JOIN sms_conversations c ON c.id = m.conversation_id
        WHERE c.contact_number_id = n.id) AS texts,
       (SELECT count(*) FROM decisions WHERE contact_number_id = n.id) AS decisions,
       n.suppressed_at, n.suppression_source, n.suppression_reason, n.consent_at, n.erased_at, n.pending_at
FROM contact_numbers n LEFT JOIN leads l ON l.contact_number_id = n.id
WHERE n.id = %s
"""

NUMBER = """
SELECT id, e164, simulated, created_at AS first_known_at, last_inbound_at, invalid_at, invalid_reason, erased_at
FROM contact_numbers WHERE id = %s
"""

LEAD = """
SELECT l.id, l.first_name, l.last_name, l.email, l.state, l.postal_code, l.timezone, l.source, l.created_at,
       u.name AS assigned_to
FROM leads l LEFT JOIN users u ON u.id = l.owner_id
WHERE l.contact_number_id = %s
"""

SUPPRESSION = """
SELECT suppressed_at, suppression_source AS source, suppression_reason AS reason, consent_at, consent_source,
       consent_channel, consent_until, pending_at, doubt_at, doubt_source, doubt_matched
FROM contact_numbers WHERE id = %s
"""

# ``hashed_text`` is what the row's hash is over (migration 0002).
CONSENT = """
SELECT e.id, e.event, e.scope, e.channel, e.source, e.occurred_at, e.recorded_at, e.expires_at, e.attested, e.actor_id,
       u.name AS actor, e.message_id, e.disclosure_id, e.note, e.details, consent_row_text(e) AS hashed_text,
       e.prev_hash, e.row_hash
FROM consent_events e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.contact_number_id = %s ORDER BY e.id
"""

DISCLOSURES = """
SELECT d.id, d.kind, d.version, d.text, d.page, d.sha256, d.created_at
FROM disclosures d
WHERE d.id IN (SELECT disclosure_id FROM consent_events WHERE contact_number_id = %s) ORDER BY d.id
"""

TEXTS = """
SELECT m.id, m.conversation_id, m.direction, p.e164 AS our_number, m.body, m.body_removed_at, m.body_removed_why,
       m.status, m.reason, m.error_code, m.origin, m.automatic, m.solicitation, m.footer, u.name AS author, m.segments,
       m.created_at, m.sent_at, m.delivered_at, m.ended_at, m.twilio_sid, m.channel_sid
FROM sms_conversations c
JOIN sms_messages m ON m.conversation_id = c.id
JOIN phone_numbers p ON p.id = m.phone_number_id
LEFT JOIN users u ON u.id = m.author_id
WHERE c.contact_number_id = %s ORDER BY m.id
"""

MEDIA = """
SELECT f.message_id, f.id, f.carrier_sid, f.content_type, f.filename, f.size, sha256(f.content) AS sha256
FROM sms_conversations c JOIN sms_messages m ON m.conversation_id = c.id JOIN media f ON f.message_id = m.id
WHERE c.contact_number_id = %s ORDER BY f.id
"""

DECISIONS = """
SELECT message_id, at, recorded_at, stage, outcome, reason, rule, rule_version, inputs, sentence
FROM decisions WHERE contact_number_id = %s AND message_id IS NOT NULL ORDER BY id
"""

OTHER_DECISIONS = """
SELECT at, recorded_at, stage, outcome, reason, rule, rule_version, inputs, sentence
FROM decisions WHERE contact_number_id = %s AND message_id IS NULL ORDER BY id
"""
