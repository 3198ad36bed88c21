"""The account's settings: what an admin decides for everybody."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts import settings
from webapp.accounts.actors import current_actor
from webapp.accounts.forms import AccountForm
from webapp.accounts.pages.blueprint import blueprint
from webapp.accounts.permissions import Permission, requires
from webapp.accounts.settings import AccountSettings
from webapp.web.fragments import toast


@blueprint.get("/settings")
@requires(Permission.ADMIN)
def account() -> ResponseReturnValue:
    """Business, zone, who answers STOP."""
    with database.transaction() as conn:
        form = _form(settings.read(conn))
    return render_template("accounts/settings.html", form=form)


@blueprint.post("/settings")
@requires(Permission.ADMIN)
def save_account() -> ResponseReturnValue:
    """Saves what changed, each with an entry in the audit log."""
    form = AccountForm()
    if not form.validate_on_submit():
        return render_template("accounts/settings.html", form=form), 422
    with database.transaction() as conn:
        settings.save(conn, current_actor(), **_changes(form))
    toast("Saved.")
    return redirect(url_for("accounts.account"), 303)


def _form(stored: AccountSettings) -> AccountForm:
    return AccountForm(formdata=None, data=stored.model_dump())


def _changes(form: AccountForm) -> dict[str, object]:
    return {name: value for name, value in form.data.items() if name in AccountSettings.model_fields}
