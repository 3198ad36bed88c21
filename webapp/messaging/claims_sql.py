"""The statements of claiming. Each is one look at the heads of the queues: partial indexes answer them, however long
the queues are and whatever waits in them to be tried again.
"""

from __future__ import annotations

#: Places in a sender's throughput are given out this far ahead, in seconds: enough to keep every thread busy.
HORIZON_SECONDS = 0.5

# Two statements: the second sees everything that the last holder of the senders' locks has committed. The lock lets
# others point at a sender: a new conversation does not wait for a claim, nor a claim for it.
LOCK_SENDERS = """
SELECT id FROM phone_numbers p
WHERE active AND paced_until < clock_timestamp() + %(horizon)s * interval '1 second'
  AND EXISTS (SELECT 1 FROM sms_messages q WHERE q.phone_number_id = p.id AND q.status = 'queued')
ORDER BY id FOR NO KEY UPDATE
"""

# People's texts go before automatic ones. Within a conversation one text at a time goes, and the oldest first: so
# what was attempted before a text had certainly ended when that text's own attempt began.
_NOTHING_BEFORE = """
NOT EXISTS (
    SELECT 1 FROM sms_messages e WHERE e.conversation_id = m.conversation_id AND e.id <> m.id
    AND e.status IN ('queued', 'claimed', 'sending', 'unconfirmed') AND (e.status <> 'queued' OR e.id < m.id))
"""

PICK = f"""
WITH senders AS (
    SELECT id, e164, segments_per_second, greatest(paced_until, clock_timestamp()) AS free_at
    FROM phone_numbers WHERE id = ANY(%(senders)s)
), picked AS (
    SELECT m.*, p.e164 AS sender, p.free_at, p.segments_per_second,
           sum(m.segments) OVER (PARTITION BY p.id ORDER BY m.automatic, m.id) - m.segments AS segments_before
    FROM senders p CROSS JOIN LATERAL (
        SELECT m.id, m.conversation_id, m.contact_number_id, m.phone_number_id, m.origin, m.automatic,
               m.created_at, m.body, m.marker, m.tries, m.segments
        FROM sms_messages m
        WHERE m.phone_number_id = p.id AND m.status = 'queued' AND m.not_before <= statement_timestamp()
          AND {_NOTHING_BEFORE}
        ORDER BY m.automatic, m.id
        LIMIT least(%(slots)s, ceil(%(horizon)s * p.segments_per_second)::int)
        FOR UPDATE OF m SKIP LOCKED) m
), placed AS (
    SELECT *, free_at + segments_before / segments_per_second * interval '1 second' AS place
    FROM picked ORDER BY automatic, id LIMIT %(slots)s
), kept AS (
    SELECT * FROM placed WHERE place < clock_timestamp() + %(horizon)s * interval '1 second'
), paced AS (
    UPDATE phone_numbers p SET paced_until = t.until
    FROM (SELECT phone_number_id, max(place + segments / segments_per_second * interval '1 second') AS until
          FROM kept GROUP BY phone_number_id) t
    WHERE p.id = t.phone_number_id
)
SELECT k.id, k.conversation_id, k.contact_number_id, k.phone_number_id, k.origin, k.automatic, k.created_at, k.body,
       k.marker, k.tries, k.segments, c.twilio_sid AS conversation_sid, c.unique_name, n.e164 AS address, k.sender,
       greatest(EXTRACT(epoch FROM k.place - clock_timestamp()), 0)::float AS wait
FROM kept k
JOIN sms_conversations c ON c.id = k.conversation_id
JOIN contact_numbers n ON n.id = k.contact_number_id
ORDER BY k.place, k.id
"""  # noqa: S608 (our own words)

NEXT = f"""
SELECT EXTRACT(epoch FROM min(greatest(m.not_before, p.paced_until - %(horizon)s * interval '1 second'))
               - statement_timestamp())::float
FROM phone_numbers p CROSS JOIN LATERAL (
    (SELECT m.not_before FROM sms_messages m
     WHERE m.phone_number_id = p.id AND m.status = 'queued' AND m.not_before <= statement_timestamp()
       AND {_NOTHING_BEFORE}
     ORDER BY m.automatic, m.id LIMIT 1)
    UNION ALL
    (SELECT m.not_before FROM sms_messages m
     WHERE m.phone_number_id = p.id AND m.status = 'queued' AND {_NOTHING_BEFORE}
     ORDER BY m.automatic, m.id LIMIT 20)) m
WHERE p.active
"""  # noqa: S608 (our own words)
