"""Filters: what they find, whom they let be seen, and how they say what is wrong with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.leads import filter_model as model
from tests.leads.support import NOW, actor_of, add_lead, one
from tests.support.people import Cast
from webapp.accounts.actors import Actor
from webapp.accounts.settings import AccountSettings
from webapp.compliance import facts, gate
from webapp.compliance.asked import Asked, Circumstances
from webapp.compliance.decisions import Outcome
from webapp.leads import filters
from webapp.leads.filter_fields import FIELDS, field_of
from webapp.leads.filters import FilterError
from webapp.leads.standings import Standing
from webapp.models.constants import Origin, Reason

#: What may be given to each kind of operator, by the field where that matters.
_WORDS: dict[str, tuple[str, ...]] = {
    "tags": model.TAGS,
    "area_code": ("212", "512", "907"),
    "state": ("TX", "FL", "NY"),
    "timezone": ("America/Chicago", "America/Denver"),
    "source": (*model.SOURCES, "import"),
}
_TEXTS = [*(name for name in model.NAMES if name), "an", "B", "%", "_", "example.com", "787", "3", "4.5", "true"]


def found(conn: psycopg.Connection[Any], chosen: Any, actor: Actor) -> set[int]:
    query = filters.leads_sql(filters.parse(chosen), actor, NOW)
    ids = [row[0] for row in conn.execute(query.sql, query.params)]
    assert len(ids) == len(set(ids))
    return set(ids)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from([*FIELDS, "custom.Beds", "custom.a'b", "custom.none"]))
    op = draw(st.sampled_from(sorted(field_of(name).ops)))
    condition = {"field": name, "op": op}
    values: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(_TEXTS),
        "words": st.lists(st.sampled_from(_WORDS.get(name, ("x",))), min_size=1, max_size=3, unique=True),
        "choices": st.lists(st.sampled_from(["client", "Not interested", "New"]), min_size=1, max_size=2, unique=True),
        "owners": st.lists(st.sampled_from(["me", "nobody", "3", "4"]), min_size=1, max_size=2, unique=True),
        "number": st.sampled_from([0, 2, 3, 4.5]),
        "count": st.integers(1, 4),
        "days": st.sampled_from(model.DAYS),
        "day": st.sampled_from(["2026-12-01", "2026-11-21", "2025-01-01"]),
        "id": st.sampled_from(["1", "2", "3", "99"]),
    }
    kind = field_of(name).ops[op].takes.kind
    return condition if kind == "nothing" else {**condition, "value": draw(values[kind])}


def groups() -> st.SearchStrategy[dict[str, Any]]:
    matches = st.sampled_from(["all", "any"])
    return st.fixed_dictionaries({"match": matches, "conditions": st.lists(conditions(), min_size=1, max_size=3)})


def whole_filters() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "match": st.sampled_from(["all", "any"]),
            "conditions": st.lists(st.one_of(conditions(), conditions(), groups()), max_size=4),
        }
    )


def test_a_filter_finds_whom_a_slow_reading_of_it_finds(conn: psycopg.Connection, cast: Cast) -> None:
    world = model.make_world(conn, cast)
    actors = [actor_of(cast.manager), actor_of(cast.rep)]
    hits: set[str] = set()

    @settings(max_examples=400, deadline=None)
    @given(whole_filters())
    def check(chosen: dict[str, Any]) -> None:
        for actor in actors:
            expected = model.found(world, chosen, actor)
            assert found(conn, chosen, actor) == expected, chosen
            if 0 < len(expected) < len(world):
                hits.update(part["field"] for part in chosen["conditions"] if "field" in part)

    check()
    assert len(hits) > len(FIELDS) / 2, "the world is too dull to tell filters apart"


@pytest.mark.parametrize("name", [*FIELDS, "custom.Beds"])
def test_each_question_alone_is_answered_as_it_reads(conn: psycopg.Connection, cast: Cast, name: str) -> None:
    world, actor = model.make_world(conn, cast, 40), actor_of(cast.manager)
    given_values: dict[str, list[Any]] = {
        "nothing": [None],
        "text": ["ann", "3", "787", "%"],
        "words": [[word] for word in _WORDS.get(name, ("x",))],
        "owners": [["me"], ["nobody"], ["3"]],
        "choices": [["client"], ["New", "Not interested"]],
        "number": [2, 4.5],
        "count": [1, 3],
        "days": list(model.DAYS),
        "day": ["2026-12-01", "2026-11-21"],
        "id": ["1", "2", "3"],
    }
    for op, each in field_of(name).ops.items():
        for value in given_values[each.takes.kind]:
            chosen = {"conditions": [{"field": name, "op": op, "value": value}]}
            assert found(conn, chosen, actor) == model.found(world, chosen, actor), chosen


def test_no_reply_means_texted_and_silent_since(conn: psycopg.Connection, cast: Cast) -> None:
    world = model.make_world(conn, cast)
    silent = found(conn, {"conditions": [{"field": "reply", "op": "none_in", "value": 14}]}, actor_of(cast.manager))
    by_id = {known.id: known for known in world}
    assert silent
    assert all(by_id[lead].sent for lead in silent)
    assert not any(by_id[lead].heard and by_id[lead].heard >= NOW - timedelta(days=14) for lead in silent)


def test_words_are_searched_as_the_list_searches_them(conn: psycopg.Connection, cast: Cast) -> None:
    ann = add_lead(conn, "+12125550101", first_name="Ann", tags=["Buyer"])
    add_lead(conn, "+12125550102", first_name="Bob")
    actor = actor_of(cast.rep)
    assert found(conn, {"q": "(212) 555-0101"}, actor) == {ann}
    assert found(conn, {"q": "buy"}, actor) == {ann}
    assert len(found(conn, {"q": "("}, actor)) == 2


@pytest.mark.parametrize(
    ("chosen", "place", "fix"),
    [
        (
            {"conditions": [{"field": "colour", "op": "is", "value": "red"}]},
            "conditions.0.field",
            "Use one of: first_name",
        ),
        ({"conditions": [{"field": "score", "op": "starts_with", "value": "1"}]}, "conditions.0.op", "at_least"),
        ({"conditions": [{"field": "score", "op": "at_least", "value": "many"}]}, "conditions.0.value", "a number"),
        ({"conditions": [{"field": "score", "op": "at_least", "value": True}]}, "conditions.0.value", "a number"),
        ({"conditions": [{"field": "tags", "op": "has_any", "value": []}]}, "conditions.0.value", "at least one"),
        ({"conditions": [{"field": "tags", "op": "has_any"}]}, "conditions.0.value", "at least one"),
        ({"conditions": [{"field": "reply", "op": "none_in", "value": 0}]}, "conditions.0.value", "from 1"),
        (
            {"conditions": [{"field": "created_at", "op": "since", "value": "2026-02-30"}]},
            "conditions.0.value",
            "a day",
        ),
        ({"conditions": [{"field": "suppressed", "op": "yes", "value": True}]}, "conditions.0.value", "leave"),
        ({"conditions": [{"field": "owner", "op": "is", "value": ["Rita"]}]}, "conditions.0.value", "ids of people"),
        ({"conditions": [{"field": "campaign", "op": "in", "value": "1 OR 1=1"}]}, "conditions.0.value", "an id"),
        ({"conditions": [{"field": "custom.", "op": "is", "value": "x"}]}, "conditions.0.field", "custom.NAME"),
        ({"conditions": [{"field": "state"}]}, "conditions.0.op", "required"),
        ({"conditions": [{"conditions": [{"conditions": []}]}]}, "conditions.0.conditions.0", "required"),
        ({"conditions": [{"match": "any", "conditions": []}]}, "conditions.0.conditions", "at least 1"),
        (
            {
                "conditions": [
                    {"conditions": [{"field": "state", "op": "is", "value": ["TX"]}, {"field": "state", "op": "?"}]}
                ]
            },
            "conditions.0.conditions.1.op",
            "Use one of",
        ),
        (
            {"conditions": [{"conditions": [{"field": "doubt", "op": "yes"}] * 21}] * 2},
            "conditions",
            "40 conditions or fewer",
        ),
        ({"match": "some"}, "match", "all"),
        ({"limit": 5}, "limit", "not a known part"),
        ({"q": "x" * 201}, "q", "200"),
        ({"q": "a\x00"}, "q", "pattern"),
        ([], "filter", "dictionary"),
    ],
)
def test_what_is_wrong_names_the_condition_and_the_fix(chosen: Any, place: str, fix: str) -> None:
    with pytest.raises(FilterError) as refused:
        filters.parse(chosen)
    assert [error.field.startswith(place) for error in refused.value.errors][:1] == [True], refused.value.errors
    assert fix in refused.value.errors[0].message


def test_a_stored_filter_reads_back_as_itself() -> None:
    @given(whole_filters())
    def check(chosen: dict[str, Any]) -> None:
        parsed = filters.parse(chosen)
        assert filters.parse(parsed.stored()) == parsed

    check()


def test_one_word_may_stand_for_a_list_of_one() -> None:
    one_word = filters.parse({"conditions": [{"field": "state", "op": "is", "value": "TX"}]})
    assert one_word == filters.parse({"conditions": [{"field": "state", "op": "is", "value": ["TX"]}]})


def test_narrowing_a_filter_narrows_all_that_it_finds(conn: psycopg.Connection, cast: Cast) -> None:
    world, actor = model.make_world(conn, cast), actor_of(cast.manager)
    able = {known.id for known in world if not known.suppressed}

    @settings(max_examples=60, deadline=None)
    @given(whole_filters())
    def check(chosen: dict[str, Any]) -> None:
        narrowed = filters.parse(chosen).within(filters.Condition(field="suppressed", op="no")).stored()
        assert found(conn, narrowed, actor) == model.found(world, chosen, actor) & able

    check()


def test_the_standing_of_a_lead_is_what_the_gate_says_of_an_automatic_text(
    conn: psycopg.Connection, cast: Cast
) -> None:
    """Every mix of what the gate looks at, asked of both."""
    _every_mix_of_facts(conn)
    words = {
        Reason.SIMULATED: Standing.SIMULATED,
        Reason.INVALID_NUMBER: Standing.INVALID,
        Reason.OPTED_OUT: Standing.OPTED_OUT,
        Reason.DNC: Standing.DNC,
        Reason.NO_CONSENT: Standing.NO_CONSENT,
        Reason.PROBABLE_OPT_OUT: Standing.DOUBT,
    }
    leads = dict(conn.execute("SELECT contact_number_id, id FROM leads").fetchall())
    around = Circumstances(AccountSettings(), simulated=False)
    expected: dict[Standing, set[int]] = {standing: set() for standing in Standing}
    for number_id, known in facts.load(conn, list(leads), NOW).items():
        decision = gate.judge(known, Asked(Origin.CAMPAIGN, automatic=True, asked_at=NOW), around, NOW)
        stops = decision.outcome is Outcome.REFUSE or decision.reason is Reason.PROBABLE_OPT_OUT
        expected[words[Reason(decision.reason)] if stops else Standing.CLEAR].add(leads[number_id])

    actor = actor_of(cast.manager)
    assert {standing: found(conn, {"standing": standing.value}, actor) for standing in Standing} == expected
    assert all(expected.values())


def _every_mix_of_facts(conn: psycopg.Connection[Any]) -> None:
    conn.execute(
        """
        WITH lists AS (
            INSERT INTO dnc_lists (kind, name, as_of, active)
            VALUES ('national', 'n', '2026-11-30', true), ('litigator', 'l', '2026-11-30', true),
                   ('state', 's', '2026-11-30', false)
            RETURNING id, kind
        ), mixes AS (
            SELECT row_number() OVER () AS n, * FROM unnest(ARRAY[true, false]) AS simulated,
                unnest(ARRAY[true, false]) AS invalid, unnest(ARRAY[true, false]) AS suppressed,
                unnest(ARRAY['none', 'national', 'litigator', 'state']) AS dnc,
                unnest(ARRAY['none', 'written', 'verbal', 'lapsed', 'lapsing']) AS consent,
                unnest(ARRAY[true, false]) AS doubt
        ), numbers AS (
            INSERT INTO contact_numbers (e164, simulated, invalid_at, suppressed_at, consent_at, consent_channel,
                                         consent_until, doubt_at, created_at)
            SELECT '+1212' || (5550000 + n), simulated, CASE WHEN invalid THEN %(now)s END,
                CASE WHEN suppressed THEN %(now)s END, CASE WHEN consent <> 'none' THEN %(now)s - interval '9 days' END,
                CASE consent WHEN 'verbal' THEN 'verbal' WHEN 'written' THEN 'web' END,
                CASE consent WHEN 'lapsed' THEN %(now)s WHEN 'lapsing' THEN %(now)s + interval '1 second' END,
                CASE WHEN doubt THEN %(now)s END, %(now)s
            FROM mixes RETURNING id, e164
        ), entries AS (
            INSERT INTO dnc_entries (e164, list_id)
            SELECT '+1212' || (5550000 + n), lists.id FROM mixes JOIN lists ON lists.kind = mixes.dnc
        )
        INSERT INTO leads (contact_number_id, phone, created_at, updated_at)
        SELECT id, e164, %(now)s, %(now)s FROM numbers
        """,
        {"now": NOW},
    )
    assert one(conn, "SELECT count(*) FROM leads") == 320
