"""What is typed and not sent is kept, follows its writer, and never comes back after it was sent."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.api.support import add_lead
from tests.inbox.support import Desk, add_thread, agreed, new_key, one, texts, words
from tests.support.people import Cast
from webapp import database
from webapp.inbox import drafts


@pytest.fixture
def thread(cast: Cast, conn: psycopg.Connection, noon: None) -> int:
    made = add_thread(cast.rep)
    agreed(conn, made)
    return made


def keep(desk: Desk, thread: int, body: str, key: str = "") -> int:
    return desk.act(f"/inbox/{thread}/draft", body=body, client_key=key or new_key()).status_code


def test_a_draft_follows_to_another_browser(rita: Desk, thread: int) -> None:
    assert keep(rita, thread, "Dear Ann,\r\n\r\nabout the ") == 204
    on_the_phone = Desk(rita.app, rita.person)
    assert ">Dear Ann,\n\nabout the </textarea>" in on_the_phone.get(f"/inbox/{thread}").text


def test_a_draft_is_its_writers_own(rita: Desk, max_: Desk, thread: int) -> None:
    keep(rita, thread, "Hello")
    assert words(max_.get(f"/inbox/{thread}"), "body") == ""


def test_an_emptied_box_forgets_the_draft(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    keep(rita, thread, "Hello")
    keep(rita, thread, " ")
    assert one(conn, "SELECT count(*) FROM drafts") == 0


def test_sending_forgets_it(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    keep(rita, thread, "Hello")
    rita.write(thread, "Hello")
    assert one(conn, "SELECT count(*) FROM drafts") == 0


def test_a_refused_text_keeps_it(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread, key = add_thread(cast.rep, 7), new_key()
    rita.write(thread, "Hello", client_key=key, consent_source="")
    keep(rita, thread, "Hello", key)
    assert words(rita.get(f"/inbox/{thread}"), "body") == "Hello"


def test_a_draft_that_arrives_after_its_text_was_sent_is_dropped(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    key = new_key()
    rita.write(thread, "Hello", client_key=key)
    assert keep(rita, thread, "Hello", key) == 204
    assert one(conn, "SELECT count(*) FROM drafts") == 0


def test_a_draft_that_is_being_kept_while_its_text_is_sent_is_dropped_too(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    """The save has written its row and not committed when the send comes: the send waits, and then forgets it."""
    key = new_key()
    with database.transaction() as saving:
        drafts.save(saving, thread, rita.person.id, "Hello", client_key=key)
        sending = threading.Thread(target=lambda: rita.write(thread, "Hello", client_key=key))
        sending.start()
        sending.join(0.3)
        assert sending.is_alive(), "the send did not wait for the draft"
    sending.join(10)
    assert texts(conn, thread) == [("Hello", "queued")]
    assert one(conn, "SELECT count(*) FROM drafts") == 0


def test_a_first_text_that_is_not_sent_yet_is_kept_in_a_conversation_that_no_list_shows(
    rita: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    lead = add_lead(cast.rep, "+15125550177")
    assert rita.act(f"/inbox/leads/{lead}/draft", body="", client_key=new_key()).status_code == 204
    assert one(conn, "SELECT count(*) FROM sms_conversations") == 0
    for body in ("Dear", "Dear Greta"):
        assert rita.act(f"/inbox/leads/{lead}/draft", body=body, client_key=new_key()).status_code == 204
    thread = one(conn, "SELECT id FROM sms_conversations")
    assert rita.get(f"/inbox/leads/{lead}").location == f"/inbox/{thread}"
    assert words(rita.get(f"/inbox/{thread}"), "body") == "Dear Greta"
    assert f"row-{thread}" not in rita.get("/inbox", state="open").text


def test_a_draft_too_long_to_be_sent_is_kept_as_far_as_a_book_page(rita: Desk, thread: int) -> None:
    keep(rita, thread, "x" * 12_000)
    assert len(words(rita.get(f"/inbox/{thread}"), "body")) == drafts.LONGEST


def test_nobody_keeps_drafts_in_a_colleagues_thread(otto: Desk, thread: int, conn: psycopg.Connection) -> None:
    lead = one(conn, "SELECT lead_id FROM sms_conversations")
    assert keep(otto, thread, "Hello") == 404
    assert otto.act(f"/inbox/leads/{lead}/draft", body="Hello").status_code == 404
    assert one(conn, "SELECT count(*) FROM drafts") == 0
