"""The evidence file of a number: complete, checkable by others, the same bytes for the same data, readable on paper."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.accounts.postbox import Postbox
from tests.compliance.support import NOON, hear, one, rows
from tests.conftest import Servers, settings_for
from tests.support.people import Cast
from tests.support.sessions import signed_in
from webapp import clock, database
from webapp.compliance.consent.giving import ConsentGiven, record_opt_in
from webapp.compliance.evidence import gathering, paper, pdf
from webapp.leads import leads
from webapp.messaging import outbox, threads
from webapp.messaging.outbox import NewText
from webapp.models.constants import Origin

SPOKEN = "¿Cómo está? ＳＴＯＰ 😀 éàü"


@pytest.fixture
def number(app: Flask, conn: psycopg.Connection, cast: Cast) -> int:
    """A lead in Austin who agreed, was texted, answered and stopped."""
    clock.start_at(NOON)
    conn.execute("INSERT INTO phone_numbers (e164, is_default) VALUES ('+15125550100', true)")
    with database.transaction() as tx:
        values = {"phone": "+15125550123", "first_name": "Zoë", "last_name": "Åberg", "state": "TX"}
        lead = leads.create(tx, leads.NewLead(values), None, NOON)  # type: ignore[arg-type]
        number = int(one(tx, "SELECT id FROM contact_numbers"))
        conversation = threads.ensure_conversation(
            tx, contact_number_id=number, lead_id=lead, assigned_to=None, now=NOON
        )
        words = one(
            tx,
            "INSERT INTO disclosures (kind, version, text, sha256) VALUES ('opt_in', 1, 'I agree to texts.', %s) RETURNING id",
            hashlib.sha256(b"I agree to texts.").digest(),
        )
        record_opt_in(tx, number, ConsentGiven("web_form", NOON, attested=True), actor_id=cast.rep.id, now=NOON)
        tx.execute(
            "INSERT INTO consent_events (contact_number_id, event, source, channel, occurred_at, disclosure_id, details)"
            " VALUES (%s, 'reconfirm', 'web_form', 'web', %s, %s, '{\"ip\": \"203.0.113.9\"}')",
            [number, NOON, words],
        )
        text = NewText(conversation, "Hello Zoë", origin=Origin.MANUAL, author_id=cast.rep.id)
        outbox.queue(tx, text, now=NOON)
        tx.execute(
            "INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status,"
            " origin, encoding, created_at, twilio_sid) SELECT id, contact_number_id, phone_number_id, 'inbound', %s,"
            " 'received', 'contact', 'UCS-2', %s, 'IM9' FROM sms_conversations",
            [SPOKEN, NOON + timedelta(minutes=1)],
        )
    hear(number, "STOP", at=NOON + timedelta(minutes=2))
    return number


def gathered(number: int) -> dict[str, Any]:
    with database.transaction() as conn:
        document = gathering.gather(conn, number, by="Ada Admin", at=NOON)
    assert document is not None
    return document


def file_of(number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gathering.as_json(gathered(number)).content)
    return found


def test_everything_about_the_number_is_in_it(number: int):
    document = file_of(number)["document"]
    assert (document["number"]["e164"], document["lead"]["first_name"]) == ("+15125550123", "Zoë")
    assert document["suppression"]["source"] == "keyword"
    assert document["zone"] == "America/Chicago"
    assert [row["event"] for row in document["consent"]["rows"]] == ["opt_in", "reconfirm", "opt_out"]
    assert [words["text"] for words in document["disclosures"]] == ["I agree to texts."]
    sent, heard = document["texts"]
    assert (sent["body"], sent["author"], sent["status"]) == ("Hello Zoë", "Rita Rep", "canceled")
    assert (heard["body"], heard["twilio_sid"]) == (SPOKEN, "IM9")
    assert heard["local_time"] == "2026-12-09T12:01:00-06:00"
    assert {each["stage"] for each in sent["decisions"]} >= {"queue", "stop"}
    assert all(each["rule"] and each["rule_version"] and each["sentence"] for each in sent["decisions"])


def test_anybody_can_compute_the_chain_again(number: int):
    previous = None
    for row in file_of(number)["document"]["consent"]["rows"]:
        assert row["prev_hash"] == previous
        assert hashlib.sha256(row["hashed_text"].encode()).hexdigest() == row["row_hash"]
        assert json.loads(row["hashed_text"])[0] == previous
        previous = row["row_hash"]


def test_a_row_that_was_changed_shows(conn: psycopg.Connection, number: int):
    assert file_of(number)["document"]["consent"]["chain"] == {"verifies": True}
    conn.execute("ALTER TABLE consent_events DISABLE TRIGGER USER")
    try:
        first = one(conn, "UPDATE consent_events SET source = 'paper' WHERE event = 'opt_in' RETURNING id")
    finally:
        conn.execute("ALTER TABLE consent_events ENABLE TRIGGER USER")
    chain = file_of(number)["document"]["consent"]["chain"]
    assert chain == {"verifies": False, "first_broken_row": first, "why": "changed"}


def test_the_file_carries_the_hash_of_its_own_document(number: int):
    content = gathering.as_json(gathered(number)).content.decode()
    told = json.loads(content)["sha256"]
    document = content.split('"document":', 1)[1].rstrip("\n").removesuffix("}")
    assert hashlib.sha256(document.encode()).hexdigest() == told


def test_the_same_data_at_the_same_time_are_the_same_bytes(number: int):
    first, second = (gathering.as_json(gathered(number)).content for _ in range(2))
    assert first == second
    assert pdf.draw(first) == pdf.draw(second)


def test_on_paper_every_character_can_be_read():
    drawable = frozenset(map(ord, "Cómo stá?¿"))
    assert paper.readable("¿Cómo 😀?", drawable) == "¿Cómo [U+1F600]?"
    assert paper.readable("Ｓ", drawable) == "[U+FF33 S]"


def test_the_pdf_is_made_in_a_process_apart(number: int):
    printed = pdf.render(gathering.as_json(gathered(number)).content)
    assert printed.startswith(b"%PDF-")
    assert b"DejaVu" in printed
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, webapp.app; print('fpdf' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "False"


def test_of_very_many_texts_the_pdf_prints_the_newest_and_says_so(number: int, monkeypatch: pytest.MonkeyPatch):
    document = gathered(number)
    written: list[str] = []
    monkeypatch.setattr(pdf.Paper, "write", lambda _self, text, *_, **__: written.append(text))
    document["texts"] = [document["texts"][1] | {"body": f"text {place}"} for place in range(10_005)]
    pdf.draw(gathering.as_json(document).content)
    assert "text 4" not in written
    assert "text 5" in written
    assert "The newest 10,000 are printed here. The JSON file has every one." in written


def test_a_manager_downloads_it_and_the_audit_log_has_which(
    app: Flask, conn: psycopg.Connection, cast: Cast, number: int
):
    client = signed_in(app, cast.manager)
    page = client.get(f"/compliance/evidence/{number}").text
    assert "As written: none changed or taken out" in page
    answer = client.get(f"/compliance/evidence/{number}.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "evidence-" in answer.headers["Content-Disposition"]
    assert "5550123" not in answer.headers["Content-Disposition"]
    details = one(conn, "SELECT details FROM audit_log WHERE action = 'evidence.exported'")
    assert details == {"form": "json", "texts": 2, "sha256": json.loads(answer.data)["sha256"]}
    assert client.get(f"/compliance/evidence/{number}.pdf").data.startswith(b"%PDF-")
    assert rows(conn, "SELECT details ->> 'form' FROM audit_log WHERE action = 'evidence.exported'") == ["json", "pdf"]


def test_a_number_that_is_not_there_is_a_404(app: Flask, cast: Cast):
    client = signed_in(app, cast.manager)
    for path in ("999", "999.json", "999.pdf"):
        assert client.get(f"/compliance/evidence/{path}").status_code == 404


def test_the_owners_are_told_by_e_mail(emptied: Servers, number: int, cast: Cast):
    from webapp.app import create_app

    postbox = Postbox()
    app = create_app(settings_for(emptied, smtp_url=postbox.url))
    app.testing = True
    signed_in(app, cast.manager).get(f"/compliance/evidence/{number}.json")
    (letter,) = postbox.wait_for(1)
    assert (letter["To"], letter["Subject"]) == (cast.admin.email, "Leadline: an evidence file was exported")
    assert "Max Manager took the evidence file" in letter.get_content()
    assert "5550123" not in letter.get_content()
    postbox.shutdown()
