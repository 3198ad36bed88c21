"""Webhooks: Twilio's field names and quirks, signatures, scopes, order."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.conversations.v1.service import ServiceContext
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE, client_of
from tests.simulator.listener import Listener
from webapp.simulator.harness import SimulatorServer
from webapp.simulator.signature import sign

CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_signatures_agree_with_twilios_published_ones(url: str, signature: str) -> None:
    assert sign("12345", url, CALL) == signature


def test_every_webhook_is_signed_and_speaks_twilios_words(
    sim: SimulatorServer, hooks: Listener, thread: ConversationContext
) -> None:
    sim.person_texts(PHONE, "Olá, ça va? 😀 a=b&c")
    (hook,) = hooks.wait_for_events("onMessageAdded")
    assert RequestValidator(sim.auth_token).validate(hook.url, hook.params, hook.signature)
    assert set(hook.params) == {
        "EventType", "AccountSid", "ChatServiceSid", "MessagingServiceSid", "ConversationSid", "Source", "RetryCount",
        "MessageSid", "Index", "DateCreated", "Body", "Author", "ParticipantSid", "Attributes",
    }  # fmt: skip
    assert (hook.params["Source"], hook.params["RetryCount"], hook.params["Attributes"]) == ("SMS", "0", "{}")
    assert hook.params["Body"] == "Olá, ça va? 😀 a=b&c"
    assert len(hook.params["DateCreated"]) == len("2024-12-18T14:35:28.423Z")


def test_rest_fires_webhooks_only_when_the_request_asks(
    hooks: Listener, twilio: Client, service: ServiceContext
) -> None:
    def delete(resource: object) -> None:
        # The SDK (9.13.0) takes the header for a delete and then drops it.
        url = f"https://conversations.twilio.com/v1{resource._uri}"  # type: ignore[attr-defined]
        twilio.request("DELETE", url, headers={"X-Twilio-Webhook-Enabled": "true"})

    service.conversations.create(unique_name="silent")
    loud = service.conversations.create(unique_name="loud", x_twilio_webhook_enabled="true")
    talk = service.conversations(loud.sid)
    person = talk.participants.create(identity="rep", x_twilio_webhook_enabled="true")
    said = talk.messages.create(body="hello", author="rep", x_twilio_webhook_enabled="true")
    talk.messages(said.sid).update(body="hallo", x_twilio_webhook_enabled="true")
    talk.participants(person.sid).update(last_read_message_index=0, x_twilio_webhook_enabled="true")
    delete(talk.messages(said.sid))
    delete(talk.participants(person.sid))
    talk.update(state="inactive", x_twilio_webhook_enabled="true")
    delete(talk)
    came = hooks.wait_for_events("onConversationRemoved")
    assert [hook.event for hook in came] == [
        "onConversationAdded", "onParticipantAdded", "onMessageAdded", "onMessageUpdated", "onParticipantUpdated",
        "onMessageRemoved", "onParticipantRemoved", "onConversationUpdated", "onConversationStateUpdated",
        "onConversationRemoved",
    ]  # fmt: skip
    assert {hook.params["Source"] for hook in came} == {"API"}
    assert all(hook.params[name].endswith("Z") and "." in hook.params[name] for hook in came for name in hook.params
               if name.startswith("Date"))  # fmt: skip
    assert [hook.event for hook in came if "LastReadMessageIndex" in hook.params] == ["onParticipantUpdated"]
    assert came[0].params["UniqueName"] == "loud"


def test_only_events_in_the_filters_are_sent(
    sim: SimulatorServer, hooks: Listener, service: ServiceContext, thread: ConversationContext
) -> None:
    settings = service.configuration.webhooks()
    settings.update(filters=["onMessageAdded"])
    sim.person_texts("+15125550177", "hello")
    sim.person_texts("+15125550177", "again")
    came = hooks.wait_for_events("onMessageAdded", "onMessageAdded")
    assert {hook.event for hook in came} == {"onMessageAdded"}
    assert settings.fetch().filters == ["onMessageAdded"]


def test_get_webhooks_carry_and_sign_their_parameters_in_the_url(
    sim: SimulatorServer, hooks: Listener, service: ServiceContext, thread: ConversationContext
) -> None:
    service.configuration.webhooks().update(method="GET")
    sim.person_texts(PHONE, "hello there")
    (hook,) = hooks.wait_for_events("onMessageAdded")
    assert hook.method == "GET"
    assert hook.params["Body"] == "hello there"
    assert RequestValidator(sim.auth_token).validate(hook.url, {}, hook.signature)


def test_account_service_and_conversation_webhooks_each_get_the_event(
    sim: SimulatorServer, hooks: Listener, twilio: Client, thread: ConversationContext
) -> None:
    account = twilio.conversations.v1.configuration.webhooks()
    account.update(post_webhook_url=f"{hooks.origin}/account", filters=["onMessageAdded"], target="webhook")
    scoped = thread.webhooks.create(
        target="webhook",
        configuration_url=f"{hooks.origin}/scoped",
        configuration_method="post",
        configuration_filters=["onMessageAdded"],
    )
    sim.person_texts(PHONE, "hello")
    came = hooks.wait_for_events(*["onMessageAdded"] * 3)
    assert {hook.url.removeprefix(hooks.origin) for hook in came} == {"/account", "/hook", "/scoped"}
    assert account.fetch().post_webhook_url == f"{hooks.origin}/account"
    thread.webhooks(scoped.sid).update(configuration_filters=["onMessageRemoved"])
    assert thread.webhooks(scoped.sid).fetch().configuration["filters"] == ["onMessageRemoved"]
    thread.webhooks(scoped.sid).delete()
    assert thread.webhooks.list(page_size=5) == []


def test_a_conversation_has_five_webhooks_at_most_and_no_studio(thread: ConversationContext) -> None:
    for number in range(5):
        thread.webhooks.create(target="webhook", configuration_url=f"http://127.0.0.1:1/{number}")
    for target, code in (("webhook", 50361), ("studio", 20001), ("nonsense", 20001)):
        with pytest.raises(TwilioRestException) as error:
            thread.webhooks.create(target=target, configuration_url="http://127.0.0.1:1/")
        assert error.value.code == code


@pytest.mark.parametrize("change", [{"pre_webhook_url": "http://127.0.0.1:1/"}, {"filters": ["onSunrise"]}])
def test_webhook_settings_that_cannot_be_are_refused(service: ServiceContext, change: dict[str, str]) -> None:
    with pytest.raises(TwilioRestException) as error:
        service.configuration.webhooks().update(**change)
    assert error.value.status == 400


def test_order_is_kept_within_a_conversation_while_others_overtake(
    sim: SimulatorServer, hooks: Listener, open_thread: Callable[..., ConversationContext]
) -> None:
    phones = [f"+1512555010{number}" for number in range(3)]
    for phone in phones:
        open_thread(phone)
    hooks.pause_seconds = 0.02
    for number in range(10):
        for phone in phones:
            sim.person_texts(phone, str(number))
    came = hooks.wait_for_events(*["onMessageAdded"] * 30)
    for phone in phones:
        said = [hook.params["Body"] for hook in came if hook.params.get("Author") == phone]
        assert said == [str(number) for number in range(10)]


def test_a_listener_that_is_down_costs_nobody_else_their_webhooks(
    sim: SimulatorServer, hooks: Listener, twilio: Client, thread: ConversationContext
) -> None:
    twilio.conversations.v1.configuration.webhooks().update(
        post_webhook_url="http://127.0.0.1:1/nobody", filters=["onMessageAdded"]
    )
    sim.person_texts(PHONE, "hello")
    hooks.wait_for_events("onMessageAdded")


def test_a_listener_that_never_answers_holds_up_neither_rest_nor_other_listeners(
    sim: SimulatorServer, hooks: Listener, twilio: Client, thread: ConversationContext
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        twilio.conversations.v1.configuration.webhooks().update(
            post_webhook_url=f"http://127.0.0.1:{silent.getsockname()[1]}/", filters=["onMessageAdded"]
        )
        for number in range(5):
            sim.person_texts(PHONE, str(number))
        assert thread.messages.create(body="and on we talk").sid
        hooks.wait_for_events(*["onMessageAdded"] * 5)


def test_a_webhook_that_fails_is_lost_and_never_repeated(
    sim: SimulatorServer, twilio: Client, thread: ConversationContext
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        twilio.conversations.v1.configuration.webhooks().update(
            post_webhook_url=f"http://127.0.0.1:{server.getsockname()[1]}/", filters=["onMessageAdded"]
        )
        sim.person_texts(PHONE, "lost")
        server.accept()[0].close()
        sim.person_texts(PHONE, "heard")
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as request:
            assert any(b"Body=heard" in line for line in _lines(request))
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


def _lines(request: BinaryIO) -> Iterator[bytes]:
    """The headers of a request, and then its body."""
    length = 0
    while line := request.readline().strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
        yield line
    yield request.read(length)


def test_the_token_of_the_environment_signs_and_opens(hooks: Listener, tmp_path: Path) -> None:
    token = "a token of somebody's own"
    hooks.forget()
    with SimulatorServer(tmp_path / "state", webhook_url=hooks.url, auth_token=token) as own:
        own.person_texts(PHONE, "hello")
        (hook,) = (hook for hook in hooks.wait_for_events("onMessageAdded") if hook.event == "onMessageAdded")
        assert RequestValidator(token).validate(hook.url, hook.params, hook.signature)
        assert client_of(own).api.v2010.account.fetch().auth_token == token


def test_timers_put_a_conversation_to_sleep_and_then_close_it_in_business_time(
    sim: SimulatorServer, hooks: Listener, service: ServiceContext
) -> None:
    made = service.conversations.create(state="active", timers_inactive="PT1H", timers_closed="P1D")
    assert set(made.timers) == {"date_inactive", "date_closed"}
    sim.control("PUT", "/sim/clock", {"advance_seconds": 3700})
    hooks.wait_for_events("onConversationStateUpdated")
    assert service.conversations(made.sid).fetch().state == "inactive"
    sim.control("PUT", "/sim/clock", {"advance_seconds": 86_400})
    hooks.wait_for_events("onConversationStateUpdated", "onConversationStateUpdated")
    assert service.conversations(made.sid).fetch().state == "closed"
    assert [hook.params["Reason"] for hook in hooks.of("onConversationStateUpdated")] == ["TIMER", "TIMER"]
