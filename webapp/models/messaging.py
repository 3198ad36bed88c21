"""Senders, conversations, messages, and the drafts of messages. What arrives about them is in ``arriving``."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, MachineTime, one_of
from webapp.models.constants import ConversationState, Direction, Origin, RemovedWhy, Status

_NEXT_CHANGE = sa.text("nextval('change_seq')")


class PhoneNumber(Base):
    """One of our senders."""

    __tablename__ = "phone_numbers"

    id: Mapped[Id]
    e164: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(server_default="")
    segments_per_second: Mapped[Decimal] = mapped_column(sa.Numeric(8, 2), server_default="1")
    paced_until: Mapped[MachineTime]
    """Machine time up to which this sender's throughput is already given out: the pacing of every worker."""
    toll_free: Mapped[bool] = mapped_column(server_default=sa.false())
    is_default: Mapped[bool] = mapped_column(server_default=sa.false())
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    simulated: Mapped[bool] = mapped_column(server_default=sa.false())
    paused_because: Mapped[str] = mapped_column(server_default="")
    """Why a breaker stopped it: nothing automatic goes from it until a person resumes it."""
    paused_at: Mapped[datetime | None]
    """Since when (business time)."""
    judged_to_id: Mapped[int] = mapped_column(server_default="0")
    """Texts up to this one counted for a stop, and do not count again."""
    created_at: Mapped[MachineTime]


class Conversation(Base):
    """The thread of one pair (contact number, our sender), made once and never renamed."""

    __tablename__ = "sms_conversations"
    __table_args__ = (
        one_of("state", ConversationState),
        sa.UniqueConstraint("contact_number_id", "phone_number_id", name="uq_sms_conversations_pair"),
        sa.Index("ix_sms_conversations_mine_changed", "assigned_to", sa.text("version DESC")),
        sa.Index("ix_sms_conversations_changed", sa.text("version DESC")),
        sa.Index(
            "ix_sms_conversations_mine_waiting",
            "assigned_to",
            "waiting_since",
            "id",
            postgresql_where=sa.text("waiting_since IS NOT NULL"),
        ),
        sa.Index(
            "ix_sms_conversations_waiting",
            "waiting_since",
            "id",
            postgresql_where=sa.text("waiting_since IS NOT NULL"),
        ),
        sa.Index(
            "ix_sms_conversations_mine_newest",
            "assigned_to",
            "state",
            sa.text("last_message_at DESC"),
            sa.text("id DESC"),
        ),
        sa.Index("ix_sms_conversations_newest", "state", sa.text("last_message_at DESC"), sa.text("id DESC")),
        sa.Index("ix_sms_conversations_suspect", "id", postgresql_where=sa.text("suspect")),
    )

    id: Mapped[Id]
    contact_number_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_numbers.id"))
    phone_number_id: Mapped[int] = mapped_column(sa.ForeignKey("phone_numbers.id"))
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("leads.id", ondelete="SET NULL"), index=True)
    unique_name: Mapped[uuid.UUID] = mapped_column(unique=True, server_default=sa.text("gen_random_uuid()"))
    """The pair's own opaque id, which Twilio knows the thread by."""
    twilio_sid: Mapped[str | None] = mapped_column(unique=True)
    opening_failed_at: Mapped[datetime | None]
    """Machine time at which the carrier refused to open it ahead: the text that needs it finds out why."""
    assigned_to: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(server_default=ConversationState.OPEN)
    waiting_since: Mapped[datetime | None]
    """Set while the lead spoke last and nobody replied, resolved or snoozed."""
    snoozed_until: Mapped[datetime | None]
    unread: Mapped[Count]
    last_message_at: Mapped[datetime | None]
    last_message_id: Mapped[int | None]
    last_body: Mapped[str] = mapped_column(server_default="")
    last_direction: Mapped[str | None]
    last_inbound_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=_NEXT_CHANGE)
    """Raised by every change that a page shows; what a poll compares."""
    read_back_at: Mapped[datetime | None]
    """Machine time of the last clean look at the carrier's copy of this thread."""
    touched_at: Mapped[datetime | None]
    """Business time when a colleague last wrote by hand: campaigns then wait a while."""
    suspect: Mapped[bool] = mapped_column(server_default=sa.false())
    """Something about this thread did not add up; the next sweep reads it back."""
    created_at: Mapped[datetime]


