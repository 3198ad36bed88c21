"""The first text: to a lead without a conversation, or to any number; and the conversation in a lead's own page."""

from __future__ import annotations

import psycopg
import pytest

from tests.api.support import add_lead
from tests.inbox.support import CONSENT, Desk, add_thread, has, new_key, one, rows_in, texts, words
from tests.support.people import Cast


@pytest.fixture
def lead(cast: Cast, noon: None) -> int:
    return add_lead(cast.rep, "+15125550177", first_name="Greta")


def test_looking_at_a_lead_makes_no_conversation(rita: Desk, lead: int, conn: psycopg.Connection) -> None:
    for path in (f"/inbox/leads/{lead}", f"/inbox/panel/lead/{lead}"):
        answer = rita.get(path)
        assert "No texts yet." in words(answer, "items")
        assert f'hx-post="/inbox/leads/{lead}/messages"' in answer.text
    assert one(conn, "SELECT count(*) FROM sms_conversations") == 0


def test_the_first_text_makes_it_and_goes_on_there(rita: Desk, lead: int, conn: psycopg.Connection) -> None:
    answer = rita.act(f"/inbox/leads/{lead}/messages", body="Hello", client_key=new_key(), **CONSENT)
    thread = one(conn, "SELECT id FROM sms_conversations")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/inbox/{thread}")
    assert texts(conn, thread) == [("Hello", "queued")]
    assert rows_in(rita.get("/inbox", state="open")) == [thread]


def test_in_a_leads_page_it_stays_there(rita: Desk, lead: int) -> None:
    answer = rita.act(f"/inbox/leads/{lead}/messages", body="Hello", client_key=new_key(), page="lead", **CONSENT)
    assert answer.headers["HX-Redirect"] == f"/leads/{lead}"
    panel = rita.fetch(f"/inbox/panel/lead/{lead}")
    assert "Hello" in words(panel, "items")
    assert not has(panel, "panel")
    assert panel.text.count('hx-trigger="every') == 1


def test_two_first_texts_with_one_key_are_one(rita: Desk, lead: int, conn: psycopg.Connection) -> None:
    key = new_key()
    for _ in range(2):
        assert rita.act(f"/inbox/leads/{lead}/messages", body="Hello", client_key=key, **CONSENT).status_code == 204
    assert texts(conn, one(conn, "SELECT id FROM sms_conversations")) == [("Hello", "queued")]


def test_without_consent_the_page_asks_and_keeps_the_text(rita: Desk, lead: int, conn: psycopg.Connection) -> None:
    answer = rita.act(f"/inbox/leads/{lead}/messages", body="Hello", client_key=new_key())
    assert answer.status_code == 422
    assert words(answer, "composer-error") == "Say how this person agreed to texts, and confirm it."
    plain = rita.post(f"/inbox/leads/{lead}/messages", body="Hello", client_key=new_key())
    assert (plain.status_code, words(plain, "body")) == (422, "Hello")


def test_a_known_conversation_is_gone_on_with(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread = add_thread(cast.rep, 5)
    lead = one(conn, "SELECT id FROM leads")
    assert rita.get(f"/inbox/leads/{lead}").location == f"/inbox/{thread}"


def test_a_new_number_becomes_a_lead_of_mine(rita: Desk, conn: psycopg.Connection) -> None:
    answer = rita.post("/inbox/new", phone="(512) 555-0180", first_name="Ida")
    row = conn.execute("SELECT id, phone, first_name, owner_id FROM leads").fetchone()
    assert row is not None
    assert row[1:] == ("+15125550180", "Ida", rita.person.id)
    assert (answer.status_code, answer.location) == (303, f"/inbox/leads/{row[0]}")


def test_a_known_number_finds_its_lead(rita: Desk, lead: int, conn: psycopg.Connection) -> None:
    assert rita.post("/inbox/new", phone="512.555.0177").location == f"/inbox/leads/{lead}"
    assert one(conn, "SELECT count(*) FROM leads") == 1


def test_a_colleagues_number_is_not_given_away(otto: Desk, lead: int) -> None:
    answer = otto.post("/inbox/new", phone="(512) 555-0177")
    assert answer.status_code == 422
    assert words(answer, "phone-error") == (
        "This number is assigned to somebody else. Ask a manager to hand it to you."
    )
    assert "Greta" not in answer.text


@pytest.mark.parametrize("typed", ["", "call me", "123", "+1 512 555"])
def test_what_is_no_number_is_said_beside_the_field(rita: Desk, typed: str) -> None:
    answer = rita.post("/inbox/new", phone=typed, first_name="Ida")
    assert answer.status_code == 422
    assert words(answer, "phone-error").endswith(".")
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Ida"' in answer.text


def test_without_a_number_to_send_from_it_says_what_is_missing(rita: Desk, lead: int, conn: psycopg.Connection) -> None:
    conn.execute("UPDATE phone_numbers SET active = false")
    for answer in (rita.get(f"/inbox/leads/{lead}"), rita.act(f"/inbox/leads/{lead}/messages", body="Hello")):
        assert answer.status_code == 409
        assert "There is no phone number to send from yet." in answer.text
