"""What a file says of consent and opt-outs, row by row, and what is made of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import psycopg
import pytest
from flask import Flask

from tests.leads.running import begin, imported, messages, run
from tests.leads.support import NOW, add_conversation, add_lead, one
from tests.support.people import Cast
from tests.support.races import at_once
from webapp import clock, database
from webapp.compliance.optouts import suppressions
from webapp.compliance.optouts.suppressions import Cause
from webapp.jobs import bulk
from webapp.leads import rejects
from webapp.leads.dates import read_instant
from webapp.leads.import_writing import Importer
from webapp.leads.marks import opt_out_in, says_opted_out
from webapp.leads.signals import Consent
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin, SuppressionSource

ATTESTED = Importer(None, True, attested=True, zone="America/Chicago")
FOR_ALL = Importer(None, True, consent=Consent("web form", NOW, True), attested=True, zone="America/Chicago")
ANN, BOB = "+12125550101", "+12125550102"


def ledger(conn: psycopg.Connection) -> list[tuple[object, ...]]:
    """Number, event, source and day of every row."""
    return conn.execute(
        "SELECT right(n.e164, 4), event, source, occurred_at::date::text FROM consent_events AS e"
        " JOIN contact_numbers AS n ON n.id = contact_number_id ORDER BY e.id"
    ).fetchall()


def suppressed(conn: psycopg.Connection) -> set[str]:
    return {row[0] for row in conn.execute("SELECT e164 FROM contact_numbers WHERE suppressed_at IS NOT NULL")}


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-11-02", "11/2/2026", "11/02/26", "Nov 2, 2026", "2 November 2026", "02.11.2026", "November 2nd, 2026"),
        *("2026-11-02T00:00:00-06:00", "11/2/2026 12:00 AM", "Nov 02 2026 12:00 AM", "2026-11-02 00:00"),
    ],
)
def test_a_day_is_read_as_people_write_it_and_begins_where_the_importer_is(cell: str) -> None:
    assert read_instant(cell, "America/Chicago") == datetime(2026, 11, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["", "soon", "13/13/2026", "12", "2026", "0000-00-00", "1899-12-30", "yes"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        read_instant(cell, "UTC")


@pytest.mark.parametrize("cell", ["yes", "Y", "TRUE", "1", "x", "DND", "sms", "Email, SMS", "STOP", "All", "opted out", "?!1"])  # fmt: skip
def test_a_mark_that_does_not_say_no_is_an_opt_out(cell: str) -> None:
    assert says_opted_out(cell)


@pytest.mark.parametrize("cell", ["", " ", "-", "no", "False", "0", "N/A", "none", "Inactive", "Opted in", "Email", "Email, Calls"])  # fmt: skip
def test_a_plain_no_or_another_channel_is_none(cell: str) -> None:
    assert not says_opted_out(cell)


def test_a_day_alone_marks_an_opt_out_and_a_day_that_cannot_be_read_does_not_undo_one() -> None:
    dated = opt_out_in([], "2024-03-01", "UTC")
    assert dated is not None
    assert dated.at == datetime(2024, 3, 1, tzinfo=UTC)
    assert opt_out_in(["no"], "2024-03-01", "UTC") is None
    assert opt_out_in([], "0000-00-00", "UTC") is None
    undated = opt_out_in(["yes"], "long ago", "UTC")
    assert undated is not None
    assert undated.at is None


def test_each_row_has_its_own_consent_once_somebody_vouches_for_the_file(app: Flask, conn: psycopg.Connection) -> None:
    rows = "Phone,Consent source,Consent date,Consent kind\n2125550101,open house,11/2/2026,\n2125550102,web,2026-11-03,implied inquiry\n2125550103,,2026-11-03,\n2125550104,web,,\n2125550105,no,2026-11-03,\n2125550106,web,2026-11-03,No\n"
    operation = imported(rows, ATTESTED)
    assert operation.counters["new"] == 6
    assert operation.tally == {"agreed": 2, "opted_out": 0}
    assert ledger(conn) == [("0101", "opt_in", "open house", "2026-11-02"), ("0102", "opt_in", "web", "2026-11-03")]
    numbers = conn.execute(
        "SELECT consent_source, consent_channel, consent_until::date::text FROM contact_numbers ORDER BY e164 LIMIT 3"
    ).fetchall()
    assert numbers == [("open house", "import", None), ("web", "import", "2027-05-03"), (None, None, None)]
    details = one(conn, "SELECT details FROM consent_events WHERE source = 'web'")
    assert details == {"file": "x.csv", "kind": "implied_inquiry", "day": "2026-11-03"}


def test_without_somebody_who_vouches_the_files_own_words_count_for_nothing(
    app: Flask, conn: psycopg.Connection
) -> None:
    operation = imported("Phone,Consent source,Consent date\n2125550101,web,2026-11-02\n")
    assert ledger(conn) == []
    assert "nobody confirmed them" in operation.params["notes"][1]


def test_what_a_row_leaves_out_was_said_for_everybody_and_a_no_stands(app: Flask, conn: psycopg.Connection) -> None:
    imported("Phone,SMS consent,Consent date\n2125550101,yes,\n2125550102,no,\n2125550103,,11/3/2026\n", FOR_ALL)
    assert ledger(conn) == [("0101", "opt_in", "web form", "2026-12-01"), ("0103", "opt_in", "web form", "2026-11-03")]


def test_a_consent_that_cannot_be_read_or_has_not_come_is_to_be_mended(app: Flask, conn: psycopg.Connection) -> None:
    rows = "Phone,Consent source,Consent date,Consent kind\n2125550101,web,soon,\n2125550102,web,2199-01-01,\n2125550103,web,2026-11-02,perhaps\n"
    operation = imported(rows, ATTESTED)
    assert operation.counters["invalid"] == 3
    said = messages(conn, operation.id)
    assert ("not a date" in said[2], "has not come yet" in said[3], "implied purchase" in said[4]) == (True,) * 3
    assert ledger(conn) == []


def test_whoever_is_marked_is_suppressed_whatever_else_becomes_of_the_row(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    add_lead(conn, "+12125550109", owner=cast.other_rep)
    rows = (
        "Phone,Email,DND,Unsubscribed\n2125550101,,yes,\n2125550102,nonsense,yes,\n2125550103,,,\n2125550103,,,1\n"
        "2125550109,,true,\n2125550104,,Email,no\n(212) 555-0105 (do not text),,,\n12,,yes,\n"
    )
    operation = imported(rows, Importer(cast.rep.id, False, owner_id=cast.rep.id, consent=FOR_ALL.consent))
    assert operation.counters == {"new": 4, "updated": 0, "duplicate": 1, "invalid": 2, "skipped": 1}
    assert operation.tally["opted_out"] == 5
    assert suppressed(conn) == {f"+1212555010{n}" for n in (1, 2, 3, 5, 9)}
    assert one(conn, "SELECT array_agg(DISTINCT suppression_source) FROM contact_numbers WHERE suppressed_at IS NOT NULL") == ["import"]  # fmt: skip
    assert {row[0] for row in ledger(conn) if row[1] == "opt_in"} == {"0104"}


def test_the_day_of_an_opt_out_is_kept(app: Flask, conn: psycopg.Connection) -> None:
    imported("Phone,Opted out at\n2125550101,3/1/2024\n2125550102,\n", ATTESTED)
    assert suppressed(conn) == {ANN}
    assert one(conn, "SELECT suppressed_at FROM contact_numbers WHERE e164 = %s", ANN) == datetime(2024, 3, 1, 6, tzinfo=UTC)  # fmt: skip
    row = conn.execute("SELECT channel, source, attested, details FROM consent_events").fetchone()
    assert row == ("import", "import", True, {"file": "x.csv", "day": "2024-03-01"})


def test_an_opt_out_in_a_later_batch_takes_the_consent_of_an_earlier_one_back(
    app: Flask, conn: psycopg.Connection
) -> None:
    filler = "".join(f"+1213{2_000_000 + n},\n" for n in range(1_000))
    imported(f"Phone,DND\n{ANN},\n{filler}{ANN},yes\n", FOR_ALL)
    assert suppressed(conn) == {ANN}
    assert one(conn, "SELECT consent_at FROM contact_numbers WHERE e164 = %s", ANN) is None


def test_an_import_never_resubscribes_anybody(app: Flask, conn: psycopg.Connection) -> None:
    add_lead(conn, ANN)
    stop = Cause(SuppressionSource.KEYWORD, "stop", NOW - timedelta(days=9))
    suppressions.suppress(conn, 1, stop, now=NOW)
    imported(f"Phone,DND,Consent source,Consent date\n{ANN},no,new form,2026-11-20\n", FOR_ALL)
    assert suppressed(conn) == {ANN}
    assert one(conn, "SELECT consent_at FROM contact_numbers") is None


def test_a_start_that_came_after_the_day_in_the_file_stands(app: Flask, conn: psycopg.Connection) -> None:
    add_lead(conn, ANN)
    suppressions.lift(conn, 1, Cause(SuppressionSource.KEYWORD, "start", datetime(2025, 6, 1, tzinfo=UTC)))
    imported(f"Phone,Opted out on\n{ANN},2025-05-30\n", ATTESTED)
    assert suppressed(conn) == set()
    imported(f"Phone,Opted out\n{ANN},yes\n", ATTESTED)
    assert suppressed(conn) == {ANN}, "nobody knows that it was earlier"


def test_what_waits_to_go_is_taken_back_by_an_import(app: Flask, conn: psycopg.Connection) -> None:
    conversation = add_conversation(conn, ANN)
    conn.execute("UPDATE contact_numbers SET consent_at = '2020-01-01', consent_source = 'web'")
    with database.transaction() as own:
        outbox.queue(own, NewText(conversation, "Hi", origin=Origin.API), now=clock.now())
    imported(f"Phone,Do not text\n{ANN},x\n")
    assert one(conn, "SELECT status || ' ' || reason FROM sms_messages") == "canceled opted_out"


def test_two_imports_of_the_same_marks_at_once_write_each_opt_out_once(app: Flask, conn: psycopg.Connection) -> None:
    numbers = [f"+1213{2_000_000 + n}" for n in range(1_500)]
    files = [f"Phone,DND,DND date\n{rows}" for rows in ("".join(f"{n},yes,2024-03-01\n" for n in listed) for listed in (numbers, numbers[::-1]))]  # fmt: skip
    ids = [begin(content, ATTESTED) for content in files]
    assert [each.status for each in at_once([partial(run, each) for each in ids])] == ["done", "done"]
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL") == 1_500
    assert one(conn, "SELECT count(*) FROM consent_events") == 1_500


def test_stops_while_an_import_with_consent_runs_all_stand(app: Flask, conn: psycopg.Connection) -> None:
    numbers = [f"+1213{2_000_000 + n}" for n in range(400)]
    ids = conn.execute(
        "INSERT INTO contact_numbers (e164, created_at) SELECT unnest(%s::text[]), now() RETURNING id", (numbers,)
    ).fetchall()
    operation_id = begin("Phone\n" + "\n".join(numbers), FOR_ALL)

    def stop_everybody() -> None:
        for (number_id,) in reversed(ids):
            with database.transaction() as own:
                suppressions.suppress(own, number_id, Cause("keyword", "stop", clock.now()), now=clock.now())

    at_once([partial(run, operation_id), stop_everybody])
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NULL OR consent_at IS NOT NULL") == 0


def test_rejected_rows_are_no_formulas_and_come_back_as_they_were(app: Flask, conn: psycopg.Connection) -> None:
    operation = imported('Phone,=Name\n+12,=HYPERLINK("x")\n2125550102,Bob\n')
    chunks = rejects.rejects_file(conn, operation.id)
    assert chunks is not None
    text = b"".join(chunks).decode("utf-8-sig")
    assert text.startswith("Phone,'=Name,")
    assert """\n'+12,"'=HYPERLINK(""x"")",2,""" in text

    again = imported(text.replace("'+12,", "'+12125550101,"))
    assert again.counters["new"] == 1
    assert one(conn, "SELECT first_name FROM leads WHERE phone = %s", ANN) == '=HYPERLINK("x")'


