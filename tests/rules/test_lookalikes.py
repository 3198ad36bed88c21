"""Stops and what only sounds like them, side by side: calls and texts, delight and anger, agreeing and not."""

from __future__ import annotations

import pytest

from webapp.rules.keywords import classify


@pytest.mark.parametrize(
    "text",
    [
        "Ok, but no phone calls please",
        "No calls pls",
        "sure, just no phone calls thanks",
        "no phone calls today, in surgery",
    ],
)
def test_who_wants_no_calls_may_be_texted(text: str):
    assert classify(text).intent == "none"


@pytest.mark.parametrize(
    "text", ["no calls no texts", "No calls. No texts. Nothing.", "no sales calls please", "no contact"]
)
def test_who_wants_neither_calls_nor_texts_may_not(text: str):
    assert classify(text)[:3] == ("stop", "natural", "suppress")


@pytest.mark.parametrize(
    "praise",
    [
        "Great seeing you Sunday! {}",
        "Lovely house, gorgeous kitchen, but we bought. {}",
        "{}. It's a great house but no.",
    ],
)
@pytest.mark.parametrize("stop", ["Stop", "please quit", "not interested stop", "Stop I'm married"])
def test_kind_words_elsewhere_do_not_take_back_a_stop(praise: str, stop: str):
    assert classify(praise.format(stop)).intent == "stop"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Stop! You had me at pool",
            "Stop, are you serious? 20k under?",
            "stop it right now, that's our dream house!!",
        ),
        *("Stop!! Is that a clawfoot tub?", "STOP don't wire it yet", "Stop, wrong file, I'll resend"),
    ],
)
def test_a_cry_of_delight_or_alarm_is_no_stop(text: str):
    assert classify(text).intent == "none"


@pytest.mark.parametrize(
    "text",
    ["Stop it, really.", "Stop. Is this a bot?", "Stop! Is that clear?", "STOP don't contact me", "Stop, wrong person"],
)
def test_a_stop_that_only_sounds_like_one_stops(text: str):
    assert classify(text).intent == "stop"


@pytest.mark.parametrize(
    "text",
    ["confirm", "I agree", "Sure", "ok yes", "yes that's fine", "please turn the texts back on", "resume", "opt-in"],
)
def test_who_is_asked_can_agree_in_more_words_than_yes(text: str):
    assert classify(text, "pending")[:3] == ("start", "natural", "none")
    assert classify(text, "subscribed").intent == "none"


@pytest.mark.parametrize("text", ["ok", "I don't agree", "not sure", "maybe", "who is this?", "no thanks"])
def test_who_is_asked_and_does_not_agree_is_not_started(text: str):
    assert classify(text, "pending").intent != "start"
