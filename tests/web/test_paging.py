from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.web.kit import make_kit_app
from webapp.web.paging import cut, decode_cursor, encode_cursor
from webapp.web.problems import Problem

_APP = make_kit_app()


def _pages(kit: FlaskClient, limit: int) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        answer = kit.get("/api/things", query_string=asked).json
        assert answer is not None
        pages.append([item["id"] for item in answer["items"]])
        cursor = answer["next_cursor"]
        if cursor is None:
            return pages


@pytest.mark.parametrize(("limit", "lengths"), [(10, [10, 10, 5]), (5, [5] * 5), (25, [25]), (200, [25])])
def test_following_the_cursor_gives_everything_once(kit: FlaskClient, limit: int, lengths: list[int]):
    pages = _pages(kit, limit)

    assert [len(page) for page in pages] == lengths
    assert [number for page in pages for number in page] == [str(number) for number in range(1, 26)]


@given(
    st.lists(st.none() | st.integers(-(2**63), 2**63) | st.text() | st.datetimes(timezones=st.just(UTC)), max_size=5)
)
def test_a_cursor_brings_back_what_it_carries(values: list[object]):
    with _APP.test_request_context("/api/things"):
        assert decode_cursor(encode_cursor(*values)) == tuple(values)


@given(st.text(max_size=60))
def test_what_is_not_a_cursor_is_refused(text: str):
    with _APP.test_request_context("/api/things"), pytest.raises(Problem) as refusal:
        decode_cursor(text)
    assert refusal.value.status == 422
    assert refusal.value.errors[0].field == "cursor"


def test_a_changed_cursor_is_refused(kit_app: Flask):
    with kit_app.test_request_context("/api/things"):
        cursor = encode_cursor(12)
        changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
        with pytest.raises(Problem):
            decode_cursor(changed)


def test_a_cursor_is_good_for_its_own_list_only(kit: FlaskClient):
    first = kit.get("/api/things?limit=5&kind=red").json
    assert first is not None

    same = kit.get("/api/things", query_string={"kind": "red", "limit": 3, "cursor": first["next_cursor"]})
    other = kit.get("/api/things", query_string={"kind": "blue", "limit": 5, "cursor": first["next_cursor"]})

    assert same.status_code == 200
    assert other.status_code == 422


def test_a_page_names_its_own_scope(kit_app: Flask):
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with kit_app.test_request_context("/leads"):
        cursor = encode_cursor(at, 5, scope="leads")
    with kit_app.test_request_context("/leads/rows?anything=else"):
        assert decode_cursor(cursor, "leads") == (at, 5)


def test_a_full_last_page_has_no_successor(kit_app: Flask):
    with kit_app.test_request_context("/api/things"):
        assert cut([1, 2], 2, lambda row: (row,)).next_cursor is None
        assert cut([1, 2, 3], 2, lambda row: (row,)).rows == [1, 2]
