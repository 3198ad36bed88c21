"""Keywords: the example cases of the keyword tier, any dress of a keyword, and who answers it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.carrier.segments import count
from webapp.rules.keywords import HELP_WORDS, START_WORDS, STOP_WORDS, Context, carrier_answers, classify
from webapp.rules.replies import help_reply, start_reply, stop_reply

CASES = [json.loads(line) for line in (Path(__file__).parent / "data" / "optout.jsonl").read_text("utf-8").splitlines()]
KEYWORD_CASES = [case for case in CASES if case["strictness"] == "keyword"]

BOLD = {ord(letter): chr(0x1D5EE + offset) for offset, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
FULL_WIDTH = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in "abcdefghijklmnopqrstuvwxyz"}
CIRCLED = {ord(letter): chr(0x24B6 + offset) for offset, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
ON_BLACK = {ord(letter): chr(0x1F170 + offset) for offset, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}

keywords = st.sampled_from(sorted(STOP_WORDS | START_WORDS | HELP_WORDS))
around = st.text(
    alphabet=" \t\n.,!?…*_~#/>-–—'\"“”‘’«»()[]{}¡¿:;🛑✋🙏🏽❤️👍🇺🇸™ℹ️\u200b\u200d\u2060\ufeff\u202e\x00\u00a0", max_size=6
)
letterings = st.sampled_from([{}, BOLD, FULL_WIDTH, CIRCLED, ON_BLACK])
hidden = st.sampled_from(["", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\ufe0f", "\x00"])


@pytest.mark.parametrize("case", KEYWORD_CASES, ids=lambda case: case["id"])
def test_every_keyword_example_is_read_as_labelled_the_disputed_ones_too(case: dict[str, Any]):
    read = classify(case["text"], case["context"])
    assert read.intent == case["intent"], case["why"]
    assert (read.tier == "keyword") is (case["intent"] != "none")


@given(keywords, around, around, letterings, hidden, st.sampled_from([str.upper, str.title, str.lower]))
def test_a_keyword_stays_that_keyword_in_any_dress(
    word: str, before: str, after: str, lettering: dict[int, str], gap: str, case: Callable[[str], str]
):
    dressed = before + gap.join(case(word).translate(lettering)) + after
    assert classify(dressed)[:2] == classify(word)[:2]
    assert classify(dressed).tier == "keyword"


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
@pytest.mark.parametrize("context", ["subscribed", "opted_out", "pending"])
def test_a_stop_word_stops_whatever_the_context(word: str, context: Context):
    assert classify(word, context) == ("stop", "keyword", "suppress", word, "keyword.stop")


@pytest.mark.parametrize("echo", ["STOP2QUIT", "stop 2 end", "Stop to end", "STOP to opt-out", "stop2unsubscribe"])
def test_typing_the_footer_back_is_a_stop(echo: str):
    assert classify(echo).action == "suppress"


def test_yes_starts_only_who_was_stopped_or_is_asked_to_confirm():
    assert classify("Yes").intent == "none"
    assert classify("Yes!", "opted_out").intent == "start"
    assert classify("YES", "pending").intent == "start"


def test_a_short_yes_confirms_but_does_not_bring_back():
    assert classify("Y", "pending").intent == "start"
    assert classify("Sí", "pending").intent == "start"
    assert classify("Y", "opted_out").intent == "none"


def test_start_and_help_are_read_whatever_the_context():
    for context in ("subscribed", "opted_out", "pending"):
        assert classify("Start.", context)[:3] == ("start", "keyword", "none")
        assert classify("un-stop", context)[:3] == ("start", "keyword", "none")
        assert classify("HELP!", context)[:3] == ("help", "keyword", "none")


@pytest.mark.parametrize(
    "reaction",
    [
        "Liked “Reply STOP to opt out”",
        "Reacted 👎🏽 to “STOP”",
        "👍 to “Reply STOP to end”",
        "Removed a laugh from “stop”",
        "Le gustó “Responde ALTO para salir”",
        "Reaccionó con 👎 a «STOP»",
        "A aimé « Répondez ARRET »",
        "A réagi 👍 à « stop »",
    ],
)
def test_a_reaction_that_quotes_our_own_stop_line_is_nothing(reaction: str):
    assert classify(reaction).intent == "none"


@pytest.mark.parametrize("text", ["", "   ", "?", "👍", "\x00", "unstoppable", "Endicott", "ending", "Stopover"])
def test_a_word_that_only_contains_a_keyword_is_nothing(text: str):
    assert classify(text).intent == "none"


@pytest.mark.parametrize("body", ["STOP", " stop\n", "StopAll", "OPTOUT", "yes", "Info", "ARRET"])
def test_the_carrier_answers_its_own_words(body: str):
    assert carrier_answers(body)


@pytest.mark.parametrize("body", ["Stop.", "stop all", "opt out", "STOP please", "ayuda", "unsub", "remove", ""])
def test_the_carrier_is_silent_on_all_else(body: str):
    assert not carrier_answers(body)


def test_a_toll_free_number_knows_fewer_words():
    assert carrier_answers("STOP", toll_free=True)
    assert not carrier_answers("CANCEL", toll_free=True)


def test_replies_name_the_business_and_the_way_out_in_one_plain_segment():
    business, contact = "Oak & Main Realty", "(212) 555-0123"
    for reply in (stop_reply(business, contact), start_reply(business), help_reply(business, contact)):
        assert reply.startswith(business)
        assert (count(reply).encoding, count(reply).segments) == ("GSM-7", 1)
    assert contact in help_reply(business, contact)
    assert "Reply STOP" in help_reply(business, contact, "Up to 4 msgs/month")
    assert "START" in stop_reply(business, contact)
