"""Requests about people's data: written down, due in 45 days, answered from one page."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.compliance.support import NOON, add_number, one, rows
from tests.support.people import Cast
from tests.support.sessions import csrf_token, signed_in
from webapp import clock, database
from webapp.compliance.privacy import export
from webapp.leads import leads

PHONE = "+15125550123"


@pytest.fixture(autouse=True)
def noon(app: Flask) -> Iterator[None]:
    clock.start_at(NOON)
    yield
    clock.use_real_time()


@pytest.fixture
def number(conn: psycopg.Connection) -> int:
    """A lead with a text that has a picture."""
    with database.transaction() as tx:
        lead = leads.create(tx, leads.NewLead({"phone": PHONE, "first_name": "Anna"}), None, NOON)
        sender = one(tx, "INSERT INTO phone_numbers (e164) VALUES ('+15125550100') RETURNING id")
        number = int(one(tx, "SELECT id FROM contact_numbers"))
        conversation = one(
            tx,
            "INSERT INTO sms_conversations (contact_number_id, phone_number_id, lead_id, created_at)"
            " VALUES (%s, %s, %s, %s) RETURNING id",
            *(number, sender, lead, NOON),
        )
        text = one(
            tx,
            "INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, origin,"
            " encoding, created_at) VALUES (%s, %s, %s, 'inbound', 'A platypus', 'received', 'contact', 'GSM-7', %s)"
            " RETURNING id",
            *(conversation, number, sender, NOON),
        )
        tx.execute(
            "INSERT INTO media (message_id, carrier_sid, content_type, content, fetched_at)"
            " VALUES (%s, 'ME1', 'image/png', 'pixels', now())",
            [text],
        )
    return number


class Admin:
    """Ada at her browser."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.client = signed_in(app, cast.admin)
        self.headers = {"X-CSRFToken": csrf_token(self.client)}

    def post(self, path: str, **form: str) -> TestResponse:
        return self.client.post(f"/compliance/privacy{path}", data=form, headers=self.headers)

    def ask(self, wanted: str, **changes: str) -> TestResponse:
        given = {
            "phone": "(512) 555-0123",
            "kind": wanted,
            "received_on": "2026-12-01",
            "received_by": "email",
            "note": "Ticket 7",
        }
        return self.post("", **(given | changes))

    def page(self) -> str:
        return self.client.get("/compliance/privacy").text


@pytest.fixture
def admin(app: Flask, cast: Cast) -> Admin:
    return Admin(app, cast)


def test_a_request_is_due_45_days_after_it_came(conn: psycopg.Connection, admin: Admin, number: int):
    assert admin.ask("export").status_code == 303
    row = one(conn, "SELECT contact_number_id, kind, due_at - received_at, note FROM privacy_requests")
    assert row == (number, "export", timedelta(days=45), "Ticket 7")
    assert "37 days left" in admin.page()
    clock.start_at(NOON + timedelta(days=40))
    assert "3 days late" in admin.page()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"phone": "12"}, "10 digits"),
        ({"phone": "512 555 0999"}, "Nothing is kept about this number"),
        ({"received_on": "2026-12-10"}, "This day has not come yet."),
        ({"received_on": ""}, "Enter the day on which it came"),
        ({"kind": "nothing"}, "Not a valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(
    conn: psycopg.Connection, admin: Admin, number: int, changes: dict[str, str], complaint: str
):
    answer = admin.ask("export", **changes)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert one(conn, "SELECT count(*) FROM privacy_requests") == 0


def test_the_copy_holds_everything_about_the_person(conn: psycopg.Connection, admin: Admin, number: int):
    admin.ask("export")
    answer = admin.post("/1/export")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.namelist() == ["README.txt", "data.json", "files/1.png"]
    assert archive.read("files/1.png") == b"pixels"
    data: dict[str, Any] = json.loads(archive.read("data.json"))
    assert data["profile"][0]["first_name"] == "Anna"
    assert data["profile"][0]["status"] == "new"
    assert [text["body"] for text in data["texts"]] == ["A platypus"]
    assert one(conn, "SELECT details FROM audit_log WHERE action = 'privacy.exported'") == {"request": 1, "texts": 1}
    assert one(conn, "SELECT done_at FROM privacy_requests") is not None
    assert "Download again" in admin.page()


