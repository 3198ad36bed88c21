"""The control API: clock, settings, switches, the request log, reset; and what it refuses."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from twilio.rest.conversations.v1.service import ServiceContext
from twilio.rest.conversations.v1.service.conversation import ConversationContext

from tests.simulator.conftest import PHONE
from tests.simulator.waiting import until
from webapp.simulator.clock import Clock
from webapp.simulator.harness import ControlRefused, SimulatorServer


def set_clock(sim: SimulatorServer, **body: object) -> datetime:
    return datetime.fromisoformat(sim.control("PUT", "/sim/clock", body)["now"])


def test_business_time_jumps_and_runs_on(sim: SimulatorServer, service: ServiceContext) -> None:
    monday = datetime(2026, 11, 23, 16, 4, tzinfo=UTC)
    now = set_clock(sim, now="2026-11-23T10:04:00-06:00")
    assert monday <= now < monday + timedelta(minutes=1)
    made = service.conversations.create()
    assert made.date_created is not None
    assert monday <= made.date_created < monday + timedelta(minutes=2)
    later = set_clock(sim, advance_seconds=-86_400)
    assert monday - timedelta(days=1) <= later < monday - timedelta(hours=23)
    assert abs(set_clock(sim, offset_seconds=0) - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_clock_is_a_file_that_is_never_half_written_and_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    Clock(path).advance(3600)
    assert json.loads(path.read_text()) == {"offset_seconds": 3600.0}
    assert Clock(path).offset == 3600.0
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"now": "2026-11-23T16:04:00Z", "advance_seconds": 1}, "body"),
        ({"now": "2026-11-23T16:04:00"}, "now"),
        ({"now": "tomorrow"}, "now"),
        ({"now": 5}, "now"),
        ({"now": "0001-01-01T00:00:00Z"}, "now"),
        ({"advance_seconds": "60"}, "advance_seconds"),
        ({"advance_seconds": 1e300}, "advance_seconds"),
        ({"later": 60}, "later"),
        ("soon", "body"),
    ],
)
def test_a_clock_that_cannot_be_set_so_is_refused(sim: SimulatorServer, body: object, field: str) -> None:
    before = sim.control("GET", "/sim/clock")["offset_seconds"]
    with pytest.raises(ControlRefused) as error:
        sim.control("PUT", "/sim/clock", body)
    assert error.value.status == 400
    assert error.value.field == field
    assert sim.control("GET", "/sim/clock")["offset_seconds"] == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sim/settings", {"opt_out_handling": 1}),
        ("/sim/settings", {"texts_per_second": 0}),
        ("/sim/settings", {"carrier_latency_ms": -1}),
        ("/sim/settings", {"volume": 3}),
        (f"/sim/phones/{PHONE}/switches", {"off": "yes"}),
        (f"/sim/phones/{PHONE}/switches", {"on": True}),
        (f"/sim/phones/{PHONE}/persona", {"persona": "grumpy"}),
        (f"/sim/phones/{PHONE}/persona", {}),
        ("/sim/settings", {"personas": 1}),
    ],
)
def test_unknown_settings_and_switches_are_refused(sim: SimulatorServer, path: str, body: object) -> None:
    with pytest.raises(ControlRefused) as error:
        sim.control("PUT", path, body)
    assert error.value.status == 400


def test_switches_are_read_back(sim: SimulatorServer) -> None:
    sim.set_switches(PHONE, off=True)
    switches = sim.control("GET", f"/sim/phones/{PHONE}/switches")
    assert switches == {"off": True, "filtered": False, "slow": False, "replies_get_lost": False}


def test_requests_are_logged_with_their_beginning_and_our_marker(
    sim: SimulatorServer, thread: ConversationContext
) -> None:
    before = datetime.now(UTC)
    thread.messages.create(body="secret words", attributes='{"text": "t1"}')
    entry = sim.requests()[-1]
    assert (entry["method"], entry["status"], entry["attributes"]) == ("POST", 201, '{"text": "t1"}')
    assert entry["conversation"] == thread.fetch().sid
    assert before <= datetime.fromisoformat(entry["begun_at"]) <= datetime.now(UTC)
    assert "secret words" not in json.dumps(sim.requests())
    assert len(sim.control("GET", "/sim/requests?limit=1")["items"]) == 1
    with pytest.raises(ControlRefused):
        sim.control("GET", "/sim/requests?limit=all")


def test_reset_forgets_everything_but_the_account(
    sim: SimulatorServer, service: ServiceContext, thread: ConversationContext
) -> None:
    sim.person_texts(PHONE, "STOP")
    until(lambda: sim.texts_on(PHONE))
    sim.set_faults(send={"error_500": 1})
    set_clock(sim, advance_seconds=1000)
    sim.reset()
    assert sim.texts_on(PHONE) == []
    assert service.conversations.list() == []
    assert sim.control("GET", "/sim/faults")["send"]["error_500"] == 0
    assert sim.control("GET", "/sim/clock")["offset_seconds"] == 0
    assert sim.person_texts(PHONE, "hello again")["conversation_sid"]


def test_another_sites_page_cannot_steer_the_carrier(sim: SimulatorServer) -> None:
    answer = urllib3.request("POST", f"{sim.url}/sim/reset", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403


def test_a_media_file_that_is_not_there_is_not_found(sim: SimulatorServer) -> None:
    with pytest.raises(ControlRefused) as error:
        sim.control("GET", "/sim/media/ME0")
    assert error.value.status == 404
