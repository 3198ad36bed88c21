"""Words of the account's own that stop texts."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask

from tests.support import twilio
from tests.support.world import World
from webapp.accounts.settings import AccountSettings
from webapp.compliance.optouts import own_words

SETTINGS = AccountSettings(extra_stop_words=("no mas", "halt"))


@pytest.mark.parametrize("text", ["halt", "HALT!", "  Halt. ", "No más", "ＨＡＬＴ", "no-mas"])
def test_an_own_word_stops_as_surely_as_stop(text: str):
    found = own_words.classify(text, "subscribed", SETTINGS)
    assert (found.intent, found.tier, found.action, found.rule) == ("stop", "keyword", "suppress", "keyword.own")


@pytest.mark.parametrize("text", ["halt the presses", "Liked “halt”", "exalt", ""])
def test_it_must_be_all_that_somebody_sends(text: str):
    assert own_words.classify(text, "subscribed", SETTINGS).rule != "keyword.own"


def test_what_everybodys_words_say_stays_as_it_is():
    assert own_words.classify("STOP", "subscribed", SETTINGS).rule == "keyword.stop"
    assert own_words.classify("START", "opted_out", SETTINGS).intent == "start"
    assert own_words.classify("HELP", "subscribed", SETTINGS).intent == "help"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("yes", "asks for texts"),
        ("START", "asks for texts"),
        ("Sí", "asks for texts"),
        ("help", "asks for help"),
        ("ok", "answers many questions"),
        ("Thank you!", "answers many questions"),
        ("2", "too short"),
        ("22", "answers many questions"),
        ("x", "too short"),
        ("stop", "stops texts already"),
        ("a whole sentence that nobody would ever send again", "too long"),
    ],
)
def test_a_word_that_would_do_harm_is_refused(word: str, told: str):
    assert told in (own_words.complaint(own_words.normal(word)) or "")


def test_one_that_is_texted_stops_and_is_confirmed_by_us(world: World) -> None:
    """The carrier does not know it, so it does not answer it."""
    world.configure(extra_stop_words=["halt"], business_name="Lone Star Homes", business_contact="512-555-0100")
    phone = world.phone()
    conversation = world.conversation(phone)
    world.say(conversation, "Hello?")
    world.until(lambda: world.on_handset(phone) == ["Hello?"])
    twilio.receive(twilio.message_added(phone, "Halt!", twilio.sid("CH")))
    world.until(lambda: len(world.on_handset(phone)) == 2)
    assert "unsubscribed" in world.on_handset(phone)[1]
    assert world.say(conversation, "But").status == "refused"


def test_the_api_reads_it_too(app: Flask, conn: psycopg.Connection) -> None:
    from psycopg.types.json import Jsonb

    from tests.support.people import cast_of
    from tests.support.sessions import csrf_token, signed_in

    client = signed_in(app, cast_of(conn).rep)
    conn.execute("INSERT INTO settings (key, value) VALUES ('extra_stop_words', %s)", [Jsonb(["halt"])])
    headers = {"X-CSRFToken": csrf_token(client)}
    answer = client.post("/api/compliance/classify", json={"text": "Halt", "context": "subscribed"}, headers=headers)
    assert answer.json == {"intent": "stop", "tier": "keyword", "action": "suppress", "matched": "halt"}
