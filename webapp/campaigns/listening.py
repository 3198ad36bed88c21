"""What campaigns do when rooms below announce something, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp import clock
from webapp.campaigns import answers, goals
from webapp.campaigns.steering import coming_back, moving
from webapp.campaigns.steering.taking_back import take_back
from webapp.compliance.signals import Suppressed, WaitEnded, numbers_suppressed, wait_ended
from webapp.database import Connection
from webapp.leads.signals import leads_changed
from webapp.messaging.inbound import Applied, inbound_applied
from webapp.messaging.outbox import WrittenByHand, written_by_hand
from webapp.messaging.returned import texts_returned
from webapp.models.constants import EndReason, Reason


def register() -> None:
    """Starts listening."""
    inbound_applied.connect(_stop_on_reply)
    numbers_suppressed.connect(_stop_on_opt_out)
    written_by_hand.connect(_wait_for_a_colleague)
    wait_ended.connect(_ask_again)
    texts_returned.connect(coming_back.ask_again)
    leads_changed.connect(goals.stop_who_arrived)


# Those whose campaign stops on a reply, and those that are through but whose last text has not gone. Who waits for
# another campaign has not been written to from this one: nothing of it was answered.
_ANSWERED = """
SELECT e.id FROM sms_campaign_enrollments e JOIN sms_campaign_versions v ON v.id = e.version_id
WHERE e.contact_number_id = %s AND coalesce((v.rules ->> 'stop_on_reply')::bool, true)
  AND e.reason IS DISTINCT FROM 'in_another_campaign'
  AND (e.status IN ('active', 'paused') OR EXISTS (
       SELECT 1 FROM sms_messages m WHERE m.contact_number_id = e.contact_number_id AND m.enrollment_id = e.id
       AND m.status IN ('held', 'queued', 'claimed')))
ORDER BY e.id
"""


#: Meanings of a text that answers what was said, and not the carriers' own words.
_ANSWERS = frozenset({"none", "doubt"})


def _stop_on_reply(news: Applied) -> None:
    """A text that was decided on but has not gone is taken back: it was no answer to this."""
    if news.intent in _ANSWERS:
        answers.replied(news.conn, news.contact_number_id, news.at)
    answered = [row[0] for row in news.conn.execute(_ANSWERED, [news.contact_number_id])]
    for enrollment_id in answered:
        take_back(news.conn, enrollment=enrollment_id, reason=None, again_at=news.at, now=news.at)
    _stop(news.conn, answered, EndReason.REPLIED, moving.ANSWERED, news.at)


def _stop_on_opt_out(news: Suppressed) -> None:
    answers.opted_out(news.conn, news.contact_number_ids, news.now)
    rows = news.conn.execute(
        """
        SELECT id FROM sms_campaign_enrollments
        WHERE contact_number_id = ANY(%s) AND status IN ('active', 'paused') ORDER BY id
        """,
        [list(news.contact_number_ids)],
    )
    _stop(news.conn, [row[0] for row in rows], EndReason.OPTED_OUT, "Stopped: the lead has opted out.", news.now)


def _wait_for_a_colleague(news: WrittenByHand) -> None:
    """What was decided on before a colleague wrote is decided on again, after the gap of the campaign's rules."""
    rows = news.conn.execute(
        """
        SELECT e.id, coalesce((v.rules ->> 'touch_gap_hours')::int, 24)
        FROM sms_campaign_enrollments e JOIN sms_campaign_versions v ON v.id = e.version_id
        WHERE e.contact_number_id = %s AND EXISTS (
              SELECT 1 FROM sms_messages m WHERE m.contact_number_id = e.contact_number_id AND m.enrollment_id = e.id
              AND m.status IN ('held', 'queued', 'claimed'))
        ORDER BY e.id
        """,
        [news.contact_number_id],
    ).fetchall()
    for enrollment_id, gap_hours in rows:
        again_at = news.now + timedelta(hours=gap_hours)
        take_back(news.conn, enrollment=enrollment_id, reason=Reason.TOUCHED, again_at=again_at, now=news.now)


def _ask_again(news: WaitEnded) -> None:
    news.conn.execute(
        """
        UPDATE sms_campaign_enrollments e SET next_run_at = %(now)s, changed_at = now()
        WHERE status = 'active' AND reason = %(reason)s
          AND (%(number)s::bigint IS NULL OR contact_number_id = %(number)s)
          AND (%(sender)s::bigint IS NULL OR EXISTS (
               SELECT FROM sms_conversations c WHERE c.id = e.conversation_id AND c.phone_number_id = %(sender)s))
        """,
        {
            "now": clock.now(),
            "reason": news.reason,
            "number": news.contact_number_id,
            "sender": news.sender_id,
        },
    )


def _stop(conn: Connection, enrollment_ids: Sequence[int], why: EndReason, sentence: str, now: datetime) -> None:
    """Ends these enrollments where they stand; a person may resume them from there."""
    if not enrollment_ids:
        return
    conn.execute(
        """
        UPDATE sms_campaign_enrollments
        SET status = 'stopped', reason = %s, sentence = %s, next_run_at = NULL, ended_at = %s, changed_at = now()
        WHERE id = ANY(%s) AND status IN ('active', 'paused')
        """,
        [why, sentence, now, list(enrollment_ids)],
    )
