"""Consent: how a person agreed to be texted, written down before the first text goes."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Adds one number's opt-in to the ledger: see ``record_opt_ins``."""
    return record_opt_ins(conn, [contact_number_id], given, actor_id=actor_id, now=now)


def record_opt_ins(
    conn: Connection, contact_number_ids: Sequence[int], given: ConsentGiven, *, actor_id: int | None, now: datetime
) -> bool:
    """Adds an opt-in to the ledger of each number; False, and nothing written, if nobody attested to it.

    It never lifts a suppression: only the person, or an audited re-opt-in, does (47 CFR 64.1200(a)(10)).
    """
    if not given.attested:
        return False
    values = {
        "numbers": list(contact_number_ids),
        "event": ConsentEvent.OPT_IN,
        "source": given.source,
        "at": given.at or now,
        "actor_id": actor_id,
        "note": given.note,
    }
    conn.execute(
        """
        INSERT INTO consent_events (contact_number_id, event, source, occurred_at, attested, actor_id, note)
        SELECT number, %(event)s, %(source)s, %(at)s, true, %(actor_id)s, %(note)s
        FROM unnest(%(numbers)s::bigint[]) AS number
        """,
        values,
    )
    conn.execute(
        """
        UPDATE contact_numbers SET consent_at = %(at)s, consent_source = %(source)s
        WHERE id = ANY(%(numbers)s) AND suppressed_at IS NULL AND (consent_at IS NULL OR consent_at < %(at)s)
        """,
        values,
    )
    return True
