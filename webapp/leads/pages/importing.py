"""Importing from a file: handing it in, watching it, and what came of it."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation
from webapp.leads import import_reading, importing, rejects
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.forms import ImportForm
from webapp.leads.import_writing import Importer
from webapp.leads.pages.blueprint import ID, active_people, blueprint
from webapp.web.fragments import go_to, is_fragment, not_modified, tagged, toast, unchanged
from webapp.web.paging import decode_cursor, encode_cursor
from webapp.web.problems import Problem

_RECENT = 5
_ERRORS_PER_PAGE = 50


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
    """How far an import is and what came of it; one may leave this page and come back. It is its own poller's answer.

    While rows are being worked on the fragment polls; unchanged is a 304.
    """
    cursor = request.args.get("after")
    with database.transaction() as conn:
        operation = _demand(conn, current_actor(), operation_id)
        version = f"{operation.status}-{operation.done}"
        if is_fragment() and unchanged(version):
            return not_modified()
        html = _render(conn, operation, version, cursor)
    return tagged(html, version)


@blueprint.get(f"/leads/import/<{ID}:operation_id>/rejects.csv")
@requires(Permission.SIGNED_IN)
def download_rejects(operation_id: int) -> ResponseReturnValue:
    """The rows that did not go in, with the reasons, to be mended and imported again."""
    with database.transaction() as conn:
        _demand(conn, current_actor(), operation_id)
        chunks = rejects.rejects_file(conn, operation_id)
    if chunks is None:
        raise Problem.not_found("file: it is kept for 30 days")
    headers = {"Content-Disposition": f'attachment; filename="rejected-rows-{operation_id}.csv"'}
    return Response(chunks, mimetype="text/csv", headers=headers)


@blueprint.post(f"/leads/import/<{ID}:operation_id>/cancel")
@requires(Permission.SIGNED_IN)
def cancel_import(operation_id: int) -> ResponseReturnValue:
    """Stops after the batch in hand. What is in stays in."""
    with database.transaction() as conn:
        _demand(conn, current_actor(), operation_id)
        stopped = bulk.cancel(conn, operation_id)
    toast("Stopped. What is in stays in." if stopped else "It was finished already.")
    return redirect(url_for("leads.show_import", operation_id=operation_id), 303)


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
    """The page; after an error of a form that htmx sent, the form alone, into which the chosen file is kept."""
    template = "leads/_import_form.html" if is_fragment() else "leads/import.html"
    return render_template(template, form=form, recent=import_reading.recent(conn, actor, _RECENT))


def _demand(conn: Connection, actor: Actor, operation_id: int) -> Operation:
    operation = import_reading.find(conn, actor, operation_id)
    if operation is None or operation.kind != importing.KIND:
        raise Problem.not_found("import")
    return operation


def _render(conn: Connection, operation: Operation, version: str, cursor: str | None) -> str:
    scope = f"import errors {operation.id}"
    position = decode_cursor(cursor, scope=scope) if cursor else None
    after = (int(position[0]), str(position[1])) if position else None
    page = import_reading.errors(conn, operation.id, after=after, limit=_ERRORS_PER_PAGE)
    return render_template(
        "leads/_import_progress.html" if is_fragment() else "leads/import_show.html",
        operation=operation,
        version=version,
        page=page,
        rejected=rejects.count(conn, operation.id) if operation.over else 0,
        more=encode_cursor(*page.next_after, scope=scope) if page.next_after else None,
        first=cursor is None,
    )
