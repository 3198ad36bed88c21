"""Opt-out lists of other systems: how they are read, what becomes of each row, and what races with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.compliance.support import one, rows
from tests.leads.support import actor_of, add_conversation, add_lead
from tests.support.people import Cast
from tests.support.races import at_once
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.compliance.optouts import importing, suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.jobs import bulk, bulk_runner
from webapp.jobs.bulk import Operation
from webapp.leads.csvfile import UnreadableFileError
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin, SuppressionSource

ANN, BOB = "+12125550101", "+12125550102"
MARCH = datetime(2024, 3, 1, 6, tzinfo=UTC)
"""The first of March where the importer is."""

Import = Callable[[str | bytes], Operation]


@pytest.fixture
def manager(cast: Cast) -> Actor:
    return actor_of(cast.manager)


@pytest.fixture
def take(app: Flask, manager: Actor) -> Import:
    """Imports a file and says how it ended."""
    return lambda content: finish(begin(content, manager))


def begin(content: str | bytes, actor: Actor) -> int:
    with database.transaction() as conn:
        given = content if isinstance(content, bytes) else content.encode()
        return importing.begin(conn, given, "optouts.csv", actor)


def finish(operation_id: int, seconds: float = 60) -> Operation:
    bulk_runner.run(operation_id, importing.plan, seconds=seconds)
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    return operation


def outcomes(operation: Operation) -> dict[str, int]:
    """The counters that are not 0; all together are every row."""
    assert sum(operation.counters.values()) == operation.total == operation.done
    return {name: count for name, count in operation.counters.items() if count}


def since(conn: psycopg.Connection[Any]) -> dict[str, datetime | None]:
    """Since when each number is suppressed."""
    return dict(conn.execute("SELECT e164, suppressed_at FROM contact_numbers ORDER BY e164").fetchall())


@pytest.mark.parametrize(
    "content",
    [
        "Phone,Date\n2125550101,2024-03-01\n",
        "First Name,Phone,DND,DND Date\nAnn,+12125550101,SMS,3/1/2024\nBob,+12125550102,,\nCat,+12125550103,Email,\n",
        "contact_id,sender_id,status,source,date_of_consent\n+12125550101,MG1,opt-out,opt-out-message,2024-03-01T06:00:00Z\n+12125550102,MG1,opt-in,website,2024-03-02T06:00:00Z\n",
        "+12125550101,2024-03-01\n",
        "Number;Opted out;Reason\r\n(212) 555-0101;03/01/2024;stop\r\n",
        "Person,Handset,When,Timestamp\nAnn,212-555-0101,,2024-03-01\n",
        '\ufeffTo,From,Date\n+12125550101,+15125550100,"Mar 1, 2024"\n',
    ],
    ids=["plain", "GoHighLevel", "Twilio", "no header", "semicolons", "no name that is known", "quoted"],
)
def test_a_list_as_other_systems_write_it_keeps_its_days(take: Import, conn: psycopg.Connection, content: str) -> None:
    operation = take(content)
    assert outcomes(operation)["suppressed"] == 1, operation.params["notes"]
    assert since(conn) == {ANN: MARCH}


def test_a_plain_list_of_numbers_counts_from_today(take: Import, conn: psycopg.Connection) -> None:
    before = clock.now()
    operation = take(f"{ANN}\n{BOB}\n\n")
    assert outcomes(operation) == {"suppressed": 2, "skipped": 1}
    assert all(at is not None and at >= before for at in since(conn).values())
    assert operation.params["notes"][1] == "No column says when people opted out: they count from today."


def test_the_ledger_says_where_it_comes_from(take: Import, conn: psycopg.Connection, cast: Cast) -> None:
    take(f"Phone,Date,Reason\n{ANN},2024-03-01,texted quit\n")
    row = conn.execute(
        "SELECT event, source, channel, occurred_at, attested, actor_id, note, details FROM consent_events"
    ).fetchone()
    details = {"file": "optouts.csv", "day": "2024-03-01"}
    assert row == ("opt_out", "import", "import", MARCH, True, cast.manager.id, "texted quit", details)
    assert one(conn, "SELECT suppression_source, suppression_reason FROM contact_numbers") == ("import", "texted quit")
    assert one(conn, "SELECT count(*) FROM leads") == 0


def test_whoever_is_suppressed_already_keeps_the_earlier_day(take: Import, conn: psycopg.Connection) -> None:
    for phone, at in ((ANN, MARCH - timedelta(days=30)), (BOB, MARCH + timedelta(days=30))):
        add_lead(conn, phone)
        suppressions.suppress(conn, len(since(conn)), Cause(SuppressionSource.KEYWORD, "stop", at), now=clock.now())
    operation = take(f"Phone,Date\n{ANN},2024-03-01\n{BOB},2024-03-01\n")
    assert outcomes(operation) == {"known": 2}
    assert since(conn) == {ANN: MARCH - timedelta(days=30), BOB: MARCH}
    assert rows(conn, "SELECT suppression_source FROM contact_numbers ORDER BY id") == ["keyword", "import"]


def test_a_later_start_by_keyword_answers_the_list(take: Import, conn: psycopg.Connection) -> None:
    add_lead(conn, ANN)
    suppressions.lift(conn, 1, Cause(SuppressionSource.KEYWORD, "start", MARCH + timedelta(days=1)))
    assert outcomes(take(f"Phone,Date\n{ANN},2024-03-01\n")) == {"answered": 1}
    assert since(conn) == {ANN: None}
    assert outcomes(take(f"Phone,Date\n{ANN},2024-03-03\n")) == {"suppressed": 1}


def test_a_consent_on_file_does_not_answer_the_list(take: Import, conn: psycopg.Connection) -> None:
    add_lead(conn, ANN)
    conn.execute(
        "INSERT INTO consent_events (contact_number_id, event, source, channel, occurred_at, attested)"
        " VALUES (1, 'opt_in', 'web_form', 'web', '2026-01-01', true)"
    )
    assert outcomes(take(f"Phone,Date\n{ANN},2024-03-01\n")) == {"suppressed": 1}


def test_rows_that_cannot_be_read_are_told_and_a_day_that_cannot_be_read_stops_no_opt_out(
    take: Import, conn: psycopg.Connection
) -> None:
    operation = take(f"Phone,Date\n12,2024-03-01\n{ANN},long ago\n{BOB},2199-01-01\n")
    assert outcomes(operation) == {"suppressed": 2, "invalid": 1}
    errors = bulk.row_errors(conn, operation.id, after=(0, ""), limit=9)
    told = [(e.row_number, e.field, e.outcome) for e in errors]
    assert told == [(2, "phone", "invalid"), (3, "date", "undated"), (4, "date", "undated")]
    assert errors[2].message.startswith("This day has not come yet: the opt-out counts from today.")
    assert rows(conn, "SELECT details ? 'day' FROM consent_events") == [False, False]
    assert all(at is not None and at <= clock.now() for at in since(conn).values())


def test_a_second_time_the_same_list_writes_nothing(take: Import, conn: psycopg.Connection) -> None:
    content = f"Phone,Date\n{ANN},2024-03-01\n{ANN},2024-03-01\n{BOB},\n"
    assert outcomes(take(content)) == {"suppressed": 2, "known": 1}
    assert outcomes(take(content)) == {"known": 3}
    assert one(conn, "SELECT count(*) FROM consent_events") == 2


def test_what_waits_to_go_is_canceled_and_the_thread_says_why(take: Import, conn: psycopg.Connection) -> None:
    conversation = add_conversation(conn, ANN)
    conn.execute("UPDATE contact_numbers SET consent_at = '2020-01-01', consent_source = 'web'")
    with database.transaction() as own:
        outbox.queue(own, NewText(conversation, "Hi", origin=Origin.API), now=clock.now())
    take(f"Phone,Date\n{ANN},2024-03-01\n")
    assert one(conn, "SELECT status, reason FROM sms_messages") == ("canceled", "opted_out")
    assert one(conn, "SELECT count(*) FROM sms_events WHERE type = 'opted_out'") == 1
    assert one(conn, "SELECT waiting_since IS NULL FROM sms_conversations")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"Name,Colour\nAnn,red\n", "No column holds phone numbers"),
        (b"PK\x03\x04", "CSV UTF-8"),
        (b"Name\n", "No column holds phone numbers"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    app: Flask, conn: psycopg.Connection, manager: Actor, content: bytes, says: str
) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        begin(content, manager)
    assert one(conn, "SELECT count(*) FROM bulk_operations") == 0


def test_an_import_is_stopped_after_the_batch_in_hand_and_goes_on_where_a_dead_worker_was(
    app: Flask, conn: psycopg.Connection, manager: Actor
) -> None:
    operation_id = begin("\n".join(f"+1213{2_000_000 + n}" for n in range(2_500)), manager)
    assert finish(operation_id, seconds=0).done == 1_000
    conn.execute("UPDATE bulk_operations SET status = 'running', heartbeat_at = now() - interval '2 minutes'")
    assert finish(operation_id, seconds=0).done == 2_000
    with database.transaction() as own:
        assert bulk.cancel(own, operation_id)
    assert finish(operation_id).done == 2_000
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL") == 2_000


def test_two_imports_of_the_same_list_at_once_suppress_each_number_once(
    app: Flask, conn: psycopg.Connection, manager: Actor
) -> None:
    numbers = [f"+1213{2_000_000 + n},2024-03-01" for n in range(2_000)]
    ids = [begin("Phone,Date\n" + "\n".join(listed), manager) for listed in (numbers, numbers[::-1])]
    operations = at_once([partial(finish, each) for each in ids])
    assert [each.status for each in operations] == ["done", "done"]
    assert sum(each.counters["suppressed"] for each in operations) == 2_000
    assert sum(each.counters["known"] for each in operations) == 2_000
    assert one(conn, "SELECT count(*) FROM consent_events") == 2_000


def test_stops_and_texts_during_an_import_end_with_everybody_stopped(
    app: Flask, conn: psycopg.Connection, manager: Actor
) -> None:
    first = add_conversation(conn, "+12132000000")
    sender = one(conn, "SELECT phone_number_id FROM sms_conversations WHERE id = %s", first)
    conversations = conn.execute(
        "WITH n AS (INSERT INTO contact_numbers (e164, created_at, consent_at, consent_source)"
        " SELECT '+1213' || (2000001 + g), now(), '2020-01-01', 'web' FROM generate_series(0, 299) g RETURNING id)"
        " INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at)"
        " SELECT id, %s, now() FROM n RETURNING id, contact_number_id",
        (sender,),
    ).fetchall()
    operation_id = begin("\n".join(f"+1213{2_000_001 + n}" for n in range(300)), manager)

    def text_everybody() -> None:
        for conversation_id, _ in reversed(conversations):
            with database.transaction() as own:
                outbox.queue(own, NewText(conversation_id, "Hi", origin=Origin.API), now=clock.now())

    def stop_everybody() -> None:
        for _, number_id in conversations:
            with database.transaction() as own:
                suppressions.suppress(own, number_id, Cause("keyword", "stop", clock.now()), now=clock.now())

    at_once([partial(finish, operation_id), text_everybody, stop_everybody])
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NULL") == 1
    assert one(conn, "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'held', 'claimed')") == 0
