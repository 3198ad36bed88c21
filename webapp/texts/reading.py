"""Looking into the library: the templates that somebody may use, and every wording that one had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from psycopg.rows import class_row

from webapp.accounts.actors import Actor
from webapp.accounts.permissions import Permission
from webapp.database import Connection

#: More are not shown at once, nor offered: whoever has them searches.
MOST = 500
_MOST_TERMS = 8

#: Private means private: managers see everybody's leads, but nobody's own templates.
_MINE_OR_EVERYBODYS = "(t.owner_id IS NULL OR t.owner_id = %(actor_id)s)"

_COLUMNS = """
t.id, t.name, t.category, t.body, t.version, t.owner_id, t.created_at, t.updated_at, t.archived_at,
w.name AS written_by, v.written_at
"""
_FROM = """
templates AS t JOIN template_versions AS v ON v.template_id = t.id AND v.number = t.version
LEFT JOIN users AS w ON w.id = v.written_by
"""
#: By category, those without one last, then by name.
_ORDER = "t.category = '', lower(t.category), lower(t.name), t.id"
_BEYOND = f"({_ORDER}) > (%(key0)s = '', lower(%(key0)s), lower(%(key1)s), %(key2)s)"

#: Where a template stands in the list: its category, name and id.
Position: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template in its newest wording, which ``written_by`` gave it. Times are business time."""

    id: int
    name: str
    category: str
    body: str
    version: int
    owner_id: int | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    written_by: str | None
    written_at: datetime

    @property
    def shared(self) -> bool:
        """Whether everybody may use it; else it is its owner's alone."""
        return self.owner_id is None

    @property
    def archived(self) -> bool:
        return self.archived_at is not None

    def may_be_changed_by(self, actor: Actor) -> bool:
        """One's own by oneself, everybody's by managers."""
        return self.owner_id == actor.id if self.owner_id else actor.may(Permission.MANAGE)


@dataclass(frozen=True, slots=True)
class Version:
    """One wording, as it was saved; ``written_by`` is a name."""

    number: int
    body: str
    written_by: str | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for: every word of ``typed`` in name, category or text; one category, or any where it is None."""

    typed: str = ""
    category: str | None = None
    archived: bool = False


def find(conn: Connection, actor: Actor, template_id: int, *, lock: bool = False) -> Template | None:
    """The template; None when there is none that the actor may use. ``lock`` keeps it until this transaction ends."""
    values = {"id": template_id, "actor_id": actor.id}
    where = f"t.id = %(id)s AND {_MINE_OR_EVERYBODYS}"
    if lock:  # first, and alone: a join would be checked again with the row as it was before it was waited for
        conn.execute(f"SELECT 1 FROM templates AS t WHERE {where} FOR UPDATE", values)  # noqa: S608 (our own words)
    with conn.cursor(row_factory=class_row(Template)) as cursor:
        return cursor.execute(f"SELECT {_COLUMNS} FROM {_FROM} WHERE {where}", values).fetchone()  # noqa: S608


def find_page(
    conn: Connection, actor: Actor, wanted: Filter, limit: int = MOST, after: Position | None = None
) -> list[Template]:
    """At most ``limit`` templates that the actor may use, in the list's order, from the top or after a position."""
    conditions = [_MINE_OR_EVERYBODYS, f"t.archived_at IS {'NOT ' if wanted.archived else ''}NULL"]
    if wanted.typed:
        conditions.append("concat_ws(' ', t.name, t.category, t.body) ILIKE ALL (%(terms)s)")
    if wanted.category is not None:
        conditions.append("lower(t.category) = lower(%(category)s)")
    if after is not None:
        conditions.append(_BEYOND)
    query = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {' AND '.join(conditions)} ORDER BY {_ORDER} LIMIT %(limit)s"  # noqa: S608
    keys = {f"key{n}": value for n, value in enumerate(after or ())}
    values = {"actor_id": actor.id, "terms": _terms(wanted.typed), "category": wanted.category, "limit": limit, **keys}
    with conn.cursor(row_factory=class_row(Template)) as cursor:
        return cursor.execute(query, values).fetchall()


def position_of(template: Template) -> Position:
    """Where the template stands in the list."""
    return (template.category, template.name, template.id)


def categories(conn: Connection, actor: Actor) -> list[str]:
    """The categories in use, each in one spelling."""
    query = f"""
        SELECT min(t.category) FROM templates AS t
        WHERE t.category <> '' AND t.archived_at IS NULL AND {_MINE_OR_EVERYBODYS}
        GROUP BY lower(t.category) ORDER BY lower(t.category)
        """  # noqa: S608 (our own words)
    return [row[0] for row in conn.execute(query, {"actor_id": actor.id})]


def count_archived(conn: Connection, actor: Actor) -> int:
    """How many of the templates that the actor may use are put away."""
    query = f"SELECT count(*) FROM templates AS t WHERE t.archived_at IS NOT NULL AND {_MINE_OR_EVERYBODYS}"  # noqa: S608
    row = conn.execute(query, {"actor_id": actor.id}).fetchone()
    assert row is not None
    return int(row[0])


def versions(conn: Connection, template_id: int) -> Sequence[Version]:
    """Every wording of a template that the caller has found, newest first."""
    with conn.cursor(row_factory=class_row(Version)) as cursor:
        return cursor.execute(
            """
            SELECT v.number, v.body, u.name AS written_by, v.written_at
            FROM template_versions AS v LEFT JOIN users AS u ON u.id = v.written_by
            WHERE v.template_id = %s ORDER BY v.number DESC
            """,
            [template_id],
        ).fetchall()


def _terms(typed: str) -> list[str]:
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{term}%" for term in escaped.split()[:_MOST_TERMS]]
