"""What leads announce to the rooms above: they listen inside the same transaction, through its connection.

Compliance writes the consent row and suppresses, messaging takes back what is queued. A consent or an opt-out that
nobody writes down would be lost, so announcing one without a listener is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from blinker import Signal

from webapp.database import Connection
from webapp.models.constants import ConsentKind


@dataclass(frozen=True, slots=True)
class Consent:
    """How a person agreed to texts. ``at`` is when, ``attested`` that somebody vouches for it.

    ``day``: where only that is known; ``at`` is then its first moment, and nobody's word.
    """

    source: str
    at: datetime
    attested: bool
    kind: ConsentKind = ConsentKind.EXPRESS
    day: date | None = None


@dataclass(frozen=True, slots=True)
class LeadLeft:
    """A lead no longer stands behind a contact number: it was deleted, or got another phone."""

    conn: Connection
    lead_id: int
    contact_number_id: int
    actor_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class LeadsChanged:
    """The tags or the status of these leads are others than before. They are as the transaction has them by now."""

    conn: Connection
    lead_ids: Sequence[int]
    now: datetime


@dataclass(frozen=True, slots=True)
class ConsentAnnounced:
    """These contact numbers agreed, all in the same way."""

    conn: Connection
    contact_number_ids: tuple[int, ...]
    consent: Consent
    actor_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class ConsentsImported:
    """What a batch of an import's file says: each contact number once, with its own consent."""

    conn: Connection
    given: Sequence[tuple[int, Consent]]
    filename: str
    actor_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class ImportedOptOut:
    """``at`` is business time, and None where the file does not say when; ``reason`` is the file's own, or empty.

    ``day``: where the file names only that.
    """

    contact_number_id: int
    at: datetime | None = None
    reason: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class OptOutsImported:
    """These contact numbers are marked in a file as opted out."""

    conn: Connection
    opt_outs: Sequence[ImportedOptOut]
    filename: str
    actor_id: int | None
    now: datetime


#: Receivers get one LeadLeft, before the lead's row is gone.
lead_deleted = Signal()
#: Receivers get one LeadLeft with the number that the lead had until now.
lead_renumbered = Signal()
#: Receivers get one LeadsChanged; the leads, and before them their numbers, are locked.
leads_changed = Signal()
#: Receivers get one ConsentAnnounced.
consent_given = Signal()
#: Receivers get one ConsentsImported.
consents_imported = Signal()
#: Receivers get one OptOutsImported.
opt_outs_imported = Signal()


def announce_change(conn: Connection, lead_ids: Sequence[int], now: datetime) -> None:
    """Tells that the tags or the status of these leads, if there are any, are others. ``now``: business time."""
    if lead_ids:
        leads_changed.send(LeadsChanged(conn, lead_ids, now))


def announce_consent(news: ConsentAnnounced) -> None:
    """Hands a consent to whoever keeps the ledger. Raises RuntimeError when nobody does."""
    _announce(consent_given, news)


def announce_imported_consents(news: ConsentsImported) -> None:
    """Likewise a batch of them."""
    _announce(consents_imported, news)


def announce_imported_opt_outs(news: OptOutsImported) -> None:
    """Hands opt-outs to whoever suppresses. Raises RuntimeError when nobody does."""
    _announce(opt_outs_imported, news)


def _announce(signal: Signal, news: object) -> None:
    if not signal.receivers:
        raise RuntimeError("nobody writes this down: register the compliance room")
    signal.send(news)
