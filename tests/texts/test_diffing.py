from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.texts.diffing import word_diff


def test_words_that_stay_go_and_come():
    assert word_diff("See you on Monday.", "See you on Tuesday at ten.") == [
        ("same", "See you on "),
        ("gone", "Monday"),
        ("new", "Tuesday at ten"),
        ("same", "."),
    ]


def test_a_merge_field_changes_as_a_whole():
    assert word_diff("Hi {{ first_name }}!", 'Hi {{ first_name | default("there") }}!') == [
        ("same", "Hi "),
        ("gone", "{{ first_name }}"),
        ("new", '{{ first_name | default("there") }}'),
        ("same", "!"),
    ]


def test_nothing_changed():
    assert word_diff("Same", "Same") == [("same", "Same")]
    assert word_diff("", "") == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_wordings_can_be_read_out_of_it(old: str, new: str):
    changes = word_diff(old, new)

    assert "".join(change.text for change in changes if change.kind != "new") == old
    assert "".join(change.text for change in changes if change.kind != "gone") == new
