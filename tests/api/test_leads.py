"""Leads through the API: the contract's fields, words and statuses."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.api.support import Program, add_conversation, add_lead, add_text
from tests.support.people import Cast

PHONE = "+12125550123"
FIELDS = {
    *("id", "first_name", "last_name", "phone", "email", "state", "postal_code", "timezone", "tags", "custom"),
    *("status", "owner_id", "score", "suppressed", "created_at"),
}


def _wrong(answer: Any) -> dict[str, str]:
    """What a 422 says, by field."""
    assert answer.status_code == 422, answer.text
    return {error["field"]: error["message"] for error in answer.json["errors"]}


def test_a_lead_is_made_and_comes_back_as_it_was_given(rep: Program, cast: Cast):
    given = {
        "first_name": "Jane",
        "last_name": "Doe",
        "email": "jane@example.com",
        "state": "TX",
        "postal_code": "78701",
        "timezone": "America/Chicago",
        "status": "interested",
        "tags": ["Buyer", "Open house"],
        "custom": {"beds": 3, "pool": True, "budget": 1.5, "street": "Oak"},
    }
    answer = rep.post("/api/leads", phone="(212) 555-0123", owner_id=str(cast.rep.id), **given)

    assert answer.status_code == 201
    assert set(answer.json) == FIELDS
    assert answer.json == given | {
        "id": answer.json["id"],
        "phone": PHONE,
        "owner_id": str(cast.rep.id),
        "score": 0,
        "suppressed": False,
        "created_at": "2026-12-09T18:00:00Z",
    }
    assert rep.get(f"/api/leads/{answer.json['id']}").json == answer.json
    assert rep.get("/api/leads").json == {"items": [answer.json], "next_cursor": None}


def test_only_the_phone_is_needed_and_words_become_codes(rep: Program):
    answer = rep.post("/api/leads", phone="212-555-0123", state="texas", timezone="Central")

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["timezone"], answer.json["owner_id"]) == ("TX", "America/Chicago", None)


def test_a_status_is_one_of_the_documented_words(rep: Program):
    lead = rep.post("/api/leads", phone=PHONE).json
    assert lead["status"] == "new"
    changed = rep.patch(f"/api/leads/{lead['id']}", status="lost")
    assert (changed.status_code, changed.json["status"]) == (200, "lost")
    assert rep.patch(f"/api/leads/{lead['id']}", first_name="Jane").json["status"] == "lost"
    for wrong in ("Client", "nurture", "", None, 1):
        said = _wrong(rep.patch(f"/api/leads/{lead['id']}", status=wrong))["status"]
        assert "'new', 'contacted', 'interested', 'appointment', 'client' or 'lost'" in said
    assert rep.get(f"/api/leads/{lead['id']}").json["status"] == "lost"
    described = rep.get("/api/openapi.json").json["components"]["schemas"]
    assert described["LeadStatus"]["enum"] == ["new", "contacted", "interested", "appointment", "client", "lost"]


def test_a_consent_that_somebody_attests_to_is_written_down(rep: Program, cast: Cast, conn: psycopg.Connection):
    consent = {"source": "web form", "at": "2026-12-01T09:00:00-06:00", "attested": True}
    assert rep.post("/api/leads", phone=PHONE, consent=consent).status_code == 201

    row = conn.execute("SELECT source, attested, actor_id, occurred_at FROM consent_events").fetchone()
    assert row is not None
    assert (*row[:3], row[3].isoformat()) == ("web form", True, cast.rep.id, "2026-12-01T15:00:00+00:00")
    assert conn.execute("SELECT consent_at FROM contact_numbers").fetchone() == (row[3],)


def test_a_consent_that_nobody_attests_to_is_none(rep: Program, conn: psycopg.Connection):
    consent = {"source": "web form", "attested": False}
    assert rep.post("/api/leads", phone=PHONE, consent=consent).status_code == 201

    assert conn.execute("SELECT consent_at FROM contact_numbers").fetchone() == (None,)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("phone", "12", "digit"),
        ("phone", None, "string"),
        ("email", "jane", "name@example.com"),
        ("state", "Atlantis", "TX or Texas"),
        ("postal_code", "!", "78701"),
        ("timezone", "Mars/Olympus", "America/Chicago"),
        ("tags", ["a,b"], "comma"),
        ("tags", "Buyer", "array"),
        ("custom", {"a": 1e300}, "text"),
        ("owner_id", "999", "manager"),
        ("owner_id", "me", "id"),
        ("consent", {"source": "web form"}, "required"),
        ("consent", {"source": "web form", "at": "2026-12-10T00:00:00Z", "attested": True}, "not come yet"),
        ("nickname", "J", "not a known field"),
    ],
)
def test_what_will_not_do_is_named_with_the_fix(rep: Program, field: str, value: object, says: str):
    wrong = _wrong(rep.post("/api/leads", **{"phone": PHONE, field: value}))

    assert len(wrong) == 1
    (name, message), *_ = wrong.items()
    assert name.split(".")[0] == field
    assert says in message
    assert rep.get("/api/leads").json["items"] == []


def test_everything_that_is_wrong_is_named_at_once_and_no_value_is_repeated(rep: Program):
    answer = rep.post("/api/leads", phone="0000", email="secret value", state="Nowhere")

    assert set(_wrong(answer)) == {"phone", "email", "state"}
    assert "secret value" not in answer.text
    assert "0000" not in answer.text


def test_a_phone_that_is_known_is_a_conflict_that_leads_there(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, PHONE)
    answer = rep.post("/api/leads", phone="1 (212) 555 0123")

    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert (answer.json["lead_id"], answer.json["reason"]) == (str(lead_id), "duplicate")


def test_a_colleagues_phone_is_a_conflict_that_says_whom_to_ask(rep: Program, manager: Program, cast: Cast):
    lead_id = add_lead(cast.other_rep, PHONE)
    answer = rep.post("/api/leads", phone=PHONE)

    assert (answer.status_code, answer.json["lead_id"]) == (409, None)
    assert "manager" in answer.json["detail"]
    assert manager.post("/api/leads", phone=PHONE).json["lead_id"] == str(lead_id)


def test_a_manager_makes_leads_for_anybody_who_works_here(manager: Program, cast: Cast, conn: psycopg.Connection):
    answer = manager.post("/api/leads", phone=PHONE, owner_id=str(cast.other_rep.id))
    assert (answer.status_code, answer.json["owner_id"]) == (201, str(cast.other_rep.id))

    conn.execute("UPDATE users SET active = false WHERE id = %s", [cast.other_rep.id])
    wrong = _wrong(manager.post("/api/leads", phone="+12125550124", owner_id=str(cast.other_rep.id)))
    assert set(wrong) == {"owner_id"}


def test_a_patch_changes_what_it_names_and_nothing_else(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, PHONE, first_name="Jane", email="jane@example.com", tags=["Buyer"])
    before = rep.get(f"/api/leads/{lead_id}").json

    answer = rep.patch(f"/api/leads/{lead_id}", last_name="Doe", email=None, tags=["Seller"])
    assert answer.status_code == 200
    assert answer.json == before | {"last_name": "Doe", "email": None, "tags": ["Seller"]}
    assert rep.patch(f"/api/leads/{lead_id}").json == answer.json
    assert rep.get(f"/api/leads/{lead_id}").json == answer.json


def test_custom_fields_are_merged_and_null_takes_one_away(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, PHONE, custom={"beds": 3, "street": "Oak"})

    answer = rep.patch(f"/api/leads/{lead_id}", custom={"street": None, "pool": False})
    assert answer.json["custom"] == {"beds": 3, "pool": False}


def test_a_patch_that_will_not_do_changes_nothing(rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, PHONE, first_name="Jane")
    before = rep.get(f"/api/leads/{lead_id}").json

    wrong = _wrong(rep.patch(f"/api/leads/{lead_id}", first_name="June", phone="12", owner_id="999"))
    assert set(wrong) == {"phone", "owner_id"}
    assert _wrong(rep.patch(f"/api/leads/{lead_id}", first_name=None)).keys() == {"first_name"}
    assert _wrong(rep.patch(f"/api/leads/{lead_id}", score=99)) == {"score": "is not a known field"}
    assert rep.get(f"/api/leads/{lead_id}").json == before


def test_a_new_phone_that_is_taken_leaves_everything_as_it_was(rep: Program, cast: Cast, conn: psycopg.Connection):
    taken, lead_id = add_lead(cast.rep, PHONE), add_lead(cast.rep, "+12125550124", first_name="Jane")
    text = add_text(add_conversation(lead_id), "Hello", cast.rep).message_id
    was = conn.execute("SELECT status FROM sms_messages WHERE id = %s", [text]).fetchone()

    answer = rep.patch(f"/api/leads/{lead_id}", phone=PHONE, first_name="June")
    assert (answer.status_code, answer.json["lead_id"]) == (409, str(taken))
    assert rep.get(f"/api/leads/{lead_id}").json["first_name"] == "Jane"
    assert conn.execute("SELECT lead_id FROM sms_conversations").fetchone() == (lead_id,)
    assert conn.execute("SELECT status FROM sms_messages WHERE id = %s", [text]).fetchone() == was


def test_a_rep_gives_a_lead_away_and_no_longer_sees_it(rep: Program, other_rep: Program, cast: Cast):
    lead_id = add_lead(cast.rep, PHONE)

    answer = rep.patch(f"/api/leads/{lead_id}", owner_id=str(cast.other_rep.id))
    assert (answer.status_code, answer.json["owner_id"]) == (200, str(cast.other_rep.id))
    assert rep.get(f"/api/leads/{lead_id}").status_code == 404
    assert other_rep.patch(f"/api/leads/{lead_id}", owner_id=None).json["owner_id"] is None
    assert rep.get(f"/api/leads/{lead_id}").status_code == 200


def test_a_deleted_lead_leaves_its_number_its_opt_out_and_its_texts(rep: Program, cast: Cast, conn: psycopg.Connection):
    lead_id = add_lead(cast.rep, PHONE)
    add_text(add_conversation(lead_id), "Hello", cast.rep)
    conn.execute("UPDATE contact_numbers SET suppressed_at = now(), suppression_source = 'keyword'")

    answer = rep.delete(f"/api/leads/{lead_id}")
    assert (answer.status_code, answer.data) == (204, b"")
    assert rep.get(f"/api/leads/{lead_id}").status_code == 404
    assert rep.delete(f"/api/leads/{lead_id}").status_code == 404
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (1,)
    assert conn.execute("SELECT action, target FROM audit_log ORDER BY id DESC LIMIT 1").fetchone() == (
        "lead.deleted",
        f"lead:{lead_id}",
    )
    again = rep.post("/api/leads", phone=PHONE)
    assert (again.status_code, again.json["suppressed"]) == (201, True)


@pytest.fixture
def leads(cast: Cast) -> dict[str, str]:
    made = {
        "zoe": add_lead(cast.rep, "+12125550101", first_name="Zoe", last_name="Adams", tags=["Buyer"]),
        "abe": add_lead(cast.rep, "+12125550102", first_name="Abe", last_name="Young", email="abe@example.com"),
        "nobodys": add_lead(None, "+12125550103", first_name="Nora"),
        "ottos": add_lead(cast.other_rep, "+12125550104", first_name="Olga"),
    }
    return {name: str(lead_id) for name, lead_id in made.items()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["nobodys", "abe", "zoe"]),
        ({"sort": "name"}, ["nobodys", "zoe", "abe"]),
        ({"owner": "mine"}, ["abe", "zoe"]),
        ({"owner": "unassigned"}, ["nobodys"]),
        ({"q": "buyer"}, ["zoe"]),
        ({"q": "0102"}, ["abe"]),
        ({"q": "(212) 555-0101"}, ["zoe"]),
        ({"q": "abe@ex"}, ["abe"]),
        ({"q": "olga"}, []),
        ({"q": "!?"}, ["nobodys", "abe", "zoe"]),
    ],
)
def test_a_rep_lists_their_own_and_nobodys(
    rep: Program, leads: dict[str, str], query: dict[str, str], expected: list[str]
):
    answer = rep.get("/api/leads", **query)
    assert [item["id"] for item in answer.json["items"]] == [leads[name] for name in expected]


def test_the_leads_of_one_person_are_shown_to_those_who_may_see_them(
    rep: Program, manager: Program, cast: Cast, leads: dict[str, str]
):
    def ids(program: Program, owner: int) -> list[str]:
        return [item["id"] for item in program.get("/api/leads", owner=owner).json["items"]]

    assert ids(manager, cast.other_rep.id) == [leads["ottos"]]
    assert ids(rep, cast.other_rep.id) == []
    assert ids(rep, cast.rep.id) == [leads["abe"], leads["zoe"]]
    assert len(manager.get("/api/leads").json["items"]) == 4


@pytest.mark.parametrize("sort", ["newest", "name"])
def test_pages_lead_through_the_whole_list_once(manager: Program, sort: str):
    names = ["Ωmega" * 20, "李" * 100, "😀" * 100, "", "adams", "Adams", "Zed"]
    made = {str(add_lead(None, f"+121255501{n:02}", last_name=name)) for n, name in enumerate(names)}
    seen: list[str] = []
    cursor = None
    while True:
        answer = manager.get("/api/leads", sort=sort, limit=2, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200
        seen += [item["id"] for item in answer.json["items"]]
        cursor = answer.json["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(made)
    assert set(seen) == made


@pytest.mark.parametrize(
    "query",
    [
        {"owner": "somebody"},
        {"owner": "01"},
        {"sort": "oldest"},
        {"limit": "0"},
        {"limit": "201"},
        {"cursor": "nonsense"},
        {"nickname": "J"},
        {"q": "a\x00b"},
    ],
)
def test_a_parameter_that_will_not_do_is_named(rep: Program, query: dict[str, str]):
    assert set(_wrong(rep.get("/api/leads", **query))) == set(query)


@pytest.mark.parametrize("who", ["rep", "other_rep", "manager"])
def test_each_call_on_one_lead_is_for_those_who_may_see_it(who: str, request: pytest.FixtureRequest, cast: Cast):
    program: Program = request.getfixturevalue(who)
    lead_id = add_lead(cast.rep, PHONE)
    expected = (404, 404, 404) if who == "other_rep" else (200, 200, 204)

    path = f"/api/leads/{lead_id}"
    assert (program.get(path).status_code, program.patch(path).status_code) == expected[:2]
    assert program.delete(path).status_code == expected[2]


@pytest.mark.parametrize("lead_id", ["0", "01", "x", "9" * 19, "-1", "1.5"])
def test_what_cannot_be_an_id_names_nothing(rep: Program, lead_id: str):
    assert rep.get(f"/api/leads/{lead_id}").status_code == 404
