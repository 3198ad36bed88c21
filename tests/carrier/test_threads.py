"""One thread per pair of numbers, whoever else is at it."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.carrier.conftest import MakeCarrier
from tests.carrier.wire import Wire, reply
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.errors import NotSentError, PassingError, PermanentError, UnknownOutcomeError
from webapp.carrier.types import CarrierSettings, Pair, PairThread, Thread
from webapp.simulator.harness import SimulatorServer

LEAD = "+12125550123"
NAME = "0e3f6a34-5f4c-4b0d-9a55-8c3d60e2a001"


def opened(carrier: TwilioCarrier, simulator: SimulatorServer, name: str = NAME) -> Thread:
    return carrier.open_thread(unique_name=name, address=LEAD, sender=simulator.numbers[0])


def conversations(carrier: TwilioCarrier) -> list[Any]:
    return list(carrier._service.conversations.stream())


def participants(carrier: TwilioCarrier, conversation_sid: str) -> list[Any]:
    return list(carrier._service.conversations(conversation_sid).participants.stream())


def test_opening_a_thread_makes_a_named_conversation_of_our_messaging_service(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    thread = opened(carrier, simulator)
    (conversation,) = conversations(carrier)
    assert (conversation.sid, conversation.unique_name) == (thread.conversation_sid, NAME)
    assert conversation.messaging_service_sid == simulator.messaging_service_sid
    assert carrier.fetch_participants(thread.conversation_sid) == Pair(LEAD, simulator.numbers[0])


def test_opening_a_thread_sends_nothing(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    opened(carrier, simulator)
    assert simulator.texts_on(LEAD) == []


def test_opening_a_thread_again_finds_it(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    assert opened(carrier, simulator) == opened(carrier, simulator)
    assert len(conversations(carrier)) == 1


def test_twenty_at_once_open_one_conversation_with_one_participant(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    simulator.set_faults(latency_ms=[0, 40])
    with ThreadPoolExecutor(20) as pool:
        threads = list(pool.map(lambda _: opened(carrier, simulator), range(20)))
    simulator.set_faults()
    assert len(set(threads)) == 1
    assert [conversation.sid for conversation in conversations(carrier)] == [threads[0].conversation_sid]
    assert [one.sid for one in participants(carrier, threads[0].conversation_sid)] == [threads[0].participant_sid]


def test_twenty_at_once_under_different_names_agree_on_who_holds_the_pair(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    simulator.set_faults(latency_ms=[0, 40])
    with ThreadPoolExecutor(20) as pool:
        threads = list(pool.map(lambda n: opened(carrier, simulator, f"{NAME}.{n % 4}"), range(20)))
    simulator.set_faults()
    assert len(set(threads)) == 1


def test_a_conversation_left_without_its_participant_is_completed(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    half = carrier._service.conversations.create(unique_name=NAME)
    thread = opened(carrier, simulator)
    assert thread.conversation_sid == half.sid
    assert [one.sid for one in participants(carrier, half.sid)] == [thread.participant_sid]


def test_the_thread_that_twilio_made_for_a_stranger_is_adopted_and_sends_through_our_messaging_service(
    carrier: TwilioCarrier, simulator: SimulatorServer
) -> None:
    simulator.person_texts(LEAD, "Is the house still for sale?", to=simulator.numbers[0])
    (made_by_twilio,) = conversations(carrier)
    carrier._service.conversations(made_by_twilio.sid).update(messaging_service_sid=_another_service(carrier))
    thread = opened(carrier, simulator)
    assert thread.conversation_sid == made_by_twilio.sid
    adopted = carrier._service.conversations(made_by_twilio.sid).fetch()
    assert adopted.messaging_service_sid == simulator.messaging_service_sid


def _another_service(carrier: TwilioCarrier) -> str:
    return str(carrier._twilio.messaging.v1.services.create(friendly_name="Another").sid)


def test_a_closed_conversation_is_replaced_by_a_new_one(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    first = opened(carrier, simulator)
    carrier._service.conversations(first.conversation_sid).update(state="closed")
    second = opened(carrier, simulator)
    assert second.conversation_sid != first.conversation_sid
    assert opened(carrier, simulator) == second
    carrier._service.conversations(second.conversation_sid).update(state="closed")
    third = opened(carrier, simulator)
    names = {conversation.sid: conversation.unique_name for conversation in conversations(carrier)}
    assert names[second.conversation_sid] == f"{NAME}-2"
    assert names[third.conversation_sid] == f"{NAME}-3"


def test_a_removed_conversation_is_made_anew(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    first = opened(carrier, simulator)
    carrier._service.conversations(first.conversation_sid).delete()
    assert opened(carrier, simulator).conversation_sid != first.conversation_sid


def test_all_threads_of_a_pair_are_found_closed_ones_too(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    sender, other = simulator.numbers
    assert carrier.threads_of(LEAD, sender) == []
    first = opened(carrier, simulator)
    carrier._service.conversations(first.conversation_sid).update(state="closed")
    second = opened(carrier, simulator)
    assert carrier.threads_of(LEAD, sender) == [
        PairThread(first.conversation_sid, is_open=False),
        PairThread(second.conversation_sid, is_open=True),
    ]
    assert carrier.threads_of(LEAD, other) == []


def test_one_lead_has_a_thread_with_each_of_our_numbers(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    first, second = (
        carrier.open_thread(unique_name=f"{NAME}.{sender}", address=LEAD, sender=sender) for sender in simulator.numbers
    )
    assert first.conversation_sid != second.conversation_sid


def test_a_number_that_twilio_refuses_is_a_permanent_error(carrier: TwilioCarrier, simulator: SimulatorServer) -> None:
    with pytest.raises(PermanentError) as caught:
        carrier.open_thread(unique_name=NAME, address=simulator.numbers[1], sender=simulator.numbers[0])
    assert caught.value.code == 50407


def test_a_wrong_key_is_an_account_matter(make_carrier: MakeCarrier, simulator: SimulatorServer) -> None:
    with pytest.raises(PassingError) as caught:
        opened(make_carrier(auth_token="wrong"), simulator)
    assert (caught.value.code, caught.value.scope) == (20003, "account")


class Script:
    """A carrier that gives prepared answers, by method and the end of the path; the last one of a kind stays."""

    def __init__(self, **answers: list[tuple[int, object]]) -> None:
        self.answers = answers

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        method, path = request.decode().split(" ")[:2]
        last = path.partition("?")[0].rsplit("/", 1)[-1]
        kind = last if last in ("Conversations", "Participants", "ParticipantConversations") else "Conversation"
        queue = self.answers[f"{method}_{kind}"]
        status, body = queue.pop(0) if len(queue) > 1 else queue[0]
        reply(status, body)(connection, request)


SENDER = "+15125550100"
CH, OTHER = "CH" + "a" * 32, "CH" + "b" * 32
BOUND_IN_OTHER = (
    409,
    {"code": 50416, "message": f"A binding for this participant already exists in Conversation {OTHER}"},
)
BOUND_SOMEWHERE = (409, {"code": 50416, "message": "A binding for this participant and proxy address already exists"})
BUSY = (409, {"code": 50391, "message": "Conflicting modification"})
BINDING = {"type": "sms", "address": LEAD, "proxy_address": SENDER}


def conversation(sid: str, state: str = "active") -> tuple[int, object]:
    body = {"sid": sid, "state": state, "unique_name": None, "messaging_service_sid": "MG1"}
    return 200, body | {"date_created": "2026-11-20T10:00:00.123Z"}


def listed(key: str, *records: object) -> tuple[int, object]:
    return 200, {"meta": {"key": key, "next_page_url": None}, key: list(records)}


def scripted(**answers: list[tuple[int, object]]) -> Thread:
    with Wire(Script(**answers)) as wire:
        carrier = TwilioCarrier(CarrierSettings("AC1", "token", "IS1", "MG1", api_base_url=wire.url))
        return carrier.open_thread(unique_name=NAME, address=LEAD, sender=SENDER)


def test_a_conflict_whose_text_names_no_conversation_is_resolved_by_looking_the_number_up() -> None:
    found = {"conversation_sid": OTHER, "participant_sid": "MB9", "participant_messaging_binding": BINDING}
    thread = scripted(
        POST_Conversations=[conversation(CH)],
        POST_Participants=[BOUND_SOMEWHERE],
        GET_ParticipantConversations=[listed("conversations", found | {"conversation_state": "active"})],
        GET_Conversation=[conversation(OTHER)],
        GET_Participants=[listed("participants", {"sid": "MB9", "messaging_binding": BINDING})],
    )
    assert thread == Thread(OTHER, "MB9")


def test_a_holder_that_closes_under_our_eyes_releases_the_pair_to_us() -> None:
    thread = scripted(
        POST_Conversations=[conversation(CH)],
        POST_Participants=[BOUND_IN_OTHER, (201, {"sid": "MB1"})],
        GET_Conversation=[conversation(OTHER, "closed")],
    )
    assert thread == Thread(CH, "MB1")


def test_a_conflicting_change_is_tried_again_after_a_moment() -> None:
    thread = scripted(
        POST_Conversations=[BUSY, conversation(CH)], POST_Participants=[BUSY, BUSY, (201, {"sid": "MB1"})]
    )
    assert thread == Thread(CH, "MB1")


def test_a_name_that_is_taken_and_then_gone_is_asked_for_again() -> None:
    thread = scripted(
        POST_Conversations=[(409, {"code": 50353, "message": "taken"}), conversation(CH)],
        GET_Conversation=[(404, {"code": 20404, "message": "not found"})],
        POST_Participants=[(201, {"sid": "MB1"})],
    )
    assert thread == Thread(CH, "MB1")


def test_a_participant_who_is_there_already_is_read() -> None:
    thread = scripted(
        POST_Conversations=[conversation(CH)],
        POST_Participants=[(409, {"code": 50433, "message": "Participant already exists"})],
        GET_Participants=[listed("participants", {"sid": "MB7", "messaging_binding": BINDING})],
    )
    assert thread == Thread(CH, "MB7")


def test_a_pair_that_another_service_holds_is_given_up_after_some_tries() -> None:
    with pytest.raises(PassingError) as caught:
        scripted(
            POST_Conversations=[conversation(CH)],
            POST_Participants=[BOUND_IN_OTHER],
            GET_Conversation=[(404, {"code": 20404, "message": "not found"})],
        )
    assert caught.value.scope == "message"
    assert OTHER in str(caught.value)


@pytest.mark.parametrize(
    ("status", "code", "expected"), [(429, 20429, NotSentError), (500, 20500, UnknownOutcomeError)]
)
def test_a_busy_or_broken_carrier_is_told_to_the_caller(status: int, code: int, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        scripted(POST_Conversations=[(status, {"code": code, "message": "later"})])
