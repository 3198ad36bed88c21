"""Every operation that the simulator has is called, and every answer held against Twilio's own description of it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from tests.simulator.conftest import PHONE
from tests.simulator.twilio_spec import FILES, check_answer, largest_page_of, operation_of, spec_of
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer
from webapp.simulator.rest.api import RESOURCES
from webapp.simulator.rest.routing import patterns

Operation = tuple[str, str, str]
Ask = Callable[..., dict[str, Any]]


def operations() -> set[Operation]:
    """What the simulator's own routes say it can do, in the words of Twilio's description."""
    routes = [
        (route.method, pattern) for resource in RESOURCES for route in resource.ROUTES for pattern in patterns(route)
    ]
    return {
        operation_of(method, re.sub(r"\{media\}$", "{media}.json", pattern))
        for method, pattern in routes
        if pattern.split("/")[1] in FILES
    }


@pytest.fixture
def called() -> set[Operation]:
    return set()


@pytest.fixture
def ask(sim: SimulatorServer, called: set[Operation]) -> Iterator[Ask]:
    """Calls one operation and checks the answer: its status, its keys and their values."""
    pool = urllib3.PoolManager(retries=False)
    headers = urllib3.make_headers(basic_auth=f"{sim.account_sid}:{sim.auth_token}")

    def call(method: str, path: str, /, **fields: str) -> dict[str, Any]:
        body = urlencode({name.replace("_", "."): value for name, value in fields.items()})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = pool.request(method, sim.url + path, body=body or None, headers=headers | form)
        text = answer.data.decode()
        assert answer.status < 300, text
        check_answer(method, sim.url + path, answer.status, text)
        called.add(operation_of(method, path))
        check_largest_page(method, path)
        content: dict[str, Any] = json.loads(text) if text else {}
        return content

    def check_largest_page(method: str, path: str) -> None:
        largest = largest_page_of(method, path)
        for size, status in ((largest, 200), (largest + 1, 400)) if largest else ():
            url = f"{sim.url}{path}{'&' if '?' in path else '?'}PageSize={size}"
            assert pool.request("GET", url, headers=headers).status == status, url

    yield call
    pool.clear()


def test_every_operation_answers_as_twilio_describes_it(sim: SimulatorServer, ask: Ask, called: set[Operation]) -> None:
    v1 = "/conversations/v1"
    for scope in (v1, f"{v1}/Services/{sim.conversations_service_sid}"):
        conversations(ask, scope, sim.numbers[0])
    services(ask, v1)
    addresses(ask, f"{v1}/Configuration/Addresses", sim.numbers[0])
    messaging(ask, "/messaging/v1/Services", sim.messaging_service_sid)
    classic(sim, ask, f"/api/2010-04-01/Accounts/{sim.account_sid}")
    assert operations() - called == set()


def conversations(ask: Ask, scope: str, sender: str) -> None:
    person = {"messaging_binding": {"address": "+15125550143", "proxy_address": sender}}
    both = ask("POST", f"{scope}/ConversationWithParticipants", Participant=json.dumps(person), FriendlyName="Ben")
    ask("GET", f"{scope}/ParticipantConversations?Address=%2B15125550143")
    ask("DELETE", f"{scope}/Conversations/{both['sid']}")
    made = ask("POST", f"{scope}/Conversations", State="active", Timers_Inactive="PT1H", Timers_Closed="P1D")
    ask("GET", f"{scope}/Conversations?State=active")
    one = f"{scope}/Conversations/{made['sid']}"
    ask("GET", one)
    ask("POST", one, UniqueName="ana")
    members(ask, one, sender)
    said(ask, one)
    hooks(ask, one)
    ask("DELETE", one)


def members(ask: Ask, conversation: str, sender: str) -> None:
    every = f"{conversation}/Participants"
    ask("POST", every, Identity="rep-3")
    binding = {"MessagingBinding_Address": PHONE, "MessagingBinding_ProxyAddress": sender}
    sid = ask("POST", every, **binding)["sid"]
    assert len(ask("GET", every)["participants"]) == 2
    ask("GET", f"{every}/{sid}")
    ask("POST", f"{every}/{sid}", Attributes='{"a": 1}', LastReadMessageIndex="0")


def said(ask: Ask, conversation: str) -> None:
    every = f"{conversation}/Messages"
    sid = ask("POST", every, Body="Hi Ana", Author="rep-3")["sid"]
    ask("GET", f"{every}?Order=desc")
    # As soon as it is accepted, and again when it has arrived: the status is null at first.
    (receipt,) = ask("GET", f"{every}/{sid}/Receipts")["delivery_receipts"]
    until(lambda: ask("GET", f"{every}/{sid}/Receipts/{receipt['sid']}")["status"], lambda at: at == "delivered")
    assert ask("GET", f"{every}/{sid}")["delivery"]["delivered"] == "all"
    ask("POST", f"{every}/{sid}", Body="Hi Anna")
    ask("DELETE", f"{every}/{sid}")
    (participant,) = (row for row in ask("GET", f"{conversation}/Participants")["participants"] if not row["identity"])
    ask("DELETE", f"{conversation}/Participants/{participant['sid']}")


def hooks(ask: Ask, conversation: str) -> None:
    every = f"{conversation}/Webhooks"
    sid = ask("POST", every, Target="webhook", Configuration_Url="http://127.0.0.1:1/")["sid"]
    ask("GET", every)
    ask("GET", f"{every}/{sid}")
    ask("POST", f"{every}/{sid}", Configuration_Filters="onMessageAdded")
    ask("DELETE", f"{every}/{sid}")


def services(ask: Ask, v1: str) -> None:
    made = ask("POST", f"{v1}/Services", FriendlyName="Second")
    ask("GET", f"{v1}/Services")
    for path in (f"{v1}/Services/{made['sid']}/Configuration", f"{v1}/Configuration"):
        ask("GET", path)
        ask("POST", path)
        ask("GET", f"{path}/Webhooks")
        ask("POST", f"{path}/Webhooks", Method="POST")
    ask("GET", f"{v1}/Services/{made['sid']}")
    ask("DELETE", f"{v1}/Services/{made['sid']}")


def addresses(ask: Ask, every: str, number: str) -> None:
    sid = ask("GET", every)["address_configurations"][0]["sid"]
    ask("GET", f"{every}/{sid}")
    ask("DELETE", f"{every}/{sid}")
    webhook = {"AutoCreation_Type": "webhook", "AutoCreation_WebhookUrl": "http://127.0.0.1:1/"}
    made = ask("POST", every, Type="sms", Address=number, AutoCreation_Enabled="true", **webhook)
    ask("POST", f"{every}/{made['sid']}", AutoCreation_Type="default")


def messaging(ask: Ask, every: str, ours: str) -> None:
    sid = ask("POST", every, FriendlyName="Second")["sid"]
    ask("GET", every)
    ask("GET", f"{every}/{sid}")
    ask("POST", f"{every}/{sid}", ValidityPeriod="600")
    brand = ask("GET", f"{every}/{ours}/Compliance/Usa2p")["compliance"][0]["brand_registration_sid"]
    ask("GET", f"/messaging/v1/a2p/BrandRegistrations/{brand}")
    number = ask("GET", f"{every}/{ours}/PhoneNumbers")["phone_numbers"][0]["sid"]
    ask("GET", f"{every}/{ours}/PhoneNumbers/{number}")
    ask("DELETE", f"{every}/{ours}/PhoneNumbers/{number}")
    ask("POST", f"{every}/{sid}/PhoneNumbers", PhoneNumberSid=number)
    ask("DELETE", f"{every}/{sid}")


def classic(sim: SimulatorServer, ask: Ask, account: str) -> None:
    ask("GET", f"{account}.json")
    text = f"{account}/Messages/{sim.person_texts(PHONE, 'look', media=[{'sample': 'photo'}])['sid']}"
    ask("GET", f"{account}/Messages.json?To={sim.numbers[0].replace('+', '%2B')}")
    ask("GET", f"{text}.json")
    media = ask("GET", f"{text}/Media.json")["media_list"][0]["sid"]
    ask("GET", f"{text}/Media/{media}.json")
    ask("DELETE", f"{text}/Media/{media}.json")
    ask("DELETE", f"{text}.json")
    number = ask("GET", f"{account}/IncomingPhoneNumbers.json")["incoming_phone_numbers"][0]["sid"]
    ask("GET", f"{account}/IncomingPhoneNumbers/{number}.json")


def test_the_check_itself_tells_right_from_wrong() -> None:
    """A description that everything passes would prove nothing."""
    right = {"chat_service_sid": "IS" + "0" * 32, "default_conversation_creator_role_sid": "RL" + "0" * 32,
             "default_conversation_role_sid": "RL" + "0" * 32, "default_chat_service_role_sid": "RL" + "0" * 32,
             "reachability_enabled": True, "url": "http://x/", "links": {}}  # fmt: skip
    path = f"/v1/Services/{right['chat_service_sid']}/Configuration"
    spec = spec_of("conversations")
    spec.check("GET", path, 200, right)
    for wrong in ({"reachability_enabled": "yes"}, {"chat_service_sid": "IS1"}, {"url": 7}):
        with pytest.raises(AssertionError):
            spec.check("GET", path, 200, right | wrong)
    with pytest.raises(AssertionError, match="missing"):
        spec.check("GET", path, 200, {name: value for name, value in right.items() if name != "links"})
    for method, status in (("GET", 201), ("PUT", 200)):
        with pytest.raises(AssertionError):
            spec.check(method, path, status, right)
