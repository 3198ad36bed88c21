"""Importing through the API: handing a file in, its progress, counters and row errors."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.support import Program, add_lead
from tests.leads.samples import COUNTERS, KNOWN, MIXED
from tests.support.people import Cast
from webapp import database
from webapp.jobs import queues
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.leads import importing
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.import_writing import Importer

CONSENT = {"consent_source": "web form", "consent_at": "2026-12-01T15:00:00Z", "consent_attested": "true"}
PLAIN = b"Phone,Name\n2125550101,Ann Able\n"


def work(app: Flask) -> None:
    """Lets a real worker do what is on the bulk queue."""
    make_worker(app, QueueName.BULK).work(burst=True, logging_level="WARNING")


def _import(program: Program, content: bytes, **fields: object) -> str:
    answer = program.upload("/api/leads/import", content, **fields)
    assert answer.status_code == 202, answer.text
    return str(answer.json["id"])


def _wrong(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["message"] for error in answer.json["errors"]}


def test_a_file_becomes_an_operation_that_a_worker_finishes(app: Flask, rep: Program, cast: Cast):
    add_lead(cast.rep, KNOWN, first_name="Kim")
    answer = rep.upload("/api/leads/import", MIXED.encode(), "people.csv", owner_id=str(cast.rep.id))

    assert answer.status_code == 202
    handed_in = answer.json
    assert (handed_in["kind"], handed_in["status"], handed_in["filename"]) == ("lead_import", "queued", "people.csv")
    assert (handed_in["total"], handed_in["done"], set(handed_in["counters"].values())) == (10, 0, {0})
    assert handed_in["notes"] == ["Phone numbers are taken from “Mobile”.", "Kept as fields of your own: beds."]

    work(app)
    finished = rep.get(f"/api/bulk/{handed_in['id']}").json
    assert (finished["status"], finished["done"], finished["counters"]) == ("done", 10, COUNTERS)
    assert sum(finished["counters"].values()) == finished["total"]
    assert finished["error"] is None
    assert finished["finished_at"] is not None
    ann = rep.get("/api/leads", q="ann able").json["items"][0]
    assert (ann["phone"], ann["postal_code"], ann["tags"], ann["custom"], ann["owner_id"]) == (
        "+12125550101",
        "02134",
        ["Buyer", "Condo"],
        {"beds": "3"},
        str(cast.rep.id),
    )
    kim = rep.get("/api/leads", q="kim").json["items"][0]
    assert (kim["last_name"], kim["email"], kim["tags"]) == ("Known", "kim@example.com", ["Seller"])


def test_row_errors_name_row_field_and_fix_page_by_page(app: Flask, rep: Program, cast: Cast):
    add_lead(cast.rep, KNOWN)
    path = f"/api/bulk/{_import(rep, MIXED.encode())}"
    work(app)
    errors, cursor = [], None
    while True:
        page = rep.get(path, limit=2, **({"cursor": cursor} if cursor else {})).json["errors"]
        errors += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert [(e["row"], e["field"], e["outcome"]) for e in errors] == [
        (5, "phone", "duplicate"),
        (7, "phone", "duplicate"),
        (8, "phone", "invalid"),
        (9, "email", "invalid"),
        (10, "row", "invalid"),
    ]
    assert errors[0]["message"] == "The same number is in row 2."
    assert "name@example.com" in errors[3]["message"]
    assert rep.get(path).json["errors"] == {"items": errors, "next_cursor": None}


def test_known_leads_keep_what_they_say_unless_the_file_may_overwrite(app: Flask, rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, "+12125550101", first_name="Anna")
    _import(rep, PLAIN)
    work(app)
    lead = rep.get(f"/api/leads/{lead_id}").json
    assert (lead["first_name"], lead["last_name"]) == ("Anna", "Able")

    _import(rep, PLAIN, overwrite="true")
    work(app)
    assert rep.get(f"/api/leads/{lead_id}").json["first_name"] == "Ann"


def test_everybody_in_the_file_agreed_as_the_importer_attests(app: Flask, rep: Program, conn: psycopg.Connection):
    at = "2026-12-01T15:00:00Z"
    _import(rep, PLAIN, consent_source="sign-in sheet", consent_at=at, consent_attested="true")
    work(app)
    row = conn.execute("SELECT source, attested, occurred_at::text FROM consent_events").fetchone()
    assert row == ("sign-in sheet", True, "2026-12-01 15:00:00+00")


def test_a_blank_consent_is_none(app: Flask, rep: Program, conn: psycopg.Connection):
    _import(rep, PLAIN, consent_source="", consent_attested="true")
    work(app)
    assert conn.execute("SELECT count(*) FROM consent_events").fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM leads").fetchone() == (1,)


def test_the_file_itself_may_say_who_agreed_and_who_opted_out(app: Flask, rep: Program, conn: psycopg.Connection):
    content = b"Phone,Consent source,Consent date,Consent kind,Unsubscribed\n"
    content += b"2125550101,open house,2026-11-02,express,\n2125550102,,,,yes\n2125550103,,,,\n"
    operation_id = _import(rep, content, consent_attested="true")
    work(app)

    finished = rep.get(f"/api/bulk/{operation_id}").json
    assert finished["counters"] == {"new": 3, "updated": 0, "duplicate": 0, "invalid": 0, "skipped": 0}
    assert finished["tally"] == {"agreed": 1, "opted_out": 1}
    assert finished["notes"][1] == "Whoever is marked in “Unsubscribed” opted out, and is never texted."
    suppressed = {lead["phone"]: lead["suppressed"] for lead in rep.get("/api/leads").json["items"]}
    assert suppressed == {"+12125550101": False, "+12125550102": True, "+12125550103": False}
    lead_id = rep.get("/api/leads", q="0102").json["items"][0]["id"]
    refused = rep.send(lead_id=lead_id)
    assert (refused.status_code, refused.json["reason"]) == (409, "opted_out")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"consent_source": "web form", "consent_at": "2026-12-01T15:00:00Z"}, "consent_attested"),
        ({"consent_source": "web form", "consent_attested": "true"}, "consent_at"),
        ({"consent_at": "2026-12-01T15:00:00Z", "consent_attested": "true"}, "consent_source"),
        ({"consent_source": "a", "consent_attested": "true", "consent_at": "2026-12-10T00:00:00Z"}, "consent_at"),
        ({"consent_at": "yesterday"}, "consent_at"),
        ({"owner_id": "999"}, "owner_id"),
        ({"owner_id": "me"}, "owner_id"),
        ({"overwrite": "perhaps"}, "overwrite"),
        ({"surplus": "1"}, "surplus"),
    ],
)
def test_a_field_that_will_not_do_is_named(rep: Program, conn: psycopg.Connection, fields: dict[str, str], field: str):
    assert set(_wrong(rep.upload("/api/leads/import", PLAIN, **fields))) == {field}
    assert conn.execute("SELECT count(*) FROM bulk_operations").fetchone() == (0,)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "CSV UTF-8"),
        (b"Name,Email\nAnn,ann@example.com\n", "Phone, Mobile or Cell"),
        (b'Phone,Name\n2125550101,"Ann\n2125550102,Bob\n', "row 2"),
        (b"\x00\x01\x02\x03", "not a text file"),
        (b"Phone," + b"x" * 200_000, "first row"),
        (b"Phone,Name\n2125550101," + b"x" * 200_000, "quotation mark"),
    ],
    ids=["nothing", "blank", "excel", "no phone", "open quote", "binary", "long header", "long cell"],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_fix(
    rep: Program, conn: psycopg.Connection, content: bytes, says: str
):
    assert says in _wrong(rep.upload("/api/leads/import", content))["file"]
    assert conn.execute("SELECT count(*) FROM bulk_operations").fetchone() == (0,)


def test_a_file_that_is_too_large_is_refused(rep: Program):
    large = b"Phone\n" + b"2125550101\n" * (importing.MAX_BYTES // 11 + 1)
    assert "20 MB" in _wrong(rep.upload("/api/leads/import", large))["file"]
    assert rep.upload("/api/leads/import", large + b"2125550101\n" * 10_000).status_code == 413


def test_what_is_not_a_form_with_a_file_is_refused(rep: Program):
    headers = {"Authorization": f"Bearer {rep.token}"}
    assert rep.client.post("/api/leads/import", json={}, headers=headers).status_code == 415
    assert set(_wrong(rep.client.post("/api/leads/import", data={"owner_id": ""}, headers=headers | {"Content-Type": "multipart/form-data"}))) == {"owner_id", "file"}  # fmt: skip
    text = rep.client.post(
        "/api/leads/import", data={"file": "Phone\n"}, headers=headers, content_type="multipart/form-data"
    )
    assert _wrong(text) == {"file": "must be a file, sent with its name"}


def test_a_name_with_litter_in_it_is_kept_clean(rep: Program, app: Flask):
    answer = rep.upload("/api/leads/import", PLAIN, "peo\u202eple\t.csv")
    assert answer.json["filename"] == "people .csv"


@pytest.mark.parametrize(("who", "status"), [("rep", 200), ("other_rep", 404), ("manager", 200)])
def test_only_who_started_it_and_managers_see_an_operation(
    who: str, status: int, rep: Program, request: pytest.FixtureRequest
):
    operation_id = _import(rep, PLAIN)
    assert request.getfixturevalue(who).get(f"/api/bulk/{operation_id}").status_code == status


def test_an_operation_that_there_is_not_is_not_found(rep: Program):
    assert rep.get("/api/bulk/1").status_code == 404
    assert rep.get("/api/bulk/x").status_code == 404
    assert set(_wrong(rep.get(f"/api/bulk/{_import(rep, PLAIN)}", cursor="nonsense"))) == {"cursor"}


def test_a_rep_imports_for_themselves_and_a_manager_for_anybody(rep: Program, manager: Program, cast: Cast):
    others = str(cast.other_rep.id)
    assert "manager" in _wrong(rep.upload("/api/leads/import", PLAIN, owner_id=others))["owner_id"]
    assert manager.upload("/api/leads/import", PLAIN, owner_id=others).status_code == 202


def test_a_colleagues_number_is_skipped_with_words(app: Flask, rep: Program, cast: Cast, conn: psycopg.Connection):
    lead_id = add_lead(cast.other_rep, "+12125550101", first_name="Old")
    operation_id = _import(rep, PLAIN, overwrite="true", **CONSENT)
    work(app)

    finished = rep.get(f"/api/bulk/{operation_id}").json
    assert finished["counters"] == {"new": 0, "updated": 0, "duplicate": 0, "invalid": 0, "skipped": 1}
    (error,) = finished["errors"]["items"]
    assert (error["row"], error["field"], error["outcome"]) == (2, "phone", "skipped")
    assert "Ask a manager" in error["message"]
    assert conn.execute("SELECT first_name FROM leads WHERE id = %s", [lead_id]).fetchone() == ("Old",)
    assert conn.execute("SELECT count(*) FROM consent_events").fetchone() == (0,)


def test_an_import_whose_hint_was_lost_is_rung_for_again(app: Flask, rep: Program, conn: psycopg.Connection):
    from webapp.jobs import bulk

    operation_id = _import(rep, PLAIN)
    queues.connection().flushall()
    work(app)
    assert rep.get(f"/api/bulk/{operation_id}").json["status"] == "queued"
    conn.execute("UPDATE bulk_operations SET created_at = now() - interval '1 minute'")
    assert bulk.ring_abandoned() == 1
    work(app)
    assert rep.get(f"/api/bulk/{operation_id}").json["status"] == "done"


def test_an_import_is_in_the_audit_log(rep: Program, cast: Cast, conn: psycopg.Connection):
    operation_id = _import(rep, PLAIN, **CONSENT)
    row = conn.execute("SELECT actor_id, action, target, details FROM audit_log ORDER BY id DESC LIMIT 1").fetchone()
    details = {"rows": 1, "consent": "web form"}
    assert row == (cast.rep.id, "leads.imported", f"bulk:{operation_id}", details)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(alphabet='Phone,;"\r\n\t 2150é\u00a0\ufeff\x85|', max_size=80)))
def test_whatever_the_file_holds_it_is_taken_or_refused_in_words(app: Flask, given: bytes | str):
    content = given if isinstance(given, bytes) else b"Phone\n" + given.encode()
    with database.transaction() as conn:
        try:
            operation_id = importing.begin(conn, content, "x.csv", Importer(None, True))
        except UnreadableFileError as refusal:
            assert str(refusal)
            return
    from webapp.jobs import bulk, bulk_runner

    assert bulk_runner.run(operation_id, importing.plan, seconds=60)
    with database.autocommit() as conn:
        operation = bulk.find(conn, operation_id)
    assert operation is not None
    assert (operation.status, sum(operation.counters.values())) == ("done", operation.total)
