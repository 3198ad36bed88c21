"""The carrier room against the simulator, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from webapp.carrier.client import TwilioCarrier
from webapp.carrier.types import CarrierSettings
from webapp.simulator.harness import SimulatorServer

MakeCarrier = Callable[..., TwilioCarrier]


@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorServer]:
    with SimulatorServer(tmp_path_factory.mktemp("simulator")) as server:
        yield server


@pytest.fixture
def simulator(simulator_process: SimulatorServer) -> SimulatorServer:
    simulator_process.reset()
    return simulator_process


@pytest.fixture
def make_carrier(simulator: SimulatorServer) -> MakeCarrier:
    def make(**changes: object) -> TwilioCarrier:
        settings: dict[str, object] = {
            "account_sid": simulator.account_sid,
            "auth_token": simulator.auth_token,
            "conversations_service_sid": simulator.conversations_service_sid,
            "messaging_service_sid": simulator.messaging_service_sid,
            "api_base_url": simulator.url,
        }
        return TwilioCarrier(CarrierSettings(**(settings | changes)))  # type: ignore[arg-type]

    return make


@pytest.fixture
def carrier(make_carrier: MakeCarrier) -> TwilioCarrier:
    return make_carrier()
