"""Opt-outs in people's own words: what real replies ask for, in three languages, and what only looks like it.

The replies were written before the grammar was tuned on them, in rounds. First seen, as stops caught / others stopped:
`replies.jsonl`, by another hand, unread until then: 95.1 % / 2.6 %. `replies_more.jsonl`: half of the first round, held
out, 97.0 % / 2.0 %; the second, made of traps and rarities, 86 % / 5 %; the third to seventh 96.9 / 1.4, 90.8 / 2.2,
94.5 / 1.4, 96.8 / 4.9 and 95.6 / 2.0 %; the eighth, English by another hand, 91.9 / 1.3 %; the ninth, by another hand,
English 93 / 2.4, Spanish 75 / 2.9, French 77 / 1.6 %. Four more, all written for a real-estate team before they were
read: the tenth (of which only the gaps it showed are kept) 99 / 5.2, the eleventh 97.7 / 4.7, the twelfth, made of
rarities and traps only, 80 / 6.2, the thirteenth 96.7 / 0 %. Each was then learned from, so what is asserted of them is
that nothing is forgotten. `probed` replies served to look for gaps and were never a measure.

`replies_unseen.jsonl`, by another hand, was read once and never learned from: 97.3 % / 0.6 % (English 96.0 / 0.5, Spanish
98.3 / 1.4, French 100 / 0 %), and 94 % of the wrong numbers. It stays so: it is the one measure that is left.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.keywords import Context, classify

DATA = Path(__file__).parent / "data"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


REPLIES = [*_lines("replies.jsonl"), *_lines("replies_more.jsonl")]
UNSEEN = _lines("replies_unseen.jsonl")
CASES = _lines("optout.jsonl")
STOPS = [reply["text"] for reply in REPLIES if reply["intent"] == "stop"]
SURE_STOPS = [text for text in STOPS if classify(text).action == "suppress"]
OTHERS = [reply["text"] for reply in REPLIES if reply["intent"] == "none"]

endings = st.sampled_from(["", "!", "!!!", "...", ".", " 😡", "\n", "\n\nSent from my iPhone", " 🙏🏽"])
openings = st.sampled_from(["", "Hi, ", "ok ", "🛑 ", "\u200b", "  ", "Please ", "Hello. ", "“"])


def _share_read_as_a_stop(label: str) -> float:
    texts = [reply["text"] for reply in UNSEEN if reply["label"] == label]
    return sum(classify(text).intent == "stop" for text in texts) / len(texts)


def test_of_replies_that_nobody_tuned_on_97_in_100_stops_are_caught_and_1_in_100_others_at_most():
    assert _share_read_as_a_stop("stop") >= 0.97
    assert _share_read_as_a_stop("wrong") >= 0.9
    assert _share_read_as_a_stop("none") <= 0.01


def test_of_the_replies_we_know_nearly_all_stops_are_caught():
    missed = [text for text in STOPS if classify(text).intent != "stop"]
    assert len(missed) <= 0.005 * len(STOPS), missed


def test_of_the_replies_we_know_nearly_nobody_else_is_stopped():
    stopped = [text for text in OTHERS if classify(text).intent == "stop"]
    assert len(stopped) <= 0.005 * len(OTHERS), stopped


def test_clear_stops_act_at_once_and_few_wait_for_a_person():
    clear = [reply["text"] for reply in REPLIES if reply["intent"] == "stop" and not reply.get("disputed")]
    held = [text for text in clear if classify(text).action == "hold"]
    assert len(held) <= 0.06 * len(clear), held


@pytest.mark.parametrize("case", [case for case in CASES if not case["disputed"]], ids=lambda case: case["id"])
def test_the_cases_on_which_engineers_agree(case: dict[str, Any]):
    assert classify(case["text"], case["context"]).intent == case["intent"]


def test_of_the_disputed_cases_we_choose_otherwise_in_none():
    chosen = [case for case in CASES if classify(case["text"], case["context"]).intent != case["intent"]]
    assert [case["text"] for case in chosen] == []


@pytest.mark.parametrize("reply", [reply for reply in REPLIES if "rule" in reply], ids=lambda reply: reply["text"])
def test_who_is_not_the_one_we_mean_is_a_wrong_number(reply: dict[str, Any]):
    assert classify(reply["text"]).rule == reply["rule"]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("Ok bro. Stop texting me!", "natural.stop_contact", "stop texting"),
        ("I bought already. Take me off your list please", "natural.take_me_off", "take me off your list"),
        ("Sorry, you have the wrong number", "natural.wrong_number", "wrong number"),
        ("Hola, número equivocado", "natural.wrong_number", "numero equivocado"),
        ("I revoke my consent", "natural.revoke_consent", "revoke my consent"),
        ("just leave me alone ok", "natural.leave_alone", "leave me alone"),
        ("no me manden más mensajes", "natural.no_me_escriba", "no me manden"),
        ("Bonjour, désabonnez-moi", "natural.desabonner", "desabonnez"),
    ],
)
def test_it_names_the_rule_and_quotes_the_words(text: str, rule: str, words: str):
    found = classify(text)
    assert (found.tier, found.action, found.rule, found.matched) == ("natural", "suppress", rule, words)


@pytest.mark.parametrize(
    "text",
    [
        "enough already",
        "stop sending me those condos in Dallas",
        "reported as spam",
        "I never signed up for this",
        "🛑",
        "fuck off",
        "do not text, call only",
        "cancel please",
        "pause these texts for now",
        "You are violating the TCPA",
        "exit",
        "unsubscribe my wife",
        "too many texts",
        "No. 🛑",
    ],
)
def test_what_could_mean_something_else_is_held_for_a_person(text: str):
    assert classify(text)[:3] == ("stop", "natural", "hold")


@pytest.mark.parametrize(
    "text",
    ["HELP how do I make this stop", "yes but no more texts", "START? no, stop texting me", "help me unsubscribe"],
)
@pytest.mark.parametrize("context", ["subscribed", "opted_out", "pending"])
def test_a_stop_beats_help_and_start(text: str, context: Context):
    assert classify(text, context).intent == "stop"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "You can text me again",
            "please start texting me again",
            "sign me back up",
            "Resubscribe me",
            "start please",
        ),
        *("quiero volver a recibir mensajes", "vous pouvez m'écrire de nouveau"),
    ],
)
def test_only_who_gets_no_texts_can_ask_for_them_again_in_words(text: str):
    assert classify(text, "opted_out")[:3] == ("start", "natural", "none")
    assert classify(text, "pending").intent == "start"
    assert classify(text, "subscribed").intent == "none"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "don't text me again",
            "do not start texting me again",
            "if you text me again I'll sue",
            "yes the house is open",
        ),
        *(
            "text my wife",
            "when do we start",
            "start with the cheaper one",
            "You can't text me again",
            "Yes but call me",
        ),
        *("sign me up? no way", "I never said you can text me again"),
    ],
)
def test_nobody_who_opted_out_is_texted_again_on_a_guess(text: str):
    assert classify(text, "opted_out").intent != "start"


def test_a_courteous_yes_confirms_but_does_not_bring_back():
    assert classify("Yes please!", "pending").intent == "start"
    assert classify("Yes please!", "opted_out").intent == "none"


def test_a_cry_for_help_is_one_only_when_nothing_else_is_said():
    assert classify("Help, please!!")[:3] == ("help", "natural", "none")
    assert classify("I need help with my loan").intent == "none"
    assert classify("please help me find a 3 bed").intent == "none"


@given(quoted=st.sampled_from([text for text in [*STOPS, *OTHERS] if '"' not in text]))
@pytest.mark.parametrize(
    "how",
    [
        *("Liked “{}”", "Loved “{}”", "Disliked “{}”", "Emphasized “{}”", "Questioned “{}”", "Laughed at “{}”"),
        *("👎 to “{}”", "Reacted 😡 to “{}”", "Removed a like from “{}”", "Liked “{}", "\u200b👍\u200b to “ {} ”"),
        *("Le gustó “{}”", "Le ha gustado «{}»", "No le gustó “{}”", "Reaccionó con 👎 a “{}”", "Se rió de “{}”"),
        *("A aimé « {} »", "N’a pas aimé « {} »", "A réagi 👎 à « {} »", "A ri de « {} »", "A mis l’accent sur « {} »"),
    ],
)
def test_a_reaction_never_stops_whatever_it_quotes(how: str, quoted: str):
    assert classify(how.format(quoted)).intent == "none"


@given(st.sampled_from(SURE_STOPS), openings, endings)
def test_a_greeting_and_what_hangs_on_behind_do_not_matter(text: str, opening: str, ending: str):
    assert classify(opening + text + ending).intent == "stop"


@given(
    st.sampled_from([text for text in STOPS if text.lower() != text.upper()]),
    st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufeff"]),
)
def test_capitals_and_invisible_characters_do_not_matter(text: str, hidden: str):
    # Capitals tell names we do not know from words: "I'm not Dequan" alone needs them.
    expected = classify(text.lower())
    assert classify(hidden.join(text.upper()))[:3] == expected[:3]


@given(text=st.text(max_size=2_000), context=st.sampled_from(["subscribed", "opted_out", "pending"]))
def test_any_text_at_all_is_read(text: str, context: Context):
    found = classify(text, context)
    assert (found.intent == "stop") == (found.action != "none")
    assert (found.intent == "none") == (found.rule is None) == (found.matched is None)
    assert found.intent != "start" or context != "subscribed" or found.tier == "keyword"


HEAP = """stop please don't text me my number off list take remove not no more if you leave alone wrong I'm Maria , . ? 🛑
unsubscribe dejen de mandar no ne plus ecrire start again yes help want to"""
words = st.sampled_from([*HEAP.split(), "\n"])


@given(st.lists(words, max_size=40))
def test_any_heap_of_the_grammars_own_words_is_read(heap: list[str]):
    assert classify(" ".join(heap)).intent in {"stop", "none", "help", "start"}


@pytest.mark.parametrize(
    "word",
    [
        *("stop ", "please ", "not ", "do not ever ", "remove of from off ", "no me ", "- ", "a", "s t o p ", "don't "),
        *(
            "my my number ",
            "opt ",
            "me and my wife and ",
            "if you ",
            "🛑",
            "liked “",
            "removed ",
            "wrong of the ",
            "\n",
        ),
        *("no me manden ", "ne plus ", "plus de ", "no, no. ", "mensaje de ", "moi de ", "que no me ", "Take. ", "f*"),
        *("number take it ", "texts for a ", "hear from ", "the person you ", "stop the a b ", "don't text, "),
    ],
)
def test_the_longest_text_is_read_in_little_time(word: str):
    """Each would take minutes if a pattern went back over itself."""
    classify((word * 10_000)[:10_000])


def test_a_man_called_don_is_no_do_not() -> None:
    assert classify("This is Don text me").intent == "none"


@pytest.mark.parametrize("text", ["RⒺⓂⓄⓋⒺ", "Ⓢⓣⓞⓟ", "🅢🅣🅞🅟"])
def test_letters_in_circles_are_letters(text: str) -> None:
    """Ⓜ is an emoji, too."""
    assert classify(text).action == "suppress"
