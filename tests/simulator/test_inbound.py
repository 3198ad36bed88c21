"""A person texts us: capture by a conversation, auto-creation, keywords."""

from collections.abc import Callable

import pytest
from twilio.rest import Client
from twilio.rest.conversations.v1.service import ServiceContext
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.listener import Listener
from tests.simulator.waiting import until
from webapp.simulator import optouts
from webapp.simulator.harness import ControlRefused, SimulatorServer

STRANGER = "+15125550177"


def bodies(sim: SimulatorServer, phone: str = PHONE) -> list[str]:
    return [text["body"] for text in sim.texts_on(phone)]


def last_receipt(thread: ConversationContext, message_sid: str) -> tuple[str | None, int]:
    (receipt,) = thread.messages(message_sid).delivery_receipts.list(page_size=50)
    return receipt.status, receipt.error_code


def test_an_answer_joins_its_conversation(sim: SimulatorServer, hooks: Listener, thread: ConversationContext) -> None:
    told = sim.person_texts(PHONE, "Yes please")
    (message,) = thread.messages.list()
    participant = thread.participants.list()[0]
    assert (message.sid, message.body, message.author) == (told["message_sid"], "Yes please", PHONE)
    assert message.participant_sid == participant.sid
    (hook,) = hooks.wait_for_events("onMessageAdded")
    assert hook.params["Source"] == "SMS"
    assert bodies(sim) == []


def test_a_strangers_text_makes_a_conversation_announced_in_twilios_order(
    sim: SimulatorServer, hooks: Listener, service: ServiceContext
) -> None:
    told = sim.person_texts(STRANGER, "Is the house still for sale?")
    came = hooks.wait_for_events("onConversationAdded", "onParticipantAdded", "onMessageAdded")
    assert [hook.event for hook in came] == ["onConversationAdded", "onParticipantAdded", "onMessageAdded"]
    assert came[0].params["MessagingBinding.Address"] == STRANGER
    assert came[0].params["MessagingBinding.ProxyAddress"] == sim.numbers[0]
    made = service.conversations(told["conversation_sid"]).fetch()
    assert made.messaging_service_sid == sim.messaging_service_sid
    sim.person_texts(STRANGER, "Hello?")
    assert len(service.conversations.list()) == 1
    assert len(service.conversations(made.sid).messages.list()) == 2


def test_each_of_our_numbers_has_its_own_thread_with_a_person(sim: SimulatorServer, service: ServiceContext) -> None:
    for number in sim.numbers:
        sim.person_texts(STRANGER, "Hello", to=number)
    assert len(service.participant_conversations.list(address=STRANGER, page_size=50)) == 2


def test_a_person_answers_the_number_that_texted_last(
    sim: SimulatorServer, open_thread: Callable[..., ConversationContext]
) -> None:
    open_thread(sender=sim.numbers[1]).messages.create(body="Hi Ana")
    until(lambda: bodies(sim))
    assert sim.person_texts(PHONE, "Hi")["to"] == sim.numbers[1]


def test_without_auto_creation_a_strangers_text_is_only_in_the_log(
    sim: SimulatorServer, twilio: Client, service: ServiceContext
) -> None:
    twilio.conversations.v1.address_configurations(sim.numbers[0]).update(auto_creation_enabled=False)
    assert sim.person_texts(STRANGER, "Hello")["conversation_sid"] is None
    assert service.conversations.list() == []
    assert [text.body for text in twilio.messages.list(to=sim.numbers[0])] == ["Hello"]


def test_an_auto_created_conversation_gets_the_webhook_of_its_address(
    sim: SimulatorServer, hooks: Listener, twilio: Client, service: ServiceContext
) -> None:
    twilio.conversations.v1.address_configurations(sim.numbers[0]).update(
        auto_creation_type="webhook",
        auto_creation_webhook_url=f"{hooks.origin}/scoped",
        auto_creation_webhook_method="post",
        auto_creation_webhook_filters=["onMessageAdded"],
    )
    told = sim.person_texts(STRANGER, "Hello")
    hooks.wait_for(lambda came: any(hook.url.endswith("/scoped") for hook in came))
    (webhook,) = service.conversations(told["conversation_sid"]).webhooks.list(page_size=5)
    assert webhook.configuration["filters"] == ["onMessageAdded"]


def test_an_answer_wakes_an_inactive_conversation(
    sim: SimulatorServer, hooks: Listener, thread: ConversationContext
) -> None:
    thread.update(state="inactive")
    sim.person_texts(PHONE, "Still there?")
    assert thread.fetch().state == "active"
    (hook,) = hooks.wait_for_events("onConversationStateUpdated", "onMessageAdded")[:1]
    assert (hook.params["StateFrom"], hook.params["StateTo"], hook.params["Reason"]) == ("inactive", "active", "EVENT")


def test_a_closed_conversation_captures_nothing(
    sim: SimulatorServer, service: ServiceContext, thread: ConversationContext
) -> None:
    closed = thread.fetch().sid
    thread.update(state="closed")
    assert sim.person_texts(PHONE, "Hello again")["conversation_sid"] != closed


@pytest.mark.parametrize("word", sorted(optouts.STOP_WORDS))
def test_every_stop_word_is_answered_once_and_blocks(
    sim: SimulatorServer, thread: ConversationContext, word: str
) -> None:
    sim.person_texts(PHONE, f"  {word.lower()} ")
    until(lambda: bodies(sim))
    sent = thread.messages.create(body="still there?")
    assert until(lambda: last_receipt(thread, sent.sid), lambda found: found[0]) == ("failed", 21610)
    assert bodies(sim) == [optouts.REPLIES[optouts.Keyword.STOP]]
    assert sim.texts_on(PHONE)[0]["automatic"] is True


