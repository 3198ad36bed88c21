"""Changes of many leads that meet each other, are killed, canceled, or kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psycopg
import pytest
from flask import Flask

from tests.leads.bulking import begin, column, did, run, undone
from tests.leads.running import found
from tests.leads.support import actor_of, one
from tests.support.people import Cast
from tests.support.races import at_once
from webapp import database
from webapp.jobs import bulk, bulk_runner
from webapp.leads import bulk_export, bulk_work
from webapp.web.problems import Problem


@pytest.fixture
def many(app: Flask, conn: psycopg.Connection) -> int:
    """So many leads that an operation takes several batches."""
    conn.execute(
        """
        WITH numbers AS (
            INSERT INTO contact_numbers (e164, created_at)
            SELECT '+1212' || (2000000 + n), now() FROM generate_series(1, 2300) AS n RETURNING id, e164
        )
        INSERT INTO leads (contact_number_id, phone, created_at, updated_at) SELECT id, e164, now(), now() FROM numbers
        """
    )
    return 2300


def test_two_operations_on_the_same_leads_both_come_to_their_end(
    conn: psycopg.Connection, cast: Cast, many: int
) -> None:
    manager = actor_of(cast.manager)
    operations = [
        begin(manager, "add_tag", {"tag": "a"}),
        begin(manager, "add_tag", {"tag": "b"}),
        begin(manager, "assign", {"owner": str(cast.rep.id)}),
        begin(manager, "delete", chosen={"q": "2000007"}),
    ]
    at_once([lambda each=each: run(each) for each in operations])
    for operation_id in operations:
        operation = found(operation_id)
        assert (operation.status, operation.done) == ("done", operation.total)
        assert sum(operation.counters.values()) == operation.total
    left = conn.execute("SELECT tags, owner_id FROM leads").fetchall()
    assert len(left) == many - 1
    assert all(sorted(tags) == ["a", "b"] and owner == cast.rep.id for tags, owner in left)


def test_two_who_undo_at_once_undo_once(conn: psycopg.Connection, cast: Cast, three: list[int]) -> None:
    manager = actor_of(cast.manager)
    operation = did(manager, "add_tag", {"tag": "x"})

    def undo() -> bool:
        try:
            undone(manager, operation)
        except Problem:
            return False
        return True

    assert sorted(at_once([undo] * 3)) == [False, False, True]
    assert set(map(tuple, column(conn, "tags").values())) == {()}


_WORKER = """
import sys
from tests.conftest import settings_for, Servers
from webapp.app import create_app
from webapp.jobs import bulk_runner
from webapp.leads import bulk_work
app = create_app(settings_for(Servers(sys.argv[1], sys.argv[2])), connections=2)
def plan(operation, upload):
    for n, step in enumerate(bulk_work.plan(operation, upload)):
        if n == 2:
            def hang(conn, step=step):
                step(conn)
                print("in the third batch", flush=True)
                sys.stdin.read()
            yield hang
        yield step
with app.app_context():
    bulk_runner.run(int(sys.argv[3]), plan, seconds=60)
"""


def test_a_killed_workers_successor_goes_on_and_all_of_it_can_be_undone(
    app: Flask, conn: psycopg.Connection, cast: Cast, many: int
) -> None:
    manager = actor_of(cast.manager)
    operation_id = begin(manager, "add_tag", {"tag": "x"})
    settings = app.extensions["leadline"]
    command = [sys.executable, "-c", _WORKER, settings.database_url, settings.redis_url, str(operation_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"in the third batch\n"
        os.kill(worker.pid, signal.SIGKILL)
    assert found(operation_id).done == one(conn, "SELECT count(*) FROM leads WHERE tags = '{x}'") == 1000
    conn.execute("UPDATE bulk_operations SET heartbeat_at = now() - interval '2 minutes'")
    operation = run(operation_id)
    assert operation.counters == {"changed": many, "unchanged": 0, "skipped": 0}
    assert undone(manager, operation).counters["changed"] == many
    assert one(conn, "SELECT count(*) FROM leads WHERE tags <> '{}'") == 0


def test_a_canceled_operation_undoes_what_it_did_and_no_more(
    app: Flask, conn: psycopg.Connection, cast: Cast, many: int
) -> None:
    manager = actor_of(cast.manager)
    operation_id = begin(manager, "add_tag", {"tag": "x"})
    bulk_runner.run(operation_id, bulk_work.plan, seconds=0)
    with database.transaction() as mine:
        assert bulk.cancel(mine, operation_id)
    operation = run(operation_id)
    assert (operation.status, operation.done) == ("canceled", 500)
    back = undone(manager, operation)
    assert (back.total, back.counters["changed"]) == (500, 500)
    assert one(conn, "SELECT count(*) FROM leads WHERE tags <> '{}'") == 0


def test_what_is_kept_is_forgotten_after_a_day(conn: psycopg.Connection, cast: Cast, three: list[int]) -> None:
    manager = actor_of(cast.manager)
    operation = did(manager, "export")
    bulk.forget_uploads(conn)
    assert bulk_export.is_kept(conn, operation)
    conn.execute("UPDATE bulk_operations SET finished_at = now() - interval '25 hours'")
    bulk.forget_uploads(conn)
    assert not bulk_export.is_kept(conn, operation)
