"""How far back, how deep and how wide the sweep looks: nothing falls between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support import twilio
from tests.support.world import World, add_sender
from webapp import clock
from webapp.carrier.errors import UnknownOutcomeError
from webapp.carrier.types import CarrierMessage
from webapp.messaging.sweep import sweep


@pytest.fixture
def deaf(world: World) -> World:
    """The same world, whose webhooks are all lost on their way."""
    world.simulator.set_faults(webhooks={"lose": 1.0})
    return world


def heard(world: World, phone: str, body: str) -> None:
    """A text whose webhook came."""
    world.simulator.set_faults()
    before = len(world.inbound(phone))
    world.simulator.person_texts(phone, body, to=world.simulator.numbers[0])
    world.until(lambda: len(world.inbound(phone)) == before + 1)
    world.simulator.set_faults(webhooks={"lose": 1.0})


def unheard(world: World, phone: str, body: str) -> None:
    world.simulator.person_texts(phone, body, to=world.simulator.numbers[0])


def test_a_text_lost_below_many_that_came_is_found(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    unheard(world, phone, "Lost")
    for number in range(8):
        heard(world, phone, f"Came {number}")
    world.sweep()
    assert sorted(world.inbound(phone)) == sorted(["Lost", *(f"Came {number}" for number in range(8))])


@pytest.mark.parametrize("lost_first", [True, False])
def test_of_two_equal_texts_within_two_minutes_the_lost_one_is_found(deaf: World, lost_first: bool) -> None:
    """Even where nobody would have read that thread for its own sake."""
    world, phone = deaf, deaf.phone()
    for say in (unheard, heard) if lost_first else (heard, unheard):
        say(world, phone, "Ok")
    world.conn.execute("UPDATE sms_conversations SET read_back_at = now()")
    world.sweep()
    assert world.inbound(phone) == ["Ok", "Ok"]


def test_a_text_that_twilio_changed_is_not_taken_twice_nor_looked_into_for_ever(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    heard(world, phone, "Café")
    world.conn.execute("UPDATE sms_messages SET body = 'Cafe'")
    world.conn.execute("UPDATE sms_conversations SET read_back_at = now()")
    assert (world.sweep().inbound, reads(world)) == (0, 1)
    world.move_clock(minutes=6)
    world.sweep()
    before = reads(world)
    world.sweep()
    assert (world.inbound(phone), reads(world)) == (["Cafe"], before)


def test_more_suspects_than_one_sweep_reads_are_read_by_the_next(deaf: World) -> None:
    world = deaf
    phones = [world.phone() for _ in range(35)]
    for phone in phones:
        unheard(world, phone, "Hello")
    world.conn.execute(
        "INSERT INTO heartbeats (name, detail) VALUES ('sweep log 1', jsonb_build_object('up_to', %s::text))",
        [(clock.now() + timedelta(hours=1)).isoformat()],
    )  # the log says nothing: only the threads that Twilio made for them do
    for _ in range(2):
        world.sweep()
    world.work()
    assert [world.inbound(phone) for phone in phones] == [["Hello"]] * 35


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_that_jumps_skips_nothing(deaf: World, hours: int) -> None:
    world, first, second, third = deaf, deaf.phone(), deaf.phone(), deaf.phone()
    unheard(world, first, "Before")
    world.sweep()
    world.move_clock(hours=hours)
    unheard(world, second, "After the jump")
    world.sweep()
    world.move_clock(hours=-hours, minutes=1)
    unheard(world, third, "Back again")
    world.sweep()
    assert [world.inbound(phone) for phone in (first, second, third)] == [
        ["Before"], ["After the jump"], ["Back again"],
    ]  # fmt: skip


@pytest.mark.parametrize("minutes", [-60 * 24 * 40, -90, -3, 3, 90, 60 * 24 * 40])
def test_a_carrier_whose_clock_differs_from_ours_loses_nothing(deaf: World, minutes: int) -> None:
    world, first, second = deaf, deaf.phone(), deaf.phone()
    to = clock.now() + timedelta(minutes=minutes)
    world.simulator.control("PUT", "/sim/clock", {"now": to.isoformat()})
    unheard(world, first, "One")
    world.sweep()
    unheard(world, second, "Two")
    world.sweep()
    assert (world.inbound(first), world.inbound(second)) == (["One"], ["Two"])


def test_texts_of_the_same_second_are_all_found_over_several_sweeps(deaf: World) -> None:
    world = deaf
    phones = [world.phone() for _ in range(6)]
    for phone in phones:
        unheard(world, phone, "Hello")
        sweep(world.carrier)
    world.work()
    assert [world.inbound(phone) for phone in phones] == [["Hello"]] * 6


def test_a_number_added_later_is_swept_from_the_day_before(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    world.sweep()
    world.simulator.person_texts(phone, "Hello", to=world.simulator.numbers[1])
    world.sweep()
    assert world.inbound(phone) == []
    add_sender(world.conn, world.simulator.numbers[1])
    world.sweep()
    assert world.inbound(phone) == ["Hello"]
    row = world.conn.execute(
        "SELECT p.e164 FROM sms_conversations c JOIN phone_numbers p ON p.id = c.phone_number_id"
    ).fetchone()
    assert row == (world.simulator.numbers[1],)


def test_with_two_numbers_a_text_lands_in_the_thread_with_the_one_it_was_sent_to(deaf: World) -> None:
    """Also one whose webhook came while the announcement of its thread was lost: it waits for the sweep."""
    world, phone = deaf, deaf.phone()
    add_sender(world.conn, world.simulator.numbers[1])
    sent = world.simulator.person_texts(phone, "Hello", to=world.simulator.numbers[1])
    twilio.receive(twilio.message_added(phone, "Hello", sent["conversation_sid"], MessageSid=sent["message_sid"]))
    assert world.inbound(phone) == []
    world.sweep()
    world.conn.execute("UPDATE webhook_receipts SET not_before = now()")
    world.work()
    assert world.inbound(phone) == ["Hello"]
    row = world.conn.execute(
        "SELECT p.e164 FROM sms_conversations c JOIN phone_numbers p ON p.id = c.phone_number_id"
    ).fetchone()
    assert row == (world.simulator.numbers[1],)


@pytest.mark.parametrize("two_numbers", [True, False])
def test_the_last_text_of_a_thread_that_was_closed_is_found(deaf: World, two_numbers: bool) -> None:
    world, phone = deaf, deaf.phone()
    if two_numbers:
        add_sender(world.conn, world.simulator.numbers[1])
    unheard(world, phone, "Last words")
    (conversation,) = world.carrier._service.conversations.list()
    world.carrier._service.conversations(conversation.sid).update(state="closed")
    world.sweep()
    assert world.inbound(phone) == ["Last words"]
    assert world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone() != (conversation.sid,)


def test_a_text_in_no_thread_at_all_is_taken_from_the_log(deaf: World) -> None:
    world, phone = deaf, deaf.phone()
    unheard(world, phone, "Hello")
    (conversation,) = world.carrier._service.conversations.list()
    world.carrier._service.conversations(conversation.sid).delete()
    world.sweep()
    assert world.inbound(phone) == [], "its thread may still come"
    world.move_clock(minutes=6)
    for _ in range(2):
        world.sweep()
    assert world.inbound(phone) == ["Hello"]


def test_our_own_numbers_are_nobodys_leads(deaf: World) -> None:
    world = deaf
    ours = world.phone()
    add_sender(world.conn, ours)
    unheard(world, ours, "Forwarded")
    world.sweep()
    assert world.conn.execute("SELECT count(*) FROM leads").fetchone() == (0,)


def test_one_thread_that_cannot_be_read_stops_none_of_the_others(deaf: World) -> None:
    world, first, second = deaf, deaf.phone(), deaf.phone()
    for phone in (first, second):
        unheard(world, phone, "Hello")
    carrier = StumblesOver(world, first)
    sweep(carrier)
    world.work()
    assert (world.inbound(first), world.inbound(second)) == ([], ["Hello"])
    world.sweep()
    assert (world.inbound(first), world.inbound(second)) == (["Hello"], ["Hello"])


def reads(world: World) -> int:
    """How often a thread has been read back."""
    return sum(
        entry["method"] == "GET" and entry["path"].endswith("/Messages") and "/Conversations/" in entry["path"]
        for entry in world.simulator.requests()
    )


class StumblesOver:
    """The carrier, which cannot hand over this phone's thread."""

    def __init__(self, world: World, phone: str) -> None:
        (thread,) = world.carrier.threads_of(phone, world.simulator.numbers[0])
        self._carrier, self._sid = world.carrier, thread.conversation_sid

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]:
        if conversation_sid == self._sid:
            raise UnknownOutcomeError("no whole answer")
        return self._carrier.read_back(conversation_sid, page_size=page_size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)
