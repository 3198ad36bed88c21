"""Resolve, assign, retry, cancel: each shows what it changed, can be repeated, and is nobody else's to do."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.inbox.support import Desk, add_thread, agreed, events, hear, one, rows_in, said, texts, words
from tests.support.people import Cast


@pytest.fixture
def thread(cast: Cast, conn: psycopg.Connection, noon: None) -> int:
    made = add_thread(cast.rep, first_name="Ann")
    agreed(conn, made)
    return made


def test_a_resolved_conversation_waits_no_more_and_can_be_taken_back(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    hear(conn, thread, "Thanks")
    answer = rita.act(f"/inbox/{thread}/resolve")
    assert events(answer)["toast"] == {"text": "Resolved.", "undo": f"/inbox/{thread}/reopen"}
    assert rows_in(answer) == []
    assert rows_in(rita.get("/inbox", state="done")) == [thread]
    assert rita.post(f"/inbox/{thread}/reopen").status_code == 303
    assert rows_in(rita.get("/inbox")) == [thread]


def test_the_next_text_opens_a_resolved_conversation(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    rita.act(f"/inbox/{thread}/resolve")
    rita.write(thread, "One more thing")
    assert one(conn, "SELECT state FROM sms_conversations") == "open"


def test_assigning_hands_over_the_lead_too_and_is_told_in_the_thread(
    max_: Desk, otto: Desk, cast: Cast, thread: int, conn: psycopg.Connection
) -> None:
    answer = max_.act(f"/inbox/{thread}/assign", user_id=cast.other_rep.id)
    assert events(answer)["toast"]["text"] == "Assigned."
    assert "Max Manager assigned this to Otto Other" in said(answer)
    assert one(conn, "SELECT owner_id FROM leads") == cast.other_rep.id
    assert otto.get(f"/inbox/{thread}").status_code == 200


def test_who_gives_a_conversation_away_goes_back_to_the_list(rita: Desk, cast: Cast, thread: int) -> None:
    answer = rita.act(f"/inbox/{thread}/assign", user_id=cast.other_rep.id)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/inbox")
    assert "Assigned. You no longer see this conversation." in rita.get("/inbox").text
    assert rita.get(f"/inbox/{thread}").status_code == 404


def test_a_conversation_can_be_given_to_nobody(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    assert rita.act(f"/inbox/{thread}/assign", user_id="").status_code == 200
    assert one(conn, "SELECT assigned_to FROM sms_conversations") is None


def test_the_leads_status_is_set_beside_the_thread_and_colleagues_see_it(
    rita: Desk, max_: Desk, otto: Desk, thread: int, conn: psycopg.Connection
) -> None:
    page = max_.get(f"/inbox/{thread}")
    assert '<option value="new" selected>New</option>' in page.text
    answer = rita.act(f"/inbox/{thread}/status", status="appointment")
    assert events(answer)["toast"]["text"] == "Status: Appointment."
    assert '<option value="appointment" selected>Appointment</option>' in answer.text
    assert '<option value="appointment" selected>Appointment</option>' in max_.poll(thread).text
    assert rita.post(f"/inbox/{thread}/status", status="client").status_code == 303
    assert one(conn, "SELECT status FROM leads") == "client"
    assert rita.act(f"/inbox/{thread}/status", status="great").status_code == 422
    assert otto.act(f"/inbox/{thread}/status", status="new").status_code == 404
    assert one(conn, "SELECT status FROM leads") == "client"


def test_a_number_without_a_lead_has_no_status(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    conn.execute("UPDATE sms_conversations SET lead_id = NULL")
    assert 'name="status"' not in rita.get(f"/inbox/{thread}").text
    assert rita.act(f"/inbox/{thread}/status", status="new").status_code == 404


@pytest.mark.parametrize("chosen", ["999", "nobody", "-1", "9" * 30])
def test_a_person_who_is_not_there_gets_nothing(
    rita: Desk, cast: Cast, thread: int, conn: psycopg.Connection, chosen: str
) -> None:
    assert rita.act(f"/inbox/{thread}/assign", user_id=chosen).status_code == 422
    assert one(conn, "SELECT assigned_to FROM sms_conversations") == cast.rep.id


def test_a_failed_text_says_why_and_is_sent_once_more_however_often_it_is_asked(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    rita.write(thread, "Hello")
    conn.execute("UPDATE sms_messages SET status = 'undelivered', error_code = 30005")
    failed = one(conn, "SELECT id FROM sms_messages")
    shown = words(rita.get(f"/inbox/{thread}"), f"text-{failed}")
    for part in ("Not delivered", "Number not in service.", "Ask the lead for another one.", "Retry"):
        assert part in shown
    for _ in range(2):
        assert rita.act(f"/inbox/messages/{failed}/retry").status_code == 200
    assert texts(conn, thread) == [("Hello", "undelivered"), ("Hello", "queued")]
    assert words(rita.get(f"/inbox/{thread}"), f"text-{failed}").endswith("Sent again below.")


def test_a_text_that_did_not_fail_is_not_sent_again(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    rita.write(thread, "Hello")
    message = one(conn, "SELECT id FROM sms_messages")
    assert events(rita.act(f"/inbox/messages/{message}/retry"))["toast"]["text"] == "This text cannot be sent again."
    assert texts(conn, thread) == [("Hello", "queued")]


def test_a_scheduled_text_can_be_taken_back_until_it_is_on_its_way(
    rita: Desk, thread: int, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    at("2026-12-10T03:30:00Z")
    rita.write(thread, "Good morning")
    message = one(conn, "SELECT id FROM sms_messages")
    answer = rita.act(f"/inbox/messages/{message}/cancel")
    assert events(answer)["toast"]["text"] == "Canceled."
    assert texts(conn, thread) == [("Good morning", "canceled")]
    again = rita.act(f"/inbox/messages/{message}/cancel")
    assert events(again)["toast"]["text"] == "Too late: it is already on its way."


def test_nothing_can_be_done_to_a_colleagues_conversation(
    rita: Desk, otto: Desk, cast: Cast, thread: int, conn: psycopg.Connection
) -> None:
    rita.write(thread, "Hello")
    message = one(conn, "SELECT id FROM sms_messages")
    conn.execute("UPDATE sms_messages SET status = 'failed'")
    doors = [
        f"/inbox/{thread}/resolve",
        f"/inbox/{thread}/reopen",
        f"/inbox/{thread}/assign",
        f"/inbox/messages/{message}/retry",
        f"/inbox/messages/{message}/cancel",
    ]
    assert {path: otto.act(path, user_id=cast.other_rep.id).status_code for path in doors} == dict.fromkeys(doors, 404)
    assert texts(conn, thread) == [("Hello", "failed")]
    assert one(conn, "SELECT assigned_to FROM sms_conversations") == cast.rep.id


def test_without_scripts_every_act_comes_back_to_the_thread_and_says_what_it_did(rita: Desk, thread: int) -> None:
    answer = rita.post(f"/inbox/{thread}/resolve?whose=mine")
    assert (answer.status_code, answer.location) == (303, f"/inbox/{thread}?whose=mine")
    page = rita.get(f"/inbox/{thread}")
    assert words(page, "toasts").startswith("Resolved. Undo")
