"""Webhooks that do not arrive: automatic texts then read their thread before they go, or wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import twilio
from tests.support.world import World
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.errors import GoneError, PassingError
from webapp.carrier.types import CarrierMessage
from webapp.compliance import webhook_health
from webapp.compliance.webhook_health import WebhookHealth
from webapp.database import transaction
from webapp.messaging.sender import Sender


class WithoutReading:
    """The carrier, where no thread can be read."""

    def __init__(self, carrier: TwilioCarrier, error: Exception) -> None:
        self._carrier, self._error = carrier, error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)

    def read_back(self, conversation_sid: str, *, page_size: int = 50) -> Iterator[CarrierMessage]:
        raise self._error


def now_healthy(world: World) -> WebhookHealth:
    webhook_health.forget()
    return webhook_health.read(world.conn)


def lose_webhooks(world: World) -> None:
    """Nothing arrives any more, and a stranger's text shows it."""
    world.simulator.set_faults(webhooks={"lose": 1.0})
    world.simulator.person_texts(world.phone(), "Anybody there?", to=world.simulator.numbers[0])
    world.move_clock(minutes=1)
    world.sweep()
    assert now_healthy(world) == WebhookHealth(distrusted=True, found=1)


def greeted(world: World) -> tuple[str, int]:
    """A person who has a thread with us, and its conversation."""
    phone = world.phone()
    conversation = world.conversation(phone)
    text = world.say(conversation, "Hello").message_id
    world.until(lambda: world.status(text) == "delivered")
    return phone, conversation


def reads(world: World) -> int:
    """How often the carrier was asked for the texts of a thread."""
    return sum(one["method"] == "GET" and one["path"].endswith("/Messages") for one in world.simulator.requests())


def decisions(world: World, message_id: int) -> list[tuple[str, ...]]:
    return world.conn.execute(
        "SELECT stage, outcome, reason FROM decisions WHERE message_id = %s ORDER BY id", [message_id]
    ).fetchall()


def test_while_webhooks_arrive_no_text_asks_for_more_than_it_needs(world: World) -> None:
    _, conversation = greeted(world)
    before = reads(world)
    text = world.say(conversation, "A reminder", automatic=True).message_id
    world.until(lambda: world.status(text) == "delivered")
    assert reads(world) == before


def test_a_stop_that_no_webhook_brought_stops_the_automatic_text_before_it_goes(world: World) -> None:
    phone, conversation = greeted(world)
    lose_webhooks(world)
    world.simulator.person_texts(phone, "STOP")
    text = world.say(conversation, "A reminder", automatic=True)
    assert text.status == "queued", "nobody here knows of the stop"
    world.until(lambda: world.status(text.message_id) == "canceled")
    assert not [body for body in world.on_handset(phone) if "reminder" in body]
    assert world.say(conversation, "But wait").status == "refused"


def test_an_answer_that_no_webhook_brought_is_known_before_the_text_goes(world: World) -> None:
    """It waits until the answer is in its thread; then the gate is asked again, and it goes."""
    phone, conversation = greeted(world)
    lose_webhooks(world)
    world.simulator.person_texts(phone, "Call me")
    text = world.say(conversation, "A reminder", automatic=True).message_id
    world.sender.drain(seconds=2)
    assert world.status(text) == "queued"
    world.until(lambda: world.inbound(phone) == ["Call me"])
    world.conn.execute("UPDATE sms_messages SET not_before = now() WHERE status = 'queued'")
    world.until(lambda: world.status(text) == "sent")
    assert [stage for stage, _, _ in decisions(world, text)] == ["queue", "claim", "claim"]


def test_a_quiet_thread_costs_one_reading_and_the_text_goes(world: World) -> None:
    _, conversation = greeted(world)
    lose_webhooks(world)
    before = reads(world)
    text = world.say(conversation, "A reminder", automatic=True).message_id
    world.until(lambda: world.status(text) == "sent")
    assert reads(world) == before + 1


def test_a_persons_text_and_a_confirmation_do_not_wait(world: World) -> None:
    phone, conversation = greeted(world)
    lose_webhooks(world)
    world.sender = Sender(WithoutReading(world.carrier, PassingError("no", http_status=503)), 2, 0.3)
    text = world.say(conversation, "It is me").message_id
    world.until(lambda: world.status(text) == "sent")
    twilio.receive(twilio.message_added(phone, "Stop please", twilio.sid("CH")))
    world.until(lambda: any("unsubscribed" in body for body in world.on_handset(phone)))


