"""Signing in, on its own page or over another one, and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from webapp import database
from webapp.accounts import demo, passwords, sessions, throttle, users
from webapp.accounts.actors import optional_actor
from webapp.accounts.forms import LoginForm
from webapp.accounts.pages.blueprint import blueprint, settings
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.users import Person
from webapp.models.constants import Role
from webapp.web.problems import Problem

_HOME = "/inbox"
_WRONG = "That e-mail address and password do not match."
_PURPOSE = "sign-in"


@blueprint.get("/login")
@requires(Permission.PUBLIC)
def login() -> ResponseReturnValue:
    """The sign-in page; ``?next=`` is where to go afterwards."""
    if optional_actor():
        return redirect(safe_next(request.args.get("next")))
    return _page(LoginForm(next=request.args.get("next")))


@blueprint.post("/login")
@requires(Permission.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Signs in and goes on; 422 and the page again when it does not match, 429 after too many tries."""
    form = LoginForm()
    status = _try(form)
    if status != 200:
        return _page(form), status
    return redirect(safe_next(form.next.data), 303)


@blueprint.get("/login/over")
@requires(Permission.PUBLIC)
def login_over() -> ResponseReturnValue:
    """The same form as a fragment, for the dialog over a page whose session has ended."""
    return render_template(
        "accounts/_login_form.html", form=LoginForm(), over=True, action=url_for("accounts.sign_in_over")
    )


@blueprint.post("/login/over")
@requires(Permission.PUBLIC)
def sign_in_over() -> ResponseReturnValue:
    """Signs in and says whom, with the new CSRF token; or the fragment again with what is wrong."""
    form = LoginForm()
    status = _try(form)
    if status != 200:
        action = url_for("accounts.sign_in_over")
        return render_template("accounts/_login_form.html", form=form, over=True, action=action), status
    return token()


@blueprint.get("/login/token")
@requires(Permission.PUBLIC)
def token() -> Response:
    """The CSRF token of this browser's session, for a page that was opened in an earlier one."""
    identity = sessions.session_identity()
    return jsonify(csrf_token=generate_csrf(), user_id=str(identity[0]) if identity else None)


@blueprint.post("/login/demo")
@requires(Permission.PUBLIC)
def sign_in_to_demo() -> ResponseReturnValue:
    """One click, no password: only in the demo, and only from this computer."""
    if not demo.is_offered(settings(), request):
        raise Problem.not_found()
    role = request.form.get("role", type=Role)
    with database.transaction() as conn:
        person = users.first_with_role(conn, role) if role else None
    if person is None:
        raise Problem.not_found("person in the demo")
    sessions.start(person.actor, person.session_epoch)
    return redirect(_HOME, 303)


@blueprint.post("/logout")
@requires(Permission.PUBLIC)
def logout() -> ResponseReturnValue:
    """Signs out on this browser."""
    sessions.end()
    return redirect(url_for("accounts.login"), 303)


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of ours, never another site's address."""
    path = (target or "").replace("\\", "/")
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith("//") and not parts.scheme and not parts.netloc
    return path if ours and path.isprintable() and not path.startswith("/login") else _HOME


def _page(form: LoginForm) -> str:
    offered = demo.is_offered(settings(), request)
    return render_template("accounts/login.html", form=form, demo=offered, action=url_for("accounts.sign_in"))


def _try(form: LoginForm) -> int:
    """200 and signed in; or 422 or 429, with the form saying why."""
    if not form.validate_on_submit():
        return 422
    if not throttle.may_try(_PURPOSE, form.email.data or ""):
        form.form_errors.append(throttle.MESSAGE)
        return 429
    person = _with_password(form.email.data or "", form.password.data or "")
    if person is None:
        form.form_errors.append(_WRONG)
        return 422
    throttle.forget(_PURPOSE, person.email)
    sessions.start(person.actor, person.session_epoch)
    return 200


def _with_password(email: str, password: str) -> Person | None:
    """The active person with this address and password. No connection is held while the hash is worked out."""
    with database.transaction() as conn:
        person = users.by_email(conn, email)
    right = passwords.matches(person.password_hash if person else None, password)
    if person is None or not right or not person.active:
        return None
    if passwords.is_outdated(person.password_hash or ""):
        with database.transaction() as conn:
            users.refresh_hash(conn, person, passwords.hash_password(password))
    return person
