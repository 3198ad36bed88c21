"""Delivery receipts: forward only, failure sticks, and what a code says of the number."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from tests.support import twilio
from tests.support.world import World
from webapp import clock


def sent_text(world: World) -> tuple[int, str, str]:
    """A text that the carrier has, whose receipts are up to the test: its id, its SID, the phone."""
    world.simulator.set_faults(webhooks={"lose": 1.0})
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    world.sender.drain(seconds=5)
    row = world.conn.execute("SELECT twilio_sid FROM sms_messages WHERE id = %s", [text]).fetchone()
    assert row is not None
    return text, row[0], phone


def receipt(sid: str, status: str, code: int | None = None, **changes: str) -> None:
    error = {"ErrorCode": str(code)} if code else {}
    twilio.receive(twilio.delivery_updated(sid, status, **error, **changes))


def state(world: World, text: int) -> tuple[object, ...]:
    row = world.conn.execute("SELECT status, error_code FROM sms_messages WHERE id = %s", [text]).fetchone()
    assert row is not None
    return tuple(row)


@pytest.mark.parametrize("order", sorted(set(permutations(["sent", "sent", "delivered"]))))
def test_any_order_ends_at_delivered(world: World, order: tuple[str, ...]) -> None:
    text, sid, _ = sent_text(world)
    for status in order:
        receipt(sid, status)
    assert state(world, text) == ("delivered", None)


def test_failure_sticks(world: World) -> None:
    text, sid, _ = sent_text(world)
    receipt(sid, "undelivered", 30003)
    receipt(sid, "delivered")
    receipt(sid, "failed", 30007)
    receipt(sid, "sent")
    assert state(world, text) == ("undelivered", 30003)


def test_what_was_delivered_cannot_fail_any_more(world: World) -> None:
    text, sid, _ = sent_text(world)
    receipt(sid, "delivered")
    receipt(sid, "undelivered", 30008)
    assert state(world, text) == ("delivered", None)


def test_read_means_that_it_arrived(world: World) -> None:
    text, sid, _ = sent_text(world)
    receipt(sid, "read")
    assert state(world, text) == ("delivered", None)


@pytest.mark.parametrize("code", [30999, 1, 99_999_999_999])
def test_a_code_that_nobody_knows_is_kept_as_itself(world: World, code: int) -> None:
    text, sid, _ = sent_text(world)
    receipt(sid, "failed", code)
    assert state(world, text) == ("failed", code)


def test_a_status_that_nobody_knows_changes_nothing(world: World) -> None:
    text, sid, _ = sent_text(world)
    receipt(sid, "teleported")
    assert state(world, text) == ("sent", None)
    receipt(sid, "delivered")
    assert state(world, text) == ("delivered", None)


def test_the_other_name_of_the_status_is_read_too(world: World) -> None:
    text, sid, _ = sent_text(world)
    form = twilio.delivery_updated(sid, "delivered")
    form["DeliveryStatus"] = form.pop("Status")
    twilio.receive(form)
    assert state(world, text) == ("delivered", None)


@pytest.mark.parametrize(
    ("code", "toll_free", "suppressed"), [(21610, False, True), (30004, True, True), (30004, False, False)]
)
def test_an_opt_out_that_only_the_carrier_knows_suppresses(
    world: World, code: int, toll_free: bool, suppressed: bool
) -> None:
    world.conn.execute("UPDATE phone_numbers SET toll_free = %s", [toll_free])
    _, sid, phone = sent_text(world)
    conversation = world.conversation(phone)
    waiting = world.say(conversation, "Waiting").message_id
    receipt(sid, "failed", code)
    row = world.conn.execute("SELECT suppression_source, suppression_reason FROM contact_numbers").fetchone()
    assert row == (("carrier", str(code)) if suppressed else (None, None))
    assert world.status(waiting) == ("canceled" if suppressed else "queued")
    assert world.say(conversation, "Again").status == ("refused" if suppressed else "queued")


def test_a_late_opt_out_receipt_does_not_undo_the_start_after_it(world: World) -> None:
    """The receipt is of a text from before the START: its own time counts, not that of its arrival."""
    _, sid, phone = sent_text(world)
    failed_at = clock.now()
    thread = "CH" + "0" * 32
    twilio.receive(twilio.message_added(phone, "STOP", thread, DateCreated=twilio.stamp(failed_at)))
    world.move_clock(minutes=5)
    twilio.receive(twilio.message_added(phone, "START", thread))
    world.move_clock(minutes=5)
    receipt(sid, "failed", 21610, DateUpdated=twilio.stamp(failed_at + timedelta(seconds=1)))
    assert world.conn.execute("SELECT suppressed_at FROM contact_numbers").fetchone() == (None,)
    assert world.say(world.conversation(phone), "Welcome back").status == "queued"


def test_a_number_out_of_use_is_not_texted_again(world: World) -> None:
    _, sid, phone = sent_text(world)
    receipt(sid, "undelivered", 30005)
    refused = world.say(world.conversation(phone), "Again")
    assert (refused.status, refused.decision and refused.decision.reason) == ("refused", "invalid_number")


def test_a_receipt_for_a_persons_own_text_is_no_receipt(world: World) -> None:
    phone = world.phone()
    form = twilio.message_added(phone, "Hello", twilio.sid("CH"))
    twilio.receive(form)
    twilio.receive(twilio.delivery_updated(form["MessageSid"], "failed", ErrorCode="21610"))
    assert world.conn.execute("SELECT status FROM sms_messages").fetchone() == ("received",)
    assert world.conn.execute("SELECT suppressed_at FROM contact_numbers").fetchone() == (None,)
