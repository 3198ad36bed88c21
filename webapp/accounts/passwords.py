"""Passwords: argon2id, and rules that people can live with."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 200

# OWASP's second choice (19 MiB, two passes): eight people signing in at once must fit beside everything else on a
# 512 MB dyno, which the library's own 64 MiB each would not.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for a person who does not exist or has no password yet."""
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's, and should be made again at this sign-in."""
    return _hasher.check_needs_rehash(password_hash)


def complaint(password: str, email: str = "") -> str | None:
    """What is wrong with a new password, in words that name the fix; None when it will do."""
    if len(password) < MINIMUM_LENGTH:
        return f"Use {MINIMUM_LENGTH} characters or more."
    if len(password) > MAXIMUM_LENGTH:
        return f"Use {MAXIMUM_LENGTH} characters or fewer."
    if email and password.lower() in {email.lower(), email.lower().partition("@")[0]}:
        return "Choose something other than your e-mail address."
    return None


@lru_cache
def _nobodys_hash() -> str:
    return _hasher.hash("the password of nobody")
