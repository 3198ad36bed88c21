from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.texts.render import BadTemplate, MergeFields, UnresolvedField, fields_of, render

ANN = MergeFields(
    first_name="Ann",
    phone="+15125550123",
    my_name="Rita",
    custom={"city": "Dallas", "items": "two", "rooms": 3, "blank": " "},
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Hi there", "Hi there"),
        ("Hi {{ first_name }}", "Hi Ann"),
        ("Hi {{first_name|upper}}, {{ my_name }} here", "Hi ANN, Rita here"),
        ('Hi {{ last_name | default("there") }}', "Hi there"),
        ("{{ last_name | default(first_name) | lower }}", "ann"),
        ("{{ custom.city }}, {{ custom.items }}, {{ custom.rooms }}", "Dallas, two, 3"),
        ("{% if last_name %}Dear {{ last_name }}{% else %}Hi{% endif %}", "Hi"),
        ("{% if state == 'TX' %}Howdy{% elif not email %}Hello{% endif %}", "Hello"),
        ("{{ 'Sir' if last_name else 'friend' }}", "friend"),
        ("a { b } c", "a { b } c"),
        ("line\n", "line\n"),
        ("{# only for us #}Hi", "Hi"),
    ],
)
def test_a_text_is_rendered_for_its_reader(body: str, text: str):
    assert render(body, ANN) == text


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Hi {{ last_name }},", "last_name"),
        ("Hi {{ last_name | upper }}", "last_name"),
        ("Hi {{ last_name | default(state) }}", "state"),
        ("In {{ custom.street }}", "custom.street"),
        ("In {{ custom.blank }}", "custom.blank"),
    ],
)
def test_an_empty_field_without_default_stops_the_text_and_is_named(body: str, name: str):
    with pytest.raises(UnresolvedField) as unresolved:
        render(body, ANN)
    assert unresolved.value.name == name


@pytest.mark.parametrize(
    "body",
    [
        "{{ frist_name }}",
        "{{ frist_name | default('there') }}",
        "{{",
        "{{ }}",
        "{% if first_name %}never closed",
        "{% for letter in first_name %}x{% endfor %}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% macro m() %}{% endmacro %}",
        "{{ first_name.upper() }}",
        "{{ first_name.__class__ }}",
        "{{ custom.__class__ }}",
        "{{ custom }}",
        "{{ custom['city'] }}",
        "{{ custom.city.x }}",
        "{{ first_name[0] }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ [1] }}",
        "{{ {} }}",
        "{{ first_name ~ 'x' }}",
        "{{ first_name | attr('x') }}",
        "{{ first_name | upper(1) }}",
        "{{ first_name | default }}",
        "{{ first_name | default(*custom) }}",
        "{{ range(9) }}",
        "{{ first_name is defined }}",
        "{{ 'x' if last_name }}",
        "{% if first_name in 'Ann' %}x{% endif %}",
        "{{ " + "(" * 5000 + ")" * 5000 + " }}",
        "{{ " + "not " * 50 + "first_name }}",
        "{{ " + "9" * 5000 + " }}",
    ],
)
def test_whatever_loops_calls_or_calculates_is_refused(body: str):
    with pytest.raises(BadTemplate):
        render(body, ANN)


@pytest.mark.parametrize(
    ("body", "fix"),
    [
        ("Hi {{ first_name", "Close each {{ with }}."),
        ("Hi {{ first_name }", "Close each {{ with }}."),
        ("{% if first_name", "Close each {% with %}."),
        ("{# a note", "Close each {# with #}."),
        ("{% if first_name %}Hi", "Close each {% if … %} with {% endif %}."),
        ("{% endif %}", "Between {% and %} stands if, elif, else or endif, and each if comes before its endif."),
        ("{{ first name }}", "Between {{ and }} stands one name, and perhaps a filter, like first_name | title."),
    ],
)
def test_who_has_never_heard_of_templates_is_told_the_fix(body: str, fix: str):
    with pytest.raises(BadTemplate) as refused:
        render(body, ANN)
    assert str(refused.value) == fix


def test_a_value_is_never_read_as_a_template():
    assert render("Hi {{ first_name }}", MergeFields(first_name="{{ phone }}<b>")) == "Hi {{ phone }}<b>"


def test_the_fields_of_a_text_are_known_before_it_is_sent():
    body = "{{ first_name }} {% if custom.city %}{{ my_name | default(last_name) }}{% endif %}"

    assert fields_of(body) == {"first_name", "custom.city", "my_name", "last_name"}
    assert fields_of("Hi") == frozenset()


@given(st.text(max_size=200) | st.text(alphabet="{}%#|.()'\" _abfirstnme=!", max_size=60))
def test_any_body_is_rendered_or_refused_in_words(body: str):
    try:
        assert isinstance(render(body, ANN), str)
    except (BadTemplate, UnresolvedField) as refusal:
        assert str(refusal)


@given(st.text(alphabet=st.characters(exclude_characters="{"), max_size=200))
def test_a_body_without_braces_stays_as_it_is(body: str):
    assert render(body, ANN) == body
