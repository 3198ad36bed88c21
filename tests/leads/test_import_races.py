"""Imports that are killed, canceled, doubled and raced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial

import psycopg
import pytest
from flask import Flask

from tests.leads.running import PATIENCE, begin, found, messages, run
from tests.leads.samples import many
from tests.leads.support import NOW, add_sender, one
from tests.support.races import at_once
from webapp import clock, database
from webapp.compliance.optouts import suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.database import Connection
from webapp.jobs import bulk, bulk_runner
from webapp.jobs.bulk_runner import Batch
from webapp.leads import importing
from webapp.leads.import_writing import Importer
from webapp.leads.signals import Consent
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin

_WORKER = """
import sys
from tests.conftest import settings_for, Servers
from webapp.app import create_app
from webapp.jobs import bulk_runner
from webapp.leads import importing
app = create_app(settings_for(Servers(sys.argv[1], sys.argv[2])), connections=2)
def plan(operation, upload):
    for n, step in enumerate(importing.plan(operation, upload)):
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


def test_a_worker_that_is_killed_in_a_batch_is_followed_by_one_that_repeats_no_row(
    app: Flask, conn: psycopg.Connection
) -> None:
    lines = list(many(4_500))
    lines[3_001] = lines[1]  # the first row's number again, after the kill
    lines[10] = "Nobody,12345,\n"
    operation_id = begin("".join(lines))
    settings = app.extensions["leadline"]
    command = [sys.executable, "-c", _WORKER, settings.database_url, settings.redis_url, str(operation_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"in the third batch\n"
        os.kill(worker.pid, signal.SIGKILL)
    assert (found(operation_id).done, one(conn, "SELECT count(*) FROM leads")) == (2_000, 1_999)

    assert bulk_runner.run(operation_id, importing.plan, seconds=PATIENCE), "the dead worker is not known to be dead"
    assert found(operation_id).done == 2_000
    conn.execute("UPDATE bulk_operations SET heartbeat_at = now() - interval '2 minutes'")
    operation = run(operation_id)
    assert operation.counters == {"new": 4_498, "updated": 0, "duplicate": 1, "invalid": 1, "skipped": 0}
    assert one(conn, "SELECT count(*) FROM leads") == 4_498
    assert messages(conn, operation_id)[3_002] == "The same number is in row 2."


def test_jobs_of_a_moment_each_come_to_the_same_end(app: Flask, conn: psycopg.Connection) -> None:
    operation_id = begin("".join(many(3_500)) + "Again,+12122000000,\n")
    slices = 0
    while not found(operation_id).over:
        run(operation_id, seconds=0)
        slices += 1
    assert slices == 5  # four of a batch each, and one that finds nothing left
    assert found(operation_id).counters == {"new": 3_500, "updated": 0, "duplicate": 1, "invalid": 0, "skipped": 0}


def test_a_cancellation_ends_it_after_the_batch_in_hand(app: Flask, conn: psycopg.Connection) -> None:
    operation_id = begin("".join(many(3_000)))
    run(operation_id, seconds=0)
    with database.transaction() as own:
        assert bulk.cancel(own, operation_id)
    operation = run(operation_id)
    assert (operation.status, operation.done, sum(operation.counters.values())) == ("canceled", 1_000, 1_000)
    with database.transaction() as own:
        assert not bulk.cancel(own, operation_id)


def test_two_workers_on_one_import_repeat_nothing(app: Flask, conn: psycopg.Connection) -> None:
    operation_id = begin("".join(many(3_000)))
    at_once([partial(run, operation_id)] * 4)
    operation = found(operation_id)
    assert (operation.status, operation.counters["new"], operation.done) == ("done", 3_000, 3_000)


def test_two_imports_of_the_same_people_at_once_make_each_lead_once(app: Flask, conn: psycopg.Connection) -> None:
    forth, back = list(many(2_500)), list(many(2_500))
    content = ["".join(forth), "".join([back[0], *reversed(back[1:])])]
    ids = [begin(each) for each in content]
    operations = at_once([partial(run, operation_id) for operation_id in ids])
    assert [operation.status for operation in operations] == ["done", "done"]
    assert sum(operation.counters["new"] for operation in operations) == 2_500
    assert all(sum(operation.counters.values()) == 2_500 for operation in operations)
    assert one(conn, "SELECT count(*) FROM leads") == 2_500


def test_texts_and_stops_during_an_import_with_consent_wait_their_turn(app: Flask, conn: psycopg.Connection) -> None:
    numbers = [f"+1212555{n:04}" for n in range(300)]
    conversations = conn.execute(
        "WITH n AS (INSERT INTO contact_numbers (e164, created_at, consent_at) "
        "SELECT unnest(%s::text[]), now(), '2020-01-01' RETURNING id) "
        "INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at) SELECT id, %s, now() FROM n "
        "RETURNING id, contact_number_id",
        (numbers, add_sender(conn)),
    ).fetchall()
    operation_id = begin("Phone\n" + "\n".join(numbers), Importer(None, True, consent=Consent("sheet", NOW, True)))

    def text_everybody() -> None:
        for conversation_id, _ in reversed(conversations):
            with database.transaction() as own:
                outbox.queue(own, NewText(conversation_id, "Hi", origin=Origin.API), now=clock.now())

    def stop_everybody() -> None:
        for _, number_id in conversations:
            with database.transaction() as own:
                suppressions.suppress(own, number_id, Cause("keyword", "stop", clock.now()), now=clock.now())

    at_once([partial(run, operation_id), text_everybody, stop_everybody])
    assert found(operation_id).counters["new"] == 300
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NULL") == 0
    assert one(conn, "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'held')") == 0
    assert one(conn, "SELECT count(*) FROM sms_conversations WHERE lead_id IS NULL") == 0


def test_a_fault_of_ours_ends_the_import_and_says_so(app: Flask, conn: psycopg.Connection) -> None:
    def broken(step: bulk_runner.Step, conn: Connection) -> Batch:
        step(conn)
        raise ZeroDivisionError

    operation_id = begin("Phone\n2125550101\n")
    with pytest.raises(ZeroDivisionError):
        bulk_runner.run(
            operation_id, lambda *asked: (partial(broken, step) for step in importing.plan(*asked)), seconds=1
        )
    operation = found(operation_id)
    assert (operation.status, operation.done) == ("failed", 0)
    assert "on our side" in (operation.error or "")
    assert one(conn, "SELECT count(*) FROM leads") == 0
