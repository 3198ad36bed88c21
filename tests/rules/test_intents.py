"""Opt-outs in people's own words: what real replies ask for, in three languages, and what only looks like it.

``data/replies.jsonl`` was written in three rounds, each before the grammar was tuned on it. As first seen, the grammar
caught 98 %, 81 % and 90 % of the three rounds' stops, and stopped 1 %, 4 % and 1 % of the others wrongly.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import keywords
from webapp.rules.keywords import classify

DATA = Path(__file__).parent / "data"
REPLIES = [json.loads(line) for line in (DATA / "replies.jsonl").read_text("utf-8").splitlines()]
CASES = [json.loads(line) for line in (DATA / "optout.jsonl").read_text("utf-8").splitlines()]


def test_of_the_replies_we_know_nearly_all_stops_are_caught_and_nearly_nobody_else_is_stopped() -> None:
    stops = [reply["text"] for reply in REPLIES if reply["intent"] == "stop"]
    others = [reply["text"] for reply in REPLIES if reply["intent"] == "none"]
    missed = [text for text in stops if classify(text).intent != "stop"]
    stopped = [text for text in others if classify(text).intent == "stop"]
    assert len(missed) <= 0.02 * len(stops), missed
    assert len(stopped) <= 0.01 * len(others), stopped


@pytest.mark.parametrize("case", [case for case in CASES if not case["disputed"]], ids=lambda case: case["id"])
def test_the_cases_on_which_engineers_agree(case: dict[str, str]) -> None:
    assert classify(case["text"], case["context"]).intent == case["intent"]  # type: ignore[arg-type]


def test_of_the_disputed_cases_we_choose_otherwise_in_one() -> None:
    """ "stp" stands for as many other things; a lone slip of three letters stops nobody."""
    chosen = [case["text"] for case in CASES if classify(case["text"], case["context"]).intent != case["intent"]]
    assert chosen == ["stp"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("stop texting me", "natural.stop_contact"),
        ("Take me off your list please", "natural.remove_me"),
        ("you have the wrong number", "natural.wrong_number"),
        ("numero equivocado", "natural.wrong_number"),
        ("mauvais numéro", "natural.wrong_number"),
        ("I revoke my consent", "natural.revoke_consent"),
        ("Leave me alone", "natural.leave_alone"),
    ],
)
def test_it_names_the_rule_and_quotes_the_words(text: str, rule: str) -> None:
    found = classify(text)
    assert (found.tier, found.action, found.rule) == ("natural", "suppress", rule)
    assert found.matched
    assert found.matched in text.lower().replace("é", "e")


@pytest.mark.parametrize(
    "text",
    ["enough already", "stop calling me", "please cancel", "reported as spam", "I never signed up for this", "🛑"],
)
def test_what_could_mean_something_else_is_held_for_a_person(text: str) -> None:
    assert classify(text)[:3] == ("stop", "natural", "hold")


@pytest.mark.parametrize(
    "text", ["HELP how do I make this stop", "yes but no more texts", "START? no, stop texting me"]
)
@pytest.mark.parametrize("context", ["subscribed", "opted_out", "pending"])
def test_a_stop_beats_help_and_start(text: str, context: keywords.Context) -> None:
    assert classify(text, context).intent == "stop"


def test_only_who_gets_no_texts_can_ask_for_them_again_in_words() -> None:
    assert classify("You can text me again", "opted_out").intent == "start"
    assert classify("You can text me again", "subscribed").intent == "none"


@given(
    quoted=st.sampled_from([reply["text"] for reply in REPLIES if reply["intent"] == "stop"]).filter(
        lambda t: '"' not in t
    )
)
@pytest.mark.parametrize("how", ["Liked “{}”", "👎 to “{}”", "Reacted 😡 to “{}”", "Le gustó “{}”", "A aimé « {} »"])
def test_a_reaction_never_stops_whatever_it_quotes(how: str, quoted: str) -> None:
    assert classify(how.format(quoted)).intent == "none"


@given(
    text=st.sampled_from(
        [reply["text"] for reply in REPLIES if reply["intent"] == "stop" and "🛑" not in reply["text"]]
    ),
    end=st.sampled_from(["", "!", "!!!", " 😡", ".", "\n"]),
)
def test_capitals_and_what_hangs_on_behind_do_not_matter(text: str, end: str) -> None:
    expected = classify(text).intent
    assert classify(text.upper() + end).intent == expected


@given(text=st.text(max_size=2_000))
def test_any_text_at_all_is_read(text: str) -> None:
    found = classify(text)
    assert (found.intent == "stop") == (found.action != "none")
    assert (found.intent == "none") == (found.rule is None)


@pytest.mark.parametrize(
    "word", ["stop ", "please ", "not ", "do not ever ", "remove of from off ", "no me ", "- ", "a"]
)
def test_the_longest_text_is_read_in_little_time(word: str) -> None:
    """Each would take minutes if a pattern went back over itself."""
    classify((word * 10_000)[:10_000])


def test_a_man_called_don_is_no_do_not() -> None:
    assert classify("This is Don text me").intent == "none"


@pytest.mark.parametrize("text", ["RⒺⓂⓄⓋⒺ", "Ⓢⓣⓞⓟ", "🅢🅣🅞🅟"])
def test_letters_in_circles_are_letters(text: str) -> None:
    """Ⓜ is an emoji, too."""
    assert classify(text).action == "suppress"
