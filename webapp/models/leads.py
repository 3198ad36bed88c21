"""Leads, and the contact numbers that outlive them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, Strings, one_of
from webapp.models.constants import LeadStatus


class ContactNumber(Base):
    """A number that we ever texted or heard. It survives the lead, and with it the suppression.

    A STOP locks this row; so does the update that puts a text on the wire.
    """

    __tablename__ = "contact_numbers"
    __table_args__ = (
        sa.Index(
            "ix_contact_numbers_suppressed", "suppressed_at", postgresql_where=sa.text("suppressed_at IS NOT NULL")
        ),
        sa.Index("ix_contact_numbers_doubt", "doubt_at", postgresql_where=sa.text("doubt_at IS NOT NULL")),
        sa.Index("ix_contact_numbers_agreed", "consent_at", postgresql_where=sa.text("consent_at IS NOT NULL")),
        sa.Index(
            "ix_contact_numbers_unasked", "id", postgresql_where=sa.text("consent_at IS NULL AND suppressed_at IS NULL")
        ),
        sa.Index("ix_contact_numbers_last_four", sa.text('"right"(e164, 4)')),
        # Only what was erased has one: an import asks it for every row, and a whole one would grow with every number.
        sa.Index("uq_contact_numbers_hmac", "hmac", unique=True, postgresql_where=sa.text("hmac IS NOT NULL")),
    )

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
    consent_channel: Mapped[str | None]
    consent_until: Mapped[datetime | None]
    """When an implied consent lapses (CASL); None for one that was expressed."""
    pending_at: Mapped[datetime | None]
    """Asked to confirm an opt-in by a text, and not yet answered."""
    doubt_at: Mapped[datetime | None]
    """A probable opt-out that waits for a person to confirm or dismiss it; automatic texts wait with it."""
    doubt_source: Mapped[str | None]
    doubt_matched: Mapped[str | None]
    """The words that raised it, or the carrier's code; never the body of a text."""
    doubt_message_id: Mapped[int | None]
    last_inbound_at: Mapped[datetime | None]
    simulated: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]
    hmac: Mapped[bytes | None]
    """Set when the person had their data erased: ``e164`` then reads ``erased:ID``, and a re-import of the number
    finds its suppression by this."""
    erased_at: Mapped[datetime | None]


class Lead(Base):
    """A person whom the team sells to. One lead a phone number."""

    __tablename__ = "leads"
    __table_args__ = (
        one_of("status", LeadStatus),
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
    status: Mapped[str] = mapped_column(server_default=LeadStatus.NEW)
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


class SavedList(Base):
    """A named choice of leads: a filter that is asked anew each time, or the leads that it found when it was frozen."""

    __tablename__ = "saved_lists"
    __table_args__ = (
        sa.Index(
            "uq_saved_lists_name",
            "owner_id",
            sa.text("lower(name)"),
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    shared: Mapped[bool] = mapped_column(server_default=sa.false())
    """Whether others may use it; each still sees only the leads that they may see."""
    frozen: Mapped[bool] = mapped_column(server_default=sa.false())
    filter: Mapped[Json]
    """``leads.filters.Filter`` as stored."""
    counted: Mapped[int | None] = mapped_column(sa.Integer)
    """How many leads its owner saw in it, and when (business time)."""
    counted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    """Since when it is gone from the pages; for a while that can be undone."""


class SavedListMember(Base):
    """A lead in a frozen list."""

    __tablename__ = "saved_list_members"
    __table_args__ = (sa.Index("ix_saved_list_members_lead", "lead_id"),)

    list_id: Mapped[int] = mapped_column(
        sa.ForeignKey("saved_lists.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lead_id: Mapped[int] = mapped_column(
        sa.ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
