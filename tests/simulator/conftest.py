"""One simulator for the run, emptied before each test; a listener for its webhooks; Twilio's SDK pointed at it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.conversations.v1.service import ServiceContext
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.listener import Listener
from tests.simulator.twilio_spec import check_answer
from webapp.simulator.harness import SimulatorServer

PHONE = "+15125550142"


@pytest.fixture(scope="session")
def _listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="session")
def _server(_listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorServer]:
    with SimulatorServer(tmp_path_factory.mktemp("simulator"), webhook_url=_listener.url) as server:
        yield server


@pytest.fixture
def hooks(_listener: Listener) -> Listener:
    return _listener


@pytest.fixture
def sim(_server: SimulatorServer, hooks: Listener) -> SimulatorServer:
    _server.reset()
    _server.set_settings(carrier_latency_ms=10)
    hooks.forget()
    return _server


class CheckedHttpClient(TwilioHttpClient):
    """Sends what is meant for Twilio's hosts to the simulator, and holds every answer against Twilio's description."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=60)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        for product in ("conversations", "messaging", "api", "mcs"):
            url = url.replace(f"https://{product}.twilio.com", f"{self._base}/{product}")
        response = super().request(method, url, *args, **kwargs)
        check_answer(method, url, response.status_code, response.text)
        return response


@pytest.fixture
def twilio(sim: SimulatorServer) -> Client:
    return client_of(sim)


def client_of(server: SimulatorServer) -> Client:
    return Client(server.account_sid, server.auth_token, http_client=CheckedHttpClient(server.url))


@pytest.fixture
def service(sim: SimulatorServer, twilio: Client) -> ServiceContext:
    return twilio.conversations.v1.services(sim.conversations_service_sid)


@pytest.fixture
def open_thread(sim: SimulatorServer, service: ServiceContext) -> Callable[..., ConversationContext]:
    """Makes a conversation between a person's phone and our first number."""

    def make(phone: str = PHONE, name: str | None = None, sender: str | None = None) -> ConversationContext:
        conversation = service.conversations.create(unique_name=name or phone.removeprefix("+"))
        thread = service.conversations(conversation.sid)
        thread.participants.create(
            messaging_binding_address=phone, messaging_binding_proxy_address=sender or sim.numbers[0]
        )
        return thread

    return make


@pytest.fixture
def thread(open_thread: Callable[..., ConversationContext]) -> ConversationContext:
    return open_thread()
