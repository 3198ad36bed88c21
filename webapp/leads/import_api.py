"""JSON doors of importing: handing a file in, and asking how far it is."""

from __future__ import annotations

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.jobs.bulk import Operation
from webapp.leads import consents, import_reading, importing, ownership
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.import_reading import ErrorPage
from webapp.leads.import_writing import Importer
from webapp.leads.schemas import BulkOut, ImportForm, RowErrorOut, RowErrors
from webapp.leads.signals import Consent
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint
from webapp.web.paging import PageQuery, decode_cursor, encode_cursor
from webapp.web.problems import FieldError, Problem

api = api_blueprint("imports", "Import")


@api.post("/leads/import", responses={202: BulkOut})
@requires(Permission.SIGNED_IN)
def import_leads(form: ImportForm) -> tuple[BulkOut, int]:
    """Imports leads from a CSV file, in the background: ask `GET /api/bulk/{id}` how far it is.

    422 on `file` when the file as a whole cannot be used; nothing is imported then.
    """
    actor = current_actor()
    with database.transaction() as conn:
        _refuse_wrong(conn, actor, form)
        importer = Importer.of(
            actor, form.owner_id, _consent(form), overwrite=form.overwrite, attested=form.consent_attested
        )
        try:
            operation_id = importing.begin(conn, form.file.read(), form.file.filename or "", importer)
        except UnreadableFileError as unreadable:
            raise Problem.invalid([("file", str(unreadable))]) from None
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    bulk.ring(importing.KIND, operation_id)
    return _shown(operation, ErrorPage([], None)), 202


@api.get("/bulk/<id:id>", responses={200: BulkOut})
@requires(Permission.SIGNED_IN)
def get_bulk(path: ById, query: PageQuery) -> BulkOut:
    """A bulk operation: its progress, its counters, and its row errors as a page of their own.

    Only who started it and managers see it.
    """
    after = decode_cursor(query.cursor) if query.cursor else None
    with database.autocommit() as conn:
        operation = import_reading.find(conn, current_actor(), path.id)
        if operation is None:
            raise Problem.not_found("bulk operation")
        page = import_reading.errors(conn, path.id, after=(after[0], after[1]) if after else None, limit=query.limit)
    return _shown(operation, page)


def _refuse_wrong(conn: Connection, actor: Actor, form: ImportForm) -> None:
    """A 422 Problem naming what cannot be done as asked."""
    complaint = ownership.complaint(conn, actor, form.owner_id)
    wrong = [FieldError("owner_id", complaint)] if complaint else []
    if form.consent_source and form.consent_at is None:
        wrong.append(FieldError("consent_at", consents.NO_DAY))
    if form.consent_at is not None and not form.consent_source:
        wrong.append(FieldError("consent_source", consents.NO_SOURCE))
    if form.consent_source and not form.consent_attested:
        wrong.append(FieldError("consent_attested", consents.NOT_ATTESTED))
    if form.consent_at is not None and form.consent_at > clock.now():
        wrong.append(FieldError("consent_at", consents.NOT_YET))
    if wrong:
        raise Problem.invalid(wrong)


def _consent(form: ImportForm) -> Consent | None:
    """Everybody's consent, which ``_refuse_wrong`` has found whole or absent."""
    return Consent(form.consent_source, form.consent_at, attested=True) if form.consent_at else None


def _shown(operation: Operation, page: ErrorPage) -> BulkOut:
    rows = [
        RowErrorOut.model_validate(
            {"row": error.row_number, "field": error.field, "outcome": error.outcome, "message": error.message}
        )
        for error in page.errors
    ]
    cursor = encode_cursor(*page.next_after) if page.next_after else None
    return BulkOut(
        id=operation.id,
        kind=operation.kind,
        status=operation.status,
        filename=operation.params["filename"],
        total=operation.total,
        done=operation.done,
        counters=operation.counters,
        tally=operation.tally,
        notes=operation.params["notes"],
        errors=RowErrors(items=rows, next_cursor=cursor),
        error=operation.error,
        created_at=operation.created_at,
        started_at=operation.started_at,
        finished_at=operation.finished_at,
    )
