"""Campaigns as the list shows them: each with where its leads are, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.models.constants import CampaignKind, CampaignStatus

PAGE_SIZE = 50
_MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """Words that a name must have, and a state; without one all but archived campaigns are meant."""

    typed: str = ""
    status: CampaignStatus | None = None

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than what is usually shown."""
        return bool(self.typed or self.status)


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign of the list.

    ``texted``: leads that got a text; ``replied`` and ``opted_out``: leads whom that ended it for. ``next_due`` is the
    first moment at which something is due (business time).
    """

    id: int
    name: str
    kind: CampaignKind
    status: CampaignStatus
    paused_because: str
    owner: str | None
    canary: bool
    edited: bool
    steps: int
    enrolled: int
    texted: int
    replied: int
    opted_out: int
    next_due: datetime | None

    @property
    def waits_after_canary(self) -> bool:
        """The first leads got their text; the others wait for a person."""
        return self.canary and self.status == CampaignStatus.RUNNING


_LINES = """
SELECT g.id, g.name, g.kind, g.status, g.paused_because, u.name AS owner, g.canary,
       d.id IS NOT NULL AND g.live_version_id IS NOT NULL AS edited,
       (SELECT count(*) FROM sms_campaign_steps s WHERE s.version_id = coalesce(d.id, g.live_version_id)) AS steps,
       f.enrolled, f.texted, f.replied, f.opted_out, CASE WHEN g.status = 'running' THEN f.next_due END AS next_due
FROM (SELECT * FROM sms_campaigns c
      WHERE (%(sees_all)s OR c.owner_id = %(actor_id)s)
        AND (%(before)s::bigint IS NULL OR c.id < %(before)s)
        AND CASE WHEN %(status)s::text IS NULL THEN c.status <> 'archived' ELSE c.status = %(status)s END
        AND c.name ILIKE ALL (%(terms)s)
      ORDER BY c.id DESC LIMIT %(limit)s) g
LEFT JOIN users u ON u.id = g.owner_id
LEFT JOIN sms_campaign_versions d ON d.campaign_id = g.id AND d.published_at IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) AS enrolled, count(*) FILTER (WHERE e.last_text_at IS NOT NULL) AS texted,
           count(*) FILTER (WHERE e.status = 'stopped' AND e.reason = 'replied') AS replied,
           count(*) FILTER (WHERE e.status = 'stopped' AND e.reason = 'opted_out') AS opted_out,
           min(e.next_run_at) FILTER (WHERE e.status = 'active' AND NOT e.parked) AS next_due
    FROM sms_campaign_enrollments e WHERE e.campaign_id = g.id) f ON true
ORDER BY g.id DESC
"""


def lines(conn: Connection, actor: Actor, wanted: Filter, *, before: int | None = None) -> list[Line]:
    """At most ``PAGE_SIZE + 1`` campaigns that the actor may see, newest first, from behind the one ``before``."""
    with conn.cursor(row_factory=class_row(Line)) as cursor:
        return cursor.execute(
            _LINES,
            {
                "before": before,
                "status": wanted.status,
                "terms": [f"%{_literal(term)}%" for term in wanted.typed.split()[:_MOST_TERMS]],
                "limit": PAGE_SIZE + 1,
                **actor.params(),
            },
        ).fetchall()


def _literal(term: str) -> str:
    r"""The word for ILIKE, in which ``%``, ``_`` and ``\`` mean themselves."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
