"""The floor of a hot door: a bare WSGI app on the same gunicorn, doing the same one query through the same pool.

``python -m bench.floor_server poll|webhook PORT`` with DATABASE_URL and USER_ID in the environment.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from bench.floor_queries import INTAKE, VERSIONS
from webapp import database
from webapp.jobs.webserver import run_web

Start = Callable[..., Any]
_THREADS, _CONNECTIONS = 8, 6


def poll(_environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The signed-in poll's query, and 304."""
    params = {"user_id": int(os.environ["USER_ID"]), "epoch": 0, "thread_id": None}
    with database.autocommit() as conn:
        conn.execute(VERSIONS, params, prepare=True).fetchone()
    start_response("304 NOT MODIFIED", [])
    return ()


def webhook(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The raw row committed, and 204: no signature, no parsing, no intent."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
    with database.transaction() as conn:
        key = uuid.uuid4().hex
        conn.execute(INTAKE, [key, "onDeliveryUpdated", key, Jsonb({"raw": body}), datetime.now(UTC)]).fetchone()
    start_response("204 NO CONTENT", [])
    return ()


if __name__ == "__main__":
    database.configure(os.environ["DATABASE_URL"], _CONNECTIONS)
    run_web({"poll": poll, "webhook": webhook}[sys.argv[1]], "127.0.0.1", int(sys.argv[2]), 1, _THREADS)
