"""Importing from a file: handing it in, watching it, and what came of it."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads import import_reading, importing, rejects
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.forms import ImportForm
from webapp.leads.import_writing import Importer
from webapp.leads.pages import operations
from webapp.leads.pages.blueprint import ID, active_people, blueprint
from webapp.leads.pages.operations import Shown
from webapp.web.fragments import go_to
from webapp.web.problems import Problem

_RECENT = 5
_SHOWN = Shown(
    importing.KIND,
    (
        ("new", "New", "Leads made"),
        ("updated", "Updated", "Known leads that gained something"),
        ("duplicate", "Duplicate", "The number is further up in the file"),
        ("invalid", "To be mended", "The reasons follow"),
        ("skipped", "Skipped", "Blank, nothing new, or a colleague's"),
    ),
    "What is in stays in. Import the file again to go on; rows that are in are then skipped.",
    endpoint="leads.show_import",
    cancel="leads.cancel_import",
    page="leads/import_show.html",
    progress="leads/_import_progress.html",
)


@blueprint.get("/leads/import")
@requires(Permission.SIGNED_IN)
def import_page() -> ResponseReturnValue:
    """Asks for a file; below, the last imports."""
    actor = current_actor()
    with database.transaction() as conn:
        return _page(conn, actor, ImportForm.asking(actor, active_people(conn), sent=False))


@blueprint.post("/leads/import")
@requires(Permission.SIGNED_IN)
def start_import() -> ResponseReturnValue:
    """Takes the file, and goes on to its progress. A file that cannot be used leaves the form as it was filled in."""
    actor = current_actor()
    with database.transaction() as conn:
        form = ImportForm.asking(actor, active_people(conn), sent=True)
        operation_id = _begin(conn, actor, form)
        if operation_id is None:
            return _page(conn, actor, form), 422
    bulk.ring(importing.KIND, operation_id)
    return go_to(url_for("leads.show_import", operation_id=operation_id))


@blueprint.get(f"/leads/import/<{ID}:operation_id>")
@requires(Permission.SIGNED_IN)
def show_import(operation_id: int) -> ResponseReturnValue:
    """How far an import is and what came of it; one may leave this page and come back."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, importing.KIND)
        rejected = rejects.count(conn, operation.id) if operation.over else 0
        return operations.show(conn, operation, _SHOWN, rejected=rejected)


@blueprint.get(f"/leads/import/<{ID}:operation_id>/rejects.csv")
@requires(Permission.SIGNED_IN)
def download_rejects(operation_id: int) -> ResponseReturnValue:
    """The rows that did not go in, with the reasons, to be mended and imported again."""
    with database.transaction() as conn:
        operations.demand(conn, operation_id, importing.KIND)
        chunks = rejects.rejects_file(conn, operation_id)
    if chunks is None:
        raise Problem.not_found("file: it is kept for 30 days")
    headers = {"Content-Disposition": f'attachment; filename="rejected-rows-{operation_id}.csv"'}
    return Response(chunks, mimetype="text/csv", headers=headers)


@blueprint.post(f"/leads/import/<{ID}:operation_id>/cancel")
@requires(Permission.SIGNED_IN)
def cancel_import(operation_id: int) -> ResponseReturnValue:
    """Stops after the batch in hand. What is in stays in."""
    return operations.stop(operation_id, _SHOWN, "Stopped. What is in stays in.")


def _begin(conn: Connection, actor: Actor, form: ImportForm) -> int | None:
    """The new import's id; None when the form says what is wrong."""
    form.validate()
    consent = form.read_whole_consent(actor, clock.now())
    if any(field.errors for field in form):
        return None
    upload = form.file.data
    overwrite, attested = form.known.data == "overwrite", bool(form.attested.data)
    importer = Importer.of(actor, form.owner_id, consent, overwrite=overwrite, attested=attested)
    try:
        return importing.begin(conn, upload.read(), upload.filename or "", importer)
    except UnreadableFileError as unreadable:
        form.file.errors = [str(unreadable)]
        return None


def _page(conn: Connection, actor: Actor, form: ImportForm) -> str:
    recent = import_reading.recent(conn, actor, _RECENT)
    return operations.form_page("leads/import.html", "leads/_import_form.html", form=form, recent=recent)
