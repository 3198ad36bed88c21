"""What the carrier brings: its webhooks as they came, and the pictures and files of messages."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, MachineTime


class Media(Base):
    """A picture or file that came with a text, kept in Postgres: a dyno has no disk."""

    __tablename__ = "media"
    __table_args__ = (
        sa.Index("ix_media_unfetched", "id", postgresql_where=sa.text("fetched_at IS NULL AND error IS NULL")),
    )

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_messages.id", ondelete="CASCADE"), index=True)
    carrier_sid: Mapped[str] = mapped_column(unique=True)
    content_type: Mapped[str]
    filename: Mapped[str | None]
    size: Mapped[Count]
    content: Mapped[bytes | None]
    attempts: Mapped[Count]
    not_before: Mapped[MachineTime]
    """Machine time of the next try."""
    error: Mapped[str | None]
    fetched_at: Mapped[datetime | None]


class WebhookReceipt(Base):
    """A webhook's raw form, committed before it is answered; applied afterwards, in any order, any number of times."""

    __tablename__ = "webhook_receipts"
    __table_args__ = (
        sa.Index("ix_webhook_receipts_unapplied", "not_before", "id", postgresql_where=sa.text("applied_at IS NULL")),
        sa.Index("ix_webhook_receipts_parked", "message_sid", postgresql_where=sa.text("applied_at IS NULL")),
        sa.Index("ix_webhook_receipts_received_at", "received_at", postgresql_using="brin"),
    )

    id: Mapped[Id]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    event_type: Mapped[str]
    message_sid: Mapped[str | None]
    """The text that it speaks of: one recorded later wakes what was parked for it."""
    intent: Mapped[str | None]
    """What a contact's text meant when it was stored: stop, wrong_number, doubt, start, help or none."""
    form: Mapped[Json]
    received_at: Mapped[MachineTime]
    at: Mapped[datetime]
    """Business time of arrival."""
    not_before: Mapped[MachineTime]
    """Machine time of the next try: an unknown SID is parked, not dropped."""
    attempts: Mapped[Count]
    applied_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
