"""The whole path: a text goes out once, its receipts come back, the answer lands in its thread."""

from __future__ import annotations

from tests.support.world import World


def test_a_text_reaches_the_handset_once_and_is_delivered(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Is the house still of interest?")
    world.until(lambda: world.status(text.message_id) == "delivered")
    assert world.on_handset(phone) == ["Is the house still of interest?"]


def test_texts_of_one_conversation_arrive_in_the_order_they_were_asked_for(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    asked = [f"Text number {number}" for number in range(8)]
    texts = [world.say(conversation, body) for body in asked]
    world.until(lambda: world.status(texts[-1].message_id) == "delivered")
    assert world.on_handset(phone) == asked


def test_an_answer_lands_in_its_thread_and_waits(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    world.simulator.person_texts(phone, "Yes, call me")
    world.until(lambda: world.inbound(phone) == ["Yes, call me"])
    row = world.conn.execute(
        "SELECT unread, waiting_since IS NOT NULL, last_direction, last_body FROM sms_conversations WHERE id = %s",
        [conversation],
    ).fetchone()
    assert row == (1, True, "inbound", "Yes, call me")


def test_a_stranger_who_texts_becomes_a_lead(world: World) -> None:
    phone = world.phone()
    world.simulator.person_texts(phone, "Do you still buy houses?", to=world.simulator.numbers[0])
    world.until(lambda: world.inbound(phone) == ["Do you still buy houses?"])
    row = world.conn.execute("SELECT source, owner_id FROM leads WHERE phone = %s", [phone]).fetchone()
    assert row == ("inbound", None)


def test_stop_closes_the_line_and_start_opens_it_again(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    world.simulator.person_texts(phone, "Stop")
    world.until(lambda: world.inbound(phone) == ["Stop"])
    refused = world.say(conversation, "But wait")
    assert (refused.status, refused.decision and refused.decision.reason) == ("refused", "opted_out")
    world.simulator.person_texts(phone, "START")
    world.until(lambda: world.inbound(phone) == ["Stop", "START"])
    again = world.say(conversation, "Welcome back")
    world.until(lambda: world.status(again.message_id) == "delivered")
    assert world.on_handset(phone) == ["Hello?", "Welcome back"]
