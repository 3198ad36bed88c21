"""People: who there is, and what an admin does with them. Machine time throughout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from webapp.accounts import audit, tokens
from webapp.accounts.actors import Actor
from webapp.database import Connection
from webapp.models.constants import Role
from webapp.web.problems import Problem

_COLUMNS = "id, email, name, role, timezone, active, away, session_epoch, password_hash"


@dataclass(frozen=True, slots=True)
class Person:
    """A user as these pages need one."""

    id: int
    email: str
    name: str
    role: str
    timezone: str
    active: bool
    away: bool
    session_epoch: int
    password_hash: str | None

    @property
    def invited(self) -> bool:
        """Invited, and not yet arrived."""
        return self.active and self.password_hash is None

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.email, Role(self.role), self.timezone)


class EmailTakenError(Exception):
    """Somebody has this address already."""


def everyone(conn: Connection) -> list[Person]:
    """All people: active first, then by name."""
    return _people(conn, "TRUE ORDER BY active DESC, lower(name), id", ())


def get(conn: Connection, user_id: int) -> Person:
    """One person. Raises a 404 Problem when there is no such."""
    found = _people(conn, "id = %s", (user_id,))
    if not found:
        raise Problem.not_found("person")
    return found[0]


def by_email(conn: Connection, email: str) -> Person | None:
    """The person with this address, in any capitals."""
    found = _people(conn, "email = %s", (normal_email(email),))
    return found[0] if found else None


def first_with_role(conn: Connection, role: Role) -> Person | None:
    """The active person who has had this role longest: whom the demo's sign-in buttons mean."""
    found = _people(conn, "role = %s AND active ORDER BY id LIMIT 1", (role,))
    return found[0] if found else None


def create(
    conn: Connection,
    *,
    email: str,
    name: str,
    role: Role,
    password_hash: str | None = None,
    timezone: str = "America/New_York",
    actor_id: int | None = None,
) -> Person:
    """A new person; without a password hash, an invited one. Raises EmailTakenError."""
    row = conn.execute(
        "INSERT INTO users (email, name, role, password_hash, timezone) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (email) DO NOTHING RETURNING id",
        (normal_email(email), name, role, password_hash, timezone),
    ).fetchone()
    if row is None:
        raise EmailTakenError(email)
    audit.record(conn, actor_id, "user.created", f"user:{row[0]}", role=role)
    return get(conn, row[0])


def set_profile(conn: Connection, user_id: int, *, name: str, timezone: str) -> None:
    """What people change about themselves."""
    conn.execute("UPDATE users SET name = %s, timezone = %s WHERE id = %s", (name, timezone, user_id))


def set_away(conn: Connection, user_id: int, *, away: bool) -> None:
    """Whoever is away gets no leads in turn until they are back."""
    changed = conn.execute("UPDATE users SET away = %s WHERE id = %s AND away <> %s", (away, user_id, away)).rowcount
    if changed:
        audit.record(conn, user_id, "user.away" if away else "user.back", f"user:{user_id}")


def set_password(conn: Connection, user_id: int, password_hash: str, *, actor_id: int | None) -> Person:
    """A new password. Every session and every link that was sent before ends."""
    conn.execute(
        "UPDATE users SET password_hash = %s, session_epoch = session_epoch + 1 WHERE id = %s",
        (password_hash, user_id),
    )
    audit.record(conn, actor_id, "password.changed", f"user:{user_id}")
    return get(conn, user_id)


def refresh_hash(conn: Connection, person: Person, password_hash: str) -> None:
    """The same password hashed with today's parameters, unless it was changed meanwhile. Ends no session."""
    conn.execute(
        "UPDATE users SET password_hash = %s WHERE id = %s AND password_hash = %s",
        (password_hash, person.id, person.password_hash),
    )


def change_role(conn: Connection, user_id: int, role: Role, *, actor: Actor) -> Person:
    """Gives a person another role, from their next request on. Raises a 409 Problem for the last admin."""
    _lock_admins(conn)
    person = get(conn, user_id)
    if role is not Role.ADMIN:
        _refuse_to_lose_the_last_admin(conn, person)
    conn.execute("UPDATE users SET role = %s WHERE id = %s", (role, user_id))
    audit.record(conn, actor.id, "role.changed", f"user:{user_id}", before=person.role, after=role)
    return get(conn, user_id)


def deactivate(conn: Connection, user_id: int, *, actor: Actor) -> Person:
    """Ends a person's sessions, tokens and links at once. Raises a 409 Problem for oneself and for the last admin."""
    _lock_admins(conn)
    person = get(conn, user_id)
    if user_id == actor.id:
        raise Problem.conflict("You cannot deactivate yourself; another admin can.")
    _refuse_to_lose_the_last_admin(conn, person)
    conn.execute("UPDATE users SET active = false, session_epoch = session_epoch + 1 WHERE id = %s", (user_id,))
    tokens.revoke_all(conn, user_id)
    audit.record(conn, actor.id, "user.deactivated", f"user:{user_id}")
    return person


def reactivate(conn: Connection, user_id: int, *, actor: Actor) -> Person:
    """Lets a person sign in again. Their old tokens stay revoked."""
    person = get(conn, user_id)
    conn.execute("UPDATE users SET active = true WHERE id = %s", (user_id,))
    audit.record(conn, actor.id, "user.reactivated", f"user:{user_id}")
    return person


def normal_email(email: str) -> str:
    """Addresses are compared, and stored, in lower case."""
    return email.strip().lower()


def _people(conn: Connection, where: str, params: tuple[Any, ...]) -> list[Person]:
    query = f"SELECT {_COLUMNS} FROM users WHERE {where}"  # noqa: S608 (conditions are written in this module)
    return conn.cursor(row_factory=class_row(Person)).execute(query, params).fetchall()


def _lock_admins(conn: psycopg.Connection[Any]) -> None:
    """Two admins who remove each other at the same moment take turns, and the second is refused."""
    conn.execute("SELECT id FROM users WHERE role = 'admin' ORDER BY id FOR UPDATE")


def _refuse_to_lose_the_last_admin(conn: Connection, person: Person) -> None:
    others = conn.execute(
        "SELECT 1 FROM users WHERE role = 'admin' AND active AND password_hash IS NOT NULL AND id <> %s", (person.id,)
    ).fetchone()
    if person.role == Role.ADMIN and person.active and others is None:
        raise Problem.conflict("This is the last active admin. Make somebody else an admin first.")
