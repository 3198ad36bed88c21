"""What the law asks to be kept: consent, opt-out lists, do-not-call lists, registrations, requests about data."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, MachineTime, one_of
from webapp.models.constants import ConsentEvent, DncKind, PrivacyKind, RegistrationKind


class ConsentRow(Base):
    """One row of the consent ledger. Append-only, by a trigger; a revocation is another row.

    A trigger also writes ``row_hash`` over the row and the hash of the number's previous one (``consent_row_hash`` in
    SQL), so that a row that was changed or taken out shows.
    """

    __tablename__ = "consent_events"
    __table_args__ = (
        one_of("event", ConsentEvent),
        sa.Index("ix_consent_events_number", "contact_number_id", "id"),
        sa.Index(
            "ix_consent_events_disclosure", "disclosure_id", postgresql_where=sa.text("disclosure_id IS NOT NULL")
        ),
    )

    id: Mapped[Id]
    contact_number_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_numbers.id"))
    event: Mapped[str]
    scope: Mapped[str] = mapped_column(server_default="all")
    """marketing, transactional or all."""
    channel: Mapped[str] = mapped_column(server_default="other")
    source: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[MachineTime]
    expires_at: Mapped[datetime | None]
    attested: Mapped[bool] = mapped_column(server_default=sa.false())
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    message_id: Mapped[int | None]
    disclosure_id: Mapped[int | None] = mapped_column(sa.ForeignKey("disclosures.id"))
    note: Mapped[str | None]
    details: Mapped[Json]
    """The rest of the evidence: page address, form, IP, user agent, the act, matched rule, classifier version, …"""
    prev_hash: Mapped[bytes | None]
    row_hash: Mapped[bytes]


class ConsentSeal(Base):
    """A nightly hash over every consent row since the last seal: what a number's own chain cannot show (its end cut
    off, a whole number gone) shows here."""

    __tablename__ = "consent_seals"

    id: Mapped[Id]
    at: Mapped[MachineTime]
    up_to_id: Mapped[int]
    rows: Mapped[int]
    prev_hash: Mapped[bytes | None]
    hash: Mapped[bytes]


class Disclosure(Base):
    """The words that a person agreed to, verbatim. A change is a new version; old ones stay for rows that cite them."""

    __tablename__ = "disclosures"
    __table_args__ = (sa.UniqueConstraint("kind", "version", name="uq_disclosures_kind_version"),)

    id: Mapped[Id]
    kind: Mapped[str]
    version: Mapped[Count]
    text: Mapped[str]
    page: Mapped[str] = mapped_column(server_default="")
    """The page as it was shown around the words, as HTML."""
    sha256: Mapped[bytes]
    created_at: Mapped[MachineTime]
    created_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class DncList(Base):
    """An imported do-not-call list. ``as_of``: the day on which the registry gave it out."""

    __tablename__ = "dnc_lists"
    __table_args__ = (one_of("kind", DncKind),)

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    as_of: Mapped[date] = mapped_column(sa.Date)
    entries: Mapped[Count]
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    imported_at: Mapped[MachineTime]
    imported_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class DncEntry(Base):
    """A number on a list."""

    __tablename__ = "dnc_entries"

    e164: Mapped[str] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(
        sa.ForeignKey("dnc_lists.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )


class SenderUsage(Base):
    """What each sender gave to the carrier in an hour of business time: the ground of the hourly and daily caps."""

    __tablename__ = "sender_usage"

    phone_number_id: Mapped[int] = mapped_column(
        sa.ForeignKey("phone_numbers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    texts: Mapped[Count]
    segments: Mapped[Count]


class Registration(Base):
    """What carriers ask before they let a business text: the answers so far, and where it stands."""

    __tablename__ = "registrations"
    __table_args__ = (one_of("kind", RegistrationKind),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[Json]
    updated_at: Mapped[MachineTime]
    updated_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    seen: Mapped[Json]
    """What the carrier last said of it, and when (machine time)."""
    seen_at: Mapped[datetime | None]


class PrivacyRequest(Base):
    """Somebody asked for their data, or for its deletion. Business time, as its deadline."""

    __tablename__ = "privacy_requests"
    __table_args__ = (one_of("kind", PrivacyKind),)

    id: Mapped[Id]
    kind: Mapped[str]
    contact_number_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_numbers.id"), index=True)
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    received_by: Mapped[str]
    """How it came: e-mail, phone, letter, text."""
    note: Mapped[str] = mapped_column(server_default="")
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    done_at: Mapped[datetime | None]
    outcome: Mapped[Json]
