"""Putting leads into a campaign: once per entry, however often it is asked, and each left-out one for a reason.

Set operations on chunks; the caller commits. What cannot be texted is left out here, so that a campaign's figures are
those of people it writes to; the gate has its word again at each step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg.rows import class_row

from webapp.accounts.actors import Actor, visible
from webapp.campaigns import timing
from webapp.campaigns.steps import Version
from webapp.compliance import hours
from webapp.compliance.facts import Facts
from webapp.database import Connection

CHUNK = 5000


class Entry(StrEnum):
    """What became of one lead that was to be enrolled."""

    ENROLLED = "enrolled"
    ALREADY = "already_enrolled"
    BEFORE = "enrolled_before"
    ELSEWHERE = "in_another_campaign"
    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"
    NO_CONSENT = "no_consent"
    NO_SENDER = "no_sender"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Target:
    """The campaign that is filled. ``parked``: its first moments wait, for a draft is not running yet."""

    version: Version
    parked: bool
    enrolled_by: int | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    lead_id: int
    contact_number_id: int
    e164: str
    state: str | None
    postal_code: str | None
    timezone: str | None
    owner_id: int | None
    entry: int
    outcome: str
    sender_id: int | None


def enroll(conn: Connection, target: Target, lead_ids: Sequence[int], actor: Actor, now: datetime) -> Counter[Entry]:
    """Enrolls these leads, as far as the actor may see them. Returns how many became what; they add up to the given.

    Leads given twice count twice. ``now``: business time.
    """
    outcomes: Counter[Entry] = Counter()
    _plan_for_large_tables(conn)
    for chunk in _chunks(lead_ids):
        candidates = _candidates(conn, target, chunk, actor, now)
        outcomes[Entry.NOT_FOUND] += len(chunk) - len(candidates)
        going = [one for one in candidates if one.outcome == Entry.ENROLLED]
        outcomes.update(Entry(one.outcome) for one in candidates if one.outcome != Entry.ENROLLED)
        entered = _insert(conn, target, going, now)
        outcomes[Entry.ENROLLED] += entered
        outcomes[Entry.ALREADY] += len(going) - entered
    conn.execute("SET LOCAL enable_seqscan = on")
    return +outcomes


def _plan_for_large_tables(conn: Connection) -> None:
    """Postgres keeps the plans of its foreign key checks for a session: those that it made while the tables were small
    read them whole for each row, and a first large enrollment would take the square of its time."""
    conn.execute("SET LOCAL enable_seqscan = off")
    conn.execute("DISCARD PLANS")


def _chunks(lead_ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(lead_ids), CHUNK):
        yield list(lead_ids[start : start + CHUNK])


# The sender: one of the campaign's that the lead knows, else the campaign's by turns; without any of its own, the one
# that last wrote with the lead, else the account's default.
_CANDIDATES = f"""
SELECT l.id AS lead_id, n.id AS contact_number_id, n.e164, l.state, l.postal_code, l.timezone, l.owner_id,
       coalesce(last.entry, 0) + 1 AS entry,
       CASE WHEN last.status IN ('active', 'paused') THEN 'already_enrolled'
            WHEN last.entry IS NOT NULL AND (%(reentry)s::int IS NULL
                 OR last.ended_at + %(reentry)s * interval '1 day' > %(now)s) THEN 'enrolled_before'
            WHEN n.suppressed_at IS NOT NULL THEN 'opted_out'
            WHEN n.invalid_at IS NOT NULL THEN 'bad_number'
            WHEN n.consent_at IS NULL OR n.consent_until <= %(now)s THEN 'no_consent'
            WHEN %(alone)s AND EXISTS (
                 SELECT 1 FROM sms_campaign_enrollments o WHERE o.contact_number_id = n.id
                 AND o.status IN ('active', 'paused') AND o.campaign_id <> %(campaign)s) THEN 'in_another_campaign'
            WHEN sender.id IS NULL THEN 'no_sender'
            ELSE 'enrolled' END AS outcome,
       sender.id AS sender_id
