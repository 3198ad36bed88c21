"""The first admin, from the environment: so that a fresh deploy can be signed in to."""

from __future__ import annotations

from webapp.accounts import audit, tokens, users
from webapp.accounts.passwords import hash_password
from webapp.accounts.users import Person
from webapp.config import ConfigError, Settings
from webapp.database import Connection
from webapp.models.constants import Role

_TOKEN_NAME = "LEADLINE_ADMIN_TOKEN"  # noqa: S105 (the variable's name)


def ensure(conn: Connection, settings: Settings) -> None:
    """Creates what ``LEADLINE_ADMIN_EMAIL``, ``_PASSWORD`` and ``_TOKEN`` name, as far as it does not exist.

    Safe at every start and in several processes at once. A password that the admin has changed stays changed; a new
    token in the environment is added. Raises ConfigError when the person would have no password.
    """
    email = settings.leadline_admin_email
    if not email:
        return
    person = users.by_email(conn, email) or _create(conn, settings, email)
    token = settings.leadline_admin_token.get_secret_value()
    if token and person.active:
        tokens.add(conn, user_id=person.id, name=_TOKEN_NAME, token=token, actor_id=None)


def _create(conn: Connection, settings: Settings, email: str) -> Person:
    password = settings.leadline_admin_password.get_secret_value()
    if not password:
        raise ConfigError("LEADLINE_ADMIN_EMAIL is set, so LEADLINE_ADMIN_PASSWORD must be set too.")
    # Two processes may start at once: the second waits here and finds the first one's row.
    conn.execute("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
    found = users.by_email(conn, email)
    if found:
        return found
    person = users.create(
        conn, email=email, name=_name_from(email), role=Role.ADMIN, password_hash=hash_password(password)
    )
    audit.record(conn, None, "first_admin.created", f"user:{person.id}")
    return person


def _name_from(email: str) -> str:
    """``ana.ruiz@…`` becomes Ana Ruiz, until she says otherwise."""
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()
