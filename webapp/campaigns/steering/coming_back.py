"""Texts of campaigns that come back from the wire unsent: what is not wanted any more is taken back.

While a text is on the wire nobody can take it back: not a pause, not an answer, not a colleague. So it is asked again
here, before it is sent once more. Where nothing has changed it stays in the queue.
"""

from __future__ import annotations

from webapp.campaigns.steering.taking_back import take_back
from webapp.messaging.returned import Returned

# A pause waits until this has committed, or this until the pause has; an answer or an act of a person holds the thread.
_CAMPAIGNS = """
SELECT FROM sms_campaigns WHERE id IN (SELECT campaign_id FROM sms_messages WHERE id = ANY(%s)) ORDER BY id FOR SHARE
"""
_THREADS = """
SELECT FROM sms_conversations WHERE contact_number_id IN (
    SELECT contact_number_id FROM sms_messages WHERE id = ANY(%s) AND enrollment_id IS NOT NULL)
ORDER BY id FOR NO KEY UPDATE
"""

_UNWANTED = """
SELECT DISTINCT m.enrollment_id
FROM sms_messages m
JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id
JOIN sms_campaigns g ON g.id = e.campaign_id
WHERE m.id = ANY(%s) AND m.status = 'queued' AND (
    g.status IN ('paused', 'archived') OR e.status IN ('stopped', 'paused') OR e.visit <> m.visit
    OR EXISTS (SELECT FROM sms_conversations c
               WHERE c.contact_number_id = m.contact_number_id AND c.touched_at > m.created_at)
    OR EXISTS (SELECT FROM sms_campaign_steps s
               WHERE s.version_id = e.version_id AND s.step_key = m.step_key AND s.paused_because <> ''))
ORDER BY 1
"""


def ask_again(news: Returned) -> None:
    """The tick decides anew on each that is taken back, where its lead is still on the way."""
    ids = list(news.message_ids)
    if not news.conn.execute(_CAMPAIGNS, [ids]).rowcount:
        return
    news.conn.execute(_THREADS, [ids])
    for (enrollment_id,) in news.conn.execute(_UNWANTED, [ids]).fetchall():
        take_back(news.conn, enrollment=enrollment_id, reason=None, again_at=news.now, now=news.now)