class Message(Base):
    """A text, from the moment it was asked for or heard."""

    __tablename__ = "sms_messages"
    __table_args__ = (
        one_of("direction", Direction),
        one_of("status", Status),
        one_of("origin", Origin),
        one_of("body_removed_why", RemovedWhy),
        sa.Index("ix_sms_messages_thread", "conversation_id", sa.text("id DESC")),
        sa.Index("ix_sms_messages_created_at", "created_at", postgresql_using="brin"),
        sa.Index(
            "ix_sms_messages_queue",
            "phone_number_id",
            "automatic",
            "id",
            "not_before",  # last: what waits to be tried again is passed over within the index
            postgresql_where=sa.text("status = 'queued'"),
        ),
        sa.Index(
            "ix_sms_messages_in_flight",
            "conversation_id",
            "id",
            postgresql_where=sa.text("status IN ('queued', 'claimed', 'sending', 'unconfirmed')"),
        ),
        sa.Index(
            "ix_sms_messages_unsent",
            "contact_number_id",
            postgresql_where=sa.text("status IN ('held', 'queued', 'claimed', 'sending', 'unconfirmed')"),
        ),
        sa.Index(
            "ix_sms_messages_solicitations",
            "contact_number_id",
            "sent_at",
            postgresql_where=sa.text("solicitation AND sent_at IS NOT NULL"),
        ),
        sa.Index("ix_sms_messages_held", "send_after", "id", postgresql_where=sa.text("status = 'held'")),
        sa.Index(
            "ix_sms_messages_unsettled",
            "status",
            "id",
            postgresql_where=sa.text("status IN ('claimed', 'sending', 'unconfirmed')"),
        ),
        sa.Index("ix_sms_messages_open_receipts", "check_at", postgresql_where=sa.text("status = 'sent'")),
        sa.Index(
            "uq_sms_messages_channel_sid",
            "channel_sid",
            unique=True,
            postgresql_where=sa.text("channel_sid IS NOT NULL"),
        ),
        sa.Index(
            "uq_sms_messages_step",
            "enrollment_id",
            "step_key",
            "visit",
            unique=True,
            # One that was taken back has not gone: its step may be said after all.
            postgresql_where=sa.text("enrollment_id IS NOT NULL AND status <> 'canceled'"),
        ),
        sa.Index(
            "ix_sms_messages_campaign", "campaign_id", "step_key", postgresql_where=sa.text("campaign_id IS NOT NULL")
        ),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(sa.ForeignKey("sms_conversations.id"))
    contact_number_id: Mapped[int]
    phone_number_id: Mapped[int]
    direction: Mapped[str]
    body: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str | None]
    origin: Mapped[str]
    automatic: Mapped[bool] = mapped_column(server_default=sa.false())
    solicitation: Mapped[bool] = mapped_column(server_default=sa.false())
    """Counts towards what one person may get in 24 hours: not a confirmation, nor a person's answer to the lead."""
    footer: Mapped[bool] = mapped_column(server_default=sa.false())
    """Told how to stop: the body carries the STOP line."""
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    client_key: Mapped[str | None] = mapped_column(unique=True)
    marker: Mapped[uuid.UUID] = mapped_column(server_default=sa.text("gen_random_uuid()"))
    """What our texts carry in the carrier's ``Attributes``, with the attempt, so that a send can be recognised."""
    attempt: Mapped[Count]
    tries: Mapped[Count]
    """Tries that came to nothing and count: after a few the text has failed."""
    twilio_sid: Mapped[str | None] = mapped_column(unique=True)
    thread_sid: Mapped[str | None]
    """The carrier's thread that the newest attempt went into: a pair can have moved to another one since."""
    channel_sid: Mapped[str | None]
    """The entry of the carrier's own log that this inbound text accounts for."""
    encoding: Mapped[str]
    segments: Mapped[Count]
    cost: Mapped[Decimal | None]
    error_code: Mapped[int | None]
    send_after: Mapped[datetime | None]
    """Business time before which a held text does not go."""
    not_before: Mapped[MachineTime]
    """Machine time before which a queued text is not tried: the retry clock."""
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    attempted_at: Mapped[datetime | None]
    """Machine time at which the newest attempt began."""
    check_at: Mapped[datetime | None]
    """Machine time of the next look at the carrier: an unconfirmed text is read back, a sent one's receipts are."""
    clean_reads: Mapped[Count]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    body_removed_at: Mapped[datetime | None]
    """Since when the words are gone (business time); everything else of the text stays."""
    body_removed_why: Mapped[str | None]
    campaign_id: Mapped[int | None]
    """Which campaign's text it is; with the step it says, to whom, and on which of the lead's visits to that step."""
    enrollment_id: Mapped[int | None]
    step_key: Mapped[str | None]
    visit: Mapped[int | None] = mapped_column(sa.Integer)


class Draft(Base):
    """What a person has typed and not sent, so that it follows them to the phone."""

    __tablename__ = "drafts"

    conversation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sms_conversations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    body: Mapped[str]
    updated_at: Mapped[MachineTime]
