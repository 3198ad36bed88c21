"""Opting somebody in again who had opted out: only with evidence, audited, and the owners are told.

The person's own START needs none of this. Where they texted STOP, the carrier blocks the number as well, and only
their START to our number ends that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.accounts import audit
from webapp.accounts.actors import Actor
from webapp.compliance.optouts import suppressions
from webapp.compliance.optouts.suppressions import Cause
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
    """A suppressed number, locked. ``last_at``: when it opted out the last time; ``suppressed_at``: the first."""

    id: int
    suppressed_at: datetime
    source: str
    last_at: datetime


def lock(conn: Connection, contact_number_id: int) -> Stopped | None:
    """The suppression, which stays as it is until this transaction ends; None where there is none."""
    row = conn.execute(
        """
        SELECT id, suppressed_at, suppression_source FROM contact_numbers
        WHERE id = %s AND suppressed_at IS NOT NULL FOR UPDATE
        """,
        [contact_number_id],
    ).fetchone()
    if row is None:
        return None
    number, first_at, source = row
    return Stopped(number, first_at, source, _last_stop(conn, contact_number_id) or first_at)


def complaints(evidence: Evidence, stopped: Stopped, zone: str, now: datetime) -> dict[str, str]:
    """What is missing or cannot be, by field. ``zone``: the actor's. ``now``: business time."""
    wrong: dict[str, str] = {}
    if evidence.source not in CONSENT_SOURCES:
        wrong["source"] = "Say how they agreed."
    if evidence.day is None:
        wrong["day"] = "Give the day on which they agreed."
    elif not _day_of(stopped.last_at, zone) <= evidence.day <= _day_of(now, zone):
        opted_out = f"{_day_of(stopped.last_at, zone):%b %-d, %Y}"
        wrong["day"] = f"Give a day from {opted_out}, when they opted out, until today."
    if not evidence.note.strip():
        wrong["note"] = "Say what shows it: their words, the form, where it is kept."
    if not evidence.attested:
        wrong["attested"] = "Confirm that they agreed."
    if stopped.source == SuppressionSource.ERASURE and not evidence.after_erasure:
        wrong["after_erasure"] = "Confirm that they agreed after they had their data deleted."
    return wrong


def write(conn: Connection, stopped: Stopped, evidence: Evidence, *, actor: Actor, now: datetime) -> None:
    """Lifts the suppression with this evidence, and audits it. The evidence has no ``complaints``.

    The ledger says that only the day is known: the instant is chosen so that it comes after the last opt-out.
    """
    assert evidence.day is not None
    cause = Cause(
        evidence.source,
        evidence.note.strip()[:NOTE_LENGTH],
        _instant(evidence.day, stopped, actor.timezone, now),
        actor_id=actor.id,
        details={
            "re_opt_in": True,
            "lifted": stopped.source,
            "stopped_at": stopped.suppressed_at.isoformat(),
            "day": evidence.day.isoformat(),
        },
    )
    lifted = suppressions.lift(conn, stopped.id, cause)
    assert lifted, "the number is locked, and the instant lies after its last opt-out"
    audit.record(
        conn, actor.id, "consent.opted_in_again", f"number:{stopped.id}", lifted=stopped.source, source=evidence.source
    )


def _last_stop(conn: Connection, contact_number_id: int) -> datetime | None:
    row = conn.execute(
        "SELECT max(occurred_at) FROM consent_events WHERE contact_number_id = %s AND event = 'opt_out'",
        [contact_number_id],
    ).fetchone()
    return row[0] if row else None


def _instant(day: date, stopped: Stopped, zone: str, now: datetime) -> datetime:
    """The day's end, or now: what was agreed on the day of the opt-out was agreed after it."""
    next_day = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone_info(zone))
    return max(min(next_day - timedelta(seconds=1), now), stopped.last_at + timedelta(microseconds=1))


def _day_of(instant: datetime, zone: str) -> date:
    return instant.astimezone(zone_info(zone)).date()
