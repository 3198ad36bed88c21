"""Sending a text into a conversation: what reaches the handset, what the receipts say, what is refused."""

from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from twilio.rest.conversations.v1.service import ServiceContext
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.listener import Listener
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer

OpenThread = Callable[..., ConversationContext]


def statuses(thread: ConversationContext, message_sid: str) -> list[tuple[str, int]]:
    return [(str(r.status), r.error_code) for r in thread.messages(message_sid).delivery_receipts.list(page_size=50)]


def test_a_text_reaches_the_handset_and_is_receipted(sim: SimulatorServer, thread: ConversationContext) -> None:
    sent = thread.messages.create(body="Hi Ana", author="rep-3", attributes='{"text": "t1", "attempt": 1}')
    assert (sent.author, sent.participant_sid, sent.index) == ("rep-3", None, 0)
    (text,) = until(lambda: sim.texts_on(PHONE))
    assert (text["body"], text["from"], text["media"], text["automatic"]) == ("Hi Ana", sim.numbers[0], [], False)
    assert until(lambda: statuses(thread, sent.sid), lambda found: found[0][0] == "delivered") == [("delivered", 0)]
    fetched = thread.messages(sent.sid).fetch()
    assert fetched.attributes == '{"text": "t1", "attempt": 1}'
    assert fetched.delivery == {
        "total": 1, "sent": "all", "delivered": "all", "read": "none", "failed": "none", "undelivered": "none"
    }  # fmt: skip


def test_receipts_come_as_separate_webhooks_in_order(hooks: Listener, thread: ConversationContext) -> None:
    sent = thread.messages.create(body="Hi Ana")
    first, second = hooks.wait_for_events("onDeliveryUpdated", "onDeliveryUpdated")
    assert [hook.params["Status"] for hook in (first, second)] == ["sent", "delivered"]
    for hook in (first, second):
        assert hook.params["MessageSid"] == sent.sid
        assert hook.params["ChannelMessageSid"].startswith("SM")
        assert "ErrorCode" not in hook.params


def test_a_delivery_webhook_may_overtake_the_answer(
    sim: SimulatorServer, hooks: Listener, thread: ConversationContext
) -> None:
    sim.set_faults(latency_ms=1500)
    thread.messages.create(body="Hi Ana")
    # Both have come by now: the answer was still half its latency away.
    assert len(hooks.of("onDeliveryUpdated")) == 2


def test_the_author_is_not_sent_his_own_message(sim: SimulatorServer, thread: ConversationContext) -> None:
    own = thread.messages.create(body="as if Ana wrote", author=PHONE)
    assert own.participant_sid == thread.participants.list()[0].sid
    other = thread.messages.create(body="for Ana")
    until(lambda: statuses(thread, other.sid), lambda found: found[0][0] == "delivered")
    assert [text["body"] for text in sim.texts_on(PHONE)] == ["for Ana"]
    assert thread.messages(own.sid).fetch().delivery is None


def test_indexes_skip_numbers_but_keep_the_order(sim: SimulatorServer, thread: ConversationContext) -> None:
    for number in range(16):
        thread.messages.create(body=f"text {number}")
    listed = thread.messages.list()
    indexes = [message.index for message in listed]
    assert [message.body for message in listed] == [f"text {number}" for number in range(16)]
    assert indexes == sorted(set(indexes))
    assert indexes[-1] > 15
    until(lambda: len(sim.texts_on(PHONE)), lambda count: count == 16)
    assert [text["body"] for text in sim.texts_on(PHONE)] == [f"text {number}" for number in range(16)]


def test_messages_are_paged_in_both_orders_while_more_arrive(
    thread: ConversationContext, twilio: Client, sim: SimulatorServer
) -> None:
    for number in range(7):
        thread.messages.create(body=f"text {number}")
    newest = thread.messages.page(order="desc", page_size=3)
    assert [message.body for message in newest] == ["text 6", "text 5", "text 4"]
    thread.messages.create(body="meanwhile")
    second = newest.next_page()
    assert second is not None
    assert [message.body for message in second] == ["text 3", "text 2", "text 1"]
    assert second.previous_page_url
    back = second.previous_page()
    assert back is not None
    assert [message.body for message in back] == ["text 6", "text 5", "text 4"]
    last = second.next_page()
    assert last is not None
    assert [message.body for message in last] == ["text 0"]
    assert last.next_page() is None
    assert [m.body for m in thread.messages.list(page_size=2)] == [f"text {n}" for n in range(7)] + ["meanwhile"]


