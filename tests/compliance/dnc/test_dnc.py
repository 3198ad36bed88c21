"""Do-not-call lists: read in pieces, whole before they count, replaced and removed without holding anything up."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.compliance.support import one, rows
from tests.leads.support import add_lead
from tests.support.people import Cast
from tests.support.races import at_once
from webapp import clock, database
from webapp.compliance import facts
from webapp.compliance.dnc import filling, list_file
from webapp.compliance.dnc import lists as dnc_lists
from webapp.compliance.dnc.filling import NewList
from webapp.compliance.dnc.lists import State
from webapp.jobs import bulk, bulk_runner
from webapp.jobs.bulk import Operation
from webapp.leads.csvfile import UnreadableFileError
from webapp.models.constants import DncKind

ANN, BOB = "+12125550101", "+12125550102"
TODAY = date(2026, 12, 9)


@pytest.fixture(autouse=True)
def _noon(app: Flask, at: Callable[[str], None]) -> None:
    at("2026-12-09T18:00:00Z")


def begin(
    content: str | bytes, who: int, kind: DncKind = DncKind.NATIONAL, name: str = "National", days: int = 3
) -> int:
    given = content if isinstance(content, bytes) else content.encode()
    new = NewList(kind, name, TODAY - timedelta(days=days))
    with database.transaction() as conn:
        return filling.begin(conn, BytesIO(given), "list.txt", new, who)


def finish(operation_id: int, seconds: float = 60) -> Operation:
    bulk_runner.run(operation_id, filling.plan, seconds=seconds)
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    return operation


def remove_all() -> None:
    """What a worker does with the removals that wait."""
    with database.autocommit() as conn:
        ids = [row[0] for row in conn.execute("SELECT id FROM bulk_operations WHERE kind = 'dnc_delete' ORDER BY id")]
    for operation_id in ids:
        bulk_runner.run(operation_id, filling.plan_removal, seconds=60)


def numbers(conn: psycopg.Connection[Any]) -> list[str]:
    return rows(conn, "SELECT e164 FROM dnc_entries ORDER BY e164")


@pytest.mark.parametrize(
    "content",
    [
        b"212,5550101\n212,5550102\n",
        b"212,5550101\r\n212,5550102",
        b"2125550101\n2125550102\n",
        b"\xef\xbb\xbf(212) 555-0101\n+1 212 555 0102\n",
        b'"212","5550101"\n"212","5550102"\n',
        b'Name,Phone,State\nAnn,212-555-0101,NY\n"Bob, Jr",(212) 555-0102,NY\n',
        b"AreaCode;PhoneNumber\n212;5550101\n212;5550102\n",
        b"Defendant\tCell\nAnn\t12125550101\nBob\t12125550102\n",
        b"Firm,Their number\nA,2125550101\nB,2125550102\n",
        b"2125550101,TX,2026-11-01\r2125550102,TX,2026-11-01\r",
    ],
    ids=[
        *("FTC", "no last line end", "ten digits", "as people write", "quotes", "CSV", "two columns", "tabs"),
        *("by content", "more behind"),
    ],
)
def test_a_list_as_registries_and_vendors_write_it_is_read(
    conn: psycopg.Connection, cast: Cast, content: bytes
) -> None:
    operation = finish(begin(content, cast.manager.id))
    assert operation.counters == {"added": 2, "duplicate": 0, "invalid": 0, "skipped": 0}
    assert operation.status == "done"
    assert numbers(conn) == [ANN, BOB]


def test_every_row_ends_in_one_counter_and_the_unreadable_ones_are_told(conn: psycopg.Connection, cast: Cast) -> None:
    operation = finish(begin("2125550101\n\n2125550101\n1125550102\n2125550102\n", cast.manager.id))
    assert operation.counters == {"added": 2, "duplicate": 1, "invalid": 1, "skipped": 1}
    assert sum(operation.counters.values()) == operation.total == operation.done == 5
    assert [error.row_number for error in bulk.row_errors(conn, operation.id, after=(0, ""), limit=9)] == [4]
    assert one(conn, "SELECT entries, active FROM dnc_lists") == (2, True)


def test_a_list_in_a_zip_is_taken_as_it_is(conn: psycopg.Connection, cast: Cast) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.txt", "212,5550101\n")
    finish(begin(packed.getvalue(), cast.manager.id))
    assert numbers(conn) == [ANN]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"Dear Sir or Madam,\nplease find enclosed\n", "No column holds phone numbers"),
        (b"123\n456\n", "no list of phone numbers"),
        (b"212,5550101,2026-11-01,A\n212,5550102,2026-11-01,D\n", "only what changed"),
        (b"<?xml version='1.0'?>\n<list/>\n", "flat text"),
        ("2125550101\n".encode("utf-16"), "not a text file"),
        (b"PK\x03\x04 and no more", "zip cannot be opened"),
        (b"2" * 100_000 * 11, "no list of phone numbers"),
    ],
    ids=["nothing", "blank", "a letter", "short", "changes", "XML", "UTF-16", "broken zip", "one line"],
)
def test_a_file_that_is_no_list_says_why_and_leaves_nothing(
    conn: psycopg.Connection, cast: Cast, content: bytes, says: str
) -> None:
    with pytest.raises(UnreadableFileError, match=says):
        begin(content, cast.manager.id)
    assert one(conn, "SELECT (SELECT count(*) FROM dnc_lists) + (SELECT count(*) FROM bulk_operations)") == 0


def test_pieces_hold_whole_lines_and_count_their_rows() -> None:
    text = b"".join(b"212,555%04d\r\n" % (n % 10_000) for n in range(200_000))
    pieces = list(list_file.pieces(BytesIO(text)))
    assert len(pieces) > 2
    assert b"".join(piece.content for piece in pieces) == text.replace(b"\r\n", b"\n")
    assert sum(piece.rows for piece in pieces) == 200_000
    assert [piece.first_row for piece in pieces[1:]] == [sum(p.rows for p in pieces[:n]) + 1 for n in range(1, len(pieces))]  # fmt: skip


def test_a_list_keeps_nothing_back_before_it_is_whole(conn: psycopg.Connection, cast: Cast) -> None:
    add_lead(conn, "+12122000001")
    operation_id = begin("".join(f"212{2_000_000 + n}\n" for n in range(150_000)), cast.manager.id)
    assert finish(operation_id, seconds=0).done < 150_000
    assert facts.load(conn, [1], clock.now())[1].dnc == []
    assert [each.state for each in dnc_lists.lists(conn)] == [State.IMPORTING]
    assert dnc_lists.age(conn) is None

    assert finish(operation_id).counters["added"] == 150_000
    assert facts.load(conn, [1], clock.now())[1].dnc == ["national"]
    assert dnc_lists.leads_on(conn) == {1: 1}
    assert one(conn, "SELECT count(*) FROM bulk_chunks") == 0


def test_a_newer_list_of_the_same_name_takes_the_olders_place(conn: psycopg.Connection, cast: Cast) -> None:
    finish(begin("2125550101\n", cast.manager.id, name="Texas", kind=DncKind.STATE, days=30))
    finish(begin("2125550109\n", cast.manager.id, days=30))
    finish(begin("2125550102\n", cast.manager.id, name="texas", kind=DncKind.STATE))
    assert [(each.name, each.state) for each in dnc_lists.lists(conn)] == [
        ("National", State.ACTIVE),
        ("texas", State.ACTIVE),
        ("Texas", State.REMOVING),
    ]
    remove_all()
    assert numbers(conn) == [BOB, "+12125550109"]
    assert [each.name for each in dnc_lists.lists(conn)] == ["National", "texas"]


def test_two_imports_of_the_same_list_at_once_leave_one(conn: psycopg.Connection, cast: Cast) -> None:
    content = "".join(f"212{2_000_000 + n}\n" for n in range(5_000))
    ids = [begin(content, cast.manager.id) for _ in range(2)]
    assert [each.status for each in at_once([partial(finish, each) for each in ids])] == ["done", "done"]
    remove_all()
    assert [each.state for each in dnc_lists.lists(conn)] == [State.ACTIVE]
    assert one(conn, "SELECT count(*) FROM dnc_entries") == 5_000


def test_an_import_that_is_stopped_leaves_nothing_behind(conn: psycopg.Connection, cast: Cast) -> None:
    operation_id = begin("".join(f"212{2_000_000 + n}\n" for n in range(150_000)), cast.manager.id)
    finish(operation_id, seconds=0)
    found = dnc_lists.find(conn, 1)
    assert found is not None
    with database.transaction() as own:
        filling.start_removal(own, found, cast.manager.id)
    assert finish(operation_id).status == "canceled"
    remove_all()
    assert one(conn, "SELECT (SELECT count(*) FROM dnc_lists) + (SELECT count(*) FROM dnc_entries)") == 0
    with database.transaction() as own:
        bulk.forget_uploads(own)
    assert one(conn, "SELECT count(*) FROM bulk_chunks") == 0


def test_a_removal_goes_in_steps_and_no_text_waits_for_it(conn: psycopg.Connection, cast: Cast) -> None:
    finish(begin("".join(f"212{2_000_000 + n}\n" for n in range(45_000)), cast.manager.id))
    add_lead(conn, "+12122000001")
    found = dnc_lists.find(conn, 1)
    assert found is not None
    with database.transaction() as own:
        removal = filling.start_removal(own, found, cast.manager.id)
    with psycopg.connect(conn.info.dsn, password=conn.info.password) as other:
        other.execute("DELETE FROM dnc_entries WHERE list_id = 1")  # a removal that has not committed
        with database.transaction() as own:
            own.execute("SET LOCAL lock_timeout = '1s'")
            assert facts.load_locked(own, 1, clock.now()).dnc == []
        other.rollback()
    assert bulk_runner.run(removal, filling.plan_removal, seconds=0) is False
    assert one(conn, "SELECT count(*) FROM dnc_entries") == 25_000
    remove_all()
    assert one(conn, "SELECT done, counters->>'removed' FROM bulk_operations WHERE id = %s", removal) == (45_000, "45000")  # fmt: skip


def test_a_list_at_rest_keeps_nobody_back(conn: psycopg.Connection, cast: Cast) -> None:
    add_lead(conn, ANN)
    finish(begin("2125550101\n", cast.manager.id, kind=DncKind.LITIGATOR))
    assert facts.load(conn, [1], clock.now())[1].dnc == ["litigator"]
    assert dnc_lists.activate(conn, 1, active=False)
    assert facts.load(conn, [1], clock.now())[1].dnc == []
    assert [each.state for each in dnc_lists.lists_with(conn, ANN)] == [State.INACTIVE]
    assert dnc_lists.lists_with(conn, BOB) == []
    assert not dnc_lists.activate(conn, 2, active=True)


def test_the_age_is_that_of_the_newest_national_list(conn: psycopg.Connection, cast: Cast) -> None:
    assert dnc_lists.age(conn) is None
    finish(begin("2125550101\n", cast.manager.id, name="512", days=40))
    assert dnc_lists.age(conn) == dnc_lists.Age(TODAY - timedelta(days=40), 40, 1)
    finish(begin("2125550102\n", cast.manager.id, name="214", days=31))
    finish(begin("2125550102\n", cast.manager.id, name="Texas", kind=DncKind.STATE, days=1))
    age = dnc_lists.age(conn)
    assert age is not None
    assert (age.days, age.outdated, age.stale) == (31, 1, False)
