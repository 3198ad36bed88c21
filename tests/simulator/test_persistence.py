"""What the simulator has acknowledged survives a kill -9 at any moment."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.conftest import PHONE, client_of
from tests.simulator.waiting import until
from webapp.simulator.harness import SimulatorServer
from webapp.simulator.journal import Journal
from webapp.simulator.records import Phone
from webapp.simulator.store import Store


@pytest.fixture
def own(tmp_path: Path) -> Iterator[SimulatorServer]:
    """A simulator that this test may kill."""
    with SimulatorServer(tmp_path / "state", options=["--carrier-latency-ms", "10"]) as server:
        yield server


def test_a_kill_loses_nothing_that_was_acknowledged(own: SimulatorServer) -> None:
    service = client_of(own).conversations.v1.services(own.conversations_service_sid)
    conversation = service.conversations.create(unique_name="pair-1")
    thread = service.conversations(conversation.sid)
    thread.participants.create(messaging_binding_address=PHONE, messaging_binding_proxy_address=own.numbers[0])
    doomed = service.conversations.create(unique_name="doomed")
    service.conversations(doomed.sid).delete()
    for number in range(5):
        thread.messages.create(body=f"text {number}")
    until(lambda: own.texts_on(PHONE), lambda texts: len(texts) == 5)
    own.person_texts(PHONE, "STOP", media=[{"sample": "photo"}])
    own.control("PUT", "/sim/clock", {"advance_seconds": 3600})
    before = [(message.sid, message.index, message.body) for message in thread.messages.list()]

    own.kill()
    own.start()

    assert [(message.sid, message.index, message.body) for message in thread.messages.list()] == before
    assert [row.unique_name for row in service.conversations.list()] == ["pair-1"]
    assert [text["body"] for text in own.texts_on(PHONE)][:5] == [f"text {number}" for number in range(5)]
    assert own.control("GET", "/sim/clock")["offset_seconds"] == 3600
    blocked = thread.messages.create(body="after STOP")
    receipts = thread.messages(blocked.sid).delivery_receipts
    until(lambda: receipts.list(page_size=50)[0].error_code, lambda code: code == 21610)


def test_a_text_on_its_way_arrives_after_the_restart_once(own: SimulatorServer) -> None:
    own.set_settings(carrier_latency_ms=60_000)
    service = client_of(own).conversations.v1.services(own.conversations_service_sid)
    told = own.person_texts(PHONE, "hello")
    sent = service.conversations(told["conversation_sid"]).messages.create(body="on its way")
    own.kill()
    own.start()
    until(lambda: own.texts_on(PHONE))
    receipts = service.conversations(told["conversation_sid"]).messages(sent.sid).delivery_receipts
    until(lambda: receipts.list(page_size=50)[0].status, lambda status: status == "delivered")
    assert [text["body"] for text in own.texts_on(PHONE)] == ["on its way"]


def test_a_reset_forgets_what_is_on_disk_too(own: SimulatorServer, tmp_path: Path) -> None:
    own.set_persona(PHONE, "silent")
    own.person_texts(PHONE, "STOP", media=[{"sample": "photo"}])
    own.control("PUT", "/sim/clock", {"advance_seconds": 3600})
    own.reset()
    own.kill()
    own.start()
    assert own.control("GET", "/sim/clock")["offset_seconds"] == 0
    assert client_of(own).messages.list() == []
    assert client_of(own).conversations.v1.conversations.list() == []
    journal = [json.loads(line)[0] for line in (tmp_path / "state/journal.jsonl").read_text().splitlines()]
    assert set(journal) == {"Account", "Service", "MessagingService", "AddressConfiguration"}
    assert list((tmp_path / "state/media").iterdir()) == []


def test_kills_in_the_middle_of_a_stream_keep_every_acknowledged_text(own: SimulatorServer) -> None:
    service = client_of(own).conversations.v1.services(own.conversations_service_sid)
    thread = service.conversations(own.person_texts(PHONE, "hello")["conversation_sid"])
    acknowledged = []
    for round_ in range(3):
        for number in range(10):
            thread.messages.create(body=f"{round_}.{number}")
            acknowledged.append(f"{round_}.{number}")
        own.kill()
        own.start()
    arrived = until(lambda: own.texts_on(PHONE), lambda texts: len(texts) >= 30)
    assert sorted(text["body"] for text in arrived) == sorted(acknowledged)


def test_a_torn_last_line_is_dropped_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    store = Store(path)
    store.open()
    store.save(Phone(sid=PHONE, created=0, updated=0, off=True))
    store.save(Phone(sid="+15125550143", created=0, updated=0))
    store.remove(store.all(Phone)["+15125550143"])
    store.close()
    with path.open("a") as journal:
        journal.write('["Phone", {"sid": "+1512')
    again = Store(path)
    again.open()
    assert [(phone.sid, phone.off) for phone in again.all(Phone).values()] == [(PHONE, True)]
    again.close()
    # Compacted: what was overwritten and removed is gone from the file too.
    assert [json.loads(line)[0] for line in path.read_text().splitlines()] == ["Phone"]


def test_a_journal_that_is_not_open_refuses_to_forget(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        Journal(tmp_path / "journal.jsonl").save(Phone(sid=PHONE, created=0, updated=0))
