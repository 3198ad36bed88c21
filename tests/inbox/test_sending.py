"""Sending from the composer: once, to the right thread, and with words for whatever went wrong."""

from __future__ import annotations

import psycopg
import pytest

from tests.inbox.support import (
    CONSENT,
    Desk,
    add_thread,
    agreed,
    events,
    hear,
    new_key,
    one,
    said,
    targets,
    texts,
    words,
)
from tests.inbox.test_polling import LIST, THREAD
from tests.support.people import Cast
from tests.support.races import at_once


@pytest.fixture
def thread(cast: Cast, conn: psycopg.Connection, noon: None) -> int:
    made = add_thread(cast.rep, first_name="Ann")
    agreed(conn, made)
    return made


def test_the_answer_shows_the_text_and_tells_the_page_that_it_went(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    key = new_key()
    answer = rita.write(thread, "Hello", client_key=key)
    assert targets(answer) == THREAD | LIST
    assert "Hello Sending" in said(answer)
    told = events(answer)
    assert told["text-sent"]["key"] == key
    assert told["text-sent"]["next"] not in {"", key}
    assert told["poll-fast"] == {}
    assert texts(conn, thread) == [("Hello", "queued")]


def test_the_same_key_again_sends_nothing_more(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    key = new_key()
    answers = [rita.write(thread, "Hello", client_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("text-sent" in events(answer) for answer in answers)
    assert texts(conn, thread) == [("Hello", "queued")]


def test_the_same_key_many_times_at_once_sends_once(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    key, desks = new_key(), [Desk(rita.app, rita.person) for _ in range(6)]
    answers = at_once([lambda desk=desk: desk.write(thread, "Hello", client_key=key) for desk in desks])
    assert [answer.status_code for answer in answers] == [200] * 6
    assert texts(conn, thread) == [("Hello", "queued")]


def test_another_text_under_a_used_key_is_not_lost_but_asked_about(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    """The first answer never came, and somebody typed on: the key is used up, the new text is not sent yet."""
    key = new_key()
    rita.write(thread, "Hello", client_key=key)
    answer = rita.write(thread, "Hello, and welcome", client_key=key)
    assert answer.status_code == 409
    assert words(answer, "composer-error").startswith("What you wrote before was already sent.")
    assert events(answer)["new-key"]["next"] not in {"", key}
    assert texts(conn, thread) == [("Hello", "queued")]


def test_a_refused_text_stays_in_the_box_under_its_key(rita: Desk, cast: Cast) -> None:
    answer = rita.write(add_thread(cast.rep, 7), "Hello", consent_source="", attested="")
    assert (answer.status_code, events(answer)) == (422, {})


@pytest.mark.parametrize("body", ["", "   \n "])
def test_nothing_is_not_a_text(rita: Desk, thread: int, conn: psycopg.Connection, body: str) -> None:
    answer = rita.write(thread, body)
    assert (answer.status_code, words(answer, "composer-error")) == (422, "Write a text first.")
    assert texts(conn, thread) == []


def test_a_text_that_twilio_would_not_take_says_how_long_it_is(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    answer = rita.write(thread, "x" * 1601)
    assert answer.status_code == 422
    assert words(answer, "composer-error") == "This text is 1601 characters long; at most 1600 can be sent."
    assert texts(conn, thread) == []
    assert rita.write(thread, "x" * 1600).status_code == 200


def test_line_ends_cost_what_they_cost_on_the_phone(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    rita.write(thread, "  One\r\nTwo\x00  ")
    assert texts(conn, thread) == [("One\nTwo", "queued")]


def test_answering_what_is_nobodys_makes_it_mine(rita: Desk, otto: Desk, conn: psycopg.Connection) -> None:
    thread = add_thread(None, 9)
    hear(conn, thread, "Do you buy houses?")
    answer = rita.write(thread, "We do")
    assert "Rita Rep took this on" in said(answer)
    assert otto.get(f"/inbox/{thread}").status_code == 404


def test_without_scripts_the_page_comes_back_to_the_thread(rita: Desk, thread: int) -> None:
    answer = rita.post(f"/inbox/{thread}/messages?state=open", body="Hello", client_key=new_key())
    assert (answer.status_code, answer.location) == (303, f"/inbox/{thread}?state=open")


def test_without_scripts_an_error_keeps_the_text_and_its_key(rita: Desk, cast: Cast) -> None:
    thread, key = add_thread(cast.rep, 8), new_key()
    answer = rita.post(f"/inbox/{thread}/messages", body="Hello there", client_key=key)
    assert answer.status_code == 422
    assert words(answer, "composer-error") == "Say how this person agreed to texts, and confirm it."
    assert words(answer, "body") == "Hello there"
    assert f'value="{key}"' in answer.text


def test_nobody_writes_in_a_colleagues_thread(otto: Desk, thread: int, conn: psycopg.Connection) -> None:
    assert otto.write(thread, "Hello").status_code == 404
    assert texts(conn, thread) == []


def test_no_text_goes_without_the_sessions_token(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    answer = rita.client.post(f"/inbox/{thread}/messages", data={"body": "Hello", **CONSENT})
    assert answer.status_code == 403
    assert texts(conn, thread) == []


def test_the_author_is_kept_and_shown_to_others(rita: Desk, max_: Desk, thread: int, conn: psycopg.Connection) -> None:
    rita.write(thread, "Hello")
    assert one(conn, "SELECT author_id FROM sms_messages") == rita.person.id
    assert "Rita Rep Rita Rep: Hello" in words(max_.get(f"/inbox/{thread}"), "items")
    assert "You: Hello" in words(rita.get(f"/inbox/{thread}"), "items")
