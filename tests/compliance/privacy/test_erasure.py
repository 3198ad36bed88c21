"""A person has their data erased: nothing about them is left, and nothing is lost that protects them."""

from __future__ import annotations

import json

import pytest
from psycopg.types.json import Jsonb

from tests.compliance.privacy.erasing import actor, erase, everything, finish, number_of
from tests.compliance.support import one, rows
from tests.support.people import Cast
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import World
from webapp import clock, database
from webapp.compliance.privacy import erasure
from webapp.compliance.privacy.erasure import AlreadyErasedError
from webapp.jobs import bulk
from webapp.leads import fingerprints


def test_nothing_that_names_or_quotes_the_person_is_left(world: World, people: Cast, annas: str):
    words = [annas, annas[1:], "Annabelle", "Quixote", "zebra", "platypus", "walrus", "flamingo", "umbrella", "pixels"]
    assert [word for word in words if word not in everything(world.conn) and word != "pixels"] == []
    erase(world, number_of(world, annas), people.admin)
    finish(world)
    assert [word for word in words if word in everything(world.conn)] == []
    assert one(world.conn, "SELECT count(content) FROM media") == 0


def test_what_protects_them_stays(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    before = one(world.conn, "SELECT count(*) FROM decisions")
    erase(world, number, people.admin)
    row = one(world.conn, "SELECT e164, suppression_source, hmac, erased_at IS NOT NULL FROM contact_numbers")
    assert row == (f"erased:{number}", "erasure", fingerprints.of(annas), True)
    ledger = rows(world.conn, "SELECT event, source FROM consent_events ORDER BY id")
    assert (ledger[0], ledger[-1]) == (("opt_in", "web form"), ("opt_out", "erasure"))
    assert one(world.conn, "SELECT count(*) FROM decisions") > before
    assert rows(world.conn, "SELECT status, body_removed_why FROM sms_messages ORDER BY id") == [
        ("delivered", "erasure"),
        ("received", "erasure"),
        ("canceled", "erasure"),
    ]


def test_a_second_time_there_is_nothing_to_erase(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    with pytest.raises(AlreadyErasedError), database.transaction() as conn:
        erasure.erase(conn, number, actor(people.admin), clock.now())


def test_uploads_and_rejected_rows_with_the_number_go_and_others_stay(world: World, people: Cast, annas: str):
    national = f"({annas[2:5]}) {annas[5:8]}-{annas[8:]}"
    with database.transaction() as conn:
        ids = [
            bulk.create(
                conn, kind="lead_import", actor_id=None, params={}, upload=upload.encode(), total=1, counters=[]
            )
            for upload in (f"name,phone\nAnnabelle,{national}\n", "name,phone\nBob,212 555 0199\n")
        ]
    world.conn.execute("UPDATE bulk_operations SET finished_at = now(), status = 'done'")
    world.conn.execute(
        "INSERT INTO bulk_row_errors (operation_id, row_number, field, outcome, message) "
        "SELECT id, 1, 'phone', 'invalid', 'x' FROM bulk_operations"
    )
    erase(world, number_of(world, annas), people.admin)
    assert rows(world.conn, "SELECT upload IS NULL FROM bulk_operations ORDER BY id") == [True, False]
    assert rows(world.conn, "SELECT operation_id FROM bulk_row_errors") == [ids[1]]


def test_pages_show_an_erased_person(world: World, people: Cast, annas: str):
    conversation = world.conversation(annas)
    lead = one(world.conn, "SELECT id FROM leads")
    erase(world, number_of(world, annas), people.admin)
    client = signed_in(world.app, people.admin)
    for path in ("/inbox?whose=everyone&state=done", f"/inbox/{conversation}", f"/inbox/{conversation}/why"):
        answer = client.get(path)
        assert (answer.status_code, "erased:" in answer.text, annas[-4:] in answer.text) == (200, False, False), path
    assert "Removed: the person had their data deleted" in client.get(f"/inbox/{conversation}").text
    assert "Erased person" in client.get(f"/inbox/{conversation}").text
    assert client.get(f"/leads/{lead}").status_code == 404
    assert client.get("/compliance/opt-outs").status_code == 200
    assert "erased:" not in client.get("/compliance/opt-outs").text


def test_the_api_still_lists_the_conversation(world: World, people: Cast, annas: str):
    erase(world, number_of(world, annas), people.admin)
    client = signed_in(world.app, people.admin)
    answer = client.get("/api/sms/conversations?owner=all&state=all")
    assert answer.status_code == 200
    assert annas not in json.dumps(answer.json)


def test_a_message_key_that_quotes_the_number_goes(world: World, people: Cast, annas: str):
    erase(world, number_of(world, annas), people.admin)
    assert rows(world.conn, "SELECT client_key FROM sms_messages WHERE client_key IS NOT NULL") == []


def test_a_webhook_that_waits_is_emptied_too(world: World, people: Cast, annas: str):
    world.conn.execute(
        "INSERT INTO webhook_receipts (dedupe_key, event_type, form, at) VALUES ('x', 'onMessageAdded', %s, now())",
        [Jsonb({"Author": annas, "Body": "platypus again"})],
    )
    erase(world, number_of(world, annas), people.admin)
    assert one(world.conn, "SELECT form, outcome FROM webhook_receipts WHERE dedupe_key = 'x'") == ({}, "erased")
    assert csrf_token(signed_in(world.app, people.admin))


def test_the_evidence_of_an_erased_person_names_nobody_and_still_verifies(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    client = signed_in(world.app, people.manager)
    assert "Erased person" in client.get(f"/compliance/evidence/{number}").text
    document = json.loads(client.get(f"/compliance/evidence/{number}.json").data)["document"]
    assert (document["consent"]["chain"], document["lead"]) == ({"verifies": True}, None)
    assert document["suppression"]["source"] == "erasure"
    assert {text["body_removed_why"] for text in document["texts"]} == {"erasure"}
    told = json.dumps(document)
    assert [word for word in (annas, "Annabelle", "zebra", "platypus") if word in told] == []
    assert client.get(f"/compliance/evidence/{number}.pdf").data.startswith(b"%PDF")
