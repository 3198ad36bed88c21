"""A person has their data erased: nothing about them is left, nothing is lost that protects them, here and at Twilio."""

from __future__ import annotations

import json
import time

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.compliance.support import one, rows
from tests.support.people import Cast, Person, cast_of
from tests.support.races import at_once, warm_up
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import CONSENT, World
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.carrier.errors import NotSentError
from webapp.compliance import erasure, erasure_at_carrier, privacy
from webapp.compliance.erasure import AlreadyErasedError
from webapp.compliance.privacy import NewRequest
from webapp.jobs import bulk
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker
from webapp.leads import contacts, fingerprints, leads
from webapp.models.constants import PrivacyKind, Role

ANNA = {"first_name": "Annabelle", "last_name": "Quixote", "email": "annabelle@quixote.test"}


def actor(person: Person) -> Actor:
    return Actor(person.id, person.name, person.email, Role(person.role), "America/Chicago")


@pytest.fixture
def people(world: World) -> Cast:
    return cast_of(world.conn)


@pytest.fixture
def annas(world: World, people: Cast) -> str:
    """The phone of a lead with a past: texts both ways, a picture, a draft, tags, and a text that waits."""
    phone = world.phone()
    with database.transaction() as conn:
        values = {"phone": phone, **ANNA, "tags": ["flamingo"], "custom": {"budget": "umbrella money"}}
        leads.create(conn, leads.NewLead(values), None, clock.now())  # type: ignore[arg-type]
    conversation = world.conversation(phone)
    world.say(conversation, "Hello Annabelle, zebra crossing")
    world.until(lambda: world.on_handset(phone) == ["Hello Annabelle, zebra crossing"])
    world.simulator.person_texts(phone, "I keep a platypus")
    world.until(lambda: world.inbound(phone) == ["I keep a platypus"])
    text = one(world.conn, "SELECT id FROM sms_messages WHERE direction = 'inbound'")
    world.conn.execute(
        "INSERT INTO media (message_id, carrier_sid, content_type, filename, content, fetched_at)"
        " VALUES (%s, 'ME1', 'image/png', 'Annabelle.png', 'pixels', now())",
        [text],
    )
    world.conn.execute(
        "INSERT INTO drafts (conversation_id, user_id, body) VALUES (%s, %s, 'Dear Annabelle')",
        [conversation, people.rep.id],
    )
    world.say(conversation, "A walrus for later", send_at=clock.now().replace(hour=20), client_key=f"walrus {phone}")
    return phone


def number_of(world: World, phone: str) -> int:
    return int(one(world.conn, "SELECT id FROM contact_numbers WHERE e164 = %s", phone))


def erase(world: World, number: int, by: Person) -> int:
    """The request, carried out on this side. Returns its id."""
    with database.transaction() as conn:
        new = NewRequest(PrivacyKind.ERASURE, number, clock.now(), "email", "")
        request = privacy.find(conn, privacy.add(conn, new, actor(by)))
        assert request is not None
        privacy.carry_out_erasure(conn, request, actor(by), clock.now())
    return request.id


def everything(conn: psycopg.Connection) -> str:
    """The whole database as text."""
    tables = rows(
        conn,
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'users')",
    )
    return "\n".join(
        str(one(conn, f"SELECT coalesce(string_agg(to_jsonb(t)::text, '\n'), '') FROM {table} t")) for table in tables
    )


def finish(world: World) -> int:
    return erasure_at_carrier.finish_due(world.carrier)


def make_lead(phone: str, by: Person) -> None:
    with database.transaction() as conn:
        leads.create(conn, leads.NewLead({"phone": phone}, source="import"), actor(by), clock.now())


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


def test_twilio_forgets_the_thread_and_its_log(world: World, people: Cast, annas: str):
    sid = one(world.conn, "SELECT twilio_sid FROM sms_conversations")
    sender = world.simulator.numbers[0]
    assert world.carrier.threads_of(annas, sender)
    erase(world, number_of(world, annas), people.admin)
    world.until(lambda: finish(world) == 0, working=False)
    assert world.carrier.threads_of(annas, sender) == []
    logged = world.carrier._twilio.messages.list(to=annas) + world.carrier._twilio.messages.list(from_=annas)
    assert logged == []
    assert one(world.conn, "SELECT outcome ->> 'carrier' FROM privacy_requests") == "done"
    assert one(world.conn, "SELECT twilio_sid FROM sms_conversations") is None
    world.carrier.forget_thread(sid, before=clock.now())  # a 404, and fine


