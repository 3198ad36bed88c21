"""Saved lists: dynamic and frozen, private and shared, counted, and their arithmetic; by the room and by the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests.api.support import Program, program_of
from tests.leads import filter_model as model
from tests.leads.support import NOW, actor_of, add_lead, one
from tests.support.people import Cast, Person
from tests.support.races import at_once
from webapp import database
from webapp.accounts.actors import Actor
from webapp.leads import filters, lists
from webapp.leads.lists import NameTakenError, NewList, TooManyError
from webapp.leads.standings import Standing
from webapp.web.problems import Problem

TEXAS = {"conditions": [{"field": "state", "op": "is", "value": ["TX"]}]}


@pytest.fixture
def ask(app: Flask, conn: psycopg.Connection, at: Callable[[str], None]) -> Callable[[Person], Program]:
    at("2026-12-01T15:00:00Z")
    return lambda person: program_of(app.test_client(), conn, person)


def save(conn: psycopg.Connection[Any], actor: Actor, chosen: Any = TEXAS, **more: Any) -> int:
    return lists.create(conn, actor, NewList(more.pop("name", "Texas"), filters.parse(chosen), **more), NOW)


def ids(conn: psycopg.Connection[Any], list_id: int, actor: Actor) -> set[int]:
    query = lists.leads_sql(conn, list_id, actor, NOW)
    return {row[0] for row in conn.execute(query.sql, query.params)}


def texan(conn: psycopg.Connection[Any], number: int, owner: Person | None = None) -> int:
    return add_lead(conn, f"+1212555{number:04}", owner=owner, state="TX")


def test_a_dynamic_list_grows_and_a_frozen_one_stays(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    first = texan(conn, 1)
    dynamic, frozen = save(conn, actor), save(conn, actor, name="Then", frozen=True)
    second = texan(conn, 2)
    conn.execute("UPDATE leads SET state = 'FL' WHERE id = %s", [first])
    assert ids(conn, dynamic, actor) == {second}
    assert ids(conn, frozen, actor) == {first}


def test_whoever_uses_a_shared_list_sees_their_own_leads_in_it(conn: psycopg.Connection, cast: Cast) -> None:
    ritas, ottos, nobodys = texan(conn, 1, cast.rep), texan(conn, 2, cast.other_rep), texan(conn, 3)
    shared = save(conn, actor_of(cast.manager), shared=True)
    frozen = save(conn, actor_of(cast.manager), name="Frozen", shared=True, frozen=True)
    for list_id in (shared, frozen):
        assert ids(conn, list_id, actor_of(cast.manager)) == {ritas, ottos, nobodys}
        assert ids(conn, list_id, actor_of(cast.rep)) == {ritas, nobodys}
        assert lists.count(conn, list_id, actor_of(cast.rep), NOW) == 2
        assert one(conn, "SELECT counted FROM saved_lists WHERE id = %s", list_id) == 3, "its owner's count stays"


def test_a_private_list_is_there_for_its_owner_alone(conn: psycopg.Connection, cast: Cast) -> None:
    texan(conn, 1)
    private = save(conn, actor_of(cast.rep), frozen=True)
    for other in (cast.other_rep, cast.manager, cast.admin):
        assert lists.find(conn, actor_of(other), private) is None
        assert lists.visible_lists(conn, actor_of(other)) == []
        with pytest.raises(LookupError):
            lists.leads_sql(conn, private, actor_of(other), NOW)
        members = {"conditions": [{"field": "list", "op": "in", "value": str(private)}]}
        query = filters.leads_sql(filters.parse(members), actor_of(other), NOW)
        assert conn.execute(query.sql, query.params).fetchall() == [], "nor by a filter that names it"


def test_only_its_owner_and_managers_change_a_shared_list(conn: psycopg.Connection, cast: Cast) -> None:
    shared = save(conn, actor_of(cast.rep), shared=True)
    with pytest.raises(Problem) as refused:
        lists.demand(conn, actor_of(cast.other_rep), shared, to_change=True)
    assert refused.value.status == 403
    assert lists.demand(conn, actor_of(cast.manager), shared, to_change=True).name == "Texas"


def test_a_count_is_kept_with_its_time(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.rep)
    list_id = save(conn, actor)
    texan(conn, 1)
    later = NOW + timedelta(hours=3)
    assert lists.count(conn, list_id, actor, later) == 1
    saved = lists.demand(conn, actor, list_id)
    assert (saved.counted, saved.counted_at) == (1, later)


def test_one_person_has_one_list_of_a_name(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    save(conn, actor_of(cast.rep))
    save(conn, actor_of(cast.other_rep))
    with pytest.raises(NameTakenError):
        save(conn, actor_of(cast.rep), name="TEXAS")

    def race() -> bool:
        try:
            with database.transaction() as mine:
                save(mine, actor_of(cast.manager))
        except NameTakenError:
            return False
        return True

    assert sorted(at_once([race] * 4)) == [False, False, False, True]


def test_a_frozen_list_asks_again_only_when_its_filter_is_another(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    first = texan(conn, 1)
    list_id = save(conn, actor, frozen=True)
    second = texan(conn, 2)
    renamed = NewList("Renamed", filters.parse(TEXAS), frozen=True)
    lists.change(conn, lists.demand(conn, actor, list_id), actor, renamed, NOW)
    assert ids(conn, list_id, actor) == {first}
    both = NewList("Renamed", filters.parse({**TEXAS, "q": "212"}), frozen=True)
    lists.change(conn, lists.demand(conn, actor, list_id), actor, both, NOW)
    assert ids(conn, list_id, actor) == {first, second}
    lists.change(conn, lists.demand(conn, actor, list_id), actor, NewList("Renamed", filters.parse(TEXAS)), NOW)
    assert one(conn, "SELECT count(*) FROM saved_list_members") == 0


def test_a_copy_is_private_and_ones_own(conn: psycopg.Connection, cast: Cast) -> None:
    mine, hers = texan(conn, 1, cast.rep), texan(conn, 2, cast.other_rep)
    frozen = save(conn, actor_of(cast.manager), shared=True, frozen=True)
    conn.execute("UPDATE leads SET state = NULL")
    rep = actor_of(cast.rep)
    names = set()
    for _ in range(2):
        copy = lists.demand(conn, rep, lists.duplicate(conn, lists.demand(conn, rep, frozen), rep, NOW))
        assert (copy.shared, copy.frozen, copy.owner_id, copy.filter) == (False, True, rep.id, TEXAS)
        assert ids(conn, copy.id, rep) == {mine}
        names.add(copy.name)
    assert names == {"Texas copy", "Texas copy 2"}
    assert ids(conn, frozen, actor_of(cast.manager)) == {mine, hers}


def test_a_deleted_list_comes_back_whole_unless_its_name_is_taken(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.rep)
    texan(conn, 1)
    list_id = save(conn, actor, frozen=True)
    lists.delete(conn, lists.demand(conn, actor, list_id), NOW)
    assert lists.find(conn, actor, list_id) is None
    assert not lists.restore(conn, actor_of(cast.other_rep), list_id)
    assert lists.restore(conn, actor, list_id)
    assert len(ids(conn, list_id, actor)) == 1
    lists.delete(conn, lists.demand(conn, actor, list_id), NOW)
    save(conn, actor)
    assert not lists.restore(conn, actor, list_id)


def test_a_deleted_list_goes_for_good_after_a_day(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.rep)
    texan(conn, 1)
    first, second = save(conn, actor, frozen=True), save(conn, actor, name="B", frozen=True)
    lists.delete(conn, lists.demand(conn, actor, first), NOW)
    lists.delete(conn, lists.demand(conn, actor, second), NOW + timedelta(hours=25))
    assert not lists.restore(conn, actor, first)
    assert one(conn, "SELECT count(*) FROM saved_list_members") == 1
    assert lists.restore(conn, actor, second)


def test_a_list_that_a_campaign_stands_on_stays(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    list_id = save(conn, actor)
    conn.execute(
        "INSERT INTO sms_campaigns (name, kind, status, saved_list_id, created_at, updated_at)"
        " VALUES ('Spring', 'drip', 'running', %s, now(), now())",
        [list_id],
    )
    with pytest.raises(Problem, match="Spring"):
        lists.delete(conn, lists.demand(conn, actor, list_id), NOW)
    conn.execute("UPDATE sms_campaigns SET status = 'finished'")
    lists.delete(conn, lists.demand(conn, actor, list_id), NOW)


def test_the_arithmetic_adds_up_and_each_term_shows_just_its_leads(conn: psycopg.Connection, cast: Cast) -> None:
    world = model.make_world(conn, cast)
    actor = actor_of(cast.rep)
    either = {
        "match": "any",
        "conditions": [{"field": "state", "op": "is", "value": ["TX"]}, {"field": "doubt", "op": "no"}],
    }
    chosen = filters.parse(either)
    sums = lists.arithmetic(conn, filters.leads_sql(chosen, actor, NOW), NOW)
    assert sums.total == len(model.found(world, either, actor))
    assert sums.total - sum(term.count for term in sums.less) == sums.left > 0
    assert [term.standing for term in sums.less] == [
        each for each in Standing if each in {t.standing for t in sums.less}
    ]
    assert len(sums.less) >= 3
    for term in sums.less:
        shown = filters.leads_sql(chosen.model_copy(update={"standing": term.standing}), actor, NOW)
        assert lists.count_of(conn, shown) == term.count


def test_the_arithmetic_reads_as_a_sentence(conn: psycopg.Connection, cast: Cast) -> None:
    actor = actor_of(cast.manager)
    everybody = filters.leads_sql(filters.EVERYBODY, actor, NOW)
    assert lists.arithmetic(conn, everybody, NOW).sentence == "0 match."
    for number in range(5):
        texan(conn, number)
    conn.execute("UPDATE contact_numbers SET consent_at = now() WHERE id > 1")
    conn.execute("UPDATE contact_numbers SET suppressed_at = now() WHERE id IN (2, 3)")
    assert lists.arithmetic(conn, everybody, NOW).sentence == "5 match, less 2 opted out, 1 without consent: 2."


def test_a_frozen_list_has_a_limit_and_a_refused_one_is_not_there(
    ask: Callable[[Person], Program], conn: psycopg.Connection, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        texan(conn, number)
    monkeypatch.setattr(lists, "MOST_FROZEN", 2)
    with pytest.raises(TooManyError):
        save(conn, actor_of(cast.manager), frozen=True)
    answer = ask(cast.rep).post("/api/leads/lists", name="x", filter=TEXAS, frozen=True)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["field"] == "frozen"
    assert one(conn, "SELECT count(*) FROM saved_lists") == 0


# --- The API --------------------------------------------------------------------------------------------------------


def test_a_program_saves_changes_and_deletes_a_list(
    ask: Callable[[Person], Program], conn: psycopg.Connection, cast: Cast
) -> None:
    rep = ask(cast.rep)
    lead_id = texan(conn, 1, cast.rep)
    add_lead(conn, "+12125550199", owner=cast.rep)
    made = rep.post("/api/leads/lists", name=" Texas ", filter=TEXAS)
    assert made.status_code == 201, made.text
    assert made.json is not None
    assert made.json == made.json | {
        "name": "Texas", "filter": TEXAS, "count": 1, "counted_at": "2026-12-01T15:00:00Z", "shared": False
    }  # fmt: skip
    path = f"/api/leads/lists/{made.json['id']}"
    assert [lead["id"] for lead in items(rep, "/api/leads", list_id=made.json["id"])] == [str(lead_id)]
    assert rep.post("/api/leads/lists", name="texas", filter={}).status_code == 409
    changed = rep.patch(path, name="South", shared=True)
    assert changed.json is not None
    assert (changed.json["name"], changed.json["filter"], changed.json["shared"]) == ("South", TEXAS, True)
    (seen,) = items(ask(cast.other_rep), "/api/leads/lists")
    assert (seen["name"], seen["count"], seen["counted_at"]) == ("South", None, None), "not how many leads are Rita's"
    assert items(ask(cast.manager), "/api/leads/lists")[0]["count"] == 1
    assert ask(cast.other_rep).delete(path).status_code == 403
    assert rep.delete(path).status_code == 204
    assert rep.get(path).status_code == 404


def test_leads_are_listed_by_a_filter_page_by_page(
    ask: Callable[[Person], Program], conn: psycopg.Connection, cast: Cast
) -> None:
    rep = ask(cast.rep)
    expected = {str(texan(conn, number, cast.rep)) for number in range(5)}
    add_lead(conn, "+12125550199", owner=cast.rep)
    texan(conn, 77, cast.other_rep)
    found, cursor = set(), None
    while True:
        query = {"filter": json.dumps(TEXAS), "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = rep.get("/api/leads", **query).json
        assert page is not None
        found |= {lead["id"] for lead in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"filter": "{"}, "filter"),
        ({"filter": "[" * 3000}, "filter"),
        ({"filter": '{"conditions": [{"field": "score", "op": "near", "value": 1}]}'}, "filter.conditions.0.op"),
        ({"filter": "{}", "list_id": "1"}, "filter"),
        ({"list_id": "1"}, "list_id"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_its_place(
    ask: Callable[[Person], Program], cast: Cast, query: dict[str, str], field: str
) -> None:
    answer = ask(cast.rep).get("/api/leads", **query)
    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_lists_come_by_name_page_by_page(
    ask: Callable[[Person], Program], conn: psycopg.Connection, cast: Cast
) -> None:
    for name in ("b", "A", "é", "c"):
        save(conn, actor_of(cast.rep), name=name)
    rep = ask(cast.rep)
    first = rep.get("/api/leads/lists", limit=2).json
    assert first is not None
    rest = rep.get("/api/leads/lists", limit=2, cursor=first["next_cursor"]).json
    assert rest is not None
    assert [each["name"] for each in (*first["items"], *rest["items"])] == ["A", "b", "c", "é"]
    assert rest["next_cursor"] is None


def items(program: Program, path: str, **query: object) -> list[dict[str, Any]]:
    answer = program.get(path, **query)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return list(answer.json["items"])
