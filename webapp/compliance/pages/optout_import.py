"""Importing opt-outs from other systems: handing the list in, and what came of it."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.optouts import importing
from webapp.compliance.optouts.forms import OptOutListForm
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.pages import operations
from webapp.leads.pages.operations import Shown
from webapp.web.fragments import go_to

_COUNTERS = (
    ("suppressed", "Suppressed", "Not texted from now on"),
    ("known", "Known", "Were suppressed already"),
    ("answered", "Agreed since", "Texted START, or were opted in again, after that day"),
    ("invalid", "To be mended", "The reasons are below"),
    ("skipped", "Skipped", "Blank, or not marked"),
)
_SHOWN = Shown(
    importing.KIND,
    _COUNTERS,
    "Who is suppressed stays so. Import the list again to go on.",
    endpoint="compliance.show_optout_import",
    cancel="compliance.cancel_optout_import",
    page="compliance/operation.html",
)


@blueprint.get("/compliance/opt-outs/import")
@requires(Permission.MANAGE)
def optout_import_page() -> ResponseReturnValue:
    """Asks for the list."""
    return _page(OptOutListForm(formdata=None))


@blueprint.post("/compliance/opt-outs/import")
@requires(Permission.MANAGE)
def start_optout_import() -> ResponseReturnValue:
    """Takes the list, and goes on to its progress."""
    form = OptOutListForm()
    if not form.validate():
        return _page(form), 422
    with database.transaction() as conn:
        operation_id = _begin(conn, form, current_actor())
    if operation_id is None:
        return _page(form), 422
    bulk.ring(importing.KIND, operation_id)
    return go_to(url_for("compliance.show_optout_import", operation_id=operation_id))


@blueprint.get(f"/compliance/opt-outs/import/<{ID}:operation_id>")
@requires(Permission.MANAGE)
def show_optout_import(operation_id: int) -> ResponseReturnValue:
    """How far the import is, and what came of it."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, importing.KIND)
        return operations.show(conn, operation, _SHOWN, back="compliance.opt_outs", back_words="Show opt-outs")


@blueprint.post(f"/compliance/opt-outs/import/<{ID}:operation_id>/cancel")
@requires(Permission.MANAGE)
def cancel_optout_import(operation_id: int) -> ResponseReturnValue:
    """Stops after the batch in hand."""
    return operations.stop(operation_id, _SHOWN, "Stopped. Who is suppressed stays so.")


def _begin(conn: Connection, form: OptOutListForm, actor: Actor) -> int | None:
    """The new import's id; None when the form says what is wrong with the file."""
    upload = form.file.data
    try:
        return importing.begin(conn, upload.read(), upload.filename or "", actor)
    except UnreadableFileError as unreadable:
        form.file.errors = [str(unreadable)]
        return None


def _page(form: OptOutListForm) -> str:
    return operations.form_page("compliance/optout_import.html", "compliance/_optout_import_form.html", form=form)
