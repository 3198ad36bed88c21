"""Consent: how a person agreed to be texted, written down before the first text goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.database import Connection
from webapp.models.constants import ConsentEvent


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """``source``: how they agreed (a web form, in person, …); ``at``: when; ``attested``: whoever enters it vouches."""

    source: str
    at: datetime | None = None
    attested: bool = False
    note: str | None = None


def record_opt_in(
    conn: Connection, contact_number_id: int, given: ConsentGiven, *, actor_id: int | None, now: datetime
) -> bool:
    """Adds an opt-in to the ledger; False, and nothing written, if nobody attested to it.

    It never lifts a suppression: only the person, or an audited re-opt-in, does (47 CFR 64.1200(a)(10)).
    """
    if not given.attested:
        return False
    occurred_at = given.at or now
    conn.execute(
        """
        INSERT INTO consent_events (contact_number_id, event, source, occurred_at, attested, actor_id, note)
        VALUES (%s, %s, %s, %s, true, %s, %s)
        """,
        [contact_number_id, ConsentEvent.OPT_IN, given.source, occurred_at, actor_id, given.note],
    )
    conn.execute(
        """
        UPDATE contact_numbers SET consent_at = %s, consent_source = %s
        WHERE id = %s AND suppressed_at IS NULL AND (consent_at IS NULL OR consent_at < %s)
        """,
        [occurred_at, given.source, contact_number_id, occurred_at],
    )
    return True
