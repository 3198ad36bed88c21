"""A lease on a named piece of work: two clocks and any number of workers do it once at a time. Machine time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.types.json import Jsonb

from webapp import database


@contextmanager
def lease(name: str, *, seconds: float) -> Iterator[bool]:
    """True for whoever may do the work now; False while somebody else does. Ends by itself after ``seconds``.

    The end is noted as a heartbeat, so that work which stopped being done is seen.
    """
    holder = uuid.uuid4().hex
    held = _take(name, holder, seconds)
    try:
        yield held
    finally:
        if held:
            _give_back(name, holder)


def abandoned() -> list[str]:
    """Names of the leases that ran out and were never given back: whoever held them died in the middle."""
    with database.autocommit() as conn:
        return [
            row[0]
            for row in conn.execute(
                """
                SELECT name FROM heartbeats
                WHERE (detail ->> 'until')::float < EXTRACT(epoch FROM clock_timestamp()) ORDER BY name
                """
            )
        ]


def _take(name: str, holder: str, seconds: float) -> bool:
    with database.autocommit() as conn:
        return bool(
            conn.execute(
                """
                INSERT INTO heartbeats (name, at, detail)
                VALUES (%(name)s, 'epoch', jsonb_build_object('holder', %(holder)s::text, 'until',
                        EXTRACT(epoch FROM clock_timestamp()) + %(seconds)s))
                ON CONFLICT (name) DO UPDATE SET detail = EXCLUDED.detail
                WHERE coalesce((heartbeats.detail ->> 'until')::float, 0) < EXTRACT(epoch FROM clock_timestamp())
                """,
                {"name": name, "holder": holder, "seconds": seconds},
            ).rowcount
        )


def _give_back(name: str, holder: str) -> None:
    with database.autocommit() as conn:
        conn.execute(
            "UPDATE heartbeats SET at = clock_timestamp(), detail = %s WHERE name = %s AND detail ->> 'holder' = %s",
            [Jsonb({}), name, holder],
        )
