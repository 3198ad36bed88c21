"""Changes of many leads at once: what they do, whom they leave alone, undoing, races, and killed workers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO

import psycopg
import pytest
from flask import Flask

from tests.api.support import program_of
from tests.leads.bulking import begin, column, did, errors, run, undone
from tests.leads.running import found
from tests.leads.support import actor_of, add_conversation, add_lead, one
from tests.support.people import Cast, Person
from webapp.jobs import bulk
from webapp.leads import bulk_export, bulk_work
from webapp.leads.bulk_actions import Action, Done, RefusedError, Task, _actions, action_of, register
from webapp.leads.bulk_work import NobodyError
from webapp.web.problems import Problem

# --- What each does -------------------------------------------------------------------------------------------------


def test_leads_and_their_conversations_are_assigned_and_come_back(
    conn: psycopg.Connection, cast: Cast, three: list[int]
) -> None:
    add_conversation(conn, "+12125550001", lead_id=three[1], assigned_to=cast.other_rep)
    manager = actor_of(cast.manager)
    operation = did(manager, "assign", {"owner": str(cast.rep.id)})
    assert operation.counters == {"changed": 2, "unchanged": 1, "skipped": 0}
    assert set(column(conn, "owner_id").values()) == {cast.rep.id}
    assert one(conn, "SELECT assigned_to FROM sms_conversations") == cast.rep.id
    conn.execute("UPDATE leads SET owner_id = %s WHERE id = %s", [cast.manager.id, three[2]])
    back = undone(manager, operation)
    assert back.counters == {"changed": 1, "unchanged": 0, "skipped": 1}
    assert errors(conn, back) == {f"lead:{three[2]}": "Somebody has changed it since, or it is gone."}
    assert column(conn, "owner_id") == dict(zip(three, [cast.rep.id, cast.other_rep.id, cast.manager.id], strict=True))
    assert one(conn, "SELECT assigned_to FROM sms_conversations") == cast.other_rep.id


def test_a_tag_is_added_once_and_only_what_was_added_is_taken_back(
    conn: psycopg.Connection, cast: Cast, three: list[int]
) -> None:
    conn.execute("UPDATE leads SET tags = '{Other,buyer}' WHERE id = %s", [three[0]])
    conn.execute("UPDATE leads SET tags = %s WHERE id = %s", [[f"t{n}" for n in range(50)], three[1]])
    manager = actor_of(cast.manager)
    operation = did(manager, "add_tag", {"tag": " Buyer "})
    assert operation.counters == {"changed": 1, "unchanged": 1, "skipped": 1}
    assert "50 tags" in errors(conn, operation)[f"lead:{three[1]}"]
    assert column(conn, "tags")[three[2]] == ["Buyer"]
    undone(manager, operation)
    assert column(conn, "tags")[three[2]] == []
    assert column(conn, "tags")[three[0]] == ["Other", "buyer"]


def test_a_tag_is_removed_however_it_is_written_and_comes_back_as_it_was(
    conn: psycopg.Connection, cast: Cast, three: list[int]
) -> None:
    conn.execute("UPDATE leads SET tags = '{A,BUYER,B}' WHERE id = %s", [three[0]])
    manager = actor_of(cast.manager)
    operation = did(manager, "remove_tag", {"tag": "Buyer"})
    assert operation.counters == {"changed": 1, "unchanged": 2, "skipped": 0}
    assert column(conn, "tags")[three[0]] == ["A", "B"]
    undone(manager, operation)
    assert sorted(column(conn, "tags")[three[0]]) == ["A", "B", "BUYER"]


@pytest.mark.parametrize(
    ("given", "field", "expected"),
    [
        ({"field": "state", "value": "florida"}, "state", "FL"),
        ({"field": "state", "value": ""}, "state", None),
        ({"field": "timezone", "value": "Central"}, "timezone", "America/Chicago"),
        ({"field": "source", "value": "Open house"}, "source", "Open house"),
        ({"field": "last_name", "value": "Smith"}, "last_name", "Smith"),
        ({"field": "own", "name": "Beds", "value": "3"}, "custom", {"Beds": "3", "Pool": True}),
        ({"field": "own", "name": "Pool", "value": ""}, "custom", {}),
    ],
)
def test_a_field_is_set_and_comes_back(
    conn: psycopg.Connection, cast: Cast, three: list[int], given: dict[str, str], field: str, expected: object
) -> None:
    conn.execute("""UPDATE leads SET custom = '{"Pool": true}'""")
    before = column(conn, field)
    manager = actor_of(cast.manager)
    operation = did(manager, "set_field", given)
    assert operation.counters["changed"] == 3
    assert all(value == expected for value in column(conn, field).values())
    conn.execute("UPDATE leads SET state = 'NY', timezone = 'America/Boise', source = 'x', last_name = 'x' WHERE id = %s",
                 [three[0]])  # fmt: skip
    undone(manager, operation)
    after = column(conn, field)
    assert {lead: after[lead] for lead in three[1:]} == {lead: before[lead] for lead in three[1:]}
    if field != "custom":
        assert after[three[0]] != before[three[0]], "what somebody has changed since stays"


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("assign", {"owner": "999"}, "owner"),
        ("assign", {"owner": "1 OR 1=1"}, "owner"),
        ("add_tag", {"tag": " "}, "tag"),
        ("add_tag", {"tag": "a, b"}, "tag"),
        ("set_field", {"field": "phone", "value": "1"}, "field"),
        ("set_field", {"field": "owner_id = 1, state", "value": "1"}, "field"),
        ("set_field", {"field": "state", "value": "Narnia"}, "value"),
        ("set_field", {"field": "source", "value": ""}, "value"),
        ("set_field", {"field": "own", "name": "", "value": "1"}, "name"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_field(
    conn: psycopg.Connection, cast: Cast, three: list[int], name: str, given: dict[str, str], field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        begin(actor_of(cast.manager), name, given)
    assert refused.value.field == field
    assert one(conn, "SELECT count(*) FROM bulk_operations") == 0


def test_leads_are_deleted_with_an_audit_line_each(conn: psycopg.Connection, cast: Cast, three: list[int]) -> None:
    operation = did(actor_of(cast.manager), "delete", ids=three[:2])
    assert operation.counters == {"changed": 2, "unchanged": 0, "skipped": 0}
    assert list(column(conn, "id")) == [three[2]]
    assert one(conn, "SELECT count(*) FROM audit_log WHERE action = 'lead.deleted'") == 2
    assert one(conn, "SELECT count(*) FROM contact_numbers") == 3
    with pytest.raises(Problem, match="cannot be undone"):
        undone(actor_of(cast.manager), operation)


def test_an_export_reads_back_and_holds_no_formula(conn: psycopg.Connection, cast: Cast, three: list[int]) -> None:
    conn.execute(
        """UPDATE leads SET first_name = '=1+1', tags = '{@x}', custom = '{"-Beds": "+3"}' WHERE id = %s""", three[:1]
    )
    operation = did(actor_of(cast.manager), "export")
    assert operation.counters == {"exported": 3, "skipped": 0}
    content = b"".join(bulk_export.stream(operation)).decode()
    assert content.startswith("\ufeffFirst name,")
    rows = list(csv.DictReader(StringIO(content.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert (rows[0]["First name"], rows[0]["Tags"], rows[0]["'-Beds"]) == ("'=1+1", "'@x", "'+3")
    assert {row["Assigned to"] for row in rows} == {"Rita Rep", "Otto Other", ""}
    assert one(conn, "SELECT details->>'rows' FROM audit_log WHERE action = 'leads.bulk.export'") == "3"


def test_reps_export_nothing(cast: Cast, app: Flask) -> None:
    assert action_of("export", actor_of(cast.rep)) is None


# --- Whom it is for -------------------------------------------------------------------------------------------------


def test_a_rep_touches_their_own_leads_alone(conn: psycopg.Connection, cast: Cast, three: list[int]) -> None:
    rep = actor_of(cast.rep)
    assert did(rep, "add_tag", {"tag": "x"}).counters["changed"] == 2
    assert did(rep, "add_tag", {"tag": "y"}, ids=three).counters["changed"] == 2
    assert column(conn, "tags")[three[1]] == []
    with pytest.raises(NobodyError):
        begin(rep, "delete", ids=[three[1]])


def test_what_becomes_a_colleagues_before_its_turn_is_left_alone(
    conn: psycopg.Connection, cast: Cast, three: list[int]
) -> None:
    operation_id = begin(actor_of(cast.rep), "add_tag", {"tag": "x"})
    conn.execute("UPDATE leads SET owner_id = %s WHERE id = %s", [cast.other_rep.id, three[0]])
    conn.execute("DELETE FROM leads WHERE id = %s", [three[2]])
    operation = run(operation_id)
    assert operation.counters == {"changed": 0, "unchanged": 0, "skipped": 2}
    assert errors(conn, operation) == {f"lead:{three[n]}": bulk_work.GONE for n in (0, 2)}


def test_whom_it_is_for_is_settled_when_it_begins(conn: psycopg.Connection, cast: Cast, three: list[int]) -> None:
    texas = {"conditions": [{"field": "state", "op": "is", "value": ["TX"]}]}
    operation_id = begin(actor_of(cast.manager), "set_field", {"field": "state", "value": "FL"}, chosen=texas)
    late = add_lead(conn, "+12125550177", state="TX")
    conn.execute("UPDATE leads SET state = 'NY' WHERE id = %s", [three[0]])
    assert run(operation_id).counters["changed"] == 3
    assert column(conn, "state") == {**dict.fromkeys(three, "FL"), late: "TX"}


def test_nothing_goes_on_for_somebody_who_has_left_or_may_not_any_more(
    conn: psycopg.Connection, cast: Cast, three: list[int]
) -> None:
    deleting = begin(actor_of(cast.manager), "delete")
    exporting = begin(actor_of(cast.admin), "export")
    conn.execute("UPDATE users SET active = false WHERE id = %s", [cast.manager.id])
    conn.execute("UPDATE users SET role = 'rep' WHERE id = %s", [cast.admin.id])
    assert run(deleting).counters == {"changed": 0, "unchanged": 0, "skipped": 3}
    assert run(exporting).counters == {"exported": 0, "skipped": 3}
    assert len(column(conn, "id")) == 3


def test_a_program_follows_it_as_it_follows_an_import(
    conn: psycopg.Connection, cast: Cast, three: list[int], app: Flask
) -> None:
    conn.execute("UPDATE leads SET tags = %s WHERE id = %s", [[f"t{n}" for n in range(50)], three[0]])
    operation = did(actor_of(cast.rep), "add_tag", {"tag": "x"})
    answer = program_of(app.test_client(), conn, cast.rep).get(f"/api/bulk/{operation.id}").json
    assert answer is not None
    assert answer == answer | {
        "kind": "lead_change", "status": "done", "done": 2, "counters": {"changed": 1, "unchanged": 0, "skipped": 1},
        "notes": ["Add the tag “x”"],
    }  # fmt: skip
    assert [error["field"] for error in answer["errors"]["items"]] == [f"lead:{three[0]}"]
    assert program_of(app.test_client(), conn, cast.other_rep).get(f"/api/bulk/{operation.id}").status_code == 404


# --- Other rooms' actions -------------------------------------------------------------------------------------------


@contextmanager
def registered(action: Action) -> Iterator[None]:
    register(action)
    try:
        yield
    finally:
        del _actions[action.name]


def test_a_higher_room_adds_an_action_with_outcomes_of_its_own(
    conn: psycopg.Connection, cast: Cast, three: list[int]
) -> None:
    def enroll(task: Task, ids: Sequence[int]) -> Done:
        from collections import Counter

        assert task.actor.id == cast.rep.id
        return Done(Counter(enrolled=len(ids) - 1), [(ids[0], "Is in it already.")])

    action = Action(
        "enroll",
        "Enroll in a campaign",
        says=lambda params: f"Enroll in {params['campaign']}",
        read=lambda _conn, _actor, given: {"campaign": given["campaign"]},
        apply=enroll,
        counters={"enrolled": "Enrolled", "skipped": "Left out"},
    )
    with registered(action):
        operation = did(actor_of(cast.rep), "enroll", {"campaign": "7"})
    assert operation.params["says"] == "Enroll in 7"
    assert operation.counters == {"enrolled": 1, "skipped": 1}
    assert errors(conn, operation) == {f"lead:{three[0]}": "Is in it already."}


def test_a_real_worker_takes_it_from_the_queue(
    conn: psycopg.Connection, cast: Cast, three: list[int], work: Callable[[], object]
) -> None:
    operation_id = begin(actor_of(cast.manager), "add_tag", {"tag": "x"})
    bulk.ring(bulk_work.KIND, operation_id)
    work()
    assert found(operation_id).status == "done"
    assert set(map(tuple, column(conn, "tags").values())) == {("x",)}


def test_nobody_to_do_it_to_is_said_at_once(cast: Cast, app: Flask) -> None:
    person: Person = cast.rep
    with pytest.raises(NobodyError):
        begin(actor_of(person), "add_tag", {"tag": "x"})
