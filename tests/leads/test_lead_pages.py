"""One lead as pages: made, changed, handed over, deleted."""

from __future__ import annotations

import html5lib
import psycopg
import pytest

from tests.accounts.conftest import Visitor
from tests.leads.support import add_conversation, add_lead, one
from tests.support.people import Cast, add_person

PHONE = "+12125550123"
JANE = {"phone": "(212) 555-0123", "first_name": "Jane", "last_name": "Doe"}


def test_a_new_lead_belongs_to_the_rep_who_made_it(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    assert f'<option selected value="{cast.rep.id}">' in rep.get("/leads/new").text
    answer = rep.post("/leads/new", **JANE, owner=cast.rep.id, tags="Buyer, buyer; Condo", state="TX")
    assert answer.status_code == 303
    row = conn.execute("SELECT id, phone, owner_id, tags, state FROM leads").fetchone()
    assert row is not None
    assert row[1:] == (PHONE, cast.rep.id, ["Buyer", "Condo"], "TX")
    assert answer.headers["Location"] == f"/leads/{row[0]}"
    assert "Lead added." in rep.get(answer.headers["Location"]).text


def test_a_new_lead_with_consent_has_it_written_down(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    consent = {"consent_source": "web_form", "consent_date": "2020-01-02", "attested": "y"}
    assert rep.post("/leads/new", **JANE, **consent).status_code == 303
    row = conn.execute("SELECT source, attested, actor_id, occurred_at FROM consent_events").fetchone()
    assert row is not None
    assert (*row[:3], row[3].isoformat()) == ("web_form", True, cast.rep.id, "2020-01-02T06:00:00+00:00")
    assert "Filled in our web form" in rep.get(f"/leads/{one(conn, 'SELECT id FROM leads')}").text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"phone": ""}, "Enter"),
        ({"phone": "12345"}, "digit"),
        ({"email": "jane"}, "name@example.com"),
        ({"postal_code": "!"}, "78701"),
        ({"consent_source": "web_form"}, "Confirm that they agreed"),
        ({"consent_source": "web_form", "attested": "y", "consent_date": "2199-01-01"}, "has not come yet"),
        ({"consent_date": "soon"}, "not a day"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_is_lost(
    rep: Visitor, conn: psycopg.Connection, fields: dict[str, str], says: str
) -> None:
    answer = rep.post("/leads/new", **(JANE | {"tags": "Buyer"} | fields))
    assert answer.status_code == 422
    assert says in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Jane"' in answer.text
    assert 'value="Buyer"' in answer.text
    assert one(conn, "SELECT count(*) FROM leads") == 0


def test_a_phone_that_is_known_leads_to_its_lead(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, PHONE, owner=None, first_name="June", last_name="Old")
    answer = rep.post("/leads/new", **JANE)
    assert answer.status_code == 409
    assert "Already a lead." in answer.text
    assert f'href="/leads/{lead_id}">Open June Old</a>' in answer.text
    assert 'value="Jane"' in answer.text


def test_a_colleagues_phone_says_whom_to_ask_and_nothing_else(
    rep: Visitor, cast: Cast, conn: psycopg.Connection
) -> None:
    add_lead(conn, PHONE, owner=cast.other_rep, first_name="June")
    answer = rep.post("/leads/new", **JANE)
    assert answer.status_code == 409
    assert "Ask a manager" in answer.text
    assert "June" not in answer.text


def test_editing_changes_what_was_typed(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(
        conn,
        PHONE,
        owner=cast.rep,
        first_name="Jane",
        timezone="America/Cancun",
        custom={"beds": 3, "pool": True, "street": "Oak"},
    )
    page = rep.get(f"/leads/{lead_id}/edit").text
    assert 'value="America/Cancun"' in page
    typed = JANE | {"first_name": "June", "timezone": "America/Cancun", "custom-beds": "3", "custom-pool": "", "custom-street": "Elm"}  # fmt: skip
    assert rep.post(f"/leads/{lead_id}/edit", **typed).status_code == 303
    assert conn.execute("SELECT first_name, timezone, custom FROM leads").fetchone() == (
        "June",
        "America/Cancun",
        {"beds": 3, "street": "Elm"},
    )
    assert rep.post(f"/leads/{lead_id}/edit", **(typed | {"email": "x"})).status_code == 422


@pytest.mark.parametrize("phone", [PHONE, "+442079460958", "+528181234567"])
def test_saving_a_form_as_it_came_changes_nothing(
    rep: Visitor, cast: Cast, conn: psycopg.Connection, phone: str
) -> None:
    values = {"first_name": "Jane", "tags": ["Buyer", "Open house"], "state": "TX", "custom": {"beds": 3, "rate": 1.5}}
    lead_id = add_lead(conn, phone, owner=cast.rep, email="jane@example.com", timezone="Asia/Tokyo", **values)
    before = conn.execute("SELECT to_jsonb(l) - 'updated_at' FROM leads AS l").fetchone()
    page = html5lib.parse(rep.get(f"/leads/{lead_id}/edit").text, namespaceHTMLElements=False)
    form = page.find(".//form[@class='lead-form']")
    typed = {field.get("name"): field.get("value", "") for field in form.iter("input")}
    for select in form.iter("select"):
        chosen = select.find("option[@selected]")
        typed[select.get("name")] = "" if chosen is None else chosen.get("value")
    assert rep.client.post(f"/leads/{lead_id}/edit", data=typed).status_code == 303
    assert conn.execute("SELECT to_jsonb(l) - 'updated_at' FROM leads AS l").fetchone() == before


def test_editing_to_a_phone_that_is_taken_changes_nothing(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    taken = add_lead(conn, PHONE, owner=cast.rep, first_name="June")
    lead_id = add_lead(conn, "+12125550124", owner=cast.rep, first_name="Jane")
    conversation = add_conversation(conn, "+12125550124", lead_id=lead_id)
    answer = rep.post(f"/leads/{lead_id}/edit", **(JANE | {"first_name": "Changed"}))
    assert answer.status_code == 409
    assert f'href="/leads/{taken}">Open June</a>' in answer.text
    assert one(conn, "SELECT first_name FROM leads WHERE id = %s", lead_id) == "Jane"
    assert one(conn, "SELECT lead_id FROM sms_conversations WHERE id = %s", conversation) == lead_id


def test_a_lead_is_handed_over(rep: Visitor, manager: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep)
    kept = rep.post(f"/leads/{lead_id}/assign", user_id="")
    assert (kept.status_code, kept.headers["Location"]) == (303, f"/leads/{lead_id}")
    given = rep.post(f"/leads/{lead_id}/assign", user_id=cast.other_rep.id)
    assert (given.status_code, given.headers["Location"]) == (303, "/leads")
    assert "You no longer see this lead." in rep.get("/leads").text
    gone = add_person(conn, "Gone Away", "rep")
    conn.execute("UPDATE users SET active = false WHERE id = %s", [gone.id])
    for nobody in (gone.id, "999", "x"):
        assert manager.post(f"/leads/{lead_id}/assign", user_id=nobody).status_code == 422
    assert one(conn, "SELECT owner_id FROM leads") == cast.other_rep.id


def test_a_lead_of_somebody_who_left_says_so(manager: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep)
    conn.execute("UPDATE users SET active = false WHERE id = %s", [cast.rep.id])
    assert "Rita Rep (left)" in manager.get(f"/leads/{lead_id}").text


def test_deleting_says_what_stays_and_asks_once(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep, first_name="Jane")
    add_conversation(conn, PHONE, lead_id=lead_id, assigned_to=cast.rep)
    conn.execute("UPDATE contact_numbers SET suppressed_at = now()")
    for page in (rep.get(f"/leads/{lead_id}/delete").text, rep.get(f"/leads/{lead_id}").text):
        assert "Delete Jane?" in page
        assert "its opt-out and its consents" in page
    answer = rep.post(f"/leads/{lead_id}/delete")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/leads")
    assert "Jane is deleted." in rep.get("/leads").text
    assert rep.post(f"/leads/{lead_id}/delete").status_code == 404
    assert one(conn, "SELECT count(*) FROM contact_numbers WHERE suppressed_at IS NOT NULL") == 1
    assert one(conn, "SELECT count(*) FROM sms_conversations") == 1


def test_the_lead_page_asks_for_the_conversation_beside_it(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep, custom={"has_pool": True, "beds": 3})
    page = rep.get(f"/leads/{lead_id}").text
    assert f'id="conversation" hx-get="/inbox/panel/lead/{lead_id}" hx-trigger="load"' in page
    assert "<dt>Has pool</dt><dd>Yes</dd>" in page
    assert 'href="tel:+12125550123"' in page
