"""People and what proves who they are; the account's settings; the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, MachineTime, one_of
from webapp.models.constants import Role


class User(Base):
    """A person who signs in. Without a password hash: invited, not yet arrived."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", Role), sa.CheckConstraint("email = lower(email)", name="email_lower"))

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    timezone: Mapped[str] = mapped_column(server_default="America/New_York")
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    away: Mapped[bool] = mapped_column(server_default=sa.false())
    """Campaigns that give leads out in turn pass this person over."""
    session_epoch: Mapped[Count]
    """Raised to end every session and reset link of this person at once."""
    inbox_version: Mapped[Count]
    """Raised when a conversation leaves this person's inbox, which no row that they still see would show."""
    created_at: Mapped[MachineTime]


class ApiToken(Base):
    """A bearer token, stored as its SHA-256: the token itself is shown once."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    """The last four characters, so that a person can tell tokens apart."""
    created_at: Mapped[MachineTime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Setting(Base):
    """One account-wide setting; ``webapp.accounts.settings`` gives its type and default."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    updated_at: Mapped[MachineTime]
    updated_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class AuditEntry(Base):
    """Who changed what that matters: roles, settings, tokens, exports, deletions. Append-only."""

    __tablename__ = "audit_log"

    id: Mapped[Id]
    at: Mapped[MachineTime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    action: Mapped[str]
    target: Mapped[str]
    details: Mapped[Json]
