"""Certainly not sent: tried again, later and later, in the text's own turn, until its tries are used up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr

from tests.support.world import World
from webapp.carrier import carrier_from_settings
from webapp.carrier.answers import error_for
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.types import Accepted
from webapp.messaging import openings, results
from webapp.messaging.sender import Sender


def test_429_means_not_sent_and_its_retry_after_is_kept(world: World) -> None:
    phone = world.phone()
    world.simulator.set_faults(send={"error_429": 1.0})
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.sender.drain(seconds=5)
    assert (world.status(text), error_code(world, text)) == ("queued", 20429)
    assert waits(world, text) > 0
    world.simulator.set_faults()
    world.conn.execute("UPDATE sms_messages SET not_before = now()")
    world.until(lambda: world.status(text) == "delivered")
    assert world.on_handset(phone) == ["Hello?"]
    assert error_code(world, text) is None


def test_a_carrier_out_of_reach_is_waited_for(world: World) -> None:
    """Each refused connection is a try with a longer wait, also where the thread could not even be opened; and after five
    it is still a matter of minutes."""
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    waited = []
    address = world.settings.twilio_api_base_url
    nowhere = world.settings.model_copy(update={"twilio_api_base_url": "http://127.0.0.1:9"})
    unreachable = Sender(carrier_from_settings(nowhere), 2, 0.3)
    for _ in range(5):
        unreachable.drain(seconds=1)
        assert world.status(text) == "queued"
        waited.append(waits(world, text))
        world.conn.execute("UPDATE sms_messages SET not_before = now()")
    assert address != nowhere.twilio_api_base_url
    assert waited == sorted(waited)
    assert waited[2] > 25
    assert sum(waited) < 200
    world.until(lambda: world.status(text) == "delivered")
    assert world.on_handset(phone) == ["Hello?"]


def test_a_text_that_is_never_taken_fails_after_its_last_try(world: World) -> None:
    text = world.say(world.conversation(world.phone()), "Hello?").message_id
    world.simulator.set_faults(send={"error_429": 1.0})
    for _ in range(len(results.RETRY_AFTER_SECONDS) + 1):
        assert world.status(text) == "queued"
        world.conn.execute("UPDATE sms_messages SET not_before = now()")
        world.sender.drain(seconds=1)
    assert (world.status(text), error_code(world, text)) == ("failed", 20429)


def test_a_stand_in_as_strict_as_twilio_is_asked_for_no_more_threads_than_twilio_takes(world: World) -> None:
    """Who is turned away at first waits for a moment, and then for a place that there is."""
    openings.use_limit(200)
    world.simulator.set_settings(actions_per_second=30)
    texts = [world.say(world.conversation(world.phone()), "Hello?").message_id for _ in range(90)]
    world.until(lambda: {world.status(text) for text in texts} <= {"sent", "delivered"})
    assert max(int(str(one(world, "tries", text))) for text in texts) == 1


def test_an_illness_of_the_account_costs_no_text_its_tries(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    locked_out = world.settings.model_copy(update={"twilio_auth_token": SecretStr("no")})
    wrong_key = Sender(carrier_from_settings(locked_out), 2, 0.3)
    for _ in range(len(results.RETRY_AFTER_SECONDS) + 2):
        wrong_key.drain(seconds=1)
        assert world.status(text) == "queued"
        world.conn.execute("UPDATE sms_messages SET not_before = now()")
    world.simulator.set_faults(send={"error_429": 1.0})
    world.sender.drain(seconds=1)
    assert world.status(text) == "queued", "the first try that counts"
    world.simulator.set_faults()
    world.conn.execute("UPDATE sms_messages SET not_before = now()")
    world.until(lambda: world.status(text) == "delivered")
    assert world.on_handset(phone) == ["Hello?"]


def test_a_thread_closed_at_twilio_is_opened_anew(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    first = world.say(conversation, "First").message_id
    world.until(lambda: world.status(first) == "delivered")
    (sid,) = world.conn.execute("SELECT twilio_sid FROM sms_conversations").fetchone() or ("",)
    world.carrier._service.conversations(sid).update(state="closed")
    second = world.say(conversation, "Second").message_id
    world.sender.drain(seconds=5)
    world.conn.execute("UPDATE sms_messages SET not_before = now()")
    world.until(lambda: world.status(second) == "delivered")
    assert world.on_handset(phone) == ["First", "Second"]


class Refuses:
    """The carrier, which takes no text and says why at once."""

    def __init__(self, carrier: TwilioCarrier, code: int) -> None:
        self._carrier, self._code = carrier, code

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)

    def send(self, **_text: object) -> Accepted:
        raise error_for(400, {}, json.dumps({"code": self._code, "message": "no", "status": 400}).encode())


@pytest.mark.parametrize(("code", "toll_free"), [(21610, False), (21610, True), (30004, True)])
def test_a_refusal_that_says_opted_out_suppresses_as_a_receipt_would(world: World, code: int, toll_free: bool) -> None:
    world.conn.execute("UPDATE phone_numbers SET toll_free = %s", [toll_free])
    conversation = world.conversation(world.phone())
    text, waiting = (world.say(conversation, body).message_id for body in ("Hello?", "Waiting"))
    Sender(Refuses(world.carrier, code), 1, 0.3).drain(seconds=1)
    assert (world.status(text), error_code(world, text)) == ("failed", code)
    row = world.conn.execute("SELECT suppression_source, suppression_reason FROM contact_numbers").fetchone()
    assert row == ("carrier", str(code))
    assert world.status(waiting) == "canceled"
    assert world.say(conversation, "Again").status == "refused"


def test_a_refusal_that_says_no_such_number_marks_it(world: World) -> None:
    conversation = world.conversation(world.phone())
    text = world.say(conversation, "Hello?").message_id
    Sender(Refuses(world.carrier, 21614), 1, 0.3).drain(seconds=1)
    assert world.status(text) == "failed"
    again = world.say(conversation, "Again")
    assert (again.status, again.decision and again.decision.reason) == ("refused", "invalid_number")


def error_code(world: World, message_id: int) -> object:
    return one(world, "error_code", message_id)


def waits(world: World, message_id: int) -> float:
    return float(one(world, "extract(epoch FROM not_before - clock_timestamp())", message_id))  # type: ignore[arg-type]


def one(world: World, column: str, message_id: int) -> object:
    row = world.conn.execute(f"SELECT {column} FROM sms_messages WHERE id = %s", [message_id]).fetchone()
    assert row is not None
    return row[0]