def test_while_twilio_is_away_the_work_waits_and_keeps_no_number(
    world: World, people: Cast, annas: str, monkeypatch: pytest.MonkeyPatch
):
    def away(*_: object, **__: object) -> None:
        raise NotSentError("Could not reach the carrier")

    erase(world, number_of(world, annas), people.admin)
    with monkeypatch.context() as patch:
        patch.setattr(world.carrier, "forget_thread", away)
        assert finish(world) == 1
    assert one(world.conn, "SELECT outcome ->> 'error' FROM privacy_requests") == "NotSentError"
    assert annas not in everything(world.conn)
    world.until(lambda: finish(world) == 0, working=False)
    assert world.carrier.threads_of(annas, world.simulator.numbers[0]) == []


def test_a_sweep_brings_nothing_back(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    world.sweep()
    assert one(world.conn, "SELECT e164 FROM contact_numbers") == f"erased:{number}"
    finish(world)
    world.sweep()
    assert one(world.conn, "SELECT e164 FROM contact_numbers") == f"erased:{number}"
    assert (one(world.conn, "SELECT count(*) FROM leads"), "platypus" in everything(world.conn)) == (0, False)


def test_a_text_on_the_wire_keeps_its_words_until_it_is_known_what_became_of_it(world: World, people: Cast):
    phone = world.phone()
    world.simulator.set_faults(send={"timeout_after_accept": 1.0})
    text = world.say(world.conversation(phone), "Marmalade").message_id
    world.until(lambda: world.status(text) == "unconfirmed")
    world.simulator.set_faults()
    erase(world, number_of(world, phone), people.admin)
    assert finish(world) == 1
    assert one(world.conn, "SELECT body FROM sms_messages") == "Marmalade"
    time.sleep(world.settings.leadline_settle_seconds)
    world.until(lambda: world.reconcile() or world.status(text) in {"sent", "delivered"}, working=False)
    world.until(lambda: finish(world) == 0, working=False)
    assert one(world.conn, "SELECT body FROM sms_messages") == ""
    assert world.on_handset(phone) == ["Marmalade"]


def test_made_again_by_hand_it_is_the_same_row_and_still_not_texted(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    make_lead(annas, people.admin)
    assert one(world.conn, "SELECT id, e164, hmac, suppression_source FROM contact_numbers") == (
        *(number, annas, None, "erasure"),
    )
    refused = world.say(world.conversation(annas), "Buy now", consent=CONSENT)
    assert (refused.status, refused.decision and refused.decision.reason) == ("refused", "opted_out")
    assert refused.decision is not None
    assert "data deleted" in refused.decision.sentence


def test_imported_again_among_others_it_is_recognised(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    with database.transaction() as conn:
        ids = contacts.ensure_contact_numbers(conn, ["+15125559001", annas, "+15125559002"], clock.now())
    assert ids[annas] == number
    assert one(world.conn, "SELECT count(*) FROM contact_numbers") == 3
    assert rows(world.conn, "SELECT id FROM contact_numbers WHERE suppressed_at IS NOT NULL") == [number]


def test_with_another_key_it_would_not_be(world: World, people: Cast, annas: str):
    """The hash is keyed: whoever has the database alone cannot find the number by trying."""
    erase(world, number_of(world, annas), people.admin)
    try:
        fingerprints.use_key(b"another key")
        assert privacy.find_number(world.conn, annas) is None
    finally:
        fingerprints.use_key(world.settings.number_key)
    assert privacy.find_number(world.conn, annas) is not None


def test_when_the_person_writes_again_they_are_recognised_and_start_lifts(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    world.until(lambda: finish(world) == 0, working=False)
    world.simulator.person_texts(annas, "Who is this?")
    world.until(lambda: world.inbound(annas) == ["", "Who is this?"])
    assert one(world.conn, "SELECT id, suppression_source FROM contact_numbers") == (number, "erasure")
    assert world.say(world.conversation(annas), "It is us").status == "refused"
    world.simulator.person_texts(annas, "START")
    world.until(lambda: one(world.conn, "SELECT suppressed_at FROM contact_numbers") is None)
    world.say(world.conversation(annas), "Welcome back")
    world.until(lambda: world.on_handset(annas)[-1:] == ["Welcome back"])


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


def test_a_late_repeat_of_an_old_webhook_is_old_news(world: World, people: Cast, annas: str):
    form = one(world.conn, "SELECT form FROM webhook_receipts WHERE form ->> 'Body' = 'I keep a platypus'")
    number = number_of(world, annas)
    erase(world, number, people.admin)
    from webapp.messaging import applying, intake

    with database.transaction() as conn:
        assert not intake.take(conn, form, now=clock.now()).is_new
    applying.apply_due()
    assert one(world.conn, "SELECT e164 FROM contact_numbers") == f"erased:{number}"


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


def test_a_key_that_was_lost_is_found_out(world: World, people: Cast, annas: str):
    assert privacy.with_other_keys(world.conn, b"another key") == 0
    erase(world, number_of(world, annas), people.admin)
    assert privacy.with_other_keys(world.conn, world.settings.number_key) == 0
    assert privacy.with_other_keys(world.conn, b"another key") == 1
    make_lead(annas, people.admin)
    assert privacy.with_other_keys(world.conn, b"another key") == 0


def test_many_who_bring_the_number_back_at_once_find_one_row(world: World, people: Cast, annas: str):
    number = number_of(world, annas)
    erase(world, number, people.admin)
    others = [f"+1212555{place:04d}" for place in range(5)]

    def bring(phones: list[str]) -> int:
        with database.transaction() as conn:
            if len(phones) == 1:
                return contacts.ensure_contact_number(conn, phones[0], clock.now())
            return contacts.ensure_contact_numbers(conn, phones, clock.now())[annas]

    warm_up(12)
    found = at_once(
        [lambda: bring([annas]), lambda: bring([*others, annas]), lambda: bring([annas, *others[::-1]])] * 4
    )
    assert set(found) == {number}
    assert one(world.conn, "SELECT count(*) FROM contact_numbers") == 1 + len(others)


def test_no_text_begins_after_the_erasure_has_committed(world: World, people: Cast):
    phones = [world.phone() for _ in range(6)]
    threads_ = [world.conversation(phone) for phone in phones]
    for conversation in threads_:
        for place in range(5):
            world.say(conversation, f"Number {place}")
    numbers = [number_of(world, phone) for phone in phones]
    warm_up(8)
    at_once([world.sender.drain, *(lambda number=number: erase(world, number, people.admin) for number in numbers)])
    sent = [len(world.on_handset(phone)) for phone in phones]
    world.work()
    assert [len(world.on_handset(phone)) for phone in phones] == sent
    world.until(lambda: finish(world) == 0)
    assert rows(world.conn, "SELECT DISTINCT body FROM sms_messages") == [""]
    waiting = (
        "SELECT count(*) FROM sms_messages WHERE status IN ('queued', 'held', 'claimed', 'sending', 'unconfirmed')"
    )
    assert one(world.conn, waiting) == 0


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


def test_from_the_page_through_the_worker_to_twilio(world: World, people: Cast, annas: str):
    client = signed_in(world.app, people.admin)
    headers = {"X-CSRFToken": csrf_token(client)}
    asked = {"phone": annas, "kind": "erasure", "received_on": "2026-12-01", "received_by": "email", "note": ""}
    question = client.post("/compliance/privacy", data=asked, headers=headers).location
    assert client.post(question, data={"last_four": annas[-4:]}, headers=headers).status_code == 303
    make_worker(world.app, QueueName.BULK).work(burst=True, logging_level="WARNING")
    world.until(lambda: finish(world) == 0, working=False)
    assert "the carrier's copy too" in client.get("/compliance/privacy").text.replace("&#39;", "'")
    assert world.carrier.threads_of(annas, world.simulator.numbers[0]) == []
