"""The sample CSV that the README names: nine duplicates and five bad rows to find, all else new."""

from __future__ import annotations

from pathlib import Path

import psycopg
from flask import Flask

from webapp import database
from webapp.jobs import bulk, bulk_runner
from webapp.leads import importing
from webapp.leads.import_writing import Importer

SAMPLE = Path(__file__).parents[2] / "docs" / "sample-leads.csv"


def test_importing_it_into_the_demo_finds_nine_duplicates_and_five_bad_rows(
    demo: Flask, conn: psycopg.Connection
) -> None:
    with database.transaction() as db:
        operation_id = importing.begin(db, SAMPLE.read_bytes(), SAMPLE.name, Importer(None, sees_all=True))
    bulk_runner.run(operation_id, importing.plan, seconds=60)
    operation = bulk.find(conn, operation_id)
    assert operation is not None
    assert operation.counters == {"new": 46, "updated": 0, "duplicate": 9, "invalid": 5, "skipped": 0}


def test_each_bad_row_is_named_with_its_field(demo: Flask, conn: psycopg.Connection) -> None:
    with database.transaction() as db:
        operation_id = importing.begin(db, SAMPLE.read_bytes(), SAMPLE.name, Importer(None, sees_all=True))
    bulk_runner.run(operation_id, importing.plan, seconds=60)
    fields = conn.execute(
        "SELECT field FROM bulk_row_errors WHERE operation_id = %s AND outcome = 'invalid' ORDER BY row_number",
        [operation_id],
    ).fetchall()
    assert [field for (field,) in fields] == ["phone", "phone", "email", "phone", "state"]
