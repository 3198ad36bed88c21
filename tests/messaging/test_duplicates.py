"""What remains of "never twice": a request that Twilio takes up after we have given it up is found and shown."""

from __future__ import annotations

import uuid

import pytest

from tests.support import twilio
from tests.support.world import World
from webapp import clock, database
from webapp.carrier.types import Accepted, Marker
from webapp.messaging import applying, attempts, claims, results
from webapp.messaging.claims import Claimed


def taken_up_late(world: World, text: int, attempt: int = 1) -> Accepted:
    """The carrier takes up a request of this text that we have heard nothing more of."""
    row = world.conn.execute(
        "SELECT m.marker, m.body, c.twilio_sid FROM sms_messages m JOIN sms_conversations c ON c.id = m.conversation_id"
        " WHERE m.id = %s",
        [text],
    ).fetchone()
    assert row is not None
    marker, body, thread = row
    assert isinstance(marker, uuid.UUID)
    return world.carrier.send(
        conversation_sid=thread, body=body, marker=Marker(str(marker), attempt), author=world.simulator.numbers[0]
    )


def released(world: World, phone: str) -> int:
    """A text whose first attempt was given up after two clean reads: queued again."""
    conversation = world.conversation(phone)
    world.simulator.set_faults(send={"error_500": 1.0})
    text = world.say(conversation, "Hello?").message_id
    world.sender.drain(seconds=5)
    world.simulator.set_faults()

    def is_queued() -> bool:
        world.reconcile()
        return world.status(text) == "queued"

    world.until(is_queued, working=False)
    return text


def test_taken_up_before_it_is_sent_again_it_is_not_sent_again(world: World) -> None:
    phone = world.phone()
    text = released(world, phone)
    accepted = taken_up_late(world, text)
    suspect_all(world)
    world.sweep()
    assert sid_of(world, text) == accepted.sid
    world.until(lambda: world.status(text) == "delivered")
    assert world.on_handset(phone) == ["Hello?"]
    assert seen(world) == []


def test_taken_up_after_it_was_sent_again_it_is_flagged_once(world: World) -> None:
    phone = world.phone()
    text = released(world, phone)
    world.until(lambda: world.status(text) == "delivered")
    version = conversation_version(world)
    accepted = taken_up_late(world, text)
    suspect_all(world)
    world.sweep()
    suspect_all(world)
    world.sweep()
    assert seen(world) == [(text, accepted.sid)]
    assert world.conn.execute("SELECT value FROM counters WHERE name = 'duplicates'").fetchone() == (1,)
    assert conversation_version(world) > version
    assert sid_of(world, text) != accepted.sid


def test_receipts_of_a_text_that_nobody_knows_bring_the_thread_under_suspicion(world: World) -> None:
    """No sweep would have read it for its own sake; its reader finds our marker."""
    phone = world.phone()
    text = released(world, phone)
    world.until(lambda: world.status(text) == "delivered")
    accepted = taken_up_late(world, text)
    world.until(lambda: len(parked(world, accepted.sid)) == 2, working=False)
    for _ in range(4):
        world.conn.execute("UPDATE webhook_receipts SET not_before = now()")
        applying.apply_due()
    assert world.conn.execute("SELECT suspect FROM sms_conversations").fetchone() == (True,)
    world.sweep()
    assert seen(world) == [(text, accepted.sid)]
    assert world.conn.execute("SELECT suspect FROM sms_conversations").fetchone() == (False,)


def test_an_ordinary_receipt_raises_no_suspicion(world: World) -> None:
    conversation = world.conversation(world.phone())
    world.say(conversation, "Hello?")
    world.work()
    (thread,) = world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone() or ("",)
    twilio.receive(twilio.delivery_updated(twilio.sid("IM"), "sent", ConversationSid=thread))
    assert world.conn.execute("SELECT suspect FROM sms_conversations").fetchone() == (False,)


def claimed_again(world: World) -> Claimed:
    with database.transaction() as conn:
        (claimed,) = claims.claim(conn, slots=1, now=clock.now())
    return claimed


@pytest.mark.parametrize("meanwhile", ["queued", "claimed", "canceled"])
def test_an_answer_that_comes_after_all_is_believed(world: World, meanwhile: str) -> None:
    """The worker was only slow: its answer comes when the text has been released, and it must not go again."""
    phone = world.phone()
    text = released(world, phone)
    late = attempts.Sent(first_claim(world, text), 1, thread_of(world), taken_up_late(world, text))
    again = claimed_again(world) if meanwhile == "claimed" else None
    if meanwhile == "canceled":
        world.conn.execute("UPDATE sms_messages SET status = 'canceled'")
    with database.transaction() as conn:
        results.record(conn, [late], now=clock.now())
    if again:
        assert attempts.begin(again, thread_of(world)) is None
    world.until(lambda: world.status(text) == "delivered")
    assert world.on_handset(phone) == ["Hello?"]


def test_two_answers_for_one_text_end_in_a_flag(world: World) -> None:
    phone = world.phone()
    text = released(world, phone)
    late = attempts.Sent(first_claim(world, text), 1, thread_of(world), taken_up_late(world, text))
    world.sender.drain(seconds=5)
    with database.transaction() as conn:
        results.record(conn, [late], now=clock.now())
    world.sweep()
    assert seen(world) == [(text, late.accepted.sid)]
    assert world.on_handset(phone) == ["Hello?", "Hello?"]


def first_claim(world: World, text: int) -> Claimed:
    row = world.conn.execute(
        "SELECT m.conversation_id, m.contact_number_id, m.marker, c.unique_name"
        " FROM sms_messages m JOIN sms_conversations c ON c.id = m.conversation_id WHERE m.id = %s",
        [text],
    ).fetchone()
    assert row is not None
    return Claimed(
        text, "old", row[0], row[1], None, row[3], "", "", "Hello?", row[2], 0, False, False, 0.0, clock.now()
    )


def thread_of(world: World) -> str:
    row = world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone()
    assert row is not None
    return str(row[0])


def suspect_all(world: World) -> None:
    world.conn.execute("UPDATE sms_conversations SET suspect = true")


def seen(world: World) -> list[tuple[object, ...]]:
    return world.conn.execute(
        "SELECT message_id, data ->> 'sid' FROM sms_events WHERE type = 'duplicate_seen'"
    ).fetchall()


def parked(world: World, sid: str) -> list[tuple[object, ...]]:
    return world.conn.execute("SELECT id FROM webhook_receipts WHERE message_sid = %s", [sid]).fetchall()


def sid_of(world: World, text: int) -> str:
    row = world.conn.execute("SELECT twilio_sid FROM sms_messages WHERE id = %s", [text]).fetchone()
    assert row is not None
    return str(row[0])


def conversation_version(world: World) -> int:
    row = world.conn.execute("SELECT version FROM sms_conversations").fetchone()
    assert row is not None
    return int(row[0])
