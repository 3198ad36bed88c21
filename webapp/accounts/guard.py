"""The one hook before every view: who is asking, is it really them, and may they."""

from __future__ import annotations

import hmac

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_wtf.csrf import CSRFError

from webapp import database
from webapp.accounts.actors import optional_actor
from webapp.accounts.permissions import Permission, demand_of, requires
from webapp.accounts.sessions import session_identity
from webapp.accounts.tokens import actor_for_token
from webapp.config import Settings
from webapp.extensions import csrf
from webapp.web.problems import Problem

_API = "/api/"


def register(app: Flask, settings: Settings) -> None:
    """Default-deny: a view that says nothing about permissions is refused to everybody."""
    app.extensions["leadline_cron_secret"] = settings.cron_secret.get_secret_value()
    # The guard asks for the CSRF token itself: after it knows that nobody's API token came along.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)
    requires(Permission.PUBLIC)(app.view_functions["static"])
    app.before_request(enforce)
    app.after_request(_say_that_the_csrf_token_is_old)


def enforce() -> ResponseReturnValue | None:
    """Lets the request through, or answers it: 401 (pages: the sign-in page), 400 (CSRF), 403."""
    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself
    demand = demand_of(current_app.view_functions.get(request.endpoint))
    if demand is None:
        abort(403)
    if demand.permission is Permission.WEBHOOK:
        return None
    if demand.permission is Permission.CRON:
        _demand_cron_secret()
        return None
    if demand.permission is Permission.PUBLIC:
        _demand_csrf_token()
        return None
    if demand.poll:
        if session_identity() is None:
            abort(401)  # never the sign-in page: a script asks
        return None
    return _demand_a_person(demand.permission)


def _demand_a_person(permission: Permission) -> ResponseReturnValue | None:
    by_token = _identify_by_token()
    actor = optional_actor()
    if actor is None:
        return _refuse_a_stranger()
    if not by_token:
        _demand_csrf_token()
    if not actor.may(permission):
        abort(403)
    return None


def _identify_by_token() -> bool:
    """A bearer token beats the session cookie, and a bad one is refused rather than ignored."""
    token = _bearer_token()
    if token is None:
        return False
    with database.autocommit() as conn:
        g.actor = actor_for_token(conn, token)
    return True


def _bearer_token() -> str | None:
    """The API's bearer token. Pages take none, so that a proxy's own Authorization header does not lock people out."""
    given = request.authorization
    if not request.path.startswith(_API) or given is None or given.type != "bearer":
        return None
    return given.token


def _demand_csrf_token() -> None:
    try:
        csrf.protect()
    except CSRFError:
        g.csrf_failed = True
        raise


def _demand_cron_secret() -> None:
    secret = current_app.extensions["leadline_cron_secret"]
    given = _bearer_token() or ""
    if not secret or not hmac.compare_digest(secret.encode(), given.encode()):
        raise Problem.unauthorized()


def _refuse_a_stranger() -> ResponseReturnValue:
    """A page is asked to sign in; what a page fetches gets a 401, on which it signs in over itself."""
    if request.path.startswith(_API):
        raise Problem.unauthorized()
    if request.method != "GET" or "HX-Request" in request.headers:
        abort(401)
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))


def _say_that_the_csrf_token_is_old(response: Response) -> Response:
    """Signing in again elsewhere gives the browser a new session: the page fetches its token and asks once more."""
    if g.get("csrf_failed"):
        response.headers["X-CSRF-Failed"] = "1"
    return response
