"""Each fault does what it says, and nothing is left of it when it is switched off."""

import json
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
import urllib3
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.listener import Listener
from tests.simulator.waiting import until
from webapp.simulator.harness import ControlRefused, SimulatorServer

Post = Callable[..., urllib3.BaseHTTPResponse]


@pytest.fixture
def post(sim: SimulatorServer, thread: ConversationContext) -> Iterator[Post]:
    """POSTs a message without the SDK, so that statuses and broken connections are seen as they are."""
    pool = urllib3.PoolManager(maxsize=64, retries=False)
    url = f"{sim.url}/conversations/v1/Services/{sim.conversations_service_sid}/Conversations/15125550142/Messages"
    headers = urllib3.make_headers(basic_auth=f"{sim.account_sid}:{sim.auth_token}")

    def send(body: str = "Hi Ana", timeout: float = 30.0) -> urllib3.BaseHTTPResponse:
        fields = {"Body": body, "Attributes": json.dumps({"text": body})}
        return pool.request("POST", url, fields=fields, encode_multipart=False, headers=headers, timeout=timeout)

    yield send
    pool.clear()


def bodies(sim: SimulatorServer) -> list[str]:
    return [text["body"] for text in sim.texts_on(PHONE)]


def test_all_faults_are_off_at_start(sim: SimulatorServer) -> None:
    faults = sim.control("GET", "/sim/faults")
    assert faults["latency_ms"] == 0
    assert set(faults["send"].values()) == {0}
    assert set(faults["webhooks"].values()) == {0}
    assert faults["receipts"] == {}


@pytest.mark.parametrize(
    ("fault", "status", "code", "arrives"),
    [
        ("error_500", 500, 20500, False),
        ("error_500_after_accept", 500, 20500, True),
        ("error_429", 429, 20429, False),
    ],
)
def test_an_error_answer_comes_before_or_after_acceptance(
    sim: SimulatorServer, post: Post, fault: str, status: int, code: int, arrives: bool
) -> None:
    sim.set_faults(send={fault: 1})
    answer = post("first")
    assert (answer.status, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    sim.set_faults()
    assert post("second").status == 201
    expected = ["first", "second"] if arrives else ["second"]
    assert until(lambda: bodies(sim), lambda found: "second" in found) == expected


@pytest.mark.parametrize(("fault", "arrives"), [("timeout_after_accept", True), ("timeout_before_accept", False)])
def test_a_timeout_leaves_the_client_in_the_dark(sim: SimulatorServer, post: Post, fault: str, arrives: bool) -> None:
    sim.set_faults(send={fault: 1})
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        post("first", timeout=0.5)
    sim.set_faults()
    post("second")
    expected = ["first", "second"] if arrives else ["second"]
    assert until(lambda: bodies(sim), lambda found: "second" in found) == expected


def test_a_patient_client_is_hung_up_on(sim: SimulatorServer, post: Post) -> None:
    sim.set_settings(hang_seconds=0.2)
    sim.set_faults(send={"timeout_after_accept": 1})
    with pytest.raises(urllib3.exceptions.ProtocolError):
        post("first")
    until(lambda: bodies(sim), lambda found: found == ["first"])


def test_hanging_requests_leave_threads_for_everyone_else(sim: SimulatorServer, thread: ConversationContext) -> None:
    sim.set_settings(hang_seconds=600)
    sim.set_faults(send={"timeout_before_accept": 1})
    request = raw_request(sim, thread.fetch().sid)
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(sim.address)) for _ in range(200)]
        for client in clients:
            client.sendall(request)
        # 120 may hang at once; the others are cut right away, and the rest of the API stays open meanwhile.
        cut = until(lambda: select.select(clients, [], [], 1)[0], lambda ready: len(ready) == 80)
        assert {client.recv(1) for client in cut} == {b""}
        assert sim.control("GET", "/healthz") == {"status": "ok"}
        assert len(select.select(clients, [], [], 0)[0]) == 80


def test_a_client_that_gives_up_frees_its_thread(sim: SimulatorServer, thread: ConversationContext) -> None:
    sim.set_settings(hang_seconds=600)
    sim.set_faults(send={"timeout_before_accept": 1})
    request = raw_request(sim, thread.fetch().sid)
    begun = len(sim.requests())
    for _ in range(3):
        with ExitStack() as stack:
            clients = [stack.enter_context(socket.create_connection(sim.address)) for _ in range(100)]
            for client in clients:
                client.sendall(request)
            begun += 100
            until(lambda: len(sim.requests()), lambda count, all_=begun: count == all_)
    # 300 requests went by 160 threads: each hundred found those of the hundred before free again.
    sim.set_faults()
    assert thread.messages.create(body="open again").sid


def raw_request(sim: SimulatorServer, conversation_sid: str) -> bytes:
    path = f"/conversations/v1/Services/{sim.conversations_service_sid}/Conversations/{conversation_sid}/Messages"
    authorization = urllib3.make_headers(basic_auth=f"{sim.account_sid}:{sim.auth_token}")["authorization"]
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nBody=hi"
    return (head + form).encode()


def test_rates_strike_a_share_of_the_sends(sim: SimulatorServer, post: Post) -> None:
    sim.set_faults(send={"error_500": 0.5})
    statuses = Counter(post(f"text {number}").status for number in range(60))
    # Chance in 10^15 that a fair half of 60 shows up in none or all.
    assert set(statuses) == {201, 500}


def test_latency_is_a_number_or_a_range(sim: SimulatorServer, post: Post) -> None:
    sim.set_faults(latency_ms=[150, 200])
    begun = time.monotonic()
    post()
    assert time.monotonic() - begun >= 0.15
    assert sim.control("GET", "/sim/faults")["latency_ms"] == [150, 200]


