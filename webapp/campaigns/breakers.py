"""Circuit breakers: a wording that carriers filter, that fails, or that people answer with STOP is stopped by itself,
and so is one of our numbers whose texts do.

A step's wording stops alone; where the texts of a number do badly beyond what its wordings explain, nothing automatic
goes from it, whichever campaigns write, and everybody else's leads go on. What counted for a stop does not count again.

A lead whose text was filtered goes on to the next step: its number is good, what was refused is the wording, and the
next one is another. Where filtering is the rule, that is for the breaker to see, which stops all and not one lead. A
number that is bad is another matter: the receipt says so of the number, and the gate refuses whatever comes next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.campaigns import breaker_figures
from webapp.campaigns.breaker_figures import OfStep
from webapp.campaigns.steering.taking_back import take_back
from webapp.compliance import stopped_senders
from webapp.compliance.stopped_senders import StoppedSender
from webapp.database import Connection
from webapp.models.constants import Reason


@dataclass(frozen=True, slots=True)
class Tripped:
    """A wording that is stopped: which step, what it says, why, and how many leads wait for it."""

    step_key: str
    number: int
    version: int
    body: str
    because: str
    waiting: int


@dataclass(frozen=True, slots=True)
class SenderTripped:
    """One of our numbers that is stopped, and how many leads of a campaign wait for it."""

    sender: StoppedSender
    waiting: int


def look(conn: Connection, now: datetime) -> int:
    """Stops what does badly. Returns how many steps and senders. ``now``: business time; the caller commits.

    All are marked before a text is taken back: so the senders' rows are had before any thread's, as where texts are
    claimed.
    """
    settings = account_settings.load(conn)
    stopped = 0
    for step in breaker_figures.of_steps(conn, settings):
        if because := step.objection(settings):
            _mark_step(conn, step, because)
            stopped += 1
    for sender in breaker_figures.of_senders(conn, settings):
        if because := sender.objection(settings):
            stopped += stopped_senders.stop(conn, sender.sender_id, because, sender.newest_id, now)
    _take_back_what_is_queued(conn, now)
    return stopped


def tripped(conn: Connection, campaign_id: int) -> Sequence[Tripped]:
    """The wordings of a campaign that are stopped."""
    with conn.cursor(row_factory=class_row(Tripped)) as cursor:
        return cursor.execute(_TRIPPED, [campaign_id]).fetchall()


def senders_tripped(conn: Connection, campaign_id: int) -> Sequence[SenderTripped]:
    """Our numbers that are stopped and that leads of this campaign are written to from."""
    stopped = stopped_senders.all_of_them(conn)
    if not stopped:
        return ()
    waiting = dict(conn.execute(_WAITING_FOR, [campaign_id, [sender.id for sender in stopped]]).fetchall())
    return tuple(SenderTripped(sender, waiting[sender.id]) for sender in stopped if sender.id in waiting)


def resume_step(conn: Connection, campaign_id: int, step_key: str, actor: Actor, now: datetime) -> int:
    """Lets a stopped wording go on, in every version. Returns how many leads had waited for it."""
    values = {"campaign": campaign_id, "step": step_key, "now": now}
    if conn.execute(_RESUME_STEP, values).rowcount:
        audit.record(conn, actor.id, "breaker.resumed", f"campaign:{campaign_id}", step=step_key)
    return conn.execute(_RELEASE, values).rowcount


def _mark_step(conn: Connection, step: OfStep, because: str) -> None:
    conn.execute(
        "UPDATE sms_campaign_steps SET paused_because = %s, judged_to_id = %s WHERE id = %s",
        [because, step.newest_id, step.step_id],
    )
    target = f"campaign:{step.campaign_id}"
    audit.record(conn, None, "breaker.tripped", target, step=step.step_key, because=because)


def _take_back_what_is_queued(conn: Connection, now: datetime) -> None:
    """Of all that is stopped: a tick that had read a step or a number before may have queued some more."""
    for campaign_id, step_id, because in conn.execute(_QUEUED_OF_STEPS).fetchall():
        said = f"Held: {because}"
        take_back(
            conn, campaign=campaign_id, step=step_id, reason=Reason.BREAKER, sentence=said, again_at=None, now=now
        )
    for sender in stopped_senders.all_of_them(conn):
        take_back(conn, sender=sender.id, reason=Reason.BREAKER, sentence=sender.sentence, again_at=None, now=now)


_QUEUED_OF_STEPS = """
SELECT DISTINCT v.campaign_id, s.id, s.paused_because
FROM sms_campaign_steps s
JOIN sms_campaign_versions v ON v.id = s.version_id
JOIN sms_messages m ON m.campaign_id = v.campaign_id AND m.step_key = s.step_key
JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id AND e.version_id = s.version_id
WHERE s.paused_because <> '' AND m.status IN ('held', 'queued', 'claimed')
"""

_TRIPPED = """
SELECT s.step_key, s.position + 1 AS number, v.number AS version, s.variants -> 0 ->> 'body' AS body,
       s.paused_because AS because,
       (SELECT count(*) FROM sms_campaign_enrollments e WHERE e.campaign_id = v.campaign_id
        AND e.version_id = v.id AND e.position = s.position AND e.status = 'active') AS waiting
FROM sms_campaign_steps s JOIN sms_campaign_versions v ON v.id = s.version_id
WHERE v.campaign_id = %s AND s.paused_because <> '' ORDER BY v.number, s.position
"""

_WAITING_FOR = """
SELECT c.phone_number_id, count(*)
FROM sms_campaign_enrollments e JOIN sms_conversations c ON c.id = e.conversation_id
WHERE e.campaign_id = %s AND e.status = 'active' AND c.phone_number_id = ANY(%s) GROUP BY 1
"""

_RESUME_STEP = """
UPDATE sms_campaign_steps SET paused_because = ''
WHERE step_key = %(step)s AND paused_because <> ''
  AND version_id IN (SELECT id FROM sms_campaign_versions WHERE campaign_id = %(campaign)s)
"""

_RELEASE = """
UPDATE sms_campaign_enrollments e SET next_run_at = %(now)s, reason = NULL, sentence = '', changed_at = now()
FROM sms_campaign_steps s
WHERE s.version_id = e.version_id AND s.position = e.position AND s.step_key = %(step)s
  AND e.campaign_id = %(campaign)s AND e.status = 'active' AND e.reason = 'breaker' AND e.next_run_at IS NULL
"""
