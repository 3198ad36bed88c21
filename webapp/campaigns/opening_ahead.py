"""Which threads are opened ahead: those of the leads whose next text is soonest due, and of launches being prepared.

The gate is asked as for the text itself. What it would hold, such as for the night, may be opened all the same: opening
sends nothing. Whom it would refuse is never made known to the carrier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from webapp import clock, database
from webapp.compliance import facts, gate
from webapp.compliance.decisions import Outcome
from webapp.database import Connection
from webapp.leads.contacts import simulated
from webapp.messaging import outbox, threads_ahead
from webapp.messaging.threads_ahead import Opens, Unopened
from webapp.models.constants import Origin

#: Texts that are due so soon; and of these the soonest so many, likewise of a launch that is being prepared.
AHEAD = timedelta(hours=24)
MOST = 50_000
#: One run takes no more than these in hand; the next one looks again. It counts no further than a thousand.
_IN_HAND, _COUNTED = 200, 1000
_RUN_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The most urgent of the threads to open, and how many there are, as far as they were counted."""

    listed: list[Unopened]
    count: int


def run(carrier: Opens, seconds: float = _RUN_SECONDS) -> bool:
    """Opens threads for some seconds. True if there are more to open at once."""
    with database.transaction() as conn:
        wanted = look(conn, clock.now())
        threads_ahead.note_waiting(conn, wanted.count)
    if not wanted.listed or threads_ahead.resting():
        return False
    opening = threads_ahead.Run(carrier, still_wanted)
    opened = opening.over(wanted.listed, seconds=seconds)
    return opened > 0 and opening.trouble is None and wanted.count > opened


def look(conn: Connection, now: datetime) -> Wanted:
    """What is to be opened; nothing while all automatic texts are held. ``now``: business time."""
    if outbox.circumstances(conn).settings.automation_paused:
        return Wanted([], 0)
    values = {
        "now": now,
        "ahead": AHEAD,
        "most": MOST,
        "counted": _COUNTED,
        "in_hand": _IN_HAND,
        "simulated": simulated(),
    }
    with conn.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(_WANTED, values).fetchall()
    return Wanted([row.unopened() for row in rows], rows[0].count if rows else 0)


def still_wanted(one: Unopened) -> bool:
    """Right before it is opened: whether it is still wanted, and the gate refuses no automatic text to that number."""
    now = clock.now()
    with database.transaction() as conn:
        around = outbox.circumstances(conn)
        if around.settings.automation_paused or not conn.execute(_STILL, [one.conversation_id]).fetchone():
            return False
        about = facts.load(conn, [one.contact_number_id], now)[one.contact_number_id]
    asked = gate.Asked(Origin.CAMPAIGN, automatic=True, asked_at=now)
    return gate.judge(about, asked, around, now).outcome is not Outcome.REFUSE


@dataclass(frozen=True, slots=True)
class _Row:
    conversation_id: int
    contact_number_id: int
    unique_name: str
    address: str
    sender: str
    count: int

    def unopened(self) -> Unopened:
        return Unopened(self.conversation_id, self.contact_number_id, self.unique_name, self.address, self.sender)


# A conversation that the carrier does not know, of people who may be written to. What has a text in the queue is being
# opened by that text; what the carrier has turned down is left to its text for a day.
_OPENABLE = """
c.twilio_sid IS NULL AND (c.opening_failed_at IS NULL OR c.opening_failed_at < now() - interval '1 day')
AND n.simulated = %(simulated)s AND n.suppressed_at IS NULL AND n.invalid_at IS NULL
AND n.consent_at IS NOT NULL AND (n.consent_until IS NULL OR n.consent_until > %(now)s)
AND NOT EXISTS (SELECT 1 FROM sms_messages q WHERE q.conversation_id = c.id
                AND q.status IN ('queued', 'claimed', 'sending', 'unconfirmed'))
"""

