"""Segments: the packing against vectors that Twilio's own calculator confirms, and properties that hold for any text."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.carrier.prices import estimate
from webapp.carrier.segments import GSM_BASIC, GSM_EXTENDED, count

VECTORS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "segments.jsonl").read_text("utf-8").splitlines()
]
FAMILY = "👨‍👩‍👧‍👦"  # eleven 16-bit units, one character

gsm_text = st.text(alphabet=GSM_BASIC + GSM_EXTENDED, max_size=500)
any_text = st.text(max_size=200)
emoji_text = st.lists(st.sampled_from([FAMILY, "😀", "👍🏽", "🇺🇸", "❤️", "a", "ç", "\r\n"]), max_size=80).map("".join)


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_twilios_calculator_agree(vector: dict[str, Any]):
    counted = count(vector["body"], vector["smart_encoding"])
    assert (counted.encoding, counted.segments, counted.characters) == (
        vector["encoding"],
        vector["segments"],
        vector["characters"],
    )


def test_an_empty_body_is_one_segment():
    assert count("") == ("GSM-7", 1, 0, 0, 160, [])


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ç" * 134, 2),
        ("ç" * 135, 3),
    ],
)
def test_a_plain_text_grows_at_the_known_borders(body: str, segments: int):
    assert count(body).segments == segments


def test_an_escape_pair_is_not_cut_at_a_segments_end():
    body = "a" * 152 + "€" + "a" * 152
    assert count(body).units == 306  # two full segments, were the pair cut
    assert count(body).segments == 3


def test_a_surrogate_pair_is_not_cut_at_a_segments_end():
    body = "ç" * 66 + "👍" + "ç" * 66
    assert count(body).units == 134
    assert count(body).segments == 3


def test_a_family_of_emoji_moves_whole():
    assert count(FAMILY * 6).segments == 1
    assert count(FAMILY * 7).segments == 2
    assert count(FAMILY * 12).segments == 2
    assert count(FAMILY * 13).segments == 3


def test_the_characters_that_force_ucs2_are_named_once_in_order():
    assert count("Hi – it’s “on” – 👍🏽").non_gsm == ["–", "’", "“", "”", "👍🏽"]
    assert count("plain {and} €").non_gsm == []


def test_smart_encoding_brings_typographic_text_back_to_gsm():
    counted = count("“Hi” — it’s…", smart_encoding=True)
    assert (counted.encoding, counted.characters) == ("GSM-7", len('"Hi" - it\'s...'))


def test_smart_encoding_leaves_accents_alone():
    assert count("garçon", smart_encoding=True).non_gsm == ["ç"]


def test_a_pile_of_marks_larger_than_a_segment_is_counted_by_its_units():
    assert count("e" + "\u0301" * 200).segments == 3


def test_half_a_surrogate_pair_is_counted_and_not_an_error():
    assert count("\ud83d").encoding == "UCS-2"


@given(gsm_text, st.text(alphabet=GSM_BASIC, min_size=1, max_size=50))
def test_appending_plain_letters_never_lowers_the_count(body: str, more: str):
    assert count(body + more).segments >= count(body).segments


@given(any_text, st.text(alphabet="abc ", min_size=1, max_size=50))
def test_appending_ascii_to_any_text_never_lowers_the_count(body: str, more: str):
    assert count(body + more).segments >= count(body).segments


@given(gsm_text)
def test_gsm_packing_equals_filling_character_by_character(body: str):
    sizes = [2 if character in GSM_EXTENDED else 1 for character in body]
    assert count(body).segments == (1 if sum(sizes) <= 160 else _fill(sizes, 153))


@given(emoji_text)
def test_no_count_is_below_the_naive_one(body: str):
    counted = count(body)
    single, part = (160, 153) if counted.encoding == "GSM-7" else (70, 67)
    assert counted.segments >= (1 if counted.units <= single else -(-counted.units // part))


@given(any_text, st.booleans())
def test_units_are_those_of_the_encoded_text(body: str, smart: bool):
    counted = count(body, smart)
    if counted.encoding == "UCS-2" and not smart:
        assert counted.units == len(body.encode("utf-16-le", "surrogatepass")) // 2


def test_prices_are_per_segment_and_a_picture_is_one_price():
    assert estimate(1) == Decimal("0.0128")
    assert estimate(3) == Decimal("0.0384")
    assert estimate(3, media=True) == estimate(1, media=True) == Decimal("0.0320")


def _fill(sizes: list[int], room: int) -> int:
    segments, left = 1, room
    for size in sizes:
        if size > left:
            segments, left = segments + 1, room
        left -= size
    return segments
