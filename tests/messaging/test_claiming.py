"""Several workers on one queue: each text is claimed once, and together they stay within the sender's rate."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.races import at_once, warm_up
from tests.support.world import World, add_sender, make_sender
from webapp import clock, database
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.types import Accepted
from webapp.compliance import gate
from webapp.compliance.decisions import Decision
from webapp.compliance.facts import Facts
from webapp.messaging import claims
from webapp.messaging.claims import Claimed
from webapp.messaging.sender import Sender
from webapp.models.constants import Origin


def claim(slots: int = 10) -> list[Claimed]:
    with database.transaction() as conn:
        return claims.claim(conn, slots=slots, now=clock.now())


def queued_for_many(world: World, count: int) -> list[int]:
    return [world.say(world.conversation(world.phone()), f"Text {number}").message_id for number in range(count)]


def test_many_workers_claim_each_text_once(world: World) -> None:
    asked = queued_for_many(world, 60)
    warm_up(12)
    claimed = [text.id for batch in at_once([claim] * 12) for text in batch]
    while batch := claim(100):
        claimed += [text.id for text in batch]
    assert sorted(claimed) == asked


def test_many_workers_send_each_text_once_and_in_order(world: World) -> None:
    phones = [world.phone() for _ in range(6)]
    conversations = [world.conversation(phone) for phone in phones]
    asked = [f"Number {number}" for number in range(6)]
    for body in asked:
        for conversation in conversations:
            world.say(conversation, body)
    workers = [make_sender(world.settings, 4) for _ in range(4)]
    at_once([worker.drain for worker in workers])
    world.until(lambda: all(len(world.on_handset(phone)) == len(asked) for phone in phones))
    assert [world.on_handset(phone) for phone in phones] == [asked] * len(phones)


def test_one_conversation_has_one_text_in_hand_at_a_time(world: World) -> None:
    conversation = world.conversation(world.phone())
    first = world.say(conversation, "First").message_id
    world.say(conversation, "Second")
    warm_up(6)
    batches = at_once([claim] * 6)
    assert [text.id for batch in batches for text in batch] == [first]


def test_people_go_before_programs(world: World) -> None:
    automatic = world.say(world.conversation(world.phone()), "Automatic", automatic=True, origin=Origin.CAMPAIGN)
    by_hand = world.say(world.conversation(world.phone()), "By hand")
    assert [text.id for text in claim()] == [by_hand.message_id, automatic.message_id]


def test_several_workers_together_stay_within_the_rate(world: World) -> None:
    """20 segments a second: the text that is the n-th to begin does so no sooner than n / 20 s after the start."""
    world.conn.execute("UPDATE phone_numbers SET segments_per_second = 20")
    queued_for_many(world, 30)
    workers = [make_sender(world.settings, 8) for _ in range(3)]
    started = time.monotonic()
    at_once([lambda worker=worker: worker.drain(seconds=10) for worker in workers])
    begun = begun_at(world)
    assert len(begun) == 30
    assert [place for place, at in enumerate(begun) if at - started < place / 20] == []


def test_a_long_text_takes_the_place_of_its_segments(world: World) -> None:
    world.conn.execute("UPDATE phone_numbers SET segments_per_second = 10")
    world.say(world.conversation(world.phone()), "x" * 1000)  # 7 segments
    world.say(world.conversation(world.phone()), "short")
    started = time.monotonic()
    world.sender.drain(seconds=10)
    assert begun_at(world)[1] - started >= 0.7


def test_a_text_that_cannot_be_judged_holds_up_none_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, phone = world.phone(), world.phone()
    first = world.say(world.conversation(broken), "Broken").message_id
    text = world.say(world.conversation(phone), "Whole").message_id
    judge = gate.judge

    def stumble(facts: Facts, *rest: Any) -> Decision:
        assert facts.e164 != broken, "a fault of ours"
        return judge(facts, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(gate, "judge", stumble)
        world.until(lambda: world.status(text) == "delivered")
    assert world.status(first) == "queued"
    world.conn.execute("UPDATE sms_messages SET not_before = now()")
    world.until(lambda: world.status(first) == "delivered")


def test_a_result_that_postgres_refuses_keeps_none_of_the_others(world: World) -> None:
    """Two texts cannot be one at the carrier: the second stays unconfirmed until its thread is read back."""
    phones = [world.phone() for _ in range(3)]
    texts = [world.say(world.conversation(phone), "Hello?").message_id for phone in phones]
    sids = iter(["IM1", "IM1", "IM2"])
    sender = Sender(SameSid(world.carrier, sids), 1, world.settings.leadline_settle_seconds)
    sender.drain(seconds=5)
    assert sorted(world.status(text) for text in texts) == ["sending", "sent", "sent"]


class SameSid:
    """A carrier that answers with the SIDs that the test gives."""

    def __init__(self, carrier: TwilioCarrier, sids: Iterator[str]) -> None:
        self._carrier, self._sids = carrier, sids

    def send(self, **text: Any) -> Accepted:
        self._carrier.send(**text)
        return Accepted(next(self._sids), None, None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)


def test_a_slow_sender_does_not_hold_up_another(world: World) -> None:
    quick = add_sender(world.conn, world.simulator.numbers[1])
    world.conn.execute("UPDATE phone_numbers SET paced_until = now() + interval '1 hour' WHERE id <> %s", [quick])
    slow = world.say(world.conversation(world.phone()), "Slow").message_id
    with database.transaction() as conn:
        conversation = world.conversation(world.phone())
        conn.execute("UPDATE sms_conversations SET phone_number_id = %s WHERE id = %s", [quick, conversation])
    other = world.say(conversation, "Quick").message_id
    assert [text.id for text in claim()] == [other]
    assert world.status(slow) == "queued"


def begun_at(world: World) -> list[float]:
    """When the requests that send began, by the carrier's own watch, which is this machine's."""
    sends = [
        entry["begun_monotonic"]
        for entry in world.simulator.requests()
        if entry["method"] == "POST" and entry["path"].endswith("/Messages")
    ]
    return sorted(sends)
