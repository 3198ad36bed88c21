"""What people send: any characters, any length, pictures; and what only looks like a person's text."""

from __future__ import annotations

import json

import pytest

from tests.support import twilio
from tests.support.world import World
from webapp.messaging import applying

BODIES = {
    "an emoji": "Yes \N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5}",
    "a family": "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "two scripts": "Привет, 你好",
    "lines": "One\nTwo\r\nThree",
    "html": "<script>alert(1)</script> & co",
    "what SQL and Python use": "'; DROP TABLE leads; -- %s {name} \\",
    "nothing but blanks": "   ",
    "32 KB": "long " * 6553,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_text_arrives_as_it_was_written(world: World, body: str) -> None:
    phone = world.phone()
    assert twilio.post(world, twilio.message_added(phone, body, twilio.sid("CH"))) == 204
    applying.apply_due()
    assert world.inbound(phone) == [body]


def test_a_nul_that_no_database_keeps_is_left_out(world: World) -> None:
    phone = world.phone()
    assert twilio.post(world, twilio.message_added(phone, "ST\x00OP\x00", twilio.sid("CH"))) == 204
    applying.apply_due()
    assert world.inbound(phone) == ["STOP"]
    assert outcome(world) == "applied"
    assert world.say(world.conversation(phone), "But").status == "refused"


def test_a_text_without_words_is_a_picture(world: World) -> None:
    """Webhooks spell the keys of ``Media`` in their own way."""
    phone = world.phone()
    media = json.dumps([{"Sid": twilio.sid("ME"), "ContentType": "image/jpeg", "Filename": "p.jpg", "Size": 4711}])
    form = twilio.message_added(phone, "", twilio.sid("CH"), Media=media)
    del form["Body"]
    twilio.receive(form)
    assert world.inbound(phone) == [""]
    row = world.conn.execute("SELECT content_type, filename, size FROM media").fetchone()
    assert row == ("image/jpeg", "p.jpg", 4711)


@pytest.mark.parametrize("media", ["", "null", "{}", "[{}]", "nonsense", '[{"Sid": 1}]', '[{"Sid": null}]'])
def test_media_that_make_no_sense_do_not_keep_the_words_out(world: World, media: str) -> None:
    phone = world.phone()
    twilio.receive(twilio.message_added(phone, "Look", twilio.sid("CH"), Media=media))
    assert world.inbound(phone) == ["Look"]


@pytest.mark.parametrize(
    "change",
    [
        {"Author": "+17375550100"},
        {"Source": "API"},
        {"Source": "SDK", "Author": "rita"},
        {"Author": "system", "Source": ""},
        {"Author": "40404"},
        {"Attributes": json.dumps({"leadline": {"key": "k", "attempt": 1}})},
    ],
    ids=str,
)
def test_what_no_person_wrote_is_no_arrival(world: World, change: dict[str, str]) -> None:
    """STOP in it stops nobody either."""
    form = twilio.message_added(world.phone(), "STOP", twilio.sid("CH"), **change)
    twilio.receive(form)
    assert world.conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)
    assert world.conn.execute("SELECT count(*) FROM contact_numbers").fetchone() == (0,)
    assert outcome(world) == "applied"


def test_where_twilio_does_not_say_the_source_a_phone_as_author_counts(world: World) -> None:
    phone = world.phone()
    form = twilio.message_added(phone, "Hello", twilio.sid("CH"))
    del form["Source"]
    twilio.receive(form)
    assert world.inbound(phone) == ["Hello"]


def test_a_late_text_does_not_push_a_newer_one_from_the_list(world: World) -> None:
    phone, thread = world.phone(), twilio.sid("CH")
    twilio.receive(twilio.message_added(phone, "Newer", thread))
    world.conn.execute("UPDATE sms_conversations SET last_message_at = last_message_at + interval '1 hour'")
    twilio.receive(twilio.message_added(phone, "Older", thread))
    row = world.conn.execute("SELECT last_body, unread FROM sms_conversations").fetchone()
    assert row == ("Newer", 2)


def test_an_arrival_opens_a_conversation_that_was_done(world: World) -> None:
    phone, thread = world.phone(), twilio.sid("CH")
    twilio.receive(twilio.message_added(phone, "One", thread))
    world.conn.execute("UPDATE sms_conversations SET state = 'done', waiting_since = NULL, unread = 0")
    twilio.receive(twilio.message_added(phone, "Two", thread))
    row = world.conn.execute("SELECT state, waiting_since IS NOT NULL, unread FROM sms_conversations").fetchone()
    assert row == ("open", True, 1)


def outcome(world: World) -> str:
    row = world.conn.execute("SELECT outcome FROM webhook_receipts").fetchone()
    assert row is not None
    return str(row[0])
