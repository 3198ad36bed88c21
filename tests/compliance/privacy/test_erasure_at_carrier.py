"""Erasing at Twilio: after the commit, until it is done, and nothing comes back by a sweep or a late webhook."""

from __future__ import annotations

import time

import pytest

from tests.compliance.privacy.erasing import erase, everything, finish, number_of
from tests.compliance.support import one, rows
from tests.support.people import Cast
from tests.support.races import at_once, warm_up
from tests.support.sessions import csrf_token, signed_in
from tests.support.world import World
from webapp import clock, database
from webapp.carrier.errors import NotSentError
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker


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


def test_a_late_repeat_of_an_old_webhook_is_old_news(world: World, people: Cast, annas: str):
    form = one(world.conn, "SELECT form FROM webhook_receipts WHERE form ->> 'Body' = 'I keep a platypus'")
    number = number_of(world, annas)
    erase(world, number, people.admin)
    from webapp.messaging import applying, intake

    with database.transaction() as conn:
        assert not intake.take(conn, form, now=clock.now()).is_new
    applying.apply_due()
    assert one(world.conn, "SELECT e164 FROM contact_numbers") == f"erased:{number}"


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
