"""What was answered: an answer, or an opt-out, counts for the campaign text that the person got last before it.

It is written down when it happens and stays, whatever becomes of the lead's way afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from webapp.database import Connection

#: A text that came longer ago is not what somebody answers.
_FRESH_DAYS = 14

# The newest text of a campaign that may have reached the number ``n``, whichever of ours it came from; one that is
# with the carrier may have been read before its receipt is here.
_LAST = """
SELECT t.enrollment_id, t.step_key FROM (
    (SELECT id, enrollment_id, step_key, sent_at AS at FROM sms_messages
     WHERE contact_number_id = n.id AND solicitation AND sent_at IS NOT NULL AND enrollment_id IS NOT NULL
       AND sent_at > %(now)s::timestamptz - %(days)s * interval '1 day' AND status NOT IN ('failed', 'undelivered')
     ORDER BY sent_at DESC, id DESC LIMIT 1)
    UNION ALL
    (SELECT id, enrollment_id, step_key, created_at FROM sms_messages
     WHERE contact_number_id = n.id AND status IN ('sending', 'unconfirmed') AND enrollment_id IS NOT NULL
     ORDER BY id DESC LIMIT 1)) t
ORDER BY t.at DESC, t.id DESC LIMIT 1
"""

_REPLIED = f"""
UPDATE sms_campaign_enrollments e SET replied_at = %(now)s, replied_step = last.step_key, changed_at = now()
FROM unnest(%(numbers)s::bigint[]) AS n (id) CROSS JOIN LATERAL ({_LAST}) last
WHERE e.id = last.enrollment_id AND e.replied_at IS NULL AND e.opted_out_at IS NULL
"""  # noqa: S608 (our own words)

# What came from a list, or by erasing somebody, is no answer to a text.
_OPTED_OUT = f"""
UPDATE sms_campaign_enrollments e SET opted_out_at = %(now)s, opted_out_step = last.step_key, changed_at = now()
FROM contact_numbers n CROSS JOIN LATERAL ({_LAST}) last
WHERE n.id = ANY(%(numbers)s) AND n.suppression_source NOT IN ('import', 'erasure')
  AND e.id = last.enrollment_id AND e.opted_out_at IS NULL
"""  # noqa: S608 (our own words)


def replied(conn: Connection, contact_number_id: int, now: datetime) -> None:
    """Somebody has answered at business time ``now``."""
    conn.execute(_REPLIED, {"numbers": [contact_number_id], "now": now, "days": _FRESH_DAYS})


def opted_out(conn: Connection, contact_number_ids: Sequence[int], now: datetime) -> None:
    """These wish no texts any more, since business time ``now``."""
    conn.execute(_OPTED_OUT, {"numbers": list(contact_number_ids), "now": now, "days": _FRESH_DAYS})
