"""Signs of life, in Postgres and in machine time: what every process and periodic job last did well."""

from __future__ import annotations

from webapp import database


def beat(name: str) -> None:
    """``name`` is alive now."""
    with database.autocommit() as conn:
        conn.execute(
            """
            INSERT INTO heartbeats (name) VALUES (%s)
            ON CONFLICT (name) DO UPDATE SET at = clock_timestamp()
            """,
            [name],
        )
