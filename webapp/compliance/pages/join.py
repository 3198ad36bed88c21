"""The public opt-in page: works without scripts, says the same to everybody, and keeps what was agreed to."""

from __future__ import annotations

import hashlib

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import throttle
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.pages.blueprint import blueprint
from webapp.compliance.pages.public import is_manager, opt_in_words, programme_of, render_opt_in
from webapp.compliance.public import opt_in
from webapp.compliance.public.forms import JoinForm
from webapp.compliance.public.opt_in import Submission
from webapp.compliance.public.programme import Programme
from webapp.database import Connection
from webapp.leads.fields import LeadValues
from webapp.web.problems import Problem

_PURPOSE = "opt-in page"
_PER_ADDRESS = "20 per hour"
_PER_NUMBER = "3 per day"
_KEPT_CHARACTERS = 500
_CHANGED = "The wording has changed since you opened this page. Please read it again, and tick the box if you agree."
_TOO_MANY = "That was tried too often. Wait an hour, or call us instead."


@blueprint.get("/join")
@requires(Permission.PUBLIC)
def join() -> ResponseReturnValue:
    """The empty form. While the page is closed only managers see it."""
    with database.transaction() as conn:
        programme = programme_of(conn)
        if not programme.is_public and is_manager():
            return render_template("public/missing.html", programme=programme), 404
        if not programme.takes_opt_ins and not is_manager():
            raise Problem.not_found()
        return _page(conn, programme, JoinForm(formdata=None))


@blueprint.post("/join")
@requires(Permission.PUBLIC)
def submit() -> ResponseReturnValue:
    """Writes the opt-in down. 422: something is missing; 409: the wording changed meanwhile; 429: too often."""
    with database.transaction() as conn:
        programme = programme_of(conn)
        if not programme.takes_opt_ins:
            raise Problem.not_found()
        form = JoinForm()
        cleaned = form.read()
        if cleaned is None:
            return _page(conn, programme, form), 422
        if form.homepage.data:
            return _thanks()  # a program filled in what no person sees
        if not _may_try(cleaned.values["phone"]):
            return _page(conn, programme, form, alert=_TOO_MANY), 429
        shown = opt_in_words(conn, programme)
        if form.version.data != str(shown.version):
            form.consent.data = False
            return _page(conn, programme, form, alert=_CHANGED), 409
        opt_in.submit(conn, _submission(cleaned.values), shown, programme.settings, now=clock.now())
    return _thanks()


@blueprint.get("/join/thanks")
@requires(Permission.PUBLIC)
def thanks() -> ResponseReturnValue:
    """What happens next, the same for every number."""
    with database.transaction() as conn:
        programme = programme_of(conn)
    if not programme.takes_opt_ins and not (programme.is_public and is_manager()):
        raise Problem.not_found()
    return render_template("public/thanks.html", programme=programme)


def _thanks() -> ResponseReturnValue:
    return redirect(url_for("compliance.thanks"), 303)


def _may_try(phone: str) -> bool:
    by_address = throttle.may_act(_PER_ADDRESS, _PURPOSE, request.remote_addr or "")
    return by_address and throttle.may_act(_PER_NUMBER, _PURPOSE, phone)


def _page(conn: Connection, programme: Programme, form: JoinForm, *, alert: str = "") -> str:
    shown = opt_in_words(conn, programme)
    return render_opt_in(programme, form, shown.text, shown.version, alert=alert)


def _submission(values: LeadValues) -> Submission:
    """With what the request says of itself: the evidence of who pressed the button."""
    return Submission(
        phone=values["phone"],
        first_name=values["first_name"],
        state=values["state"],
        page_url=request.base_url,
        ip=request.remote_addr or "",
        user_agent=request.headers.get("User-Agent", "")[:_KEPT_CHARACTERS],
        referrer=(request.referrer or "")[:_KEPT_CHARACTERS],
        session=hashlib.sha256(str(session.get("csrf_token", "")).encode()).hexdigest()[:16],
    )
