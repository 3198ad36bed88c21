"""Circuit breakers: a wording that carriers filter, that fails, or that people answer with STOP is stopped by itself.

Looked at are the newest texts, so that the look costs the same however many there are. A step's wording stops alone;
where the texts of a sender do badly beyond what its steps explain, the campaigns that write from it are paused. What
counted for a stop does not count again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts import settings as account_settings
from webapp.accounts.actors import Actor
from webapp.accounts.settings import AccountSettings
from webapp.campaigns import notes, running, store
from webapp.campaigns.taking_back import take_back
from webapp.database import Connection
from webapp.models.constants import Reason, Role
from webapp.rules.phones import display

#: Of this many newest texts of the whole account.
_NEWEST = 20_000
#: The carriers refuse what the text says, or who says it (Twilio errors).
FILTERED = (30007, 30032, 30033, 30034)

_LEADLINE = Actor(0, "Leadline", "", Role.ADMIN, "UTC")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of ``sends`` texts that the carrier had: ``filtered``, ``failed`` otherwise, and answered by an opt-out."""

    sends: int
    filtered: int
    failed: int
    opted_out: int

    def objection(self, settings: AccountSettings) -> str | None:
        """What passes its limit, as the rest of "Stopped: "; None while nothing does."""
        for count, percent, what in (
            (self.filtered, settings.breaker_filtered_percent, "were filtered by carriers"),
            (self.opted_out, settings.breaker_opt_out_percent, "were answered by an opt-out"),
            (self.failed, settings.breaker_failed_percent, "failed"),
        ):
            if count * 100 > percent * self.sends:
                return f"{count} of its last {self.sends} texts {what}; {percent}% is the limit."
        return None


@dataclass(frozen=True, slots=True)
class _Step(Figures):
    step_id: int
    campaign_id: int
    step_key: str
    newest_id: int


@dataclass(frozen=True, slots=True)
class _Sender(Figures):
    sender_id: int
    e164: str
    campaigns: list[int]
    newest_id: int


@dataclass(frozen=True, slots=True)
class Tripped:
    """A wording that is stopped: which step, what it says, why, and how many leads wait for it."""

    step_key: str
    number: int
    version: int
    body: str
    because: str
    waiting: int


def look(conn: Connection, now: datetime) -> int:
    """Stops what does badly. Returns how many steps and senders. ``now``: business time; the caller commits."""
    settings = account_settings.load(conn)
    stopped = 0
    for step in _steps(conn, settings):
        if because := step.objection(settings):
            _stop_step(conn, step, because, now)
            stopped += 1
    for sender in _senders(conn, settings):
        if because := sender.objection(settings):
            _stop_sender(conn, sender, because, now)
            stopped += 1
    _take_back_what_slipped_through(conn, now)
    return stopped


def tripped(conn: Connection, campaign_id: int) -> Sequence[Tripped]:
    """The wordings of a campaign that are stopped."""
    with conn.cursor(row_factory=class_row(Tripped)) as cursor:
        return cursor.execute(_TRIPPED, [campaign_id]).fetchall()


def resume_step(conn: Connection, campaign_id: int, step_key: str, actor: Actor, now: datetime) -> int:
    """Lets a stopped wording go on, in every version. Returns how many leads had waited for it."""
    values = {"campaign": campaign_id, "step": step_key, "now": now}
    if conn.execute(_RESUME_STEP, values).rowcount:
        audit.record(conn, actor.id, "breaker.resumed", f"campaign:{campaign_id}", step=step_key)
    return conn.execute(_RELEASE, values).rowcount


def _stop_step(conn: Connection, step: _Step, because: str, now: datetime) -> None:
    conn.execute("UPDATE sms_campaign_steps SET paused_because = %s WHERE id = %s", [because, step.step_id])
    take_back(conn, campaign=step.campaign_id, step=step.step_id, reason=Reason.BREAKER, again_at=None, now=now)
    notes.write(conn, f"breaker.step.{step.step_id}", step.newest_id)
    target = f"campaign:{step.campaign_id}"
    audit.record(conn, None, "breaker.tripped", target, step=step.step_key, because=because)


