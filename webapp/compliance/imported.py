"""Consents and opt-outs from files, written down for a batch of numbers at once. The numbers' rows are locked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from webapp.compliance.consent import ConsentGiven, lapses_at
from webapp.compliance.suppressions import Cause, suppress_all
from webapp.database import Connection
from webapp.leads.signals import Consent, ConsentsImported, ImportedOptOut
from webapp.models.constants import ConsentChannel, ConsentEvent, SuppressionSource


@dataclass(frozen=True, slots=True)
class FromFile:
    """Where a batch comes from: the file's name, and who imports it. ``now`` is business time."""

    filename: str
    actor_id: int | None
    now: datetime

    def evidence(self, **more: object) -> dict[str, object]:
        return {"file": self.filename, **more}


@dataclass(frozen=True, slots=True)
class Stopped:
    """What became of a batch of opt-outs, as contact number ids.

    ``fresh`` were not suppressed before, ``answered`` have been answered by the person's own later START.
    """

    fresh: set[int]
    known: set[int]
    answered: set[int]


def write_opt_ins(news: ConsentsImported) -> None:
    """Each number's consent to the ledger, and to the number if it is not suppressed and its consent is no better."""
    source = FromFile(news.filename, news.actor_id, news.now)
    given = sorted(news.given, key=lambda pair: pair[0])
    values = {
        "numbers": [number for number, _ in given],
        "sources": [consent.source for _, consent in given],
        "instants": [consent.at for _, consent in given],
        "until": [_until(consent) for _, consent in given],
        "details": [Jsonb(source.evidence(kind=consent.kind)) for _, consent in given],
        "event": ConsentEvent.OPT_IN,
        "channel": ConsentChannel.IMPORT,
        "actor_id": news.actor_id,
    }
    news.conn.execute(_WRITE_OPT_INS, values)
    news.conn.execute(_HOLD_GOOD, values)


def write_opt_outs(conn: Connection, told: Sequence[ImportedOptOut], source: FromFile) -> Stopped:
    """Suppresses the numbers since the day that the file names, else from now on; each may be told of several times.

    A number that is suppressed already keeps the earlier of the two days. One that was answered by a later START stays
    as it is. What the ledger has from an import before is not written again.
    """
    causes = _causes(told, source)
    numbers = list(causes)
    suppressed = dict(conn.execute(_LOCK, {"numbers": numbers}).fetchall())
    written = {row[0] for row in conn.execute(_WRITTEN_BEFORE, _instants(causes))}
    dated = {each.contact_number_id for each in told if each.at is not None}
    said_before = written | {number for number in numbers if suppressed[number] and number not in dated}
    fresh = suppress_all(
        conn, {number: cause for number, cause in causes.items() if number not in said_before}, now=source.now
    )
    conn.execute(_EARLIER, _instants(causes))
    known = {number for number in numbers if suppressed[number]}
    return Stopped(fresh, known, set(numbers) - fresh - known)


def _causes(told: Sequence[ImportedOptOut], source: FromFile) -> dict[int, Cause]:
    """Each number's first opt-out; one in the future has come by now."""
    causes: dict[int, Cause] = {}
    for each in told:
        cause = Cause(
            SuppressionSource.IMPORT,
            each.reason,
            min(each.at or source.now, source.now),
            source.actor_id,
            channel=ConsentChannel.IMPORT,
            details=source.evidence() if each.at else source.evidence(undated=True),
        )
        before = causes.get(each.contact_number_id)
        if before is None or cause.at < before.at:
            causes[each.contact_number_id] = cause
    return causes


def _until(consent: Consent) -> datetime | None:
    return lapses_at(ConsentGiven(consent.source, kind=consent.kind), consent.at)


def _instants(causes: Mapping[int, Cause]) -> dict[str, object]:
    return {
        "numbers": list(causes),
        "instants": [cause.at for cause in causes.values()],
        "reasons": [cause.matched for cause in causes.values()],
        "source": SuppressionSource.IMPORT,
        "event": ConsentEvent.OPT_OUT,
    }


_WRITE_OPT_INS = """
INSERT INTO consent_events
    (contact_number_id, event, channel, source, occurred_at, expires_at, attested, actor_id, details)
SELECT s.number, %(event)s, %(channel)s, s.source, s.at, s.until, true, %(actor_id)s, s.details
FROM unnest(%(numbers)s::bigint[], %(sources)s::text[], %(instants)s::timestamptz[], %(until)s::timestamptz[],
            %(details)s::jsonb[]) AS s (number, source, at, until, details)
"""

# As for one consent: the newest holds, and an implied one never takes the place of one that was expressed.
_HOLD_GOOD = """
UPDATE contact_numbers AS n
SET consent_at = s.at, consent_source = s.source, consent_channel = %(channel)s, consent_until = s.until
FROM unnest(%(numbers)s::bigint[], %(sources)s::text[], %(instants)s::timestamptz[], %(until)s::timestamptz[])
     AS s (number, source, at, until)
WHERE n.id = s.number AND n.suppressed_at IS NULL AND CASE
    WHEN n.consent_at IS NULL THEN true
    WHEN s.until IS NULL THEN n.consent_until IS NOT NULL OR n.consent_at < s.at
    ELSE n.consent_until < s.until END
"""

_LOCK = "SELECT id, suppressed_at FROM contact_numbers WHERE id = ANY(%(numbers)s) ORDER BY id FOR UPDATE"

_WRITTEN_BEFORE = """
SELECT s.number FROM unnest(%(numbers)s::bigint[], %(instants)s::timestamptz[]) AS s (number, at)
WHERE EXISTS (
    SELECT 1 FROM consent_events AS e
    WHERE e.contact_number_id = s.number AND e.event = %(event)s AND e.source = %(source)s AND e.occurred_at = s.at)
"""

# The day and the reason go together; that the person had their data deleted is never written over.
_EARLIER = """
UPDATE contact_numbers AS n
SET suppressed_at = s.at, suppression_source = %(source)s, suppression_reason = s.reason
FROM unnest(%(numbers)s::bigint[], %(instants)s::timestamptz[], %(reasons)s::text[]) AS s (number, at, reason)
WHERE n.id = s.number AND s.at < n.suppressed_at AND n.suppression_source IS DISTINCT FROM 'erasure'
"""
