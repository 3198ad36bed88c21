"""Who is asking, and what they may see: the one place that pages and API ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import abort, g
from flask_login import current_user
from psycopg.rows import RowMaker

from webapp.accounts.permissions import Permission, role_may
from webapp.models.constants import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or the person behind an API token."""

    id: int
    name: str
    email: str
    role: Role
    timezone: str

    @property
    def sees_all(self) -> bool:
        """Managers and admins see everything; a rep sees what is assigned to them or to nobody."""
        return self.may(Permission.MANAGE)

    def may(self, permission: Permission) -> bool:
        return role_may(self.role, permission)

    def params(self) -> dict[str, object]:
        """The parameters of ``visible``'s SQL."""
        return {"sees_all": self.sees_all, "actor_id": self.id}


def visible(column: str) -> str:
    """An SQL condition: the rows that the actor may see, by the column that says whom a row is assigned to.

    ``column`` is written in code, never taken from a request. The query also needs ``**actor.params()``.
    """
    return f"(%(sees_all)s OR {column} = %(actor_id)s OR {column} IS NULL)"


def current_actor() -> Actor:
    """Who is asking, by session or API token. 401 when nobody is; behind ``@requires`` that cannot happen."""
    actor = optional_actor()
    if actor is None:
        abort(401)
    return actor


def optional_actor() -> Actor | None:
    """Who is asking, or None; looked up once a request, and only if somebody asks."""
    if "actor" not in g:
        g.actor = getattr(current_user, "actor", None)
    found: Actor | None = g.actor
    return found


def actor_row(cursor: psycopg.Cursor[Any]) -> RowMaker[Actor]:
    """A psycopg row factory for queries that select ``id, name, email, role, timezone``."""
    names = [column.name for column in cursor.description or ()]

    def make(values: Sequence[Any]) -> Actor:
        fields = dict(zip(names, values, strict=True))
        return Actor(**{**fields, "role": Role(fields["role"])})

    return make
