"""An account's own answers to STOP, START and HELP: what each must carry, and what the first must not."""

from __future__ import annotations

import pytest

from webapp.rules import replies
from webapp.rules.reply_checks import Kind, complaint

BUSINESS, CONTACT = "Lone Star Homes", "512-555-0100"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("stop", replies.stop_reply(BUSINESS, CONTACT)),
        ("start", replies.start_reply(BUSINESS)),
        ("help", replies.help_reply(BUSINESS, CONTACT)),
    ],
)
def test_the_standard_words_will_do(kind: Kind, words: str):
    assert complaint(kind, words, BUSINESS, CONTACT) is None


@pytest.mark.parametrize(
    ("kind", "words", "told"),
    [
        ("stop", "You are out.", "Name the business"),
        ("stop", "Lone Star Homes: ok", "Say that it is done"),
        ("stop", "Lone Star Homes: we stopped by your house", "Say that it is done"),
        ("stop", "Lone Star Homes: done. See https://lonestar.test", "Leave links out"),
        ("stop", "Lone Star Homes: done. See bit.ly/x", "Leave links out"),
        ("stop", "Lone Star Homes: done. lonestar.com", "Leave links out"),
        ("stop", "Lone Star Homes: done. Our spring sale is on", "“sale”"),
        ("stop", "Lone Star Homes: done. 20% off before you go", "“20%”"),
        ("start", "Lone Star Homes: welcome back. Reply HELP for help, STOP to opt out.", "data rates may apply"),
        ("start", "Lone Star Homes: welcome. Msg & data rates may apply. Reply STOP to opt out.", "HELP"),
        ("help", "Lone Star Homes. Msg & data rates may apply. Reply STOP to opt out.", CONTACT),
        ("help", "Lone Star Homes, 512-555-0100. Msg & data rates may apply.", "STOP"),
        ("help", "Lone Star Homes, 512-555-0100. Reply STOP to opt out.", "data rates may apply"),
    ],
)
def test_what_is_missing_or_too_much_is_named(kind: Kind, words: str, told: str):
    found = complaint(kind, words, BUSINESS, CONTACT)
    assert found is not None
    assert told in found


def test_the_business_and_its_contact_may_look_like_a_link_and_like_an_offer():
    words = "Homes.com Sale: you are unsubscribed. Help: help@homes.com"
    assert complaint("stop", words, "Homes.com Sale", "help@homes.com") is None
    assert (
        complaint("stop", "homes.com sale: no more texts. Help: www.homes.com", "Homes.com Sale", "www.homes.com")
        is None
    )


@pytest.mark.parametrize(
    "done",
    [
        *("You're unsubscribed.", "You will not get any more texts.", "You have opted out.", "No more messages."),
        *("You won’t hear from us again.", "We have removed you.", "Texts have stopped.", "Messages are off."),
        *("Ya no recibirá más mensajes.", "Cancelado.", "Vous êtes désabonné.", "You've been taken off our list."),
        "We will not text you again.",
    ],
)
def test_there_are_many_ways_to_say_that_it_is_done(done: str):
    assert complaint("stop", f"{BUSINESS}: {done}", BUSINESS, CONTACT) is None


def test_message_and_data_rates_may_be_written_out():
    words = "Lone Star Homes, 512-555-0100. Message and data rates may apply. Text STOP to end."
    assert complaint("help", words, BUSINESS, CONTACT) is None


def test_without_a_business_there_is_nothing_to_name():
    assert "business name first" in (complaint("stop", "Done.", "", "") or "")
    assert "how to reach you first" in (complaint("help", "Homes", "Homes", "") or "")
