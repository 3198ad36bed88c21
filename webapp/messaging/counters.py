"""Numbers that only grow, kept in Postgres so that ``/metrics`` counts over all machines."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.database import Connection


def add(conn: Connection, name: str, amounts: Mapping[str, int]) -> None:
    """Adds each label's amount to the counter ``name``; zeros write nothing."""
    counted = {label: amount for label, amount in sorted(amounts.items()) if amount}
    if not counted:
        return
    conn.execute(
        """
        INSERT INTO counters (name, label, value)
        SELECT %s, label, amount FROM unnest(%s::text[], %s::bigint[]) AS a (label, amount)
        ON CONFLICT (name, label) DO UPDATE SET value = counters.value + EXCLUDED.value
        """,
        [name, list(counted), list(counted.values())],
    )
