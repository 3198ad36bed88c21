"""The audit log: who changed what that matters. Rows are only ever added."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from webapp.database import Connection


def record(conn: Connection, actor_id: int | None, action: str, target: str, **details: object) -> None:
    """Adds an entry, in the caller's transaction.

    ``actor_id`` is None for the command line and the start-up; ``target`` reads like ``user:12``; ``details`` is
    JSON and holds neither secrets nor the bodies of texts.
    """
    conn.execute(
        "INSERT INTO audit_log (actor_id, action, target, details) VALUES (%s, %s, %s, %s)",
        (actor_id, action, target, Jsonb(details)),
    )