FROM unnest(%(leads)s::bigint[]) WITH ORDINALITY AS asked (id, place)
JOIN leads l ON l.id = asked.id AND {visible("l.owner_id")}
JOIN contact_numbers n ON n.id = l.contact_number_id
LEFT JOIN LATERAL (
    SELECT entry, status, ended_at FROM sms_campaign_enrollments e
    WHERE e.campaign_id = %(campaign)s AND e.lead_id = l.id ORDER BY entry DESC LIMIT 1) last ON true
LEFT JOIN LATERAL (
    SELECT p.id FROM phone_numbers p
    LEFT JOIN sms_conversations c ON c.phone_number_id = p.id AND c.contact_number_id = n.id
    WHERE p.active AND (%(numbers)s::bigint[] = '{{}}' OR p.id = ANY(%(numbers)s))
    ORDER BY c.last_message_at DESC NULLS LAST, c.id DESC NULLS LAST,
             CASE WHEN %(numbers)s::bigint[] = '{{}}' THEN 0 ELSE (p.id + l.id) %% 1021 END, p.is_default DESC, p.id
    LIMIT 1) sender ON true
ORDER BY asked.place
"""  # noqa: S608 (our own words)


def _candidates(conn: Connection, target: Target, lead_ids: list[int], actor: Actor, now: datetime) -> list[_Candidate]:
    rules = target.version.rules
    with conn.cursor(row_factory=class_row(_Candidate), binary=True) as cursor:
        return cursor.execute(
            _CANDIDATES,
            {
                "leads": lead_ids,
                "campaign": target.version.campaign_id,
                "reentry": rules.reentry_days,
                "alone": rules.one_campaign_at_a_time == "skip",
                "numbers": list(rules.senders.numbers),
                "now": now,
                **actor.params(),
            },
        ).fetchall()


_THREADS = """
INSERT INTO sms_conversations (contact_number_id, phone_number_id, lead_id, assigned_to, created_at)
SELECT t.number, t.sender, t.lead, t.owner, %(now)s
FROM unnest(%(number)s::bigint[], %(sender)s::bigint[], %(lead)s::bigint[], %(owner)s::bigint[])
  AS t (number, sender, lead, owner)
WHERE NOT EXISTS (SELECT 1 FROM sms_conversations c
                  WHERE c.contact_number_id = t.number AND c.phone_number_id = t.sender)
ORDER BY t.number ON CONFLICT (contact_number_id, phone_number_id) DO NOTHING
"""

_ENTER = """
INSERT INTO sms_campaign_enrollments
    (campaign_id, version_id, lead_id, contact_number_id, conversation_id, entry, parked, next_run_at, enrolled_by,
     created_at)
SELECT %(campaign)s, %(version)s, t.lead, t.number, c.id, t.entry, %(parked)s, t.next_run_at, %(by)s, %(now)s
FROM unnest(%(lead)s::bigint[], %(number)s::bigint[], %(sender)s::bigint[], %(entry)s::int[],
            %(next_run_at)s::timestamptz[])
  AS t (lead, number, sender, entry, next_run_at)
JOIN sms_conversations c ON c.contact_number_id = t.number AND c.phone_number_id = t.sender
ON CONFLICT (campaign_id, lead_id, entry) DO NOTHING
"""


def _insert(conn: Connection, target: Target, going: list[_Candidate], now: datetime) -> int:
    if not going:
        return 0
    columns = {
        "lead": [one.lead_id for one in going],
        "number": [one.contact_number_id for one in going],
        "sender": [one.sender_id for one in going],
        "owner": [one.owner_id for one in going],
    }
    conn.execute(_THREADS, columns | {"now": now})
    return conn.execute(
        _ENTER,
        columns
        | {
            "campaign": target.version.campaign_id,
            "version": target.version.id,
            "entry": [one.entry for one in going],
            "parked": target.parked,
            "next_run_at": [_first_moment(target.version, one, now) for one in going],
            "by": target.enrolled_by,
            "now": now,
        },
    ).rowcount


def _first_moment(version: Version, candidate: _Candidate, now: datetime) -> datetime:
    """When the first step is due; a draft's are set again when it is launched."""
    if not version.steps:
        return now
    where = Facts(
        candidate.contact_number_id,
        candidate.e164,
        state=candidate.state,
        postal_code=candidate.postal_code,
        timezone=candidate.timezone,
    )
    return timing.due(version.steps[0], now, hours.place_of(where).zones[0])
