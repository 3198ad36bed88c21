"""How the newest texts of each wording, and of each of our numbers, fared: what a breaker judges by.

Looked at are the newest texts, so that the look costs the same however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from webapp.accounts.settings import AccountSettings
from webapp.campaigns.figures import definitions
from webapp.database import Connection

#: Of this many newest texts of the whole account.
_NEWEST = 20_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Of ``sends`` texts that the carrier had: ``filtered``, ``failed`` otherwise, and answered by an opt-out.

    ``newest_id``: the newest text that was counted.
    """

    sends: int
    filtered: int
    failed: int
    opted_out: int
    newest_id: int

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
class OfStep(Figures):
    """A wording's figures. ``step_id``: its row in a version."""

    step_id: int
    campaign_id: int
    step_key: str


@dataclass(frozen=True, slots=True)
class OfSender(Figures):
    """The figures of one of our numbers."""

    sender_id: int


def of_steps(conn: Connection, settings: AccountSettings) -> list[OfStep]:
    """Of every wording that still goes out and has texts enough."""
    with conn.cursor(row_factory=class_row(OfStep)) as cursor:
        return cursor.execute(_OF_STEPS, _limits(settings)).fetchall()


def of_senders(conn: Connection, settings: AccountSettings) -> list[OfSender]:
    """Of every number that writes and has texts enough, whatever became of their campaigns: a broadcast is over before
    its receipts are here. Texts of wordings that are stopped are those wordings' fault."""
    with conn.cursor(row_factory=class_row(OfSender)) as cursor:
        return cursor.execute(_OF_SENDERS, _limits(settings)).fetchall()


def _limits(settings: AccountSettings) -> dict[str, object]:
    return {
        "newest": _NEWEST,
        "window": settings.breaker_texts,
        "least": settings.breaker_least_texts,
    }


# Texts that a wording was stopped for count neither for it
# again nor against their sender.
_TEXTS = f"""
WITH texts AS MATERIALIZED (
    SELECT m.id, m.campaign_id, m.phone_number_id, g.status = 'running' AS running, {definitions.FAILED} AS failed,
           {definitions.FILTERED} AS filtered, s.id AS step_id, s.step_key,
           {definitions.OPTED_OUT} AND e.opted_out_step = m.step_key AS opted_out
    FROM sms_messages m
    JOIN sms_campaigns g ON g.id = m.campaign_id
    JOIN sms_campaign_enrollments e ON e.id = m.enrollment_id
    JOIN sms_campaign_steps s ON s.version_id = e.version_id AND s.step_key = m.step_key AND s.paused_because = ''
    WHERE m.id > s.judged_to_id AND m.id > (SELECT coalesce(max(id), 0) FROM sms_messages) - %(newest)s
      AND m.status IN ('sent', 'delivered', 'undelivered', 'failed')
)
"""  # noqa: S608 (our own words)

_COUNTS = """
count(*) AS sends, count(*) FILTER (WHERE filtered) AS filtered, count(*) FILTER (WHERE opted_out) AS opted_out,
count(*) FILTER (WHERE failed AND filtered IS NOT TRUE) AS failed, max(id) AS newest_id
"""

_OF_STEPS = f"""
{_TEXTS}
SELECT step_id, campaign_id, step_key, {_COUNTS}
FROM (SELECT t.*, row_number() OVER (PARTITION BY step_id ORDER BY id DESC) AS place FROM texts t WHERE running) ranked
WHERE place <= %(window)s GROUP BY 1, 2, 3 HAVING count(*) >= %(least)s ORDER BY 1
"""  # noqa: S608 (our own words)

_OF_SENDERS = f"""
{_TEXTS}
SELECT sender_id, {_COUNTS}
FROM (SELECT t.*, p.id AS sender_id, row_number() OVER (PARTITION BY p.id ORDER BY t.id DESC) AS place
      FROM texts t JOIN phone_numbers p ON p.id = t.phone_number_id
      WHERE p.paused_because = '' AND t.id > p.judged_to_id) ranked
WHERE place <= %(window)s GROUP BY 1 HAVING count(*) >= %(least)s ORDER BY 1
"""  # noqa: S608 (our own words)
