"""Work in the background: bulk operations, heartbeats, counters."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Count, Id, Json, MachineTime, one_of
from webapp.models.constants import BulkStatus


class BulkOperation(Base):
    """Long work that a person can leave and come back to."""

    __tablename__ = "bulk_operations"
    __table_args__ = (one_of("status", BulkStatus),)

    id: Mapped[Id]
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=BulkStatus.QUEUED)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    params: Mapped[Json]
    upload: Mapped[bytes | None]
    """The file that was handed in, until the operation ends: a dyno has no disk."""
    total: Mapped[Count]
    done: Mapped[Count]
    """Rows dealt with; a killed worker's successor goes on from here."""
    counters: Mapped[Json]
    """How many rows became what: they add up to ``done``."""
    tally: Mapped[Json]
    """What else was counted, such as the opt-outs in an import."""
    error: Mapped[str | None]
    created_at: Mapped[MachineTime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]


class BulkChunk(Base):
    """A piece of a file that is too large to be kept, or read, in one: whole lines of it, until they are dealt with."""

    __tablename__ = "bulk_chunks"

    operation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("bulk_operations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    first_row: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    rows: Mapped[int] = mapped_column(sa.Integer)
    content: Mapped[bytes]


class BulkRowError(Base):
    """What was wrong with one row of a bulk operation, in words that name the fix."""

    __tablename__ = "bulk_row_errors"

    operation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("bulk_operations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    row_number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    message: Mapped[str]


class Heartbeat(Base):
    """When each process and each periodic job was last well. Machine time."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[MachineTime]
    detail: Mapped[Json]


class Pace(Base):
    """What all machines together do no faster than somebody allows. Machine time."""

    __tablename__ = "paces"

    name: Mapped[str] = mapped_column(primary_key=True)
    free_from: Mapped[MachineTime]
    """From when on the next one may go."""
    failures: Mapped[Count]
    """How often it has failed, one after the other."""
    waiting: Mapped[Count]
    """How many were waiting when it was last looked at."""


class Counter(Base):
    """A number that only grows, for ``/metrics``: kept here so that it counts over all machines."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(server_default="0")