def _stop_sender(conn: Connection, sender: _Sender, because: str, now: datetime) -> None:
    notes.write(conn, f"breaker.sender.{sender.sender_id}", sender.newest_id)
    for campaign_id in sorted(sender.campaigns):
        campaign = store.find(conn, _LEADLINE, campaign_id, lock=True)
        if campaign is not None and campaign.status == "running":
            running.pause(conn, campaign, None, f"Leadline stopped {display(sender.e164)}: {because}", now)


def _take_back_what_slipped_through(conn: Connection, now: datetime) -> None:
    """A tick that had read the step before it was stopped may have queued some more."""
    for campaign_id, step_id in conn.execute(_STILL_QUEUED).fetchall():
        take_back(conn, campaign=campaign_id, step=step_id, reason=Reason.BREAKER, again_at=None, now=now)


def _steps(conn: Connection, settings: AccountSettings) -> list[_Step]:
    with conn.cursor(row_factory=class_row(_Step)) as cursor:
        return cursor.execute(_OF_STEPS, _limits(settings)).fetchall()


def _senders(conn: Connection, settings: AccountSettings) -> list[_Sender]:
    with conn.cursor(row_factory=class_row(_Sender)) as cursor:
        return cursor.execute(_OF_SENDERS, _limits(settings)).fetchall()


def _limits(settings: AccountSettings) -> dict[str, object]:
    return {
        "newest": _NEWEST,
        "filtered": list(FILTERED),
        "window": settings.breaker_texts,
        "least": settings.breaker_least_texts,
    }


# An opt-out counts for the text that came last before it. Texts that a wording was stopped for count neither for it
# again nor against their sender.
_TEXTS = """
WITH texts AS MATERIALIZED (
    SELECT m.id, m.campaign_id, m.phone_number_id, m.status IN ('failed', 'undelivered') AS failed,
           m.error_code = ANY(%(filtered)s) AS filtered, s.id AS step_id, s.step_key,
           e.status = 'stopped' AND e.reason = 'opted_out' AND e.position = s.position + 1 AS opted_out
    FROM sms_messages m
    JOIN sms_campaigns g ON g.id = m.campaign_id AND g.status = 'running'
    JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id
    JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.step_key = m.step_key AND s.paused_because = ''
    LEFT JOIN settings k ON k.key = 'breaker.step.' || s.id
    WHERE m.id > coalesce(k.value::bigint, 0) AND m.id > (SELECT coalesce(max(id), 0) FROM sms_messages) - %(newest)s
      AND m.status IN ('sent', 'delivered', 'undelivered', 'failed')
)
"""

_COUNTS = """
count(*) AS sends, count(*) FILTER (WHERE filtered) AS filtered, count(*) FILTER (WHERE opted_out) AS opted_out,
count(*) FILTER (WHERE failed AND filtered IS NOT TRUE) AS failed, max(id) AS newest_id
"""

_OF_STEPS = f"""
{_TEXTS}
SELECT step_id, campaign_id, step_key, {_COUNTS}
FROM (SELECT t.*, row_number() OVER (PARTITION BY step_id ORDER BY id DESC) AS place FROM texts t) ranked
WHERE place <= %(window)s GROUP BY 1, 2, 3 HAVING count(*) >= %(least)s ORDER BY 1
"""  # noqa: S608 (our own words)

_OF_SENDERS = f"""
{_TEXTS}
SELECT sender_id, e164, array_agg(DISTINCT campaign_id) AS campaigns, {_COUNTS}
FROM (SELECT t.*, p.id AS sender_id, p.e164, row_number() OVER (PARTITION BY p.id ORDER BY t.id DESC) AS place
      FROM texts t JOIN phone_numbers p ON p.id = t.phone_number_id
      LEFT JOIN settings k ON k.key = 'breaker.sender.' || p.id
      WHERE t.id > coalesce(k.value::bigint, 0)) ranked
WHERE place <= %(window)s GROUP BY 1, 2 HAVING count(*) >= %(least)s ORDER BY 1
"""  # noqa: S608 (our own words)

_STILL_QUEUED = """
SELECT DISTINCT v.campaign_id, s.id
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
