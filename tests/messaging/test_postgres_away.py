"""Postgres stopped for a while: nothing is called stored that is not, and afterwards nothing is lost or repeated."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.support import twilio
from tests.support.gate import Gate
from tests.support.races import at_once
from tests.support.world import World
from webapp import database
from webapp.messaging import applying


@pytest.fixture
def gate(world: World) -> Iterator[Gate]:
    """Between the app and its Postgres; the test's own connection goes past it."""
    address = urlsplit(world.settings.database_url)
    assert address.hostname and address.port
    with Gate(address.hostname, address.port) as gate:
        database.configure(world.settings.database_url.replace(f":{address.port}/", f":{gate.port}/"), 24)
        yield gate
        database.close()


def test_texts_that_came_while_it_was_away_are_in_their_threads_once(world: World, gate: Gate) -> None:
    phones = [world.phone() for _ in range(4)]
    for phone in phones:
        world.simulator.person_texts(phone, "Before", to=world.simulator.numbers[0])
    world.until(lambda: all(world.inbound(phone) == ["Before"] for phone in phones))
    gate.shut()
    for phone in phones:
        world.simulator.person_texts(phone, "During")
    forms = [twilio.message_added(phone, "From elsewhere", twilio.sid("CH")) for phone in phones]
    assert set(at_once([lambda form=form: twilio.post(world, form) for form in forms])) == {503}
    gate.open()
    for phone in phones:
        world.simulator.person_texts(phone, "After")
    world.sweep()
    world.until(lambda: all(len(world.inbound(phone)) == 3 for phone in phones))
    assert [sorted(world.inbound(phone)) for phone in phones] == [["After", "Before", "During"]] * 4
    assert applying.apply_due() == 0


def test_a_send_whose_result_could_not_be_written_down_is_written_down_later(world: World, gate: Gate) -> None:
    phones = [world.phone() for _ in range(4)]
    texts = [world.say(world.conversation(phone), "Hello?").message_id for phone in phones]
    world.simulator.set_faults(latency_ms=600, webhooks={"lose": 1.0})
    at_once([lambda: drain_in_vain(world), lambda: cut(world, gate)])
    assert {world.status(text) for text in texts} == {"sending"}
    gate.open()
    world.simulator.set_faults()
    world.until(lambda: {world.status(text) for text in texts} <= {"sent", "delivered"})
    assert [world.on_handset(phone) for phone in phones] == [["Hello?"]] * 4


def drain_in_vain(world: World) -> None:
    with pytest.raises(psycopg.OperationalError):
        world.sender.drain(seconds=5)


def cut(world: World, gate: Gate) -> None:
    """Once all the requests are on the wire."""
    world.until(lambda: world.conn.execute(UNDER_WAY).fetchone() == (4,), working=False)
    gate.shut()


UNDER_WAY = "SELECT count(*) FROM sms_messages WHERE status = 'sending'"
