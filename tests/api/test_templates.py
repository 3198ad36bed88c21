"""Templates through the API, and texts that are sent by them."""

from __future__ import annotations

import psycopg
import pytest

from tests.api.support import Program, add_lead
from tests.support.people import Cast

HELLO = 'Hi {{ first_name | default("there") }}, {{ my_name }} here'


def _make(program: Program, **values: object) -> str:
    answer = program.post("/api/templates", **{"name": "Greeting", "body": HELLO, **values})
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    return str(answer.json["id"])


def test_a_template_is_made_and_comes_back_as_it_was_given(manager: Program):
    answer = manager.post("/api/templates", name=" Greeting ", category="Calls", body=f"{HELLO}\r\n")

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json == {
        "id": answer.json["id"],
        "name": "Greeting",
        "category": "Calls",
        "body": HELLO,
        "version": 1,
        "shared": True,
        "fields": ["first_name", "my_name"],
        "warnings": [],
        "created_at": "2026-12-09T18:00:00Z",
        "updated_at": "2026-12-09T18:00:00Z",
    }
    assert manager.get(f"/api/templates/{answer.json['id']}").json == answer.json
    assert manager.get("/api/templates").json == {"items": [answer.json], "next_cursor": None}


def test_a_reps_own_is_nobody_elses(rep: Program, other_rep: Program, manager: Program):
    own = _make(rep)

    assert rep.get(f"/api/templates/{own}").json["shared"] is False
    for program in (other_rep, manager):
        assert program.get("/api/templates").json == {"items": [], "next_cursor": None}
        assert program.get(f"/api/templates/{own}").status_code == 404
        assert program.patch(f"/api/templates/{own}", name="Mine").status_code == 404
        assert program.delete(f"/api/templates/{own}").status_code == 404


def test_a_rep_uses_everybodys_and_changes_none_of_them(rep: Program, manager: Program):
    everybodys, own = _make(manager), _make(rep)

    assert rep.get(f"/api/templates/{everybodys}").status_code == 200
    assert rep.patch(f"/api/templates/{everybodys}", body="Mine").status_code == 403
    assert rep.delete(f"/api/templates/{everybodys}").status_code == 403
    assert rep.patch(f"/api/templates/{own}", shared=True).status_code == 403
    assert rep.post("/api/templates", name="n", body="b", shared=True).status_code == 403


def test_only_what_is_named_changes(manager: Program):
    template = _make(manager, category="Calls")

    renamed = manager.patch(f"/api/templates/{template}", name="Another").json
    reworded = manager.patch(f"/api/templates/{template}", body="Hello").json

    assert (renamed["name"], renamed["category"], renamed["body"], renamed["version"]) == ("Another", "Calls", HELLO, 1)
    assert (reworded["name"], reworded["body"], reworded["version"]) == ("Another", "Hello", 2)


def test_a_program_that_read_an_older_version_is_told(manager: Program):
    template = _make(manager)
    manager.patch(f"/api/templates/{template}", body="Two", version=1)

    answer = manager.patch(f"/api/templates/{template}", body="Also two", version=1)

    assert answer.status_code == 409
    assert (answer.json["reason"], answer.json["version"]) == ("outdated", 2)
    assert manager.get(f"/api/templates/{template}").json["body"] == "Two"


def test_a_taken_name_is_a_conflict(manager: Program):
    _make(manager)
    other = _make(manager, name="Other")

    for answer in (
        manager.post("/api/templates", name="greeting", body="x"),
        manager.patch(f"/api/templates/{other}", name="GREETING"),
    ):
        assert answer.status_code == 409
        assert answer.json["reason"] == "name_taken"


def test_a_deleted_one_is_gone_from_the_api_and_kept_in_the_library(manager: Program, conn: psycopg.Connection):
    template = _make(manager)

    assert manager.delete(f"/api/templates/{template}").status_code == 204

    assert manager.get(f"/api/templates/{template}").status_code == 404
    assert manager.delete(f"/api/templates/{template}").status_code == 404
    assert manager.get("/api/templates").json["items"] == []
    assert conn.execute("SELECT count(*) FROM template_versions").fetchone() == (1,)


def test_what_is_wrong_is_named_by_field_and_unknown_fields_are_warned_of(manager: Program, cast: Cast):
    add_lead(cast.rep, custom={"city": "Dallas"})

    answer = manager.post("/api/templates", name=" ", body="Hi {{ frist_name }}")
    made = manager.post("/api/templates", name="Town", body="In {{ custom.city }} or {{ custom.town }}?").json

    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"name", "body"}
    assert made["warnings"] == ["None of the newest leads has the field custom.town."]


def test_the_list_is_searched_and_goes_page_by_page(manager: Program):
    for number in range(5):
        _make(manager, name=f"n{number}", category="Even" if number % 2 == 0 else "", body=f"Text {number}")

    found = manager.get("/api/templates", q="text 3").json["items"]
    even = manager.get("/api/templates", category="even").json["items"]
    names, cursor = [], None
    while True:
        page = manager.get("/api/templates", limit=2, **({"cursor": cursor} if cursor else {})).json
        names += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert [item["name"] for item in found] == ["n3"]
    assert [item["name"] for item in even] == ["n0", "n2", "n4"]
    assert names == ["n0", "n2", "n4", "n1", "n3"]


def test_a_text_says_what_the_template_says_to_this_lead(rep: Program, manager: Program, cast: Cast):
    lead_id = str(add_lead(cast.rep, first_name="Ann"))

    answer = rep.send(lead_id=lead_id, body=None, template_id=_make(manager))

    assert answer.status_code == 202, answer.text
    assert answer.json["body"] == "Hi Ann, Rita Rep here"


def test_a_template_with_a_field_that_is_empty_for_this_lead_is_not_sent(rep: Program, cast: Cast):
    lead_id = str(add_lead(cast.rep))

    answer = rep.send(lead_id=lead_id, body=None, template_id=_make(rep, body="Hi {{ first_name }},"))

    assert answer.status_code == 422
    assert (answer.json["reason"], answer.json["merge_field"]) == ("unresolved_field", "first_name")
    assert [error["field"] for error in answer.json["errors"]] == ["template_id"]
    assert rep.get("/api/sms/messages", lead_id=lead_id).json["items"] == []


@pytest.mark.parametrize("both", [True, False])
def test_a_text_has_either_a_body_or_a_template(rep: Program, cast: Cast, both: bool):
    given = {"body": "Hi", "template_id": _make(rep)} if both else {"body": None}

    answer = rep.send(lead_id=str(add_lead(cast.rep)), **given)

    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {"field": "template_id" if both else "body", "message": "give either body or template_id"}
    ]


def test_a_template_that_one_may_not_use_or_that_was_put_away_sends_nothing(
    rep: Program, other_rep: Program, cast: Cast, conn: psycopg.Connection
):
    lead_id, ottos, old = str(add_lead(cast.rep)), _make(other_rep), _make(rep)
    rep.delete(f"/api/templates/{old}")

    for template in (ottos, old, "999999"):
        answer = rep.send(lead_id=lead_id, body=None, template_id=template)
        assert answer.status_code == 404
        assert answer.json["errors"][0]["field"] == "template_id"
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)
