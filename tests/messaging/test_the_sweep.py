"""Webhooks that never came: the sweep finds what they would have brought, and brings it once."""

from __future__ import annotations

import pytest

from tests.support import twilio
from tests.support.world import World
from webapp.messaging import applying


@pytest.fixture
def deaf(world: World) -> World:
    """The same world, whose webhooks are all lost on their way."""
    world.simulator.set_faults(webhooks={"lose": 1.0})
    return world


def counted(world: World) -> dict[str, int]:
    return dict(world.conn.execute("SELECT label, value FROM counters WHERE name = 'repaired'").fetchall())


def test_a_strangers_first_text_is_found(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    world.simulator.person_texts(phone, "Do you still buy houses?", to=world.simulator.numbers[0])
    world.sweep()
    assert world.inbound(phone) == ["Do you still buy houses?"]
    assert world.conn.execute("SELECT source FROM leads WHERE phone = %s", [phone]).fetchone() == ("inbound",)
    answer = world.say(world.conversation(phone), "We do!", consent=None)
    world.simulator.set_faults()
    world.until(lambda: world.status(answer.message_id) == "delivered")
    assert world.on_handset(phone) == ["We do!"]


def test_an_answer_in_a_known_thread_is_found_and_counted_when_it_is_late(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    world.say(world.conversation(phone), "Hello?")
    world.work()
    world.simulator.person_texts(phone, "Yes")
    world.move_clock(minutes=2)
    assert world.sweep().inbound == 1
    assert world.inbound(phone) == ["Yes"]
    assert counted(world) == {"inbound": 1}
    assert events(world) == ["repaired"]
    assert world.sweep().inbound == 0
    assert world.inbound(phone) == ["Yes"]


def test_what_the_webhooks_brought_is_not_brought_again(world: World) -> None:
    phone = world.phone()
    world.say(world.conversation(phone), "Hello?")
    world.work()
    world.simulator.person_texts(phone, "Yes")
    world.until(lambda: world.inbound(phone) == ["Yes"])
    world.move_clock(minutes=2)
    for _ in range(2):
        world.conn.execute("UPDATE sms_conversations SET suspect = true")
        assert world.sweep().inbound == 0
    assert (world.inbound(phone), counted(world)) == (["Yes"], {})


def test_a_webhook_that_comes_after_the_sweep_changes_nothing(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    sent = world.simulator.person_texts(phone, "Hello", to=world.simulator.numbers[0])
    world.sweep()
    form = twilio.message_added(phone, "Hello", sent["conversation_sid"], MessageSid=sent["message_sid"])
    assert twilio.post(world, form) == 204
    applying.apply_due()
    assert world.inbound(phone) == ["Hello"]
    assert world.conn.execute("SELECT unread FROM sms_conversations").fetchone() == (1,)


def test_a_stop_whose_webhook_was_lost_stops(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.work()
    world.simulator.person_texts(phone, "STOP")
    world.sweep()
    assert world.say(conversation, "But wait").status == "refused"


def test_lost_receipts_are_asked_for(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.work()
    world.until(lambda: world.on_handset(phone) == ["Hello?"], working=False)
    assert world.sweep().receipts == 0, "not overdue yet"
    world.conn.execute("UPDATE sms_messages SET check_at = now()")
    world.until(lambda: world.sweep().receipts == 1 or overdue(world), working=False)
    assert world.status(text) == "delivered"
    assert counted(world) == {"receipts": 1}


def test_a_lost_receipt_that_says_opted_out_suppresses(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    conversation = world.conversation(phone)
    world.simulator.set_faults(webhooks={"lose": 1.0}, receipts={"21610": 1.0})
    text = world.say(conversation, "Hello?").message_id
    world.work()
    world.until(lambda: world.status(text) == "failed" or bool(overdue(world) or world.sweep()), working=False)
    assert world.say(conversation, "Again").status == "refused"


def test_texts_of_a_busy_hour_without_webhooks_are_all_found_in_their_order(deaf: World) -> None:
    """More than a page of the log and of a thread, many in one thread, some of them alike."""
    world = deaf
    talker, others = world.phone(), [world.phone() for _ in range(12)]
    said = [f"Text {number // 2}" for number in range(60)]
    for body in said:
        world.simulator.person_texts(talker, body, to=world.simulator.numbers[0])
    for phone in others:
        world.simulator.person_texts(phone, "Hello", to=world.simulator.numbers[0])
    world.sweep()
    world.until(lambda: len(world.inbound(talker)) == 60)
    assert world.inbound(talker) == said
    assert [world.inbound(phone) for phone in others] == [["Hello"]] * 12


def test_pictures_come_along(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    world.simulator.person_texts(phone, "Look", to=world.simulator.numbers[0], media=[{"sample": "photo"}])
    world.sweep()
    assert world.conn.execute("SELECT content_type FROM media").fetchall() == [("image/png",)]


def overdue(world: World) -> bool:
    world.conn.execute("UPDATE sms_messages SET check_at = now() WHERE status = 'sent'")
    return False


def events(world: World) -> list[str]:
    return [row[0] for row in world.conn.execute("SELECT type FROM sms_events WHERE type = 'repaired'").fetchall()]