def test_a_thread_that_cannot_be_read_holds_its_text_and_it_goes_later(world: World) -> None:
    phone, conversation = greeted(world)
    lose_webhooks(world)
    reading = world.sender
    world.sender = Sender(WithoutReading(world.carrier, PassingError("no", http_status=503)), 2, 0.3)
    text = world.say(conversation, "A reminder", automatic=True).message_id
    world.sender.drain(seconds=2)
    row = world.conn.execute(
        "SELECT status, reason, send_after, not_before > now() + interval '1 minute' FROM sms_messages WHERE id = %s",
        [text],
    ).fetchone()
    assert row == ("held", "health", None, True)
    assert decisions(world, text)[-1] == ("send", "hold", "health")
    world.move_clock(days=3)
    world.move_clock(days=-3)
    world.sender = reading
    world.work()
    assert world.status(text) == "held", "business time has no say in it"
    world.conn.execute("UPDATE sms_messages SET not_before = now() WHERE id = %s", [text])
    world.until(lambda: world.status(text) == "sent")
    assert sum("A reminder" in body for body in world.on_handset(phone)) == 1


def test_a_stop_reaches_a_text_that_is_held_for_this(world: World) -> None:
    phone, conversation = greeted(world)
    lose_webhooks(world)
    world.sender = Sender(WithoutReading(world.carrier, PassingError("no", http_status=503)), 2, 0.3)
    text = world.say(conversation, "A reminder", automatic=True).message_id
    world.sender.drain(seconds=2)
    twilio.receive(twilio.message_added(phone, "STOP", twilio.sid("CH")))
    assert world.status(text) == "canceled"


def test_a_thread_that_is_gone_is_opened_anew_as_ever(world: World) -> None:
    _, conversation = greeted(world)
    lose_webhooks(world)
    world.sender = Sender(WithoutReading(world.carrier, GoneError("no", http_status=404)), 2, 0.3)
    text = world.say(conversation, "A reminder", automatic=True).message_id
    world.sender.drain(seconds=1)
    assert world.status(text) == "queued"
    assert world.conn.execute("SELECT twilio_sid FROM sms_conversations WHERE id = %s", [conversation]).fetchone() == (
        None,
    )


@pytest.mark.parametrize(("repairs", "distrusted"), [(1, False), (2, False), (3, True)])
def test_where_webhooks_do_arrive_it_takes_three_repairs(world: World, repairs: int, distrusted: bool) -> None:
    twilio.post(world, twilio.message_added(world.phone(), "Hello", twilio.sid("CH")))
    for _ in range(repairs):
        note_repair()
    assert now_healthy(world) == WebhookHealth(distrusted, repairs)


def test_a_receipt_is_no_sign_that_texts_arrive(world: World) -> None:
    """A service's webhooks can bring every receipt and no text."""
    greeted(world)
    note_repair()
    assert now_healthy(world).distrusted


def test_distrust_ends_by_itself_after_a_quiet_quarter_of_an_hour(world: World) -> None:
    note_repair()
    age(world, minutes=14)
    assert now_healthy(world) == WebhookHealth(True, 1)
    age(world, minutes=2)
    assert now_healthy(world) == WebhookHealth(False, 0)


def test_repairs_that_lie_far_apart_are_accidents(world: World) -> None:
    twilio.post(world, twilio.message_added(world.phone(), "Hello", twilio.sid("CH")))
    for _ in range(4):
        note_repair()
        age(world, minutes=8)
        world.conn.execute("UPDATE heartbeats SET at = now() WHERE name = 'inbound webhook'")
    assert not now_healthy(world).distrusted


def test_what_the_business_clock_does_is_no_matter(world: World) -> None:
    note_repair()
    world.move_clock(days=2)
    assert now_healthy(world).distrusted


def note_repair() -> None:
    with transaction() as conn:
        webhook_health.note_repair(conn)


def age(world: World, minutes: int) -> None:
    """As if this had been so many minutes ago."""
    world.conn.execute(
        """
        UPDATE heartbeats SET at = at - %(by)s * interval '1 second', detail = jsonb_build_object(
            'at', (SELECT coalesce(jsonb_agg(one.at::float - %(by)s), '[]')
                   FROM jsonb_array_elements_text(coalesce(detail -> 'at', '[]')) AS one (at)),
            'distrusted_until', (detail ->> 'distrusted_until')::float - %(by)s)
        WHERE name IN ('webhook repairs', 'inbound webhook')
        """,
        {"by": minutes * 60},
    )
