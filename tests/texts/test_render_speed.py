"""A text of words and fields is filled in without Jinja: what comes out is what Jinja would have made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.texts import render as room
from webapp.texts.render import MergeFields, UnresolvedField, render

WORDS = st.text(alphabet=st.characters(exclude_characters="{}%#", exclude_categories=["Cs"]), max_size=12)
LINES = st.sampled_from(["\n", "\r\n", " \n ", "{ ", " }", "\t"])
DEFAULT = st.text(alphabet=st.characters(exclude_characters='"\\\r', exclude_categories=["Cs"]), max_size=8)
ESCAPED = st.sampled_from(["\\n", "\\\\", "\\t", "\\u00e9"])
NAME = st.sampled_from(["first_name", "last_name", "state", "custom.city", "custom.rooms", "custom.nothing"])
EDGE = st.sampled_from([("{{ ", " }}"), ("{{", "}}"), ("{{- ", " -}}"), ("{{+ ", " }}")])


@st.composite
def plain_fields(draw: st.DrawFn) -> str:
    opens, closes = draw(EDGE)
    name = draw(NAME)
    if draw(st.booleans()):
        return f"{opens}{name}{closes}"
    return f'{opens}{name} | default("{draw(DEFAULT | ESCAPED)}"){closes}'


RICHER = st.sampled_from(
    [
        "{{ first_name | upper }}",
        "{{ last_name | default(state) }}",
        "{{ last_name | default(3) }}",
        "{{ last_name | upper | default('x') }}",
        "{{ 'words' }}",
        "{% if state %}{{ state }}{% else %}-{% endif %}",
        "{# nobody reads this #}",
        "{% raw %}{{ first_name }}{% endraw %}",
    ]
)
VALUE = st.sampled_from(["", " ", "Ann", " Ann Lee ", "{{ phone }}", "<b>", "a\r\nb"])
CUSTOM = st.dictionaries(st.sampled_from(["city", "rooms"]), st.sampled_from(["Dallas", " ", 3, None, ["a"]]))
PEOPLE = st.builds(MergeFields, first_name=VALUE, last_name=VALUE, state=VALUE, custom=CUSTOM)


def by_jinja(body: str, fields: MergeFields) -> str:
    if "{" not in body:  # stays as it is, line ends too
        return body
    return room._environment.from_string(body).render(room._values(fields))


def outcome(text_of: object, body: str, fields: MergeFields) -> str:
    try:
        return f"text: {text_of(body, fields)}"  # type: ignore[operator]
    except UnresolvedField as unresolved:
        return f"unresolved: {unresolved.name}"


@given(pieces=st.lists(WORDS | LINES | plain_fields() | RICHER, max_size=6), fields=PEOPLE)
def test_any_text_reads_as_jinja_would_have_it(pieces: list[str], fields: MergeFields) -> None:
    body = "".join(pieces)
    assert outcome(render, body, fields) == outcome(by_jinja, body, fields)


@given(pieces=st.lists(WORDS | plain_fields(), max_size=6))
def test_words_and_fields_take_the_short_way(pieces: list[str]) -> None:
    assert room._plain_pieces(room._parsed("".join(pieces))) is not None


@pytest.mark.parametrize(
    "body", ["{{ first_name | upper }}", "{{ state if state else 'x' }}", "{% if state %}a{% endif %}"]
)
def test_all_else_takes_the_long_way(body: str) -> None:
    assert room._plain_pieces(room._parsed(body)) is None
