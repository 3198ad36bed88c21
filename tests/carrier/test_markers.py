"""Our mark in a message's attributes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.carrier.markers import decode, encode
from webapp.carrier.types import Marker


@given(key=st.text(max_size=60), attempt=st.integers(0, 1000))
def test_a_marker_comes_back_as_it_was_written(key: str, attempt: int) -> None:
    assert decode(encode(Marker(key, attempt))) == Marker(key, attempt)


def test_the_attributes_are_what_the_facts_say() -> None:
    assert json.loads(encode(Marker("k", 2))) == {"leadline": {"key": "k", "attempt": 2}}


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        "",
        "{}",
        7,
        {"leadline": {}},
        '{"leadline": {}}',
        '{"leadline": 7}',
        '["leadline"]',
        '"leadline"',
        '{"leadline',
        '{"leadline": {"key": "k", "attempt": "x"}}',
        '{"leadline": {"key": "k", "attempt": null}}',
        "[" * 3000 + '"leadline"',
    ],
)
def test_attributes_of_others_hold_no_marker(attributes: object) -> None:
    assert decode(attributes) is None


def test_a_marker_beside_what_others_wrote_is_found() -> None:
    assert decode('{"crm": 1, "leadline": {"key": "k", "attempt": 1}}') == Marker("k", 1)
