"""Imports as tests start and follow them."""

from __future__ import annotations

import psycopg

from webapp import database
from webapp.jobs import bulk, bulk_runner
from webapp.jobs.bulk import Operation
from webapp.leads import importing
from webapp.leads.import_writing import Importer

FOR_ALL = Importer(None, True)
PATIENCE = 30


def begin(content: str | bytes, importer: Importer = FOR_ALL) -> int:
    with database.transaction() as conn:
        return importing.begin(conn, content if isinstance(content, bytes) else content.encode(), "x.csv", importer)


def found(operation_id: int) -> Operation:
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    return operation


def run(operation_id: int, seconds: float = PATIENCE) -> Operation:
    bulk_runner.run(operation_id, importing.plan, seconds=seconds)
    return found(operation_id)


def imported(content: str | bytes, importer: Importer = FOR_ALL) -> Operation:
    return run(begin(content, importer))


def messages(conn: psycopg.Connection, operation_id: int) -> dict[int, str]:
    return {error.row_number: error.message for error in bulk.row_errors(conn, operation_id, after=(0, ""), limit=100)}
