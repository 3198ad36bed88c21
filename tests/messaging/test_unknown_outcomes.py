"""An answer that never came: the text is neither lost nor sent twice, and its thread waits while others go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.world import World
from webapp.carrier import carrier_from_settings
from webapp.messaging.sender import Sender


@pytest.fixture
def impatient(world: World) -> World:
    """The same world, whose send engine gives a request half a second."""
    settings = world.settings.model_copy(update={"leadline_carrier_timeout": 0.5})
    world.sender = Sender(carrier_from_settings(settings), 8, settings.leadline_settle_seconds)
    return world


def settled(world: World) -> Callable[[], bool]:
    """Nothing is on its way any more; looks into the unconfirmed in between."""

    def is_so() -> bool:
        world.reconcile()
        rows = world.conn.execute(
            "SELECT 1 FROM sms_messages WHERE status IN ('queued', 'claimed', 'sending', 'unconfirmed', 'sent')"
        ).fetchall()
        return not rows

    return is_so


@pytest.mark.parametrize("fault", ["timeout_after_accept", "error_500_after_accept"])
def test_what_was_accepted_is_found_again_and_not_repeated(impatient: World, fault: str) -> None:
    world, phone = impatient, impatient.phone()
    conversation = world.conversation(phone)
    world.simulator.set_faults(send={fault: 1.0})
    text = world.say(conversation, "Hello?").message_id
    world.sender.drain(seconds=5)
    assert world.status(text) == "unconfirmed"
    world.simulator.set_faults()
    world.until(settled(world))
    assert (world.status(text), world.on_handset(phone)) == ("delivered", ["Hello?"])
    assert counter(world, "unconfirmed") == {"adopted": 1}


@pytest.mark.parametrize("fault", ["timeout_before_accept", "error_500"])
def test_what_was_not_accepted_is_sent_after_two_clean_reads(impatient: World, fault: str) -> None:
    world, phone = impatient, impatient.phone()
    conversation = world.conversation(phone)
    world.simulator.set_faults(send={fault: 1.0})
    text = world.say(conversation, "Hello?").message_id
    world.sender.drain(seconds=5)
    assert world.status(text) == "unconfirmed"
    world.simulator.set_faults()
    world.until(settled(world))
    assert (world.status(text), world.on_handset(phone)) == ("delivered", ["Hello?"])
    assert counter(world, "unconfirmed") == {"released": 1}


def test_one_clean_read_is_not_enough(impatient: World) -> None:
    world = impatient
    world.simulator.set_faults(send={"error_500": 1.0})
    text = world.say(world.conversation(world.phone()), "Hello?").message_id
    world.sender.drain(seconds=5)
    world.until(lambda: clean_reads(world, text) == 1 or world.reconcile() is not None, working=False)
    assert world.status(text) == "unconfirmed"


def test_later_texts_of_the_thread_wait_while_other_threads_flow(impatient: World) -> None:
    world, phone, other = impatient, impatient.phone(), impatient.phone()
    conversation, elsewhere = world.conversation(phone), world.conversation(other)
    world.simulator.set_faults(send={"error_500_after_accept": 1.0})
    first = world.say(conversation, "First").message_id
    world.sender.drain(seconds=5)
    world.simulator.set_faults()
    second = world.say(conversation, "Second").message_id
    unrelated = world.say(elsewhere, "Elsewhere").message_id
    world.until(lambda: world.status(unrelated) == "delivered")
    assert (world.status(first), world.status(second)) == ("unconfirmed", "queued")
    world.until(settled(world))
    assert world.on_handset(phone) == ["First", "Second"]
    assert world.on_handset(other) == ["Elsewhere"]


@pytest.mark.parametrize("fault", ["error_500", "error_500_after_accept"])
def test_a_thread_whose_texts_fail_one_after_the_other_keeps_its_order(impatient: World, fault: str) -> None:
    world, phone = impatient, impatient.phone()
    conversation = world.conversation(phone)
    world.simulator.set_faults(send={fault: 1.0})
    asked = ["First", "Second", "Third"]
    texts = [world.say(conversation, body).message_id for body in asked]
    world.sender.drain(seconds=5)
    world.simulator.set_faults(send={fault: 0.4})
    assert [world.status(text) for text in texts] == ["unconfirmed", "queued", "queued"]
    world.until(settled(world))
    assert world.on_handset(phone) == asked


def test_faults_of_every_kind_at_once_lose_nothing_and_repeat_nothing(impatient: World) -> None:
    world = impatient
    phones = [world.phone() for _ in range(8)]
    conversations = [world.conversation(phone) for phone in phones]
    world.simulator.set_faults(
        send={"error_500": 0.15, "error_500_after_accept": 0.2, "timeout_after_accept": 0.1, "error_429": 0.2},
        webhooks={"lose": 0.2, "double": 0.2},
    )
    asked = [f"Number {number}" for number in range(4)]
    for body in asked:
        for conversation in conversations:
            world.say(conversation, body)

    def all_arrived() -> bool:
        world.reconcile()
        world.conn.execute("UPDATE sms_messages SET not_before = now() WHERE status = 'queued'")
        return all(len(world.on_handset(phone)) >= len(asked) for phone in phones)

    world.until(all_arrived)
    world.simulator.set_faults()
    world.reconcile()
    world.work()
    assert [world.on_handset(phone) for phone in phones] == [asked] * len(phones)


def test_an_unknown_outcome_is_looked_up_in_the_thread_it_went_into(impatient: World) -> None:
    """The lead's next text may have come in another thread meanwhile: the old one was closed."""
    world, phone = impatient, impatient.phone()
    conversation = world.conversation(phone)
    world.simulator.set_faults(send={"error_500_after_accept": 1.0})
    text = world.say(conversation, "Hello?").message_id
    world.sender.drain(seconds=5)
    world.simulator.set_faults()
    (sid,) = world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone() or ("",)
    world.carrier._service.conversations(sid).update(state="closed")
    world.simulator.person_texts(phone, "Yes?")
    world.until(lambda: world.inbound(phone) == ["Yes?"])
    assert world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone() != (sid,)
    world.until(settled(world))
    assert (world.status(text), world.on_handset(phone)) == ("delivered", ["Hello?"])


def test_a_thread_deleted_at_twilio_takes_the_answer_along_and_a_person_decides(impatient: World) -> None:
    world, phone = impatient, impatient.phone()
    world.simulator.set_faults(send={"error_500_after_accept": 1.0})
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.sender.drain(seconds=5)
    world.simulator.set_faults()
    (sid,) = world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone() or ("",)
    world.carrier._service.conversations(sid).delete()
    world.until(settled(world))
    assert world.status(text) == "failed"
    assert world.on_handset(phone) == ["Hello?"]


def counter(world: World, name: str) -> dict[str, int]:
    return dict(world.conn.execute("SELECT label, value FROM counters WHERE name = %s", [name]).fetchall())


def clean_reads(world: World, message_id: int) -> int:
    row = world.conn.execute("SELECT clean_reads FROM sms_messages WHERE id = %s", [message_id]).fetchone()
    assert row is not None
    return int(row[0])
