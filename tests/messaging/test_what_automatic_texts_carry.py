"""Who writes and how to stop, on the handset: in the first automatic text, and again when it is time."""

from __future__ import annotations

import pytest

from tests.support.world import World
from webapp import clock, database
from webapp.messaging import outbox
from webapp.messaging.outbox import NewText
from webapp.messaging.wording import TooLongError
from webapp.models.constants import Origin

FIRST = "\n- Dana Reyes, Sunrise Realty\nReply STOP to opt out, HELP for help."


@pytest.fixture(autouse=True)
def business(world: World) -> None:
    world.configure(business_name="Sunrise Realty", business_contact="512 555 0199")


def automatic(world: World, conversation: int, body: str) -> int:
    text = world.say(conversation, body, automatic=True, origin=Origin.CAMPAIGN, signed_by="Dana Reyes")
    world.until(lambda: world.status(text.message_id) == "delivered")
    return text.message_id


def test_the_first_one_says_who_writes_and_how_to_stop_and_the_next_do_not(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    for body in ("Still looking?", "New on Elm St", "Open on Sunday"):
        automatic(world, conversation, body)
    assert world.on_handset(phone) == ["Still looking?" + FIRST, "New on Elm St", "Open on Sunday"]


def test_the_sixth_tells_it_again(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    for number in range(6):
        automatic(world, conversation, f"Text {number}")
    told = [number for number, body in enumerate(world.on_handset(phone)) if "STOP" in body]
    assert told == [0, 5]
    assert world.on_handset(phone)[5] == "Text 5\nReply STOP to opt out."


def test_after_a_long_silence_it_is_a_first_text_again(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    automatic(world, conversation, "In winter")
    world.move_clock(days=31)
    automatic(world, conversation, "In spring")
    assert world.on_handset(phone)[1] == "In spring" + FIRST


def test_a_persons_text_is_left_as_it_was_typed(world: World) -> None:
    phone = world.phone()
    text = world.say(world.conversation(phone), "Hi, it's me").message_id
    world.until(lambda: world.status(text) == "delivered")
    assert world.on_handset(phone) == ["Hi, it's me"]


def test_what_was_refused_or_canceled_has_told_nobody(world: World) -> None:
    phone = world.phone()
    conversation = world.conversation(phone)
    refused = world.say(conversation, "No consent", automatic=True, origin=Origin.CAMPAIGN, consent=None)
    assert refused.status == "refused"
    automatic(world, conversation, "With consent")
    assert world.on_handset(phone) == ["With consent" + FIRST]


def test_segments_and_cost_count_what_was_added(world: World) -> None:
    text = automatic(world, world.conversation(world.phone()), "x" * 140)
    row = world.conn.execute("SELECT segments, footer, length(body) FROM sms_messages WHERE id = %s", [text]).fetchone()
    assert row == (2, True, 140 + len(FIRST))


def test_every_text_to_canada_says_who_writes_and_how_to_stop(world: World) -> None:
    phone = "+14165550123"
    conversation = world.conversation(phone)
    for body in ("First", "Second"):
        automatic(world, conversation, body)
    second = "Second\n- Dana Reyes, Sunrise Realty, 512 555 0199\nReply STOP to opt out."
    assert world.on_handset(phone)[1] == second


def test_a_text_that_no_longer_fits_is_refused_before_it_is_stored(world: World) -> None:
    conversation = world.conversation(world.phone())
    long = NewText(conversation, "x" * 1590, Origin.CAMPAIGN, automatic=True)
    with pytest.raises(TooLongError, match="at most 1600 fit"), database.transaction() as conn:
        outbox.queue(conn, long, now=clock.now())
    assert world.conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)