# --- Who had stopped before -------------------------------------------------------------------------------------------


def test_the_result_names_the_rows_of_people_who_stay_stopped(app: Flask, conn: psycopg.Connection) -> None:
    imported(f"Phone\n{ANN}\n{BOB}\n", Importer(None, True))
    for number, source in ((1, SuppressionSource.KEYWORD), (2, SuppressionSource.ERASURE)):
        suppressions.suppress(conn, number, Cause(source, "stop", NOW - timedelta(days=9)), now=NOW)
    operation = imported(f"Phone,Consent source,Consent date\n{ANN},web,2026-11-03\n{BOB},,\n2125550103,,\n", ATTESTED)
    assert operation.counters["new"] == 1
    assert (operation.tally["stopped_before"], operation.tally["erased_before"]) == (1, 1)
    told = bulk.row_errors(conn, operation.id, after=(0, ""), limit=9)
    assert [(each.row_number, each.outcome, each.message[:60]) for each in told] == [
        (2, "suppressed", "They are in, and not texted: this person had opted out. Cons"),
        (3, "suppressed", "They are in again, and not texted: this person had their dat"),
    ]
    assert rejects.count(conn, operation.id) == 0
    assert suppressed(conn) == {ANN, BOB}


def test_whom_the_file_itself_marks_is_told_of_once(app: Flask, conn: psycopg.Connection) -> None:
    imported(f"Phone,DND\n{ANN},yes\n", FOR_ALL)
    operation = imported(f"Phone,DND\n{ANN},yes\n", FOR_ALL)
    assert operation.tally == {"agreed": 0, "opted_out": 1}
