"""Importing opt-outs from other systems: handing the list in, and what came of it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance import optout_import
from webapp.compliance.import_forms import OptOutListForm
from webapp.compliance.pages import operations
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.compliance.pages.operations import Shown
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads.csvfile import UnreadableFileError
from webapp.web.fragments import go_to, is_fragment, toast

_COUNTERS = (
    ("suppressed", "Suppressed", "Not texted from now on"),
    ("known", "Known", "Were suppressed already"),
    ("answered", "Answered", "Texted START after that day"),
    ("invalid", "To be mended", "The reasons are below"),
    ("skipped", "Skipped", "Blank, or not marked"),
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
    bulk.ring(optout_import.KIND, operation_id)
    return go_to(url_for("compliance.show_optout_import", operation_id=operation_id))


@blueprint.get(f"/compliance/opt-outs/import/<{ID}:operation_id>")
@requires(Permission.MANAGE)
def show_optout_import(operation_id: int) -> ResponseReturnValue:
    """How far the import is, and what came of it."""
    shown = Shown(
        optout_import.KIND,
        _COUNTERS,
        "Who is suppressed stays so. Import the list again to go on.",
        url_for("compliance.opt_outs"),
        "Show opt-outs",
        url_for("compliance.cancel_optout_import", operation_id=operation_id),
        "compliance.show_optout_import",
    )
    return operations.show(operation_id, shown)


@blueprint.post(f"/compliance/opt-outs/import/<{ID}:operation_id>/cancel")
@requires(Permission.MANAGE)
def cancel_optout_import(operation_id: int) -> ResponseReturnValue:
    """Stops after the batch in hand."""
    with database.transaction() as conn:
        operations.demand(conn, operation_id, optout_import.KIND)
        stopped = bulk.cancel(conn, operation_id)
    toast("Stopped. Who is suppressed stays so." if stopped else "It was finished already.")
    return redirect(url_for("compliance.show_optout_import", operation_id=operation_id), 303)


def _begin(conn: Connection, form: OptOutListForm, actor: Actor) -> int | None:
    """The new import's id; None when the form says what is wrong with the file."""
    upload = form.file.data
    try:
        return optout_import.begin(conn, upload.read(), upload.filename or "", actor)
    except UnreadableFileError as unreadable:
        form.file.errors = [str(unreadable)]
        return None


def _page(form: OptOutListForm) -> str:
    """The page; after an error of a form that htmx sent, the form alone, into which the chosen file is kept."""
    fragment = is_fragment()
    return render_template(
        "compliance/_optout_import_form.html" if fragment else "compliance/optout_import.html", form=form
    )
