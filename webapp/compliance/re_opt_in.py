"""Opting somebody in again who had opted out: only with evidence, audited, and the owners are told.

The person's own START needs none of this. Where they texted STOP, the carrier blocks the number as well, and only
their START to our number ends that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.compliance import suppressions
from webapp.compliance.suppressions import Cause
from webapp.database import Connection
from webapp.leads.consents import CONSENT_SOURCES
from webapp.models.constants import SuppressionSource
from webapp.rules.zones import zone_info

NOTE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """How they agreed (one of CONSENT_SOURCES), on which day in the actor's zone, and what shows it.

    ``attested``: the actor vouches for it. ``after_erasure``: and knows that the person had their data deleted.
    """

    source: str
    day: date | None
    note: str
    attested: bool
    after_erasure: bool = False


@dataclass(frozen=True, slots=True)
class Stopped:
    """A suppressed number, locked."""

    id: int
    suppressed_at: datetime
    source: str


def lock(conn: Connection, contact_number_id: int) -> Stopped | None:
    """The suppression, which stays as it is until this transaction ends; None where there is none."""
    row = conn.execute(
        """
        SELECT id, suppressed_at, suppression_source FROM contact_numbers
        WHERE id = %s AND suppressed_at IS NOT NULL FOR UPDATE
        """,
        [contact_number_id],
    ).fetchone()
    return Stopped(*row) if row else None


def complaints(evidence: Evidence, stopped: Stopped, zone: str, now: datetime) -> dict[str, str]:
    """What is missing or cannot be, by field. ``zone``: the actor's. ``now``: business time."""
    wrong: dict[str, str] = {}
    if evidence.source not in CONSENT_SOURCES:
        wrong["source"] = "Say how they agreed."
    if evidence.day is None:
        wrong["day"] = "Give the day on which they agreed."
    elif not _day_of(stopped.suppressed_at, zone) <= evidence.day <= _day_of(now, zone):
        opted_out = f"{_day_of(stopped.suppressed_at, zone):%-d %B %Y}"
        wrong["day"] = f"Give a day from {opted_out}, when they opted out, until today."
    if not evidence.note.strip():
        wrong["note"] = "Say what shows it: their words, the form, where it is kept."
    if not evidence.attested:
        wrong["attested"] = "Confirm that they agreed."
    if stopped.source == SuppressionSource.ERASURE and not evidence.after_erasure:
        wrong["after_erasure"] = "Confirm that they agreed after they had their data deleted."
    return wrong


def write(conn: Connection, stopped: Stopped, evidence: Evidence, *, actor: Actor, now: datetime) -> bool:
    """Lifts the suppression with this evidence, and audits it; False if they opted out again since that day.

    The evidence has no ``complaints``.
    """
    cause = Cause(
        evidence.source,
        evidence.note.strip()[:NOTE_LENGTH],
        _instant(evidence, stopped, actor.timezone, now),
        actor_id=actor.id,
        details={"re_opt_in": True, "lifted": stopped.source, "stopped_at": stopped.suppressed_at.isoformat()},
    )
    if not suppressions.lift(conn, stopped.id, cause):
        return False
    audit.record(
        conn, actor.id, "consent.opted_in_again", f"number:{stopped.id}", lifted=stopped.source, source=evidence.source
    )
    return True


def _instant(evidence: Evidence, stopped: Stopped, zone: str, now: datetime) -> datetime:
    """The day's end, or now: what was agreed on the day of the opt-out was agreed after it."""
    assert evidence.day is not None
    next_day = datetime.combine(evidence.day + timedelta(days=1), datetime.min.time(), zone_info(zone))
    return max(min(next_day - timedelta(seconds=1), now), stopped.suppressed_at + timedelta(microseconds=1))


def _day_of(instant: datetime, zone: str) -> date:
    return instant.astimezone(zone_info(zone)).date()
