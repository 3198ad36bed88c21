"""Small facts about campaigns that have no column of their own, kept in the account's key-value table."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from webapp.database import Connection


def read(conn: Connection, key: str) -> Any:  # noqa: ANN401 (JSON)
    """What was noted under the key, as JSON has it; None where nothing was."""
    row = conn.execute("SELECT value FROM settings WHERE key = %s", [key]).fetchone()
    return None if row is None else row[0]


def write(conn: Connection, key: str, value: object, *, by: int | None = None) -> None:
    """Notes it, in the place of what was noted before."""
    conn.execute(
        """
        INSERT INTO settings (key, value, updated_by) VALUES (%s, %s, %s)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now(), updated_by = excluded.updated_by
        """,
        [key, Jsonb(value), by],
    )


def forget(conn: Connection, key: str) -> bool:
    """Nothing is noted any more. False where nothing was."""
    return conn.execute("DELETE FROM settings WHERE key = %s", [key]).rowcount > 0