def test_the_same_data_at_the_same_time_are_the_same_bytes(conn: psycopg.Connection, number: int):
    def written() -> bytes:
        found = export.write(conn, number, by="Ada", at=NOON)
        assert found is not None
        return found[0].read()

    assert written() == written()


def test_erasing_asks_once_and_takes_the_last_four_digits(conn: psycopg.Connection, admin: Admin, number: int):
    answer = admin.ask("erasure")
    assert answer.location == "/compliance/privacy/1/erase"
    question = admin.client.get(answer.location).text
    assert "This cannot be undone." in question
    wrong = admin.post("/1/erase", last_four="0124")
    assert (wrong.status_code, "These are not the last four digits" in wrong.text) == (422, True)
    assert one(conn, "SELECT e164 FROM contact_numbers") == PHONE
    assert admin.post("/1/erase", last_four="0123").status_code == 303
    assert one(conn, "SELECT e164 FROM contact_numbers") == f"erased:{number}"
    page = admin.page()
    assert "Erased person" in page
    assert "is being deleted" in page
    assert rows(conn, "SELECT action FROM audit_log ORDER BY id") == ["privacy.erasure.asked", "privacy.erasure.done"]


def test_what_is_erased_is_not_erased_again(admin: Admin, number: int):
    admin.ask("erasure")
    admin.post("/1/erase", last_four="0123")
    assert admin.post("/1/erase", last_four=str(number)).status_code == 409
    assert admin.client.get("/compliance/privacy/1/erase").status_code == 409


def test_a_request_about_an_erased_number_finds_its_row(conn: psycopg.Connection, admin: Admin, number: int):
    admin.ask("erasure")
    admin.post("/1/erase", last_four="0123")
    admin.ask("export")
    assert rows(conn, "SELECT contact_number_id FROM privacy_requests") == [number, number]
    assert one(conn, "SELECT e164 FROM contact_numbers") == f"erased:{number}"


def test_an_export_cannot_be_asked_of_an_erasure(admin: Admin, number: int):
    admin.ask("erasure")
    assert admin.post("/1/export").status_code == 404


def test_a_link_fills_in_whom_it_is_about(admin: Admin, number: int):
    page = admin.client.get(f"/compliance/privacy?number={number}").text
    assert 'value="(512) 555-0123"' in page
    assert admin.client.get("/compliance/privacy?number=99999999999999999999").status_code == 200


def test_only_admins_see_the_page_or_its_tab(app: Flask, cast: Cast):
    client = signed_in(app, cast.manager)
    assert client.get("/compliance/privacy").status_code == 403
    assert "Data requests" not in client.get("/compliance").text


def test_a_number_without_a_lead_can_be_asked_about_too(conn: psycopg.Connection, admin: Admin):
    number = add_number(123)
    admin.ask("export")
    assert admin.post("/1/export").status_code == 200
    assert one(conn, "SELECT contact_number_id FROM privacy_requests") == number


def test_a_finished_deletion_stays_anonymous_when_the_number_comes_again(
    conn: psycopg.Connection, admin: Admin, number: int
):
    admin.ask("export")
    admin.ask("erasure")
    admin.post("/2/erase", last_four="0123")
    with database.transaction() as tx:
        leads.create(tx, leads.NewLead({"phone": PHONE, "first_name": "Belinda"}), None, NOON)
    assert one(conn, "SELECT e164 FROM contact_numbers") == PHONE
    page = admin.page()
    assert page.count("Erased person") == 2
    assert "Belinda" not in page
    assert "(512) 555-0123" not in page
    assert f"/compliance/evidence/{number}" not in page
    clock.start_at(NOON + timedelta(days=2))
    admin.ask("export", received_on="2026-12-11")
    assert "Belinda" in admin.page()
