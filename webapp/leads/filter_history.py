"""What a filter may ask about texts and campaigns. Each question is a probe a lead by an index; where it pays, Postgres
asks it of all leads at once.

A text counts as sent once the carrier took it. The one answer to STOP or HELP is no text of ours in this sense.
"""

from __future__ import annotations

from typing import Any

from webapp.leads.filter_values import COUNT, DAYS, ID, NOTHING, Bound, Op
from webapp.models.constants import EndReason, EnrollmentStatus

_HEARD = "EXISTS (SELECT FROM contact_numbers AS n WHERE n.id = l.contact_number_id AND n.last_inbound_at {})"
_SENT = (
    "FROM sms_conversations AS c JOIN sms_messages AS m ON m.conversation_id = c.id"
    " WHERE c.contact_number_id = l.contact_number_id"
    " AND m.direction = 'outbound' AND m.sent_at IS NOT NULL AND m.origin <> 'confirmation'"
)
_ENROLLED = "EXISTS (SELECT FROM sms_campaign_enrollments AS e WHERE e.lead_id = l.id AND e.campaign_id = {})"


def _heard_within(b: Bound, days: int) -> str:
    return _HEARD.format(f">= {b.days_ago(days)}")


def _sent_within(b: Bound, days: int) -> str:
    return f"EXISTS (SELECT {_SENT} AND m.sent_at >= {b.days_ago(days)})"


def _no_reply(b: Bound, days: int) -> str:
    """Was texted, and nothing came in for so long."""
    return f"NOT {_heard_within(b, days)} AND EXISTS (SELECT {_SENT})"


def _at_least(b: Bound, count: int) -> str:
    """Looks no further than the text that decides."""
    return f"EXISTS (SELECT {_SENT} OFFSET {b(count - 1, 'int')})"


def _at_most(b: Bound, count: int) -> str:
    return f"NOT EXISTS (SELECT {_SENT} OFFSET {b(count, 'int')})"


def _enrolled(b: Bound, campaign_id: Any, condition: str = "") -> str:  # noqa: ANN401 (an id, as its Takes reads it)
    sql = _ENROLLED.format(b(int(campaign_id), "bigint"))
    return sql.removesuffix(")") + f" AND {condition})" if condition else sql


_ON_ITS_WAY = f"e.status IN ('{EnrollmentStatus.ACTIVE}', '{EnrollmentStatus.PAUSED}')"
_COMPLETED = f"e.status = '{EnrollmentStatus.COMPLETED}'"
_REPLIED = f"e.status = '{EnrollmentStatus.STOPPED}' AND e.reason = '{EndReason.REPLIED}'"

LAST_INBOUND = {
    "within": Op("in the last", DAYS, _heard_within),
    "not_within": Op("not in the last", DAYS, lambda b, v: f"NOT {_heard_within(b, v)}"),
    "never": Op("never", NOTHING, lambda b, v: f"NOT {_HEARD.format('IS NOT NULL')}"),
}
LAST_OUTBOUND = {
    "within": Op("in the last", DAYS, _sent_within),
    "not_within": Op("not in the last", DAYS, lambda b, v: f"NOT {_sent_within(b, v)}"),
    "never": Op("never", NOTHING, lambda b, v: f"NOT EXISTS (SELECT {_SENT})"),
}
REPLY = {"none_in": Op("in the last", DAYS, _no_reply)}
TEXTS_SENT = {
    "at_least": Op("at least", COUNT, _at_least),
    "at_most": Op("at most", COUNT, _at_most),
    "none": Op("none", NOTHING, lambda b, v: f"NOT EXISTS (SELECT {_SENT})"),
}
CAMPAIGN = {
    "in": Op("is on its way in", ID, lambda b, v: _enrolled(b, v, _ON_ITS_WAY)),
    "not_in": Op("is not on its way in", ID, lambda b, v: f"NOT {_enrolled(b, v, _ON_ITS_WAY)}"),
    "never_in": Op("was never in", ID, lambda b, v: f"NOT {_enrolled(b, v)}"),
    "was_in": Op("is or was in", ID, _enrolled),
    "completed": Op("completed", ID, lambda b, v: _enrolled(b, v, _COMPLETED)),
    "stopped_by_reply": Op("stopped by a reply in", ID, lambda b, v: _enrolled(b, v, _REPLIED)),
}
