"""What was decided and what happened: append-only."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id, Json, MachineTime


class Decision(Base):
    """Why a text was sent, held, skipped or refused: rule, version and inputs."""

    __tablename__ = "decisions"
    __table_args__ = (
        sa.Index(
            "ix_decisions_enrollment", "enrollment_id", "id", postgresql_where=sa.text("enrollment_id IS NOT NULL")
        ),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    recorded_at: Mapped[MachineTime]
    stage: Mapped[str]
    """queue, claim or send: the gate's three places."""
    outcome: Mapped[str]
    reason: Mapped[str | None]
    rule: Mapped[str]
    rule_version: Mapped[str]
    sentence: Mapped[str]
    inputs: Mapped[Json]
    contact_number_id: Mapped[int] = mapped_column(index=True)
    message_id: Mapped[int | None] = mapped_column(index=True)
    enrollment_id: Mapped[int | None]
    """Whose step was decided on; a step that is held or skipped has no text yet."""
    step_key: Mapped[str | None]


class SmsEvent(Base):
    """One thing that happened, for the thread's own lines and for analytics. Partitioned by month of ``at``."""

    __tablename__ = "sms_events"
    __table_args__ = (
        sa.Index("ix_sms_events_conversation", "conversation_id", "id"),
        sa.Index("ix_sms_events_at", "at", postgresql_using="brin"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    type: Mapped[str]
    conversation_id: Mapped[int | None]
    message_id: Mapped[int | None]
    user_id: Mapped[int | None]
    data: Mapped[Json]
