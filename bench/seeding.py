"""Rows by the hundred thousand, made by the database itself."""

from __future__ import annotations

import psycopg

REPS = 20

_PEOPLE = """
INSERT INTO users (email, name, role, password_hash)
SELECT 'rep' || i || '@bench.example', 'Rep ' || i, 'rep', 'x' FROM generate_series(1, %(reps)s) i
ON CONFLICT DO NOTHING
"""

_NUMBERS = """
INSERT INTO contact_numbers (e164, consent_at, consent_source, simulated, created_at, last_inbound_at)
SELECT '+1512' || (2000000 + i), %(now)s - interval '90 days', 'bench', true, %(now)s - interval '90 days',
       CASE WHEN i %% 5 = 0 THEN %(now)s - i * interval '1 second' END
FROM generate_series(1, %(count)s) i
"""

_LEADS = """
INSERT INTO leads (contact_number_id, phone, first_name, last_name, email, state, tags, owner_id, source, simulated,
                   created_at, updated_at)
SELECT n.id, n.e164, 'First' || n.id %% 997, 'Last' || n.id %% 4999, 'lead' || n.id || '@bench.example', 'TX',
       ARRAY['tag' || n.id %% 50], r.ids[1 + n.id %% (array_length(r.ids, 1) + 1)], 'bench', true,
       %(now)s - n.id * interval '1 second', %(now)s
FROM contact_numbers n, (SELECT array_agg(id) AS ids FROM users WHERE role = 'rep') r
"""

_CONVERSATIONS = """
INSERT INTO sms_conversations
    (contact_number_id, phone_number_id, lead_id, twilio_sid, assigned_to, state, waiting_since, unread,
     last_message_at, last_body, last_direction, last_inbound_at, created_at)
SELECT l.contact_number_id, p.id, l.id, 'CH' || md5('thread' || l.id), l.owner_id,
       CASE WHEN l.id %% 3 = 0 THEN 'done' ELSE 'open' END,
       CASE WHEN l.id %% 50 = 1 THEN %(now)s - l.id * interval '1 second' END, (l.id %% 50 = 1)::int,
       %(now)s - l.id * interval '1 second', 'The last text of conversation ' || l.id,
       CASE WHEN l.id %% 5 = 0 THEN 'inbound' ELSE 'outbound' END, n.last_inbound_at, %(now)s - interval '60 days'
FROM leads l JOIN contact_numbers n ON n.id = l.contact_number_id, phone_numbers p WHERE p.is_default
"""

_MESSAGES = """
INSERT INTO sms_messages
    (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin, twilio_sid, encoding,
     segments, cost, attempt, created_at, sent_at, delivered_at, ended_at)
SELECT c.id, c.contact_number_id, c.phone_number_id, CASE WHEN i %% 3 = 0 THEN 'inbound' ELSE 'outbound' END,
       'Text ' || i || ' of conversation ' || c.id || ', about as long as people write them to each other.',
       CASE WHEN i %% 3 = 0 THEN 'received' ELSE 'delivered' END, CASE WHEN i %% 3 = 0 THEN 'contact' ELSE 'manual' END,
       'IM' || md5(c.id || '.' || i), 'GSM-7', 1, 0.0128, 1, c.last_message_at - (%(texts)s - i) * interval '1 hour',
       c.last_message_at, c.last_message_at, c.last_message_at
FROM sms_conversations c, generate_series(1, %(texts)s) i ORDER BY i, c.id
"""

_LAST = """
UPDATE sms_conversations c SET last_message_id = m.id
FROM (SELECT conversation_id, max(id) AS id FROM sms_messages GROUP BY 1) m WHERE m.conversation_id = c.id
"""


def people(conn: psycopg.Connection) -> None:
    """Reps whom leads belong to."""
    conn.execute(_PEOPLE, {"reps": REPS})


def sender(conn: psycopg.Connection, e164: str, segments_per_second: int) -> None:
    """Our number, with a throughput that is no limit here."""
    conn.execute(
        """
        INSERT INTO phone_numbers (e164, segments_per_second, is_default, simulated) VALUES (%s, %s, true, true)
        ON CONFLICT (e164) DO UPDATE SET segments_per_second = excluded.segments_per_second, paced_until = now()
        """,
        [e164, segments_per_second],
    )


def leads(conn: psycopg.Connection, count: int, *, now: object, texts: int = 0, threads: bool = True) -> None:
    """``count`` leads, each with a conversation of ``texts`` texts, most of them with one of the reps.

    Without ``threads`` nobody has written to them yet.
    """
    given = {"count": count, "now": now, "texts": texts}
    people(conn)
    statements = [_NUMBERS, _LEADS, *([_CONVERSATIONS] if threads else []), *([_MESSAGES, _LAST] if texts else [])]
    for statement in statements:
        conn.execute(statement, given)
    conn.execute("VACUUM ANALYZE")


def queue_texts(conn: psycopg.Connection, count: int, *, now: object) -> None:
    """One queued text in each of ``count`` conversations."""
    conn.execute(
        """
        INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin,
                                  encoding, segments, cost, created_at)
        SELECT id, contact_number_id, phone_number_id, 'outbound',
               'Hi First' || id || ', the house that you asked about can be seen on Saturday from ten to four.',
               'queued', 'manual', 'GSM-7', 1, 0.0128, %s
        FROM sms_conversations ORDER BY id LIMIT %s
        """,
        [now, count],
    )
    conn.execute("ANALYZE sms_messages")
