"""Signing in and out: a signed cookie that names the person and the epoch at which they signed in.

Raising ``users.session_epoch`` ends all of a person's sessions at once; nothing about sessions is stored.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import UserMixin, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer

from webapp import database
from webapp.accounts.actors import Actor, actor_row
from webapp.accounts.permissions import demand_of
from webapp.config import Settings
from webapp.extensions import login_manager
from webapp.web.fragments import is_fragment

_LIFETIME = timedelta(days=30)
_PERSON = """
    SELECT id, name, email, role, timezone FROM users
    WHERE id = %(id)s AND active AND session_epoch = %(epoch)s
"""


class SignedIn(UserMixin):
    """What Flask-Login carries around: an actor, and the epoch that the cookie repeats."""

    def __init__(self, actor: Actor, epoch: int) -> None:
        self.actor = actor
        self.epoch = epoch

    def get_id(self) -> str:
        return f"{self.actor.id}.{self.epoch}"


class Sessions(SecureCookieSessionInterface):
    """Pages slide the 30 days along; polls never do, so a forgotten tab does not stay signed in for ever.

    Nor do the parts of a page that are fetched by themselves: one that was asked for before a form was sent and is
    answered after it would put back the cookie of before, without the message that the form left in it.
    """

    _serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once: Flask makes one at each request, which is a fifth of what a poll spends on its session."""
        self._serializer = self._serializer or super().get_signing_serializer(app)
        return self._serializer

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        demand = demand_of(app.view_functions.get(request.endpoint or ""))
        if demand is None or demand.poll or (_is_part() and not session.modified):
            return False
        return super().should_set_cookie(app, session)


def _is_part() -> bool:
    return request.method == "GET" and is_fragment()


def register(app: Flask, settings: Settings) -> None:
    """Cookie and Flask-Login settings."""
    app.session_interface = Sessions()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.app_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=_LIFETIME,
    )
    # Flask-Login's own protection signs people out when their address changes, as a phone's does all day.
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    login_manager.init_app(app)


def session_identity() -> tuple[int, int] | None:
    """``(user id, session epoch)`` as the signed cookie says, without a query; None without a valid cookie.

    The person may have been deactivated since: a poll checks ``active AND session_epoch = …`` in its own query,
    and aborts with 401 when that finds nobody.
    """
    return _parse(session.get("_user_id"))


def start(actor: Actor, epoch: int) -> None:
    """Signs a person in on this browser. What an earlier person left in the session goes."""
    _clear()
    session.permanent = True
    login_user(SignedIn(actor, epoch))
    session.pop("_id", None)  # Flask-Login's note of the address, which nothing compares, in every cookie


def end() -> None:
    """Signs out on this browser."""
    logout_user()
    _clear()


def _clear() -> None:
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF's copy for this request, which belonged to the session that is gone


def _load(user_id: str) -> SignedIn | None:
    identity = _parse(user_id)
    if identity is None:
        return None
    with database.autocommit() as conn:
        actor = find_actor(conn, *identity)
    return SignedIn(actor, identity[1]) if actor else None


def find_actor(conn: database.Connection, user_id: int, epoch: int) -> Actor | None:
    """The active person with this id, if their sessions of this epoch still count."""
    return conn.cursor(row_factory=actor_row).execute(_PERSON, {"id": user_id, "epoch": epoch}).fetchone()


def _parse(user_id: object) -> tuple[int, int] | None:
    if not isinstance(user_id, str):
        return None
    person, _, epoch = user_id.partition(".")
    return (int(person), int(epoch)) if person.isdecimal() and epoch.isdecimal() else None
