"""One's own profile: name, time zone, password, how this browser shows Leadline, API tokens."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts import passwords, sessions, throttle, tokens, users
from webapp.accounts.actors import current_actor
from webapp.accounts.forms import ChangePasswordForm, ProfileForm, TokenForm
from webapp.accounts.pages.blueprint import blueprint
from webapp.accounts.permissions import Permission, requires
from webapp.web import html
from webapp.web.fragments import toast
from webapp.web.problems import Problem


@blueprint.get("/profile")
@requires(Permission.SIGNED_IN)
def profile() -> ResponseReturnValue:
    """Everything a person can change about themselves."""
    return _page()


@blueprint.post("/profile")
@requires(Permission.SIGNED_IN)
def save_profile() -> ResponseReturnValue:
    """Name and time zone."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(details=form), 422
    with database.transaction() as conn:
        users.set_profile(conn, current_actor().id, name=form.name.data or "", timezone=form.timezone.data)
    toast("Saved.")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/profile/away")
@requires(Permission.SIGNED_IN)
def set_away() -> ResponseReturnValue:
    """Whether campaigns that give leads out in turn pass this person over."""
    away = request.form.get("away") == "on"
    with database.transaction() as conn:
        users.set_away(conn, current_actor().id, away=away)
    toast("You are away: new leads go to the others." if away else "You are back, and in turn again.")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/profile/password")
@requires(Permission.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """A new password. It ends every other session, and keeps this one."""
    actor = current_actor()
    form = ChangePasswordForm.for_email(actor.email)
    if not form.validate_on_submit():
        return _page(password=form), 422
    if not throttle.may_try("password change", actor.email):
        form.form_errors.append(throttle.MESSAGE)
        return _page(password=form), 429
    with database.transaction() as conn:
        person = users.get(conn, actor.id)
    if not passwords.matches(person.password_hash, form.current.data or ""):
        form.current.errors = ["That is not your current password."]
        return _page(password=form), 422
    password_hash = passwords.hash_password(form.password.data or "")
    with database.transaction() as conn:
        person = users.set_password(conn, actor.id, password_hash, actor_id=actor.id)
    throttle.forget("password change", actor.email)
    sessions.start(person.actor, person.session_epoch)
    toast("Your password is changed. You are signed out everywhere else.")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/profile/browser")
@requires(Permission.SIGNED_IN)
def set_browser() -> ResponseReturnValue:
    """Theme and shortcuts, which this browser keeps in cookies. A field that is not sent stays as it is."""
    response = make_response(redirect(_back(), 303))
    if "theme" in request.form:
        html.keep_theme(response, request.form["theme"])
    if "shortcuts" in request.form:
        html.keep_shortcuts(response, on=request.form["shortcuts"] == "on")
    return response


@blueprint.post("/profile/tokens")
@requires(Permission.SIGNED_IN)
def create_token() -> ResponseReturnValue:
    """A new API token, shown on this answer and never again: so no redirect, and nothing kept to show later."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _page(token=form), 422
    actor = current_actor()
    with database.transaction() as conn:
        made = tokens.create(conn, user_id=actor.id, name=form.name.data or "", actor_id=actor.id)
    return _page(token=TokenForm(formdata=None), made=made)


@blueprint.post("/profile/tokens/<int:token_id>/revoke")
@requires(Permission.SIGNED_IN)
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Ends one of one's own tokens at once."""
    with database.transaction() as conn:
        if not tokens.revoke(conn, token_id=token_id, actor=current_actor()):
            raise Problem.not_found("token")
    toast("The token is revoked.")
    return redirect(url_for("accounts.profile", _anchor="tokens"), 303)


def _page(**forms: object) -> str:
    """The page with the forms that were sent, and the other ones as things stand."""
    actor = current_actor()
    with database.transaction() as conn:
        person, usable = users.get(conn, actor.id), tokens.usable(conn, actor.id)
    shown = {
        "details": ProfileForm(formdata=None, obj=person),
        "password": ChangePasswordForm.for_email(actor.email, sent=False),
        "token": TokenForm(formdata=None),
        "made": None,
    } | forms
    return render_template("accounts/profile.html", tokens=usable, away=person.away, **shown)


def _back() -> str:
    """The page of ours that the form was on."""
    from webapp.accounts.pages.login import safe_next

    return safe_next(request.form.get("next"))
