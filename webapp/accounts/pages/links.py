"""Setting a password through a link: a forgotten one, or the first one of somebody invited."""

from __future__ import annotations

import threading
from contextlib import suppress

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts import letters, links, mail, passwords, sessions, throttle, users
from webapp.accounts.forms import ForgotForm, NewPasswordForm
from webapp.accounts.links import Purpose
from webapp.accounts.pages.blueprint import blueprint, settings
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.users import Person
from webapp.config import Settings
from webapp.web.fragments import toast


@blueprint.get("/forgot")
@requires(Permission.PUBLIC)
def forgot() -> ResponseReturnValue:
    """Asks for the address; without an e-mail server it says whom to ask instead."""
    return render_template("accounts/forgot.html", form=ForgotForm(), can_mail=mail.can_send(settings()))


@blueprint.post("/forgot")
@requires(Permission.PUBLIC)
def send_reset_link() -> ResponseReturnValue:
    """Sends a link if somebody has the address. The answer is the same, and as quick, if nobody has."""
    form = ForgotForm()
    can_mail = mail.can_send(settings())
    if not can_mail or not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form, can_mail=can_mail), 422
    if not throttle.may_try("reset", form.email.data or ""):
        form.form_errors.append(throttle.MESSAGE)
        return render_template("accounts/forgot.html", form=form, can_mail=can_mail), 429
    with database.transaction() as conn:
        person = users.by_email(conn, form.email.data or "")
    if person is not None and person.active:
        _send_aside(letters.write(Purpose.RESET, person))
    return render_template("accounts/forgot_sent.html", email=form.email.data)


@blueprint.get("/<any(reset, invitation):purpose>/<token>")
@requires(Permission.PUBLIC)
def open_link(purpose: str, token: str) -> ResponseReturnValue:
    """The form behind a link. Looking at it spends nothing, since mail scanners look too."""
    person = _person_behind(purpose, token)
    if person is None:
        return render_template("accounts/link_spent.html"), 410
    return _page(NewPasswordForm.for_email(person.email), person, purpose)


@blueprint.post("/<any(reset, invitation):purpose>/<token>")
@requires(Permission.PUBLIC)
def set_password(purpose: str, token: str) -> ResponseReturnValue:
    """Sets the password, which spends the link, and signs the person in."""
    person = _person_behind(purpose, token)
    if person is None:
        return render_template("accounts/link_spent.html"), 410
    form = NewPasswordForm.for_email(person.email)
    if not form.validate_on_submit():
        return _page(form, person, purpose), 422
    password_hash = passwords.hash_password(form.password.data or "")
    with database.transaction() as conn:
        conn.execute("SELECT 1 FROM users WHERE id = %s FOR UPDATE", (person.id,))
        if links.read(conn, _secret(), Purpose(purpose), token) is None:
            return render_template("accounts/link_spent.html"), 410
        person = users.set_password(conn, person.id, password_hash, actor_id=person.id)
    sessions.start(person.actor, person.session_epoch)
    toast("Your password is set.")
    return redirect(url_for("accounts.login"), 303)


def _person_behind(purpose: str, token: str) -> Person | None:
    with database.transaction() as conn:
        return links.read(conn, _secret(), Purpose(purpose), token)


def _page(form: NewPasswordForm, person: Person, purpose: str) -> str:
    return render_template(
        "accounts/set_password.html", form=form, person=person, invited=purpose == Purpose.INVITATION
    )


def _secret() -> str:
    return str(current_app.secret_key)


def _send_aside(letter: mail.Letter) -> None:
    """Beside the answer, whose time would tell who has an account. A failure is in the log."""
    threading.Thread(target=_send_or_log, args=(settings(), letter), name="leadline: reset link").start()


def _send_or_log(settings: Settings, letter: mail.Letter) -> None:
    with suppress(mail.MailError):  # which is in the log, and which the person who asked must not be told
        mail.send(settings, letter)
