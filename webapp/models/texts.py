"""The library of templates: what a team says often, with every earlier wording."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, Id


class Template(Base):
    """A wording with a name. Archived ones are offered no more; what was written with them stays."""

    __tablename__ = "templates"
    __table_args__ = (
        # Names are one's own: a private one clashes with none that its owner cannot see.
        sa.Index(
            "uq_templates_name",
            "owner_id",
            sa.text("lower(name)"),
            unique=True,
            postgresql_where=sa.text("archived_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    category: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str]
    """The newest version's."""
    version: Mapped[int] = mapped_column(sa.Integer, server_default="1")
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Whose alone it is; None for one that everybody may use."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class TemplateVersion(Base):
    """One wording of a template, as it was saved."""

    __tablename__ = "template_versions"

    template_id: Mapped[int] = mapped_column(
        sa.ForeignKey("templates.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    body: Mapped[str]
    written_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    written_at: Mapped[datetime]
