"""Conversations over Twilio's own SDK; every answer is checked against Twilio's description by the client."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from twilio.rest.conversations.v1.service import ServiceContext

from webapp.simulator.harness import SimulatorServer

PHONE = "+15125550142"


def code_of(error: pytest.ExceptionInfo[TwilioRestException]) -> tuple[int, int]:
    return error.value.status, error.value.code


def test_a_conversation_is_created_fetched_by_both_names_updated_and_deleted(service: ServiceContext) -> None:
    made = service.conversations.create(unique_name="pair-7", friendly_name="Ana", attributes='{"a": 1}')
    assert service.conversations("pair-7").fetch().sid == made.sid
    assert service.conversations(made.sid).update(friendly_name="Anna").friendly_name == "Anna"
    assert service.conversations(made.sid).fetch().attributes == '{"a": 1}'
    assert service.conversations("pair-7").delete()
    with pytest.raises(TwilioRestException) as error:
        service.conversations(made.sid).fetch()
    assert code_of(error) == (404, 20404)


def test_unscoped_paths_mean_the_default_service(twilio: Client, service: ServiceContext) -> None:
    made = twilio.conversations.v1.conversations.create(unique_name="unscoped")
    assert service.conversations("unscoped").fetch().sid == made.sid
    assert twilio.conversations.v1.conversations(made.sid).fetch().unique_name == "unscoped"
    assert made.chat_service_sid == service.fetch().sid


def test_a_unique_name_is_taken_once_per_service(twilio: Client, service: ServiceContext) -> None:
    service.conversations.create(unique_name="pair-7")
    with pytest.raises(TwilioRestException) as error:
        service.conversations.create(unique_name="pair-7")
    assert code_of(error) == (409, 50353)
    other = twilio.conversations.v1.services.create(friendly_name="Another")
    twilio.conversations.v1.services(other.sid).conversations.create(unique_name="pair-7")


def test_of_twenty_creates_at_once_exactly_one_wins(service: ServiceContext) -> None:
    def create(_number: int) -> str:
        try:
            return str(service.conversations.create(unique_name="race").sid)
        except TwilioRestException as error:
            return f"{error.status}/{error.code}"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(create, range(20)))
    assert outcomes.count("409/50353") == 19


def test_of_twenty_participants_at_once_exactly_one_takes_the_pair(
    sim: SimulatorServer, service: ServiceContext
) -> None:
    sids = [service.conversations.create().sid for _ in range(20)]

    def add(sid: str) -> str:
        try:
            service.conversations(sid).participants.create(
                messaging_binding_address=PHONE, messaging_binding_proxy_address=sim.numbers[0]
            )
        except TwilioRestException as error:
            return str(error.msg)
        return sid

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(add, sids))
    (winner,) = [outcome for outcome in outcomes if outcome in sids]
    losers = [outcome for outcome in outcomes if outcome not in sids]
    assert all(f"already exists in Conversation {winner}" in message for message in losers)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"unique_name": "CH" + "a" * 32}, (400, 50390)),
        ({"state": "closed"}, (400, 50384)),
        ({"state": "asleep"}, (400, 50378)),
        ({"messaging_service_sid": "MG" + "a" * 32}, (400, 50341)),
        ({"attributes": "{nonsense"}, (400, 20001)),
        ({"attributes": '"' + "x" * 17_000 + '"'}, (400, 20001)),
        ({"friendly_name": "x" * 257}, (400, 20001)),
        ({"timers_inactive": "PT5S", "state": "active"}, (400, 20001)),
        ({"timers_inactive": "PT5M"}, (400, 50382)),
    ],
)
def test_a_conversation_that_twilio_refuses_is_refused(
    service: ServiceContext, fields: dict[str, str], expected: tuple[int, int]
) -> None:
    with pytest.raises(TwilioRestException) as error:
        service.conversations.create(**fields)
    assert code_of(error) == expected
    assert service.conversations.list() == []


def test_a_closed_conversation_is_final_and_frees_its_pair(sim: SimulatorServer, service: ServiceContext) -> None:
    first, second = service.conversations.create().sid, service.conversations.create().sid
    pair = {"messaging_binding_address": PHONE, "messaging_binding_proxy_address": sim.numbers[0]}
    service.conversations(first).participants.create(**pair)
    service.conversations(first).update(state="closed")
    for change in ({"friendly_name": "x"}, {"state": "active"}):
        with pytest.raises(TwilioRestException) as error:
            service.conversations(first).update(**change)
        assert code_of(error) == (400, 50377)
    with pytest.raises(TwilioRestException) as error:
        service.conversations(first).messages.create(body="too late")
    assert code_of(error) == (400, 50377)
    service.conversations(second).participants.create(**pair)


def test_a_pair_is_freed_with_its_participant_and_with_its_conversation(
    sim: SimulatorServer, service: ServiceContext
) -> None:
    pair = {"messaging_binding_address": PHONE, "messaging_binding_proxy_address": sim.numbers[0]}
    first, second, third = (service.conversations.create().sid for _ in range(3))
    participant = service.conversations(first).participants.create(**pair)
    service.conversations(first).participants(participant.sid).delete()
    service.conversations(second).participants.create(**pair)
    service.conversations(second).delete()
    service.conversations(third).participants.create(**pair)


@pytest.mark.parametrize(
    ("address", "proxy", "expected"),
    [
        (PHONE, "+15125550199", (400, 50408)),
        ("555-0142", None, (400, 50407)),
        ("+16025550101", None, (400, 50407)),
        ("+17375550100", "+17375550100", (400, 50409)),
        ("", None, (400, 50411)),
        (PHONE, "", (400, 50412)),
    ],
)
def test_an_impossible_pair_is_refused(
    sim: SimulatorServer, service: ServiceContext, address: str, proxy: str | None, expected: tuple[int, int]
) -> None:
    conversation = service.conversations.create().sid
    with pytest.raises(TwilioRestException) as error:
        service.conversations(conversation).participants.create(
            messaging_binding_address=address,
            messaging_binding_proxy_address=sim.numbers[0] if proxy is None else proxy,
        )
    assert code_of(error) == expected


def test_participants_are_listed_updated_and_found_by_address(sim: SimulatorServer, service: ServiceContext) -> None:
    conversation = service.conversations.create(unique_name="found")
    thread = service.conversations(conversation.sid)
    made = thread.participants.create(messaging_binding_address=PHONE, messaging_binding_proxy_address=sim.numbers[0])
    thread.participants.create(identity="rep-3")
    assert made.messaging_binding == {"type": "sms", "address": PHONE, "proxy_address": sim.numbers[0]}
    assert [participant.identity for participant in thread.participants.list()] == [None, "rep-3"]
    changed = thread.participants(made.sid).update(attributes='{"b": 2}', last_read_message_index=4)
    assert (changed.attributes, changed.last_read_message_index) == ('{"b": 2}', 4)
    (lookup,) = service.participant_conversations.list(address=PHONE, page_size=50)
    assert (lookup.conversation_sid, lookup.conversation_unique_name) == (conversation.sid, "found")
    assert service.participant_conversations.list(identity="rep-3", page_size=50)[0].participant_identity == "rep-3"
    assert service.participant_conversations.list(address="+15125550999", page_size=50) == []
    # The SDK raises its base class for a page that it cannot fetch.
    with pytest.raises(TwilioException, match="50451"):
        service.participant_conversations.list(address=PHONE, identity="rep-3", page_size=50)


def test_an_identity_joins_once_and_a_binding_is_not_changed(sim: SimulatorServer, service: ServiceContext) -> None:
    thread = service.conversations(service.conversations.create().sid)
    person = thread.participants.create(identity="rep-3")
    with pytest.raises(TwilioRestException) as error:
        thread.participants.create(identity="rep-3")
    assert code_of(error) == (409, 50433)
    with pytest.raises(TwilioRestException) as error:
        thread.participants(person.sid).update(messaging_binding_proxy_address=sim.numbers[0])
    assert code_of(error) == (400, 50441)
    with pytest.raises(TwilioRestException) as error:
        thread.participants.create(messaging_binding_projected_address=sim.numbers[0])
    assert error.value.code == 50452


def test_a_conversation_holds_fifty_phones_at_most(sim: SimulatorServer, service: ServiceContext) -> None:
    thread = service.conversations(service.conversations.create().sid)
    for number in range(50):
        thread.participants.create(
            messaging_binding_address=f"+151255501{number:02d}", messaging_binding_proxy_address=sim.numbers[0]
        )
    with pytest.raises(TwilioRestException) as error:
        thread.participants.create(
            messaging_binding_address="+15125550199", messaging_binding_proxy_address=sim.numbers[0]
        )
    assert code_of(error) == (403, 50418)
    assert thread.participants.create(identity="rep-3").sid


def test_conversation_with_participants_is_all_or_nothing(sim: SimulatorServer, service: ServiceContext) -> None:
    def person(phone: str) -> str:
        return f'{{"messaging_binding": {{"address": "{phone}", "proxy_address": "{sim.numbers[0]}"}}}}'

    made = service.conversation_with_participants.create(unique_name="pair-9", participant=[person(PHONE)])
    assert len(service.conversations(made.sid).participants.list()) == 1
    with pytest.raises(TwilioRestException) as error:
        service.conversation_with_participants.create(participant=[person("+15125550143"), person(PHONE)])
    assert code_of(error) == (409, 50416)
    assert [conversation.sid for conversation in service.conversations.list()] == [made.sid]


def test_conversations_are_listed_in_pages_by_state_and_date(service: ServiceContext) -> None:
    for number in range(7):
        service.conversations.create(unique_name=f"pair-{number}", date_created=f"2026-03-0{number + 1}T12:00:00Z")
    service.conversations("pair-0").update(state="closed")
    listed = service.conversations.list(page_size=3)
    assert [conversation.unique_name for conversation in listed] == [f"pair-{number}" for number in range(7)]
    assert [row.unique_name for row in service.conversations.list(state="closed")] == ["pair-0"]
    # Newest first as soon as a date is asked for; a bare end date is all of its day.
    march = service.conversations.list(start_date="2026-03-03", end_date="2026-03-05", page_size=2)
    assert [row.unique_name for row in march] == ["pair-4", "pair-3", "pair-2"]
    until = service.conversations.list(end_date="2026-03-02T12:00:00Z")
    assert [row.unique_name for row in until] == ["pair-1", "pair-0"]


def test_services_and_their_configuration_can_be_read_and_written(twilio: Client, sim: SimulatorServer) -> None:
    v1 = twilio.conversations.v1
    made = v1.services.create(friendly_name="Second")
    assert {service.sid for service in v1.services.list()} == {made.sid, sim.conversations_service_sid}
    assert v1.services(made.sid).configuration().update(reachability_enabled=True).reachability_enabled is True
    assert v1.services(made.sid).configuration().fetch().reachability_enabled is True
    assert v1.services(made.sid).delete()
    assert v1.configuration().fetch().default_chat_service_sid == sim.conversations_service_sid
    assert v1.configuration().update(default_closed_timer="P1D").default_closed_timer == "P1D"
    with pytest.raises(TwilioRestException) as error:
        v1.services(made.sid).fetch()
    assert code_of(error) == (404, 20404)


def test_a_configuration_that_names_nothing_is_refused(twilio: Client, sim: SimulatorServer) -> None:
    v1 = twilio.conversations.v1
    for change in ({"default_chat_service_sid": "IS" + "a" * 32}, {"default_inactive_timer": "soon"}):
        with pytest.raises(TwilioRestException) as error:
            v1.configuration().update(**change)
        assert code_of(error) == (400, 20001)
    with pytest.raises(TwilioRestException) as error:
        v1.services(sim.conversations_service_sid).delete()
    assert code_of(error) == (400, 20001)


def test_beyond_so_many_creations_a_second_the_service_answers_429_as_twilio_does(
    sim: SimulatorServer, twilio: Client, service: ServiceContext
) -> None:
    made = [service.conversations.create() for _ in range(40)]
    assert len(made) == 40, "there is no limit unless one is set"
    another = twilio.conversations.v1.services.create(friendly_name="Another")
    sim.set_settings(actions_per_second=1)
    refused = 0
    while not refused:
        try:
            service.conversations.create()
        except TwilioRestException as error:
            assert (error.status, error.code) == (429, 50074)
            refused += 1
    twilio.conversations.v1.services(another.sid).conversations.create()
    assert service.conversations(made[0].sid).fetch().sid == made[0].sid, "reading is not limited"
    assert made[0].participants.create(identity="rep").sid, "nor is what happens within one conversation"
