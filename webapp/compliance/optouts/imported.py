"""Opt-outs from files, written down for a batch of numbers at once. The numbers' rows are locked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.compliance.consent.imported import FromFile, on_day
from webapp.compliance.optouts.suppressions import Cause, suppress_all
from webapp.database import Connection
from webapp.leads.signals import ImportedOptOut
from webapp.models.constants import ConsentChannel, ConsentEvent, SuppressionSource


@dataclass(frozen=True, slots=True)
class Stopped:
    """What became of a batch of opt-outs, as contact number ids.

    ``fresh`` were not suppressed before, ``answered`` have been answered by the person's own later START.
    """

    fresh: set[int]
    known: set[int]
    answered: set[int]


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
            details=source.evidence(**_when(each, source.now)),
        )
        before = causes.get(each.contact_number_id)
        if before is None or cause.at < before.at:
            causes[each.contact_number_id] = cause
    return causes


def _when(each: ImportedOptOut, now: datetime) -> dict[str, object]:
    return on_day(each.day) if each.at and each.at <= now else {"undated": True}


def _instants(causes: Mapping[int, Cause]) -> dict[str, object]:
    return {
        "numbers": list(causes),
        "instants": [cause.at for cause in causes.values()],
        "reasons": [cause.matched for cause in causes.values()],
        "source": SuppressionSource.IMPORT,
        "event": ConsentEvent.OPT_OUT,
    }


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