# Whose next step is due soon; whose text waits for its hour already; and who waits for a person to launch, or to go on
# after a canary. A draft counts for a day after leads were put into it. Each stops reading when it has found enough.
_WANTED = f"""
WITH last AS (
    SELECT next_run_at AS at, id FROM sms_campaign_enrollments
    WHERE status = 'active' AND NOT parked AND next_run_at <= %(now)s + %(ahead)s
    ORDER BY next_run_at, id OFFSET %(most)s - 1 LIMIT 1
), coming AS (
    (SELECT 0 AS later, e.next_run_at AS at, c.id
     FROM sms_campaign_enrollments e JOIN sms_campaigns g ON g.id = e.campaign_id AND g.status = 'running'
     JOIN sms_conversations c ON c.id = e.conversation_id JOIN contact_numbers n ON n.id = c.contact_number_id
     WHERE e.status = 'active' AND NOT e.parked AND e.next_run_at <= %(now)s + %(ahead)s AND {_OPENABLE}
       AND (e.next_run_at, e.id) <= (coalesce((SELECT at FROM last), %(now)s + %(ahead)s),
                                     coalesce((SELECT id FROM last), 9223372036854775807))
     ORDER BY e.next_run_at, e.id LIMIT %(counted)s)
    UNION ALL
    (SELECT 0, m.send_after, c.id
     FROM sms_messages m JOIN sms_campaigns g ON g.id = m.campaign_id AND g.status = 'running'
     JOIN sms_conversations c ON c.id = m.conversation_id JOIN contact_numbers n ON n.id = c.contact_number_id
     WHERE m.status = 'held' AND m.send_after <= %(now)s + %(ahead)s AND {_OPENABLE}
     ORDER BY m.send_after, m.id LIMIT %(counted)s)
    UNION ALL
    (SELECT 1, %(now)s, c.id
     FROM sms_campaigns g CROSS JOIN LATERAL (
         SELECT o.created_at FROM sms_campaign_enrollments o
         WHERE o.campaign_id = g.id AND o.status = 'active' ORDER BY o.id DESC LIMIT 1) newest
     CROSS JOIN LATERAL (
         SELECT e.conversation_id FROM sms_campaign_enrollments e
         WHERE e.campaign_id = g.id AND e.status = 'active' AND e.parked ORDER BY e.id LIMIT %(most)s) waiting
     JOIN sms_conversations c ON c.id = waiting.conversation_id JOIN contact_numbers n ON n.id = c.contact_number_id
     WHERE (g.status = 'draft' OR (g.status = 'running' AND g.canary))
       AND (g.canary OR newest.created_at > %(now)s - %(ahead)s) AND {_OPENABLE}
     LIMIT %(counted)s)
), wanted AS (SELECT id, min(later) AS later, min(at) AS at FROM coming GROUP BY id)
SELECT c.id AS conversation_id, n.id AS contact_number_id, c.unique_name::text, n.e164 AS address, p.e164 AS sender,
       count(*) OVER () AS count
FROM wanted w JOIN sms_conversations c ON c.id = w.id JOIN contact_numbers n ON n.id = c.contact_number_id
JOIN phone_numbers p ON p.id = c.phone_number_id AND p.active AND p.simulated = %(simulated)s
ORDER BY w.later, w.at, w.id LIMIT %(in_hand)s
"""  # noqa: S608 (our own words)

_STILL = """
SELECT 1 FROM sms_conversations c
WHERE c.id = %s AND c.twilio_sid IS NULL AND (EXISTS (
    SELECT 1 FROM sms_campaign_enrollments e
    JOIN sms_campaigns g ON g.id = e.campaign_id AND g.status IN ('running', 'draft')
    WHERE e.contact_number_id = c.contact_number_id AND e.conversation_id = c.id AND e.status = 'active')
  OR EXISTS (
    SELECT 1 FROM sms_messages m JOIN sms_campaigns g ON g.id = m.campaign_id AND g.status = 'running'
    WHERE m.contact_number_id = c.contact_number_id AND m.conversation_id = c.id AND m.status = 'held'))
"""
