"""The grammar's own promises: every row does something, every guard is needed, slips are read and lookalikes are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.intents import ENGINE_VERSION
from webapp.rules.keywords import classify
from webapp.rules.language import engine, guards, returns
from webapp.rules.language.engine import Rule
from webapp.rules.language.notation import compiled
from webapp.rules.language.tables import GuardText, RuleText
from webapp.rules.plaintext import capitalised, plain

ROWS = (
    *((row, engine.STOPS) for row in sorted(engine.STOP_TEXTS, key=lambda row: row.sure == "hold")),
    *((row, engine.WRONG_NUMBERS) for row in sorted(engine.WRONG_TEXTS, key=lambda row: row.sure == "hold")),
    *((row, engine.RETURNS) for row in returns.RETURNS),
    *((row, engine.CONFIRMATIONS) for row in returns.CONFIRMATIONS),
    *((row, engine.HELP) for row in returns.HELP),
)


@pytest.mark.parametrize(("row", "table"), ROWS, ids=lambda part: part.example if isinstance(part, RuleText) else "")
def test_every_row_decides_the_text_it_names(row: RuleText, table: tuple[Rule, ...]):
    text = engine.sentences(plain(row.example), capitalised(row.example))
    winner = next(rule for rule in table if engine.first(text, (rule,)))
    assert winner.row is row


@pytest.mark.parametrize(("at", "guard"), list(enumerate(guards.GUARDS)), ids=lambda part: getattr(part, "example", ""))
def test_every_guard_saves_somebody_from_a_stop(at: int, guard: GuardText, monkeypatch: pytest.MonkeyPatch):
    assert classify(guard.example).intent != "stop"
    monkeypatch.setattr(engine, "GUARDS", engine.GUARDS[:at] + engine.GUARDS[at + 1 :])
    assert classify(guard.example).intent == "stop"


def test_the_ledger_has_a_dated_version_to_cite():
    assert ENGINE_VERSION.startswith("2026-")


def test_a_class_that_does_not_exist_is_found_when_the_program_starts():
    with pytest.raises(KeyError):
        compiled("STOP NONSENSE", {"STOP": "x"}, {})


@pytest.mark.parametrize(
    "text",
    [
        *("stpo", "sotp", "stp", "st0p", "STOOOP", "S T O P", "s.t.o.p.", "s-t-o-p", "sto p", "stopp", "STOPit"),
        *("unsubcribe", "unsuscribe", "unsubscibe me", "un-subscribe", "u n s u b s c r i b e", "unsubscribbe"),
        *("stop txtn me", "dont msg me", "plz rmv me", "stopp texing me", "pleeease stop", "stoptexting", "removeme"),
        *(
            "leavemealone",
            "donttextme",
            "nomore texts",
            "remvoe me",
            "stop conatcting me",
            "stop mesaging me",
            "dont txet me",
        ),
        *("stop f*cking texting me", "rem0ve me from ur list", "stop w/ the texts", "take me of your list"),
    ],
)
def test_slips_and_text_speak_are_read_as_what_was_meant(text: str):
    assert classify(text).intent == "stop"


@pytest.mark.parametrize(
    "text",
    [
        *("send the contract to me", "don't contract me out", "stop shopping me around", "the remote is mine"),
        *(
            "stoppage time",
            "stopover in Dallas",
            "nonstop",
            "testing me",
            "lease me the car",
            "my step son",
            "the top one",
        ),
        *("a b c d e", "outtakes", "doorstop", "unsubstantiated", "subscribe"),
    ],
)
def test_words_that_resemble_the_grammars_are_not_taken_for_them(text: str):
    assert classify(text).intent == "none"


@given(at=st.integers(1, 10), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz"), kind=st.integers(0, 3))
def test_one_slip_anywhere_after_the_first_letter_leaves_unsubscribe_what_it_is(at: int, letter: str, kind: int):
    word = "unsubscribe"
    slipped = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    )[kind]
    assert classify(slipped).intent == "stop"
