"""One pool of Postgres connections a process, for the ORM and for hand-written SQL alike.

SQLAlchemy takes its connections from this pool, so the budget of 15 connections a dyno is one number a process.
The pool opens at first use, never before the process tree has forked.
"""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy.orm import Session, scoped_session

Connection: TypeAlias = psycopg.Connection[Any]

_WAIT_SECONDS = 5.0


@dataclass
class _Database:
    url: str = ""
    max_size: int = 4
    pool: ConnectionPool[Connection] | None = None
    pid: int = 0


_database = _Database()


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
    return pool().getconn()


def pool() -> ConnectionPool[Connection]:
    """This process's pool, opened on first use. Raises psycopg_pool.PoolTimeout after 5 s without a connection."""
    if _database.pool is None or _database.pid != os.getpid():
        _database.pool = _open_pool()
        _database.pid = os.getpid()
    return _database.pool


@contextmanager
def transaction() -> Iterator[Connection]:
    """A connection in one transaction: committed at the end, rolled back on an exception."""
    with pool().connection() as conn:
        yield conn


@contextmanager
def autocommit() -> Iterator[Connection]:
    """A connection on which each statement is its own transaction: the hot doors' one-query reads and claims."""
    with pool().connection() as conn:
        conn.autocommit = True
        yield conn


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
        check=_refuse_a_dead_one,
        reset=_leave_autocommit,
        close_returns=True,
        num_workers=1,
        open=True,
        kwargs={"options": "-c timezone=UTC", "application_name": f"leadline {os.getpid()}", "connect_timeout": 5},
    )


def _refuse_a_dead_one(conn: Connection) -> None:
    """An idle connection with something to read was closed by Postgres: found without a round trip."""
    if select.select([conn.fileno()], [], [], 0)[0]:
        raise psycopg.OperationalError("the server closed this connection")


def _leave_autocommit(conn: Connection) -> None:
    if conn.autocommit:
        conn.autocommit = False
