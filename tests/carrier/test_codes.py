"""Twilio's codes in a rep's words, and what each asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.carrier import codes
from webapp.carrier.codes import explain, receipt_effect

DATA = Path(codes.__file__).with_name("data") / "error_codes.json"
KNOWN = sorted(int(code) for code in json.loads(DATA.read_text())["codes"])

EVERY_CODE = """\
14107 20003 20403 20404 20429 20500 20503 21211 21408 21606 21608 21610 21611 21612 21614 21617 21659 21660
21661 21703 21704 21712 30001 30002 30003 30004 30005 30006 30007 30008 30019 30022 30023 30025 30026 30027 30032 30033
30034 30035 30036 30410 30450 30610 30640 50056 50057 50063 50074 50076 50213 50341 50342 50349 50350 50353 50373 50377
50378 50384 50390 50391 50407 50408 50409 50411 50412 50413 50414 50416 50417 50418 50419 50422 50430 50432 50433 50434
50435 50436 50437 50438 50439 50441 50449 50452 50500 50504 50507 50508 50510 50511 50512 50513"""


@pytest.mark.parametrize("code", EVERY_CODE.split())
def test_every_code_that_a_text_can_meet_has_words(code: str) -> None:
    assert codes.is_known(int(code))


@pytest.mark.parametrize("code", KNOWN)
def test_every_code_has_a_title_and_says_what_to_do_in_plain_sentences(code: int) -> None:
    words = explain(code)
    assert words.title[0].isupper()
    assert not words.title.endswith(".")
    assert words.what_to_do.endswith(".")
    assert not re.search(r"webhook URL|HTTP|API|SID\b(?! or token)", words.what_to_do)


@pytest.mark.parametrize("code", KNOWN)
def test_what_is_tried_again_says_when_and_nothing_else_promises_it(code: int) -> None:
    words = explain(code)
    assert ("Worth a retry after" in words.what_to_do) is bool(words.retry)
    assert words.retry == () or words.effect == "retry_later"
    assert words.effect != "retry_later" or words.retry or words.kind == "passing"


def test_a_phone_that_was_off_is_explained_as_one_would_say_it() -> None:
    words = explain(30003)
    assert words.what_to_do == ("The phone was off or out of reach. Worth a retry after 30 minutes.")
    assert words.kind == "later"


@pytest.mark.parametrize(
    ("code", "toll_free", "effect"),
    [
        (21610, False, "suppress"),
        (21610, True, "suppress"),
        (30004, True, "suppress"),
        (30004, False, "none"),
        (30005, False, "bad_number"),
        (30006, False, "bad_number"),
        (30003, False, "retry_later"),
        (30008, True, "retry_later"),
        (30007, False, "alert"),
        (30034, False, "alert"),
        (30410, False, "none"),
        (30640, False, "suppress"),
        (None, False, "none"),
        (99999, False, "none"),
    ],
)
def test_a_failed_receipt_asks_for_what_its_code_means(code: int | None, toll_free: bool, effect: str) -> None:
    assert receipt_effect(code, toll_free) == effect


@given(code=st.integers(0, 99_999).filter(lambda code: not codes.is_known(code)))
def test_a_code_that_nobody_knows_is_shown_as_itself(code: int) -> None:
    words = explain(code)
    assert str(code) in words.title
    assert (words.kind, words.retry, words.effect) == ("permanent", (), "none")
