"""What leads announce to the rooms above: they listen inside the same transaction, through its connection.

Compliance writes the consent row, messaging takes back what is queued. A consent that nobody writes down would be
lost, so announcing one without a listener is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blinker import Signal

from webapp.database import Connection


@dataclass(frozen=True, slots=True)
class Consent:
    """How a person agreed to texts. ``at`` is when, ``attested`` that somebody vouches for it."""

    source: str
    at: datetime
    attested: bool


@dataclass(frozen=True, slots=True)
class LeadLeft:
    """A lead no longer stands behind a contact number: it was deleted, or got another phone."""

    conn: Connection
    lead_id: int
    contact_number_id: int
    actor_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class ConsentAnnounced:
    """These contact numbers agreed, all in the same way: one lead's, or a whole batch of an import."""

    conn: Connection
    contact_number_ids: tuple[int, ...]
    consent: Consent
    actor_id: int | None
    now: datetime


#: Receivers get one LeadLeft, before the lead's row is gone.
lead_deleted = Signal()
#: Receivers get one LeadLeft with the number that the lead had until now.
lead_renumbered = Signal()
#: Receivers get one ConsentAnnounced.
consent_given = Signal()


def announce_consent(news: ConsentAnnounced) -> None:
    """Hands a consent to whoever keeps the ledger. Raises RuntimeError when nobody does."""
    if not consent_given.receivers:
        raise RuntimeError("nobody writes consents down: register the compliance room")
    consent_given.send(news)
