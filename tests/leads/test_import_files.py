"""Files as people have them, whose the leads become, and what becomes of every row."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask

from tests.leads.running import imported, messages
from tests.leads.samples import COUNTERS, KNOWN, MIXED
from tests.leads.support import NOW, add_conversation, add_lead, one
from tests.support.people import Cast
from webapp.leads import rejects
from webapp.leads.import_writing import Importer
from webapp.leads.signals import Consent


@pytest.mark.parametrize(
    "content",
    [
        "Name,Phone\nJosé Núñez,2125550101\n".encode(),
        b"\xef\xbb\xbf" + "Name,Phone\nJosé Núñez,2125550101\n".encode(),
        "Name;Phone\r\nJosé Núñez;2125550101\r\n".encode("cp1252"),
        "Name\tPhone\nJosé Núñez\t2125550101\n".encode("utf-16"),
        'Name,Phone\n"Núñez, José","(212) 555-0101"\n'.encode(),
        'Name,Phone\n"José\nNúñez",2125550101\n'.encode(),
        "\n,,\nName,Phone,\n\nJosé Núñez,2125550101,\n".encode(),
        "First,Last,Phone,Mobile\nJosé,Núñez,2125550109,2125550101\n".encode(),
        "Name|Cell Phone\rJosé Núñez|1-212-555-0101\r".encode(),
        'Name,Phone\nJosé Núñez,"=""2125550101"""\n'.encode(),
    ],
    ids=[
        *("utf-8", "byte order mark", "semicolons in Windows letters", "tabs in UTF-16", "quotes", "line in a cell"),
        *("blank rows and columns", "mobile first", "bars and bare returns", "a formula that keeps zeros"),
    ],
)
def test_a_file_as_people_have_it_is_read(app: Flask, conn: psycopg.Connection, content: bytes) -> None:
    operation = imported(content)
    assert operation.counters["new"] == 1, messages(conn, operation.id)
    assert sum(operation.counters.values()) == operation.total
    assert conn.execute("SELECT first_name, last_name, phone FROM leads").fetchone() == (
        "José",
        "Núñez",
        "+12125550101",
    )


def test_zip_codes_get_their_zeros_back(app: Flask, conn: psycopg.Connection) -> None:
    imported("Phone,Zip\n2125550101,2134\n2125550102,801\n2125550103,78701-1234\n2125550104,K1A 0B1\n")
    rows = conn.execute("SELECT postal_code FROM leads ORDER BY phone").fetchall()
    assert [row[0] for row in rows] == ["02134", "00801", "78701-1234", "K1A 0B1"]


def test_how_the_file_was_read_is_said(app: Flask) -> None:
    content = "Name;Home Phone;Mobile;;Sqm\nJosé;;2125550101;stray;90\n".encode("cp1252")
    assert imported(content).params["notes"] == [
        "Phone numbers are taken from “Mobile”, else from “Home Phone”.",
        "Kept as fields of your own: sqm.",
        "Columns without a name were left out.",
        "The file is not UTF-8. It was read as Windows text: check names with accents.",
    ]


def test_every_row_ends_in_one_counter(app: Flask, conn: psycopg.Connection) -> None:
    add_lead(conn, KNOWN)
    operation = imported(MIXED)
    assert operation.counters == COUNTERS
    assert sum(COUNTERS.values()) == operation.total == operation.done == 10
    assert operation.status == "done"


def test_a_second_time_everything_is_skipped(app: Flask, conn: psycopg.Connection) -> None:
    add_lead(conn, KNOWN)
    imported(MIXED)
    assert imported(MIXED).counters == {"new": 0, "updated": 0, "duplicate": 2, "invalid": 3, "skipped": 5}


def test_an_invalid_rows_number_may_come_again(app: Flask, conn: psycopg.Connection) -> None:
    operation = imported("Phone,Email\n2125550101,nonsense\n2125550101,a@example.com\n")
    assert (operation.counters["invalid"], operation.counters["new"]) == (1, 1)


def test_a_file_with_names_of_columns_alone_is_done_at_once(app: Flask) -> None:
    operation = imported("Phone,Name\n")
    assert (operation.status, operation.total, sum(operation.counters.values())) == ("done", 0, 0)


def test_the_rejected_rows_come_back_mended(app: Flask, conn: psycopg.Connection) -> None:
    operation = imported('Phone,Name\n12345,"Ann; Able"\n2125550102,Bob\n')
    chunks = rejects.rejects_file(conn, operation.id)
    assert chunks is not None
    text = b"".join(chunks).decode("utf-8-sig")
    assert text.splitlines()[0] == "Phone,Name,Leadline row,Leadline problem"
    assert text.splitlines()[1].startswith("12345,Ann; Able,2,")
    assert "phone: " in text.splitlines()[1]
    assert rejects.count(conn, operation.id) == 1

    again = imported(text.replace("12345", "2125550101"))
    assert again.counters["new"] == 1
    assert one(conn, "SELECT custom FROM leads WHERE phone = '+12125550101'") == {}


def test_a_number_goes_to_whoever_has_its_conversation(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    conversation = add_conversation(conn, "+12125550101", assigned_to=cast.rep)
    imported("Phone\n2125550101\n")
    assert one(conn, "SELECT owner_id FROM leads") == cast.rep.id
    assert one(conn, "SELECT lead_id FROM sms_conversations WHERE id = %s", conversation) is not None


def test_a_rep_does_not_get_at_a_colleagues_conversation(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    add_conversation(conn, "+12125550101", assigned_to=cast.other_rep)
    operation = imported("Phone\n2125550101\n2125550102\n", Importer(cast.rep.id, False, owner_id=cast.rep.id))
    assert (operation.counters["new"], operation.counters["skipped"]) == (1, 1)
    assert "Ask a manager" in messages(conn, operation.id)[2]
    assert one(conn, "SELECT count(*) FROM leads WHERE phone = '+12125550101'") == 0


def test_consent_is_written_for_new_and_known_leads_alike(app: Flask, conn: psycopg.Connection) -> None:
    add_lead(conn, KNOWN)
    imported(MIXED, Importer(None, True, consent=Consent("sign-in sheet", NOW, True)))
    rows = conn.execute("SELECT n.e164 FROM consent_events JOIN contact_numbers AS n ON n.id = contact_number_id")
    assert sorted(row[0] for row in rows) == [KNOWN, "+12125550101", "+12125550102"]


def test_consent_lifts_no_opt_out(app: Flask, conn: psycopg.Connection) -> None:
    add_lead(conn, KNOWN)
    conn.execute("UPDATE contact_numbers SET suppressed_at = now()")
    imported(f"Phone\n{KNOWN}\n", Importer(None, True, consent=Consent("sign-in sheet", NOW, True)))
    assert one(conn, "SELECT suppressed_at IS NOT NULL AND consent_at IS NULL FROM contact_numbers")