def test_stop_then_201_then_21610_then_start_opens_again(
    sim: SimulatorServer, hooks: Listener, thread: ConversationContext
) -> None:
    sim.person_texts(PHONE, "STOP")
    refused = thread.messages.create(body="one")
    hooks.wait_for_events("onMessageAdded", "onDeliveryUpdated")
    (hook,) = hooks.of("onDeliveryUpdated")
    assert (hook.params["MessageSid"], hook.params["Status"], hook.params["ErrorCode"]) == (
        refused.sid,
        "failed",
        "21610",
    )
    sim.person_texts(PHONE, "Start")
    sent = thread.messages.create(body="two")
    until(lambda: last_receipt(thread, sent.sid), lambda found: found[0] == "delivered")
    replies = optouts.REPLIES
    assert bodies(sim) == [replies[optouts.Keyword.STOP], replies[optouts.Keyword.START], "two"]
    # Twilio's own answers are in no conversation; what the person wrote is.
    assert [message.body for message in thread.messages.list()] == ["STOP", "one", "Start", "two"]


def test_the_block_holds_for_every_sender_of_the_messaging_service(
    sim: SimulatorServer, open_thread: Callable[..., ConversationContext]
) -> None:
    sim.person_texts(PHONE, "STOP", to=sim.numbers[0])
    other = open_thread(name="second number", sender=sim.numbers[1])
    sent = other.messages.create(body="from elsewhere")
    assert until(lambda: last_receipt(other, sent.sid), lambda found: found[0]) == ("failed", 21610)


def test_a_number_outside_every_messaging_service_keeps_its_own_block(
    sim: SimulatorServer, twilio: Client, service: ServiceContext, open_thread: Callable[..., ConversationContext]
) -> None:
    pool = twilio.messaging.v1.services(sim.messaging_service_sid).phone_numbers
    pool(pool.list()[0].sid).delete()
    told = sim.person_texts(PHONE, "STOP", to=sim.numbers[0])
    alone, pooled = service.conversations(told["conversation_sid"]), open_thread(sender=sim.numbers[1])
    blocked, sent = alone.messages.create(body="blocked"), pooled.messages.create(body="open")
    assert until(lambda: last_receipt(alone, blocked.sid), lambda found: found[0]) == ("failed", 21610)
    until(lambda: last_receipt(pooled, sent.sid), lambda found: found[0] == "delivered")


@pytest.mark.parametrize("body", ["STOP PLEASE", "please stop", "yes", "START", "unstop", "stopped"])
def test_what_is_no_keyword_here_is_not_answered(sim: SimulatorServer, thread: ConversationContext, body: str) -> None:
    sim.person_texts(PHONE, body)
    sent = thread.messages.create(body="and on we talk")
    until(lambda: last_receipt(thread, sent.sid), lambda found: found[0] == "delivered")
    assert bodies(sim) == ["and on we talk"]


def test_help_is_answered(sim: SimulatorServer, thread: ConversationContext) -> None:
    sim.person_texts(PHONE, "help")
    until(lambda: bodies(sim))
    assert bodies(sim) == [optouts.REPLIES[optouts.Keyword.HELP]]


def test_with_opt_out_handling_off_twilio_neither_answers_nor_blocks(
    sim: SimulatorServer, thread: ConversationContext
) -> None:
    sim.set_settings(opt_out_handling=False)
    sim.person_texts(PHONE, "STOP")
    sent = thread.messages.create(body="our own confirmation")
    until(lambda: last_receipt(thread, sent.sid), lambda found: found[0] == "delivered")
    assert bodies(sim) == ["our own confirmation"]


def test_a_picture_comes_with_its_media_and_can_be_fetched(
    sim: SimulatorServer, hooks: Listener, twilio: Client, thread: ConversationContext
) -> None:
    sim.person_texts(PHONE, "", media=[{"sample": "photo"}])
    (hook,) = hooks.wait_for_events("onMessageAdded")
    assert "Body" not in hook.params
    (message,) = thread.messages.list()
    (media,) = message.media
    assert f'"Sid": "{media["sid"]}"' in hook.params["Media"]
    assert '"ContentType": "image/png"' in hook.params["Media"]
    url = f"https://mcs.twilio.com/v1/Services/{sim.conversations_service_sid}/Media/{media['sid']}"
    described = twilio.request("GET", url)
    assert described.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"body": "   "}, "body"),
        ({"body": 7}, "body"),
        ({"body": "x" * 32_769}, "body"),
        ({"body": "hi", "to": "+15125550100"}, "to"),
        ({"body": "hi", "colour": "red"}, "colour"),
        ({"body": "hi", "media": "photo"}, "media"),
        ({"body": "hi", "media": [{"content_type": "image/png", "base64": "%"}]}, "media[0].base64"),
        ({"body": "hi", "media": [{"content_type": "image/png"}]}, "media[0].base64"),
        (
            {"body": "hi", "media": [{"content_type": "image/png", "base64": "aGk=", "filename": 1}]},
            "media[0].filename",
        ),
        ({"body": "hi", "media": [7]}, "media[0]"),
        ([], "body"),
    ],
)
def test_a_text_that_no_person_could_send_is_refused_by_field(sim: SimulatorServer, body: object, field: str) -> None:
    with pytest.raises(ControlRefused) as error:
        sim.control("POST", f"/sim/phones/{PHONE}/messages", body)
    assert error.value.status == 400
    assert error.value.field == field


@pytest.mark.parametrize("phone", ["5125550142", "+1512", "+17375550100", "x"])
def test_only_a_persons_number_has_a_handset(sim: SimulatorServer, phone: str) -> None:
    with pytest.raises(ControlRefused) as error:
        sim.person_texts(phone, "hi")
    assert error.value.field == "phone"
