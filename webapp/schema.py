"""The schema that this code needs, and the one that a database has.

Alembic itself is loaded only to migrate (``preparing``): every process would carry its 10 MB.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from webapp.database import Connection

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


@cache
def needed() -> str:
    """The newest revision, from ``migrations/head``: two branches that each add one conflict there, and a test compares
    it with what Alembic says."""
    return (MIGRATIONS / "head").read_text(encoding="ascii").strip()


def present(conn: Connection) -> str | None:
    """The revision of this database; None where it has never been migrated."""
    table = conn.execute("SELECT to_regclass('alembic_version')").fetchone()
    if table is None or table[0] is None:
        return None
    row = conn.execute("SELECT string_agg(version_num, ' ') FROM alembic_version").fetchone()
    return None if row is None else row[0]
