"""Campaigns as the list shows them: each with where its leads are, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg.rows import class_row

from webapp.accounts.actors import Actor
from webapp.campaigns.figures import definitions
from webapp.database import Connection
from webapp.models.constants import CampaignKind, CampaignStatus

PAGE_SIZE = 50
_MOST_TERMS = 8


class Sort(StrEnum):
    """Which campaign comes first."""

    NEWEST = "newest"
    NAME = "name"
    RUNNING = "running"
    """Those that run, then those that are paused, the drafts, and what is over."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Words that a name must have, and a state; without one all but archived campaigns are meant."""

    typed: str = ""
    status: CampaignStatus | None = None
    sort: Sort = Sort.NEWEST

    @property
    def narrowed(self) -> bool:
        """Whether it shows less than what is usually shown."""
        return bool(self.typed or self.status)


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign of the list. ``stopped_steps``: how many of its steps a breaker stopped.

    ``texted``: leads that got a text; ``replied`` and ``opted_out``: leads who have done so. ``next_due`` is the
    first moment at which something is due (business time). ``asked_by``: who asks for a second person to launch it, or
    to publish its edit.
    """

    id: int
    name: str
    kind: CampaignKind
    status: CampaignStatus
    paused_because: str
    owner: str | None
    canary: bool
    stopped_steps: int
    edited: bool
    steps: int
    enrolled: int
    texted: int
    replied: int
    opted_out: int
    next_due: datetime | None
    asked_by: str | None

    @property
    def waits_after_canary(self) -> bool:
        """The first leads got their text; the others wait for a person."""
        return self.canary and self.status == CampaignStatus.RUNNING


_LINES = """
SELECT g.id, g.name, g.kind, g.status, g.paused_because, u.name AS owner, g.canary,
       (SELECT count(*) FROM sms_campaign_steps s
        WHERE s.version_id = g.live_version_id AND s.paused_because <> '') AS stopped_steps,
       d.id IS NOT NULL AND g.live_version_id IS NOT NULL AS edited,
       (SELECT count(*) FROM sms_campaign_steps s WHERE s.version_id = coalesce(d.id, g.live_version_id)) AS steps,
       f.enrolled, f.texted, f.replied, f.opted_out, CASE WHEN g.status = 'running' THEN f.next_due END AS next_due,
       CASE WHEN d.id IS NOT NULL AND g.status NOT IN ('finished', 'archived') THEN asking.name END AS asked_by
FROM (SELECT * FROM sms_campaigns c
      WHERE (%(sees_all)s OR c.owner_id = %(actor_id)s)
        AND (%(before)s::bigint IS NULL
             OR ({key}) {beyond} (SELECT {key} FROM sms_campaigns c WHERE c.id = %(before)s))
        AND CASE WHEN %(status)s::text IS NULL THEN c.status <> 'archived' ELSE c.status = %(status)s END
        AND c.name ILIKE ALL (%(terms)s)
      ORDER BY {order} LIMIT %(limit)s) g
LEFT JOIN users u ON u.id = g.owner_id
LEFT JOIN users asking ON asking.id = g.launch_asked_by
LEFT JOIN sms_campaign_versions d ON d.campaign_id = g.id AND d.published_at IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) AS enrolled, count(*) FILTER (WHERE e.last_text_at IS NOT NULL) AS texted,
           count(*) FILTER (WHERE {d.REPLIED}) AS replied,
           count(*) FILTER (WHERE {d.OPTED_OUT}) AS opted_out,
           min(e.next_run_at) FILTER (WHERE e.status = 'active' AND NOT e.parked) AS next_due
    FROM sms_campaign_enrollments e WHERE e.campaign_id = g.id) f ON true
ORDER BY {outer}
"""

_RANK = "array_position(ARRAY['running', 'paused', 'draft', 'finished', 'archived'], c.status::text)"
#: Of each order: what places a campaign, and whether that runs up or down.
_ORDERS: dict[Sort, tuple[tuple[str, ...], str]] = {
    Sort.NEWEST: (("c.id",), "DESC"),
    Sort.NAME: (("lower(c.name)", "c.id"), "ASC"),
    Sort.RUNNING: ((_RANK, "-c.id"), "ASC"),
}


def lines(conn: Connection, actor: Actor, wanted: Filter, *, before: int | None = None) -> list[Line]:
    """At most ``PAGE_SIZE + 1`` campaigns that the actor may see, in the order asked for, from behind ``before``."""
    with conn.cursor(row_factory=class_row(Line)) as cursor:
        return cursor.execute(
            _in_order(wanted.sort),
            {
                "before": before,
                "status": wanted.status,
                "terms": [f"%{_literal(term)}%" for term in wanted.typed.split()[:_MOST_TERMS]],
                "limit": PAGE_SIZE + 1,
                **actor.params(),
            },
        ).fetchall()


def _in_order(sort: Sort) -> str:
    """The query that gives the campaigns in this order."""
    keys, way = _ORDERS[sort]
    order = ", ".join(f"{key} {way}" for key in keys)
    return _LINES.format(
        d=definitions,
        key=", ".join(keys),
        beyond="<" if way == "DESC" else ">",
        order=order,
        outer=order.replace("c.", "g."),
    )


def audience(conn: Connection, campaign_id: int) -> int:
    """How many leads are enrolled, or were."""
    row = conn.execute("SELECT count(*) FROM sms_campaign_enrollments WHERE campaign_id = %s", [campaign_id]).fetchone()
    assert row is not None
    return int(row[0])


def _literal(term: str) -> str:
    r"""The word for ILIKE, in which ``%``, ``_`` and ``\`` mean themselves."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
