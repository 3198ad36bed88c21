"""Webhooks in any order, any number of times, and before our own record of what they speak of."""

from __future__ import annotations

import pytest

from tests.support import twilio
from tests.support.races import at_once, warm_up
from tests.support.world import World
from webapp import clock, database
from webapp.messaging import applying, attempts, claims, results


def test_a_receipt_that_beats_our_own_record_is_parked_and_applied_after_it(world: World) -> None:
    """Twilio can announce a delivery before its answer to the send is written down here."""
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hello?").message_id
    with database.transaction() as conn:
        (claimed,) = claims.claim(conn, slots=1, now=clock.now())
    sent = attempts.attempt(world.carrier, claimed)
    world.until(lambda: stored(world, "onDeliveryUpdated") == 2, working=False)
    applying.apply_due()
    assert outcomes(world, "onDeliveryUpdated") == {"parked"}
    with database.transaction() as conn:
        wakes = results.record(conn, [sent], now=clock.now())
    assert wakes
    applying.apply_due()
    assert outcomes(world, "onDeliveryUpdated") == {"applied"}
    assert world.status(text) == "delivered"


def test_the_same_text_fifty_times_at_once_is_one_text(world: World) -> None:
    world.configure(keyword_replies="leadline", business_name="Lone Star Homes")
    phone = world.phone()
    form = twilio.message_added(phone, "STOP", twilio.sid("CH"))
    warm_up(20)
    assert at_once([lambda: twilio.post(world, form)] * 50) == [204] * 50
    at_once([applying.apply_due] * 4)
    world.work()
    assert world.inbound(phone) == ["STOP"]
    row = world.conn.execute("SELECT unread, (SELECT count(*) FROM leads) FROM sms_conversations").fetchone()
    assert row == (1, 1)
    assert rows(world, "SELECT origin FROM sms_messages WHERE direction = 'outbound'") == ["confirmation"]
    assert rows(world, "SELECT event FROM consent_events") == ["opt_out"]


def test_fifty_texts_of_fifty_strangers_at_once_are_fifty_leads(world: World) -> None:
    forms = [twilio.message_added(world.phone(), "Hi", twilio.sid("CH")) for _ in range(50)]
    warm_up(20)
    assert set(at_once([lambda form=form: twilio.post(world, form) for form in forms])) == {204}
    at_once([applying.apply_due] * 4)
    world.until(lambda: rows(world, "SELECT count(*) FROM leads") == [50])
    assert rows(world, "SELECT count(*) FROM sms_messages WHERE direction = 'inbound'") == [50]
    assert rows(world, "SELECT count(*) FROM webhook_receipts WHERE outcome = 'broken'") == [0]


def test_many_texts_of_one_stranger_applied_at_once_share_a_lead_and_a_thread(world: World) -> None:
    phone, thread = world.phone(), twilio.sid("CH")
    forms = [twilio.message_added(phone, f"Text {number}", thread) for number in range(20)]
    at_once([lambda form=form: twilio.post(world, form) for form in forms])
    at_once([lambda: applying.apply_due(limit=3)] * 8)
    world.until(lambda: len(world.inbound(phone)) == 20)
    assert sorted(world.inbound(phone)) == sorted(form["Body"] for form in forms)
    assert rows(world, "SELECT unread FROM sms_conversations") == [20]


def test_a_reply_that_comes_before_the_receipt_of_what_it_answers(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    text = world.say(conversation, "Is it still for sale?").message_id
    world.sender.drain(seconds=5)
    sid, thread = world.conn.execute(
        "SELECT m.twilio_sid, c.twilio_sid FROM sms_messages m JOIN sms_conversations c ON c.id = m.conversation_id"
    ).fetchone() or ("", "")
    world.until(lambda: stored(world, "onDeliveryUpdated") == 2, working=False)
    world.conn.execute("UPDATE webhook_receipts SET not_before = now() + interval '1 hour'")
    twilio.receive(twilio.message_added(phone, "Yes", thread))
    assert (world.status(text), world.inbound(phone)) == ("sent", ["Yes"])
    twilio.receive(twilio.delivery_updated(sid, "delivered"))
    twilio.receive(twilio.delivery_updated(sid, "sent"))
    assert world.status(text) == "delivered"
    assert rows(world, "SELECT last_body FROM sms_conversations") == ["Yes"]


@pytest.mark.parametrize("faults", [{"double": 1.0}, {"reorder": 0.5}, {"double": 0.5, "reorder": 0.3}])
def test_doubled_and_reordered_webhooks_change_nothing(world: World, faults: dict[str, float]) -> None:
    world.simulator.set_faults(webhooks=faults)
    phones = [world.phone() for _ in range(3)]
    conversations = [world.conversation(phone) for phone in phones]
    texts = [world.say(conversation, f"To {conversation}").message_id for conversation in conversations]
    world.work()
    said = ["One", "Two", "Three"]
    for body in said:
        for phone in phones:
            world.simulator.person_texts(phone, body, to=world.simulator.numbers[0])
    world.until(lambda: all(len(world.inbound(phone)) == 3 for phone in phones))
    world.until(lambda: all(world.status(text) == "delivered" for text in texts))
    for phone, conversation in zip(phones, conversations, strict=True):
        assert sorted(world.inbound(phone)) == sorted(said)
        assert world.on_handset(phone) == [f"To {conversation}"]
    assert rows(world, "SELECT unread FROM sms_conversations") == [3, 3, 3]


def stored(world: World, event: str) -> int:
    return int(rows(world, f"SELECT count(*) FROM webhook_receipts WHERE event_type = '{event}'")[0])


def outcomes(world: World, event: str) -> set[str]:
    return set(rows(world, f"SELECT outcome FROM webhook_receipts WHERE event_type = '{event}'"))


def rows(world: World, query: str) -> list[object]:
    return [row[0] for row in world.conn.execute(query).fetchall()]
