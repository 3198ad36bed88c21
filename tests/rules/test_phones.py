"""Phone numbers: the example cases, what a refusal says, and the two written forms."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.phones import display, mask, parse

CASES = [json.loads(line) for line in (Path(__file__).parent / "data" / "phones.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_example_is_read_as_labelled_the_disputed_ones_too(case: dict[str, Any]):
    assert parse(case["input"], case["region"]).e164 == case["e164"], case["why"]


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("", "Enter a phone number, like 212 555 0123."),
        ("555-0123", "Add the area code: 10 digits, like 212 555 0123."),
        ("212555012", "A US number has 10 digits, like 212 555 0123; this has 9."),
        ("+1 212 555 012", "A US number has 10 digits, like 212 555 0123; this has 9."),
        ("jane2@example.com", "This is an e-mail address: enter a phone number, like 212 555 0123."),
        ("212-555-O123", "Write the digit 0 where the letter O stands."),
        ("2.12556E+09", "The spreadsheet shortened this number: format its column as text and export it again."),
        ("212 555 0123 or 646 555 0188", "Enter one number: there are two here."),
        ("012 555 0123", "No area code begins with 0 or 1: check the first three digits."),
        ("911 555 0123", "911 is not an area code: check the first three digits."),
        ("212 155 0123", "The digit after the area code is from 2 to 9: check the number."),
        ("+44 123", "No number of country code 44 looks like this: check its digits."),
    ],
)
def test_a_refusal_names_the_fix(typed: str, fix: str):
    assert parse(typed) == (None, fix)


@pytest.mark.parametrize("area", ["457", "471", "483", "621", "679", "729", "357", "837"])
def test_area_codes_younger_than_the_library_are_accepted_without_a_warning(area: str):
    assert parse(f"{area} 234 5678") == (f"+1{area}2345678", None)


@pytest.mark.parametrize("area", ["924", "436", "861"])
def test_area_codes_that_nobody_has_told_us_of_are_accepted_with_a_warning(area: str):
    e164, warning = parse(f"{area} 234 5678")
    assert e164 == f"+1{area}2345678"
    assert warning is not None
    assert "new area code" in warning


@pytest.mark.parametrize("area", ["222", "370", "555", "911", "960", "999", "290"])
def test_area_codes_the_plan_keeps_back_are_refused(area: str):
    assert parse(f"{area} 234 5678").e164 is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("212 555 0199", "reserved for fiction"),
        ("212 911 2345", "service line"),
        ("212 555 1212", "service line"),
        ("888 234 5678", "toll-free"),
        ("900 234 5678", "cannot be texted"),
        ("212 234 5678 ext 45", "extension"),
        ("212 234 5678 x45 (desk)", "extension"),
        ("876 234 5678", "outside the US and Canada"),
        ("212 234 5678 (do not text)", "record the opt-out"),
    ],
)
def test_what_is_odd_about_an_accepted_number_is_said(typed: str, words: str):
    e164, warning = parse(typed)
    assert e164 is not None
    assert warning is not None
    assert words in warning


@pytest.mark.parametrize(
    "typed", ["212 234 5678 cell", "Mobile: 212.234.5678", "2122345678.0", "2.122345678E+09", "212 234 5678 - Jane"]
)
def test_what_exports_and_people_add_around_a_number_is_ignored(typed: str):
    assert parse(typed) == ("+12122345678", None)


def test_an_unknown_region_is_no_error_where_the_number_names_its_country():
    assert parse("+1 212 234 5678", "ZZ").e164 == "+12122345678"
    assert parse("212 234 5678", "ZZ").e164 is None


@given(st.text(max_size=60), st.sampled_from(["US", "CA", "GB", "MX"]))
def test_nothing_typed_raises_and_every_refusal_says_something(typed: str, region: str):
    parsed = parse(typed, region)
    assert parsed.e164 is not None or parsed.warning


@given(
    st.from_regex(r"[2-9]0[2-9][2-9][0-9]{6}", fullmatch=True),
    st.sampled_from(["{}", "+1{}", "1 {}", "(1) {}", "tel: {}"]),
)
def test_a_number_reads_the_same_in_every_dress_and_again_from_its_own_forms(digits: str, dress: str):
    e164 = parse(dress.format(digits)).e164
    assert e164 == f"+1{digits}"
    assert parse(e164).e164 == parse(display(e164)).e164 == e164


def test_the_form_for_logs_shows_the_last_four_digits_only():
    assert mask("+12125550123") == "+1•••0123"
    assert mask("+442079460958") == "+4•••0958"
    assert mask("24365") == "•••65"


def test_the_form_for_pages_is_the_one_people_write():
    assert display("+12125550123") == "(212) 555-0123"
    assert display("+442079460958") == "+44 20 7946 0958"
    assert display("24365") == "24365"
