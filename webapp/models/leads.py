"""Leads, and the contact numbers that outlive them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, MachineTime, Strings, one_of
from webapp.models.constants import ConsentEvent


class ContactNumber(Base):
    """A number that we ever texted or heard. It survives the lead, and with it the suppression.

    A STOP locks this row; so does the update that puts a text on the wire.
    """

    __tablename__ = "contact_numbers"

    id: Mapped[Id]
    e164: Mapped[str] = mapped_column(unique=True)
    suppressed_at: Mapped[datetime | None]
    suppression_source: Mapped[str | None]
    suppression_reason: Mapped[str | None]
    """What was matched ("stop") or noted; never the body of a text."""
    invalid_at: Mapped[datetime | None]
    invalid_reason: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    """The newest opt-in that no later opt-out has revoked; ``consent_events`` has the history."""
    consent_source: Mapped[str | None]
    last_inbound_at: Mapped[datetime | None]
    simulated: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]


class ConsentRow(Base):
    """One row of the consent ledger: append-only; a revocation is another row."""

    __tablename__ = "consent_events"
    __table_args__ = (one_of("event", ConsentEvent),)

    id: Mapped[Id]
    contact_number_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_numbers.id"), index=True)
    event: Mapped[str]
    source: Mapped[str]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[MachineTime]
    attested: Mapped[bool] = mapped_column(server_default=sa.false())
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    message_id: Mapped[int | None]
    note: Mapped[str | None]
    details: Mapped[Json]


class Lead(Base):
    """A person whom the team sells to. One lead a phone number."""

    __tablename__ = "leads"
    __table_args__ = (
        sa.UniqueConstraint("contact_number_id", name="uq_leads_contact_number_id"),
        sa.Index("ix_leads_newest", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("ix_leads_owner_newest", "owner_id", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("ix_leads_name", sa.text("lower(last_name)"), sa.text("lower(first_name)"), "id"),
        sa.Index("ix_leads_search", "search", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    id: Mapped[Id]
    contact_number_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_numbers.id"))
    phone: Mapped[str] = mapped_column(unique=True)
    """The contact number's E.164, repeated so that a list needs no join."""
    first_name: Mapped[str] = mapped_column(server_default="")
    last_name: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str | None]
    state: Mapped[str | None]
    postal_code: Mapped[str | None]
    timezone: Mapped[str | None]
    tags: Mapped[Strings]
    custom: Mapped[Json]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """*Assigned to*: the one notion of ownership, repeated on the lead's conversations."""
    score: Mapped[Count]
    source: Mapped[str] = mapped_column(server_default="manual")
    simulated: Mapped[bool] = mapped_column(server_default=sa.false())
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        sa.Computed("leadline_lead_search(first_name, last_name, phone, email, tags)", persisted=True),
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