@pytest.mark.parametrize(("code", "status"), [("30003", "undelivered"), ("30007", "undelivered"), ("30034", "failed")])
def test_a_receipt_fault_fails_the_text_with_its_code(
    sim: SimulatorServer, hooks: Listener, post: Post, code: str, status: str
) -> None:
    sim.set_faults(receipts={code: 1})
    assert post().status == 201
    came = hooks.wait_for(lambda all_: any("ErrorCode" in hook.params for hook in all_))
    assert (came[-1].params["Status"], came[-1].params["ErrorCode"]) == (status, code)
    assert bodies(sim) == []


def test_lost_webhooks_never_come(sim: SimulatorServer, hooks: Listener, thread: ConversationContext) -> None:
    sim.set_faults(webhooks={"lose": 1})
    sim.person_texts(PHONE, "lost")
    sim.set_faults()
    sim.person_texts(PHONE, "heard")
    came = hooks.wait_for_events("onMessageAdded")
    assert [hook.params["Body"] for hook in came] == ["heard"]
    assert [message.body for message in thread.messages.list()] == ["lost", "heard"]


def test_doubled_webhooks_come_twice(sim: SimulatorServer, hooks: Listener, thread: ConversationContext) -> None:
    sim.set_faults(webhooks={"double": 1})
    sim.person_texts(PHONE, "hello")
    first, second = hooks.wait_for_events("onMessageAdded", "onMessageAdded")
    assert first == second


def test_a_reordered_webhook_is_overtaken(sim: SimulatorServer, hooks: Listener, thread: ConversationContext) -> None:
    sim.set_faults(webhooks={"reorder": 1})
    sim.person_texts(PHONE, "one")
    sim.set_faults()
    sim.person_texts(PHONE, "two")
    came = hooks.wait_for_events("onMessageAdded", "onMessageAdded")
    assert [hook.params["Body"] for hook in came] == ["two", "one"]


def test_delayed_webhooks_come_late_and_in_order(
    sim: SimulatorServer, hooks: Listener, thread: ConversationContext
) -> None:
    sim.set_faults(webhooks={"delay_ms": 300})
    begun = time.monotonic()
    for number in range(3):
        sim.person_texts(PHONE, str(number))
    came = hooks.wait_for_events(*["onMessageAdded"] * 3)
    assert time.monotonic() - begun >= 0.3
    assert [hook.params["Body"] for hook in came] == ["0", "1", "2"]


def test_a_phone_that_is_off_lets_texts_wait(sim: SimulatorServer, hooks: Listener, post: Post) -> None:
    sim.set_switches(PHONE, off=True)
    post("while off")
    came = hooks.wait_for_events("onDeliveryUpdated", "onDeliveryUpdated")
    assert (came[-1].params["Status"], came[-1].params["ErrorCode"]) == ("undelivered", "30003")
    assert bodies(sim) == []
    sim.set_switches(PHONE, off=False)
    assert bodies(sim) == ["while off"]


def test_a_filtered_phone_gets_nothing_and_says_30007(sim: SimulatorServer, hooks: Listener, post: Post) -> None:
    sim.set_switches(PHONE, filtered=True)
    post()
    came = hooks.wait_for_events("onDeliveryUpdated", "onDeliveryUpdated")
    assert came[-1].params["ErrorCode"] == "30007"
    assert bodies(sim) == []


def test_a_slow_phone_receives_long_after_the_text_was_sent(sim: SimulatorServer, hooks: Listener, post: Post) -> None:
    sim.set_settings(slow_phone_ms=1500)
    sim.set_switches(PHONE, slow=True)
    post()
    (text,) = until(lambda: sim.texts_on(PHONE))
    sent = hooks.wait_for_events("onDeliveryUpdated")[0].params
    assert sent["Status"] == "sent"
    waited = datetime.fromisoformat(text["received_at"]) - datetime.fromisoformat(sent["DateUpdated"])
    assert waited >= timedelta(seconds=1.5)


def test_replies_of_one_phone_can_get_lost(sim: SimulatorServer, hooks: Listener, thread: ConversationContext) -> None:
    sim.set_switches(PHONE, replies_get_lost=True)
    sim.person_texts(PHONE, "lost")
    sim.person_texts("+15125550177", "heard")
    came = hooks.wait_for_events("onMessageAdded")
    assert [hook.params["Body"] for hook in came if hook.event == "onMessageAdded"] == ["heard"]
    assert [message.body for message in thread.messages.list()] == ["lost"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"send": {"error_500": 1.5}}, "send.error_500"),
        ({"send": {"error_500": "often"}}, "send.error_500"),
        ({"send": {"error_418": 1}}, "send.error_418"),
        ({"send": {"error_500": True}}, "send.error_500"),
        ({"send": 1}, "send"),
        ({"webhooks": {"lose": -0.1}}, "webhooks.lose"),
        ({"webhooks": {"delay_ms": 60_001}}, "webhooks.delay_ms"),
        ({"latency_ms": -1}, "latency_ms"),
        ({"latency_ms": [5]}, "latency_ms"),
        ({"latency_ms": [9, 5]}, "latency_ms"),
        ({"receipts": {"abc": 1}}, "receipts.abc"),
        ({"receipts": {"30003": 0.7, "30007": 0.7}}, "receipts"),
        ({"receipts": []}, "receipts"),
        ({"weather": 1}, "weather"),
        ([], "body"),
    ],
)
def test_faults_that_make_no_sense_are_refused_by_field(sim: SimulatorServer, body: object, field: str) -> None:
    with pytest.raises(ControlRefused) as error:
        sim.control("PUT", "/sim/faults", body)
    assert error.value.status == 400
    assert error.value.field == field
    assert sim.control("GET", "/sim/faults")["send"]["error_500"] == 0
