"""One pool of Postgres connections a process, for the ORM and for hand-written SQL alike.

SQLAlchemy takes its connections from this pool, so the budget of 15 connections a dyno is one number a process.
The pool opens at first use, never before the process tree has forked.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy.orm import Session, scoped_session

Connection: TypeAlias = psycopg.Connection[Any]

_WAIT_SECONDS = 5.0
#: How long the pool tries by itself to replace a lost connection. It waits twice as long after each failure, so that a
#: longer time would keep us away from a Postgres that is back; the next who asks for a connection tries at once.
_RECONNECT_SECONDS = 2.0


@dataclass
class _Database:
    url: str = ""
    max_size: int = 4
    pool: ConnectionPool[Connection] | None = None
    pid: int = 0


_database = _Database()
_opening = threading.Lock()


def configure(url: str, max_size: int) -> None:
    """Says where Postgres is and how many connections this process may hold. Opens nothing."""
    close()
    _database.url, _database.max_size = url, max_size


def close() -> None:
    """Closes this process's pool; the next use opens a new one."""
    if _database.pool is not None and _database.pid == os.getpid():
        _database.pool.close()
    _database.pool = None


def getconn() -> Connection:
    """A pooled connection for SQLAlchemy; its ``close()`` gives it back."""
    return _with_autocommit(pool().getconn(), False)


def pool() -> ConnectionPool[Connection]:
    """This process's pool, opened on first use. Raises psycopg_pool.PoolTimeout after 5 s without a connection."""
    found = _database.pool
    if found is None or _database.pid != os.getpid():
        with _opening:  # two threads at once would open two, and one of them would be lost with its connections
            found = _database.pool if _database.pid == os.getpid() else None
            if found is None:
                found = _database.pool = _open_pool()
                _database.pid = os.getpid()
    return found


@contextmanager
def transaction() -> Iterator[Connection]:
    """A connection in one transaction: committed at the end, rolled back on an exception."""
    with pool().connection() as conn:
        yield _with_autocommit(conn, False)


@contextmanager
def autocommit() -> Iterator[Connection]:
    """A connection on which each statement is its own transaction: the hot doors' one-query reads and claims."""
    with pool().connection() as conn:
        yield _with_autocommit(conn, True)


def int_array(numbers: Iterable[int]) -> str:
    """Whole numbers as the text of a Postgres array, for ``%s``: psycopg dumps a list of thousands element by element,
    which takes five times as long."""
    return "{" + ",".join(map(str, numbers)) + "}"


def raw(session: Session | scoped_session[Session]) -> Connection:
    """The ORM session's own connection, so that hand-written SQL takes part in the same transaction.

    Pending ORM changes are flushed first, so that the SQL sees them.
    """
    session.flush()
    return cast(Connection, session.connection().connection.driver_connection)


def _open_pool() -> ConnectionPool[Connection]:
    return ConnectionPool(
        _database.url,
        min_size=0,
        max_size=_database.max_size,
        timeout=_WAIT_SECONDS,
        reconnect_timeout=_RECONNECT_SECONDS,
        check=_refuse_a_dead_one,
        close_returns=True,
        num_workers=1,
        open=True,
        kwargs={"options": "-c timezone=UTC", "application_name": f"leadline {os.getpid()}", "connect_timeout": 5},
    )


def _refuse_a_dead_one(conn: Connection) -> None:
    """An idle connection with something to read was closed by Postgres: found without a round trip.

    It is closed here too: the pool would keep one that only failed its check, and hand it out again and again.
    """
    if select.select([conn.fileno()], [], [], 0)[0]:
        conn.pgconn.finish()  # `close` would only give it back to the pool
        raise psycopg.OperationalError("the server closed this connection")


def _with_autocommit(conn: Connection, wanted: bool) -> Connection:
    """Set by whoever takes a connection: a pool that resets each on its return hands it through a thread of its own."""
    if conn.autocommit is not wanted:
        conn.autocommit = wanted
    return conn
