"""What an automatic text must say, and when it must say it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.carrier import segments
from webapp.rules import footers
from webapp.rules.footers import EarlierText, Signature

NOW = datetime(2026, 12, 9, 18, 0, tzinfo=UTC)
DANA = Signature("Dana Reyes", "Sunrise Realty", "sunrise.example")


def texts_ago(*told: bool) -> list[EarlierText]:
    """Automatic texts a day apart, newest first, each with whether it told how to stop."""
    return [EarlierText(NOW - timedelta(days=number + 1), one) for number, one in enumerate(told)]


def test_the_first_automatic_text_names_person_and_business_and_carries_stop_and_help() -> None:
    assert footers.due([], "US", NOW) == "first"
    added = footers.added("Hi Ann, is the house on Elm St still for sale?", "first", DANA)
    assert added == "\n- Dana Reyes, Sunrise Realty\nReply STOP to opt out, HELP for help."


def test_what_the_text_says_itself_is_not_said_twice() -> None:
    body = "Hi Ann, Dana with Sunrise Realty here. Reply STOP to opt out or HELP for help."
    assert footers.added(body, "first", DANA) == ""
    assert footers.added("Dana from Sunrise Realty. Reply STOP to end", "first", DANA) == "\nReply HELP for help."
    assert footers.added("It's Dana. Call me?", "first", DANA) == (
        "\n- Sunrise Realty\nReply STOP to opt out, HELP for help."
    )


@pytest.mark.parametrize("body", ["Please don't stop by today", "The bus stop is close", "We stop at 5"])
def test_the_word_stop_alone_is_no_instruction(body: str) -> None:
    assert not footers.tells_how_to_stop(body)
    assert "STOP" in footers.added(body, "again", DANA)


def test_it_is_told_again_with_every_fifth_text() -> None:
    assert footers.due(texts_ago(True), "US", NOW) is None
    assert footers.due(texts_ago(False, False, False, True), "US", NOW) is None
    assert footers.due(texts_ago(False, False, False, False, True), "US", NOW) == "again"
    assert footers.added("Still looking?", "again", DANA) == "\nReply STOP to opt out."


def test_after_thirty_days_of_silence_it_is_a_first_text_again() -> None:
    assert footers.due([EarlierText(NOW - timedelta(days=30), told=True)], "US", NOW) is None
    assert footers.due([EarlierText(NOW - timedelta(days=31), told=True)], "US", NOW) == "first"


def test_it_is_told_again_thirty_days_after_it_was_told() -> None:
    lately = [EarlierText(NOW - timedelta(days=2), told=False), EarlierText(NOW - timedelta(days=31), told=True)]
    assert footers.due(lately, "US", NOW) == "again"


def test_every_commercial_text_to_canada_says_who_writes_and_how_to_unsubscribe() -> None:
    assert footers.due(texts_ago(True), "CA", NOW) == "every"
    added = footers.added("Open house on Sunday at 2.", "every", DANA)
    assert added == "\n- Dana Reyes, Sunrise Realty, sunrise.example\nReply STOP to opt out."


def test_quebec_reads_arret_too() -> None:
    assert "STOP/ARRET" in footers.added("Bonjour", "every", DANA, french=True)


def test_nobody_is_made_up_where_a_name_is_not_known() -> None:
    assert footers.added("Hi", "first", Signature("", "", "")) == "\nReply STOP to opt out, HELP for help."


def test_what_is_added_never_forces_the_dear_alphabet() -> None:
    assert segments.count(footers.added("Hi", "first", DANA)).encoding == "GSM-7"


@given(body=st.text(max_size=300), footer=st.sampled_from(["first", "again", "every"]), french=st.booleans())
def test_whatever_the_words_the_text_then_tells_how_to_stop(body: str, footer: footers.Footer, french: bool) -> None:
    dressed = body + footers.added(body, footer, DANA, french=french)
    assert footers.tells_how_to_stop(dressed)
    assert footers.added(dressed, footer, DANA, french=french) == ""


@given(told=st.lists(st.booleans(), min_size=20, max_size=60))
def test_nobody_gets_five_automatic_texts_in_a_row_without_the_way_out(told: list[bool]) -> None:
    """A year of texts two days apart; the bodies themselves may tell or not."""
    sent: list[EarlierText] = []
    at = NOW
    for says_itself in told:
        at += timedelta(days=2)
        footer = footers.due(sent[:5], "US", at)
        sent.insert(0, EarlierText(at, says_itself or footer is not None))
    runs = [any(one.told for one in sent[i : i + 5]) for i in range(len(sent) - 4)]
    assert all(runs)
    assert sent[-1].told


@given(body=st.text(alphabet="replyREPLY stopSTOParrêtêÊſﬆ.\n:,«»'", max_size=40))
def test_the_way_out_is_found_wherever_it_stands(body: str) -> None:
    """Nothing that the search would find is missed by the look that spares it."""
    for text in (body, f"{body} reply stop", f"Text: ARRÊT{body}", f"envíe {body}stop"):
        assert footers.tells_how_to_stop(text) == bool(footers._stop.search(text))