@pytest.mark.parametrize("query", ["PageSize=101", "PageSize=0", "PageSize=x", "PageToken=forged", "Page=-1"])
def test_a_page_that_cannot_be_is_refused(thread: ConversationContext, twilio: Client, query: str) -> None:
    url = f"https://conversations.twilio.com/v1{thread.messages._uri}?{query}"
    assert twilio.request("GET", url).status_code == 400


def test_receipts_have_pages_of_fifty_at_most(thread: ConversationContext) -> None:
    sent = thread.messages.create(body="Hi Ana")
    with pytest.raises(TwilioException, match="20007"):
        thread.messages(sent.sid).delivery_receipts.list(page_size=51)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"body": "x" * 1601}, (400, 21617)),
        ({}, (400, 20001)),
        ({"body": "x", "attributes": "{"}, (400, 20001)),
        ({"body": "x", "attributes": '"' + "x" * 4096 + '"'}, (400, 20001)),
        ({"media_sid": "ME" + "a" * 32}, (404, 50507)),
        ({"content_sid": "HX" + "a" * 32}, (400, 20001)),
        ({"body": "x", "date_created": "yesterday"}, (400, 20001)),
    ],
)
def test_a_message_that_twilio_refuses_is_not_sent(
    sim: SimulatorServer, thread: ConversationContext, fields: dict[str, str], expected: tuple[int, int]
) -> None:
    with pytest.raises(TwilioRestException) as error:
        thread.messages.create(**fields)
    assert (error.value.status, error.value.code) == expected
    assert thread.messages.list() == []


def test_a_message_is_changed_and_deleted_without_recalling_the_text(
    sim: SimulatorServer, thread: ConversationContext
) -> None:
    sent = thread.messages.create(body="Hi Ana")
    until(lambda: sim.texts_on(PHONE))
    changed = thread.messages(sent.sid).update(body="Hi Anna", attributes='{"x": 1}')
    assert (changed.body, changed.attributes) == ("Hi Anna", '{"x": 1}')
    assert changed.date_updated is not None
    assert thread.messages(sent.sid).delete()
    with pytest.raises(TwilioRestException) as error:
        thread.messages(sent.sid).fetch()
    assert error.value.status == 404
    assert [text["body"] for text in sim.texts_on(PHONE)] == ["Hi Ana"]


def test_a_deleted_message_still_arrives_but_brings_no_receipt(
    sim: SimulatorServer, hooks: Listener, thread: ConversationContext
) -> None:
    sim.set_settings(carrier_latency_ms=600)
    sent = thread.messages.create(body="Hi Ana")
    thread.messages(sent.sid).delete()
    until(lambda: sim.texts_on(PHONE))
    assert hooks.of("onDeliveryUpdated") == []


def test_a_single_receipt_can_be_fetched(thread: ConversationContext) -> None:
    sent = thread.messages.create(body="Hi Ana")
    (receipt,) = thread.messages(sent.sid).delivery_receipts.list(page_size=50)
    assert thread.messages(sent.sid).delivery_receipts(receipt.sid).fetch().channel_message_sid.startswith("SM")
    with pytest.raises(TwilioRestException) as error:
        thread.messages(sent.sid).delivery_receipts("DY" + "a" * 32).fetch()
    assert error.value.status == 404


def test_each_sender_carries_so_many_texts_a_second_in_order(sim: SimulatorServer, open_thread: OpenThread) -> None:
    assert sim.control("GET", "/sim/settings")["texts_per_second"] == 100
    sim.set_settings(texts_per_second=5)
    thread = open_thread()
    for number in range(4):
        thread.messages.create(body=f"text {number}")
    texts = until(lambda: sim.texts_on(PHONE), lambda found: len(found) == 4)
    assert [text["body"] for text in texts] == [f"text {number}" for number in range(4)]
    # Three gaps of a fifth of a second lie between the first and the last, whatever the machine does.
    assert texts[-1]["received_at"] > texts[0]["received_at"]


def test_a_foreign_conversation_is_not_found_in_this_service(
    twilio: Client, service: ServiceContext, thread: ConversationContext
) -> None:
    other = twilio.conversations.v1.services.create(friendly_name="Another")
    sid = thread.fetch().sid
    with pytest.raises(TwilioRestException) as error:
        twilio.conversations.v1.services(other.sid).conversations(sid).messages.create(body="x")
    assert (error.value.status, error.value.code) == (404, 20404)
