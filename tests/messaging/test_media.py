"""Pictures are fetched after the text is shown, with patience, and never kept when a browser might run them."""

from __future__ import annotations

import pytest

from tests.carrier.wire import Wire, refused_url, reply
from tests.support import twilio
from tests.support.races import at_once
from tests.support.world import World
from webapp.carrier.client import TwilioCarrier
from webapp.carrier.types import CarrierSettings
from webapp.messaging import attachments


def with_picture(world: World) -> str:
    phone = world.phone()
    world.simulator.person_texts(phone, "Look", to=world.simulator.numbers[0], media=[{"sample": "photo"}])
    world.until(lambda: world.inbound(phone) == ["Look"])
    return phone


def carrier_at(url: str) -> TwilioCarrier:
    return TwilioCarrier(CarrierSettings("AC1", "token", "IS1", "MG1", api_base_url=url, timeout=1.0))


def media(world: World) -> tuple[object, ...]:
    row = world.conn.execute(
        "SELECT content_type, length(content) = size, attempts, error, fetched_at IS NOT NULL FROM media"
    ).fetchone()
    assert row is not None
    return tuple(row)


def version(world: World) -> int:
    row = world.conn.execute("SELECT version FROM sms_conversations").fetchone()
    assert row is not None
    return int(row[0])


def test_a_picture_is_fetched_and_the_thread_shows_it(world: World) -> None:
    with_picture(world)
    before = version(world)
    assert attachments.fetch_due(world.carrier) == 1
    assert media(world) == ("image/png", True, 1, None, True)
    assert version(world) > before
    assert attachments.fetch_due(world.carrier) == 0


def test_many_workers_fetch_it_once(world: World) -> None:
    with_picture(world)
    assert sorted(at_once([lambda: attachments.fetch_due(world.carrier)] * 6)) == [0, 0, 0, 0, 0, 1]


def test_a_carrier_out_of_reach_is_asked_again_later_and_later(world: World) -> None:
    """Traffic meanwhile does not use the tries up."""
    with_picture(world)
    nobody = carrier_at(refused_url())
    waits = []
    for _ in range(3):
        assert attachments.fetch_due(nobody) == 1
        assert attachments.fetch_due(nobody) == 0
        row = world.conn.execute("SELECT extract(epoch FROM not_before - now()) FROM media").fetchone()
        assert row is not None
        waits.append(row[0])
        world.conn.execute("UPDATE media SET not_before = now()")
    assert waits == sorted(waits)
    assert attachments.fetch_due(world.carrier) == 1
    assert media(world) == ("image/png", True, 4, None, True)


def test_after_a_day_of_tries_the_thread_says_that_it_is_lost(world: World) -> None:
    with_picture(world)
    before = version(world)
    with Wire(reply(404, {"code": 20404, "message": "gone", "status": 404})) as gone:
        carrier = carrier_at(gone.url)
        while attachments.fetch_due(carrier):
            world.conn.execute("UPDATE media SET not_before = now()")
    _, _, attempts, error, _ = media(world)
    assert (attempts, error) == (7, "The carrier did not hand it over.")
    assert version(world) > before


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/javascript", ""])
def test_a_kind_that_a_browser_would_run_is_not_kept(world: World, kind: str) -> None:
    with_picture(world)
    with Wire(reply(200, {"sid": "ME1", "content_type": kind, "size": 10, "links": {}})) as wire:
        attachments.fetch_due(carrier_at(wire.url))
    _, _, attempts, error, fetched = media(world)
    assert (attempts, fetched) == (1, False)
    assert error is not None


def test_the_same_picture_announced_twice_is_one(world: World) -> None:
    phone, thread = world.phone(), twilio.sid("CH")
    item = '[{"Sid": "ME1", "ContentType": "image/png", "Size": 1}]'
    for _ in range(2):
        twilio.receive(twilio.message_added(phone, "Look", thread, Media=item))
    assert world.conn.execute("SELECT count(*) FROM media").fetchone() == (1,)
