"""What each figure of a campaign counts, as SQL: one definition for its page, its lists, the API and the breakers.

``m`` is a text of a campaign (``sms_messages``), ``e`` a lead's way through it (``sms_campaign_enrollments``).
"""

from __future__ import annotations

from webapp.models.constants import EndReason

#: Texts that have been decided on and have not gone.
QUEUED = "m.status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')"
#: Texts that the carrier has taken.
SENT = "m.sent_at IS NOT NULL AND m.status <> 'canceled'"
DELIVERED = "m.status = 'delivered'"
#: Texts that did not arrive, or were refused at the last moment.
FAILED = "m.status IN ('failed', 'undelivered', 'refused')"
#: Twilio's errors for a text that carriers refuse for what it says, or for who says it.
FILTERED_CODES = (30007, 30032, 30033, 30034)
#: Those of the failed. Their leads' numbers are good, so their ways go on: see ``campaigns.breakers``.
FILTERED = f"{FAILED} AND m.error_code IN ({', '.join(map(str, FILTERED_CODES))})"

#: Leads who have answered, and who have opted out, after a text of this campaign; see ``campaigns.answers``.
REPLIED = "e.replied_at IS NOT NULL"
OPTED_OUT = "e.opted_out_at IS NOT NULL"
#: Leads whose next step it is, and those of them whom something holds up.
WAITING = "e.status IN ('active', 'paused')"
HELD = (
    "e.status = 'active' AND e.reason IS NOT NULL AND NOT starts_with(e.sentence, 'Skipped') "
    "AND NOT starts_with(e.reason, 'chosen_')"  # a draft's way keeps a choice there: see ``joining.elsewhere``
)
#: Leads whose step's moment is so long ago that a person decides whether it still goes.
LATE = "e.status = 'active' AND e.reason = 'late' AND e.next_run_at IS NULL"
#: Leads for whom it ended otherwise than by an answer, an opt-out or its last step.
LEFT_OUT = f"e.status = 'stopped' AND NOT ({REPLIED}) AND NOT ({OPTED_OUT})"
#: Leads that are past the step ``s`` of their version without a text of it.
SKIPPED = """
e.position > s.position AND NOT EXISTS (
    SELECT FROM sms_messages m WHERE m.enrollment_id = e.id AND m.step_key = s.step_key AND m.status <> 'canceled')
"""

#: Why a way was stopped for good, as a list of SQL words.
ENDS = ", ".join(f"'{reason}'" for reason in EndReason)
