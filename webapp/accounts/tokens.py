"""API tokens: shown once, kept as SHA-256. They are long and random, so a slow hash would add nothing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from webapp.accounts import audit
from webapp.accounts.actors import Actor, actor_row
from webapp.database import Connection

_PREFIX = "ll_"
_HINT_CHARACTERS = 4

# The last use is written at most once a minute: a busy client must not rewrite its row a hundred times a second.
_PERSON_BEHIND = """
    WITH used AS (
        UPDATE api_tokens SET last_used_at = now()
        WHERE token_hash = %(hash)s AND revoked_at IS NULL
          AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
    )
    SELECT u.id, u.name, u.email, u.role, u.timezone
    FROM api_tokens t JOIN users u ON u.id = t.user_id
    WHERE t.token_hash = %(hash)s AND t.revoked_at IS NULL AND u.active
"""


@dataclass(frozen=True, slots=True)
class Token:
    """What a person is shown of a token afterwards. Times are machine time."""

    id: int
    name: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None


def actor_for_token(conn: Connection, token: str) -> Actor | None:
    """The active person behind a token that was not revoked."""
    return conn.cursor(row_factory=actor_row).execute(_PERSON_BEHIND, {"hash": _hash(token)}).fetchone()


def create(conn: Connection, *, user_id: int, name: str, actor_id: int | None) -> str:
    """A new token for a person. What is returned is nowhere stored and cannot be had again."""
    token = _PREFIX + secrets.token_urlsafe(32)
    add(conn, user_id=user_id, name=name, token=token, actor_id=actor_id)
    return token


def add(conn: Connection, *, user_id: int, name: str, token: str, actor_id: int | None) -> bool:
    """Keeps a token that was made elsewhere; False when it is known already, to whomever and even if revoked."""
    added = conn.execute(
        "INSERT INTO api_tokens (user_id, name, token_hash, hint) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (token_hash) DO NOTHING RETURNING id",
        (user_id, name, _hash(token), token[-_HINT_CHARACTERS:]),
    ).fetchone()
    if added:
        audit.record(conn, actor_id, "token.created", f"user:{user_id}", name=name)
    return added is not None


def usable(conn: Connection, user_id: int) -> list[Token]:
    """A person's tokens that were not revoked, newest first."""
    return (
        conn.cursor(row_factory=class_row(Token))
        .execute(
            "SELECT id, name, hint, created_at, last_used_at FROM api_tokens"
            " WHERE user_id = %s AND revoked_at IS NULL ORDER BY id DESC",
            (user_id,),
        )
        .fetchall()
    )


def revoke(conn: Connection, *, token_id: int, actor: Actor) -> bool:
    """Ends one of the actor's own tokens at once; False when it is not theirs or was revoked before."""
    revoked = conn.execute(
        "UPDATE api_tokens SET revoked_at = now() WHERE id = %s AND user_id = %s AND revoked_at IS NULL RETURNING name",
        (token_id, actor.id),
    ).fetchone()
    if revoked:
        audit.record(conn, actor.id, "token.revoked", f"user:{actor.id}", name=revoked[0])
    return revoked is not None


def revoke_all(conn: Connection, user_id: int) -> None:
    """Ends all of a person's tokens at once."""
    conn.execute("UPDATE api_tokens SET revoked_at = now() WHERE user_id = %s AND revoked_at IS NULL", (user_id,))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
