"""The cast: the same few people in every test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import psycopg
from argon2 import PasswordHasher

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Person:
    """A user row; everyone has the same password."""

    id: int
    email: str
    name: str
    role: str


@dataclass(frozen=True)
class Cast:
    """Ada runs the account, Max manages, Rita and Otto sell; Otto may not see what is Rita's."""

    admin: Person
    manager: Person
    rep: Person
    other_rep: Person


def cast_of(conn: psycopg.Connection) -> Cast:
    """Writes the four and returns them."""
    return Cast(
        admin=add_person(conn, "Ada Admin", "admin"),
        manager=add_person(conn, "Max Manager", "manager"),
        rep=add_person(conn, "Rita Rep", "rep"),
        other_rep=add_person(conn, "Otto Other", "rep"),
    )


def add_person(conn: psycopg.Connection, name: str, role: str) -> Person:
    """One more user, with the password of everyone."""
    email = f"{name.split(maxsplit=1)[0].lower()}@agency.test"
    row = conn.execute(
        "INSERT INTO users (email, name, role, password_hash, timezone) "
        "VALUES (%s, %s, %s, %s, 'America/Chicago') RETURNING id",
        (email, name, role, _password_hash()),
    ).fetchone()
    assert row is not None
    return Person(row[0], email, name, role)


@lru_cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
