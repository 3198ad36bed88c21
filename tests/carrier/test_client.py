"""Sending, reading back and looking up, against the simulator over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from tests.carrier.conftest import MakeCarrier
from tests.carrier.wire import Behaviour, Wire, in_turn, refused_url, reply
from webapp.carrier import carrier_from_settings
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.errors import (
    CarrierError,
    GoneError,
    NotSentError,
    PassingError,
    PermanentError,
    UnknownOutcomeError,
)
from webapp.carrier.types import Accepted, CarrierSettings, Marker
from webapp.config import load_settings
from webapp.simulator.harness import SimulatorServer

LEAD = "+12125550123"
MARKER = Marker("5a9c0e0e-0000-4000-8000-000000000001", 1)


@pytest.fixture
def thread(carrier: TwilioCarrier, simulator: SimulatorServer) -> str:
    return carrier.open_thread(unique_name="pair-1", address=LEAD, sender=simulator.numbers[0]).conversation_sid


def send(carrier: TwilioCarrier, thread: str, body: str = "Hello", marker: Marker = MARKER) -> Accepted:
    return carrier.send(conversation_sid=thread, body=body, marker=marker, author="Leadline")


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_text_reaches_the_phone_once_with_what_was_written(
    carrier: TwilioCarrier, simulator: SimulatorServer, thread: str
) -> None:
    body = "Grüße & 100 % “quoted”, + plus 🙂"
    accepted = send(carrier, thread, body)
    assert accepted.sid.startswith("IM")
    wait_until(lambda: simulator.texts_on(LEAD))
    assert [text["body"] for text in simulator.texts_on(LEAD)] == [body]


def test_a_text_is_recognised_by_its_marker_when_the_thread_is_read_back(carrier: TwilioCarrier, thread: str) -> None:
    accepted = send(carrier, thread, marker=Marker("key-7", 3))
    (message,) = carrier.read_back(thread)
    assert (message.sid, message.marker, message.body) == (accepted.sid, Marker("key-7", 3), "Hello")
    assert message.created_at.tzinfo is not None
    assert not message.from_contact


def test_reading_back_goes_from_the_newest_to_the_oldest_over_all_pages(carrier: TwilioCarrier, thread: str) -> None:
    for number in range(7):
        send(carrier, thread, f"text {number}")
    bodies = [message.body for message in carrier.read_back(thread, page_size=3)]
    assert bodies == [f"text {number}" for number in reversed(range(7))]


def test_reading_back_asks_for_no_page_that_is_not_needed(
    carrier: TwilioCarrier, simulator: SimulatorServer, thread: str
) -> None:
    for number in range(7):
        send(carrier, thread, f"text {number}")
    before = len(simulator.requests())
    assert len(list(islice(carrier.read_back(thread, page_size=2), 3))) == 3
    assert len(simulator.requests()) - before == 2


def test_what_the_lead_wrote_counts_as_from_the_contact(
    carrier: TwilioCarrier, simulator: SimulatorServer, thread: str
) -> None:
    simulator.person_texts(LEAD, "Yes please", to=simulator.numbers[0])
    (message,) = carrier.read_back(thread)
    assert (message.from_contact, message.author, message.marker) == (True, LEAD, None)


def test_receipts_tell_how_far_a_text_got(carrier: TwilioCarrier, thread: str) -> None:
    sid = send(carrier, thread).sid
    wait_until(lambda: [one.status for one in carrier.receipts(thread, sid)] == ["delivered"])
    (receipt,) = carrier.receipts(thread, sid)
    assert (receipt.message_sid, receipt.error_code) == (sid, None)
    assert (receipt.channel_sid or "").startswith(("SM", "MM"))


def test_a_text_to_someone_who_said_stop_is_accepted_and_fails_by_receipt(
    carrier: TwilioCarrier, simulator: SimulatorServer, thread: str
) -> None:
    simulator.person_texts(LEAD, "STOP", to=simulator.numbers[0])
    sid = send(carrier, thread).sid
    wait_until(lambda: any(one.error_code == 21610 for one in carrier.receipts(thread, sid)))


def test_the_log_lists_what_came_in_for_a_number(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    ours, other = simulator.numbers
    start = datetime.now(UTC) - timedelta(seconds=2)
    simulator.person_texts(LEAD, "first", to=ours)
    simulator.person_texts(LEAD, "second", to=ours)
    simulator.person_texts(LEAD, "elsewhere", to=other)
    received = {message.body: message for message in carrier.received_since(ours, start)}
    assert received.keys() == {"first", "second"}
    assert (received["first"].from_, received["first"].to, received["first"].direction) == (LEAD, ours, "inbound")
    assert list(carrier.received_since(ours, start + timedelta(hours=1))) == []


def test_our_own_texts_are_not_in_what_came_in(carrier: TwilioCarrier, simulator: SimulatorServer, thread: str) -> None:
    send(carrier, thread)
    wait_until(lambda: simulator.texts_on(LEAD))
    assert list(carrier.received_since(simulator.numbers[0], datetime.now(UTC) - timedelta(minutes=1))) == []


def test_new_conversations_are_listed_with_those_that_strangers_opened(
    carrier: TwilioCarrier, simulator: SimulatorServer, thread: str
) -> None:
    start = datetime.now(UTC) - timedelta(seconds=2)
    simulator.person_texts("+13105550188", "Who are you?", to=simulator.numbers[0])
    infos = {info.sid: info for info in carrier.conversations_since(start)}
    stranger = next(info for info in infos.values() if info.sid != thread)
    pair = carrier.fetch_participants(stranger.sid)
    assert len(infos) == 2
    assert pair is not None
    assert (pair.address, pair.sender) == ("+13105550188", simulator.numbers[0])
    assert infos[thread].unique_name == "pair-1"
    assert list(carrier.conversations_since(start + timedelta(hours=1))) == []


def test_listing_new_conversations_stops_at_the_first_page_that_is_too_old() -> None:
    def page(*hours: int) -> list[dict[str, object]]:
        return [
            {"sid": f"CH{hour}", "date_created": f"2026-11-20T{hour:02}:00:00Z", "state": "active"} for hour in hours
        ]

    def listed(*hours: int) -> Behaviour:
        meta = {"key": "conversations", "next_page_url": "http://stand-in/conversations/v1/next"}
        return reply(200, {"meta": meta, "conversations": page(*hours)})

    with Wire(in_turn(listed(15, 14), listed(13, 11), listed(10, 9))) as wire:
        carrier = TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url))
        found = carrier.conversations_since(datetime(2026, 11, 20, 12, tzinfo=UTC))
        assert [info.sid for info in found] == ["CH15", "CH14", "CH13"]
        assert len(wire.requests) == 2


@pytest.mark.parametrize(
    ("fault", "expected", "arrives"),
    [
        ("timeout_after_accept", UnknownOutcomeError, True),
        ("timeout_before_accept", UnknownOutcomeError, False),
        ("error_500_after_accept", UnknownOutcomeError, True),
        ("error_500", UnknownOutcomeError, False),
        ("error_429", NotSentError, False),
    ],
)
def test_each_fault_of_a_send_has_its_own_kind_and_the_thread_tells_the_truth(
    make_carrier: MakeCarrier,
    simulator: SimulatorServer,
    thread: str,
    fault: str,
    expected: type[CarrierError],
    arrives: bool,
) -> None:
    hasty = make_carrier(timeout=1.0)
    simulator.set_faults(send={fault: 1.0})
    with pytest.raises(CarrierError) as caught:
        send(hasty, thread)
    simulator.set_faults()
    assert type(caught.value) is expected
    assert any(message.marker == MARKER for message in hasty.read_back(thread)) is arrives


def test_a_carrier_that_is_down_means_not_sent(make_carrier: MakeCarrier, thread: str) -> None:
    with pytest.raises(NotSentError):
        send(make_carrier(api_base_url=refused_url()), thread)


def test_a_send_into_a_thread_that_is_not_there_says_so(carrier: TwilioCarrier, thread: str) -> None:
    with pytest.raises(GoneError):
        send(carrier, "CH" + "0" * 32)


def test_a_send_into_a_thread_that_was_closed_says_so(carrier: TwilioCarrier, thread: str) -> None:
    carrier._service.conversations(thread).update(state="closed")
    with pytest.raises(GoneError):
        send(carrier, thread)


def test_a_text_that_is_too_long_is_refused_for_good(carrier: TwilioCarrier, thread: str) -> None:
    with pytest.raises(PermanentError) as caught:
        send(carrier, thread, "x" * 1601)
    assert caught.value.code in {21617, 50504}


def test_a_wrong_key_stops_the_account_not_the_text(make_carrier: MakeCarrier, thread: str) -> None:
    with pytest.raises(PassingError) as caught:
        send(make_carrier(auth_token="wrong"), thread)
    assert (caught.value.scope, caught.value.code) == ("account", 20003)


@pytest.mark.parametrize("body", [b"<html>fine</html>", b"[]", b'{"status": "ok"}', b"\xff\xfe"])
def test_an_acceptance_that_cannot_be_understood_leaves_the_outcome_unknown(body: bytes) -> None:
    with Wire(reply(201, body)) as wire:
        carrier = TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url))
        with pytest.raises(UnknownOutcomeError):
            send(carrier, "CH1")
        assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "body", [b"<html>fine</html>", b"[]", b'{"sid": "CH1", "state": "active"}', b'{"messages": [{}]}']
)
def test_a_listing_that_cannot_be_understood_is_an_error_of_the_carriers(body: bytes) -> None:
    with Wire(reply(200, body)) as wire:
        carrier = TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url))
        with pytest.raises(UnknownOutcomeError):
            list(carrier.read_back("CH1"))


def test_an_acceptance_without_its_time_is_an_acceptance() -> None:
    with Wire(reply(201, {"sid": "IM1"})) as wire:
        carrier = TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url))
        assert send(carrier, "CH1") == Accepted("IM1", None, None)


def test_a_send_asks_for_no_echo_of_itself() -> None:
    with Wire(reply(201, {"sid": "IM1"})) as wire:
        send(TwilioCarrier(CarrierSettings("AC1", "t", "IS1", "MG1", api_base_url=wire.url)), "CH1")
    assert b"x-twilio-webhook-enabled" not in wire.requests[0].lower()
    assert b"POST /conversations/v1/Services/IS1/Conversations/CH1/Messages HTTP" in wire.requests[0]


def test_a_token_is_in_no_repr(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    assert simulator.auth_token not in repr(carrier.settings)


def test_a_process_has_one_client_for_its_settings(simulator: SimulatorServer) -> None:
    settings = load_settings(
        database_url="postgresql://localhost/x",
        redis_url="redis://localhost",
        secret_key="s" * 32,
        twilio_account_sid=simulator.account_sid,
        twilio_auth_token=simulator.auth_token,
        twilio_conversations_service_sid=simulator.conversations_service_sid,
        twilio_messaging_service_sid=simulator.messaging_service_sid,
        twilio_sms_number=simulator.numbers[0],
        twilio_api_base_url=simulator.url,
    )
    first = carrier_from_settings(settings)
    assert carrier_from_settings(settings) is first
    assert first.threads_of(LEAD, simulator.numbers[0]) == []


def test_receiving_webhooks_needs_neither_the_sdk_nor_an_http_client() -> None:
    code = (
        "import sys, webapp.carrier, webapp.carrier.webhooks, webapp.carrier.codes, webapp.carrier.statuses\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('twilio', 'urllib3', 'requests', 'aiohttp')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert run.stdout.strip() == "[]"
