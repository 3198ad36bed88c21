"""Polls: one query and no body while nothing changed, only what changed otherwise, and never a longer session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
import time_machine

from tests.inbox.support import Desk, add_thread, agreed, hear, one, rows_in, targets, words
from tests.leads.support import add_lead
from tests.support.people import Cast

THREAD = {"#thread-head", "#older", "#items", "#doubt", "#composer", "#panel", "#view"}
LIST = {"#selectors", "#rows"}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Counts the statements that reach Postgres."""
    real = psycopg.Cursor.execute

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def execute(cursor: psycopg.Cursor[Any], query: Any, *args: Any, **more: Any) -> Any:
            statements.append(str(query))
            return real(cursor, query, *args, **more)

        monkeypatch.setattr(psycopg.Cursor, "execute", execute)
        yield statements
        monkeypatch.setattr(psycopg.Cursor, "execute", real)

    return counting


def test_an_unchanged_page_costs_one_query_and_no_body(
    rita: Desk, cast: Cast, conn: psycopg.Connection, counted: Callable[[], Any]
) -> None:
    thread = add_thread(cast.rep)
    hear(conn, thread, "Hello?")
    rita.get(f"/inbox/{thread}")
    with counted() as statements:
        answer = rita.poll(thread)
    assert (answer.status_code, answer.data) == (304, b"")
    assert len(statements) == 1


def test_a_text_in_the_open_thread_brings_thread_and_list_and_is_read(
    rita: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    thread = add_thread(cast.rep)
    rita.get(f"/inbox/{thread}")
    hear(conn, thread, "Hello?")
    answer = rita.poll(thread)
    assert targets(answer) == THREAD | LIST
    assert "Hello?" in answer.text
    assert one(conn, "SELECT unread FROM sms_conversations") == 0
    assert rita.poll(thread).status_code == 304


def test_a_text_in_another_thread_brings_the_list_alone(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread, other = add_thread(cast.rep, 1), add_thread(cast.rep, 2)
    rita.get(f"/inbox/{thread}")
    hear(conn, other, "Hello?")
    answer = rita.poll(thread)
    assert (targets(answer), rows_in(answer)) == (LIST, [other])


def test_what_changes_at_somebody_elses_changes_nothing_here(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    ottos = add_thread(cast.other_rep)
    rita.get("/inbox")
    hear(conn, ottos, "Hello?")
    assert rita.poll().status_code == 304


def test_what_was_taken_away_leaves_the_list(rita: Desk, max_: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread = add_thread(cast.rep)
    hear(conn, thread, "Hello?")
    assert rows_in(rita.get("/inbox")) == [thread]
    max_.act(f"/inbox/{thread}/assign", user_id=cast.other_rep.id)
    answer = rita.poll()
    assert (answer.status_code, rows_in(answer)) == (200, [])


def test_a_thread_that_was_taken_away_says_so_and_keeps_what_was_written(
    rita: Desk, max_: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    thread = add_thread(cast.rep)
    hear(conn, thread, "Hello?")
    rita.get(f"/inbox/{thread}")
    max_.act(f"/inbox/{thread}/assign", user_id=cast.other_rep.id)
    hear(conn, thread, "A secret")
    answer = rita.poll(thread)
    assert "This conversation is now assigned to somebody else. What you wrote is still here" in answer.text
    assert "A secret" not in answer.text
    assert rita.poll(thread).status_code == 304


def test_a_thread_opened_beside_an_old_list_lets_the_next_poll_bring_the_list(
    rita: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    """The list was loaded before; the thread comes alone. Its tag must not claim that the list is new."""
    thread, other = add_thread(cast.rep, 1), add_thread(cast.rep, 2)
    rita.get("/inbox")
    hear(conn, other, "Hello?")
    rita.fetch(f"/inbox/{thread}/pane")
    answer = rita.poll(thread)
    assert (targets(answer), rows_in(answer)) == (LIST, [other])
    assert rita.poll(thread).status_code == 304


def test_the_page_that_back_brings_does_the_same(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    """htmx takes only the conversation from it, and leaves the list as it stands."""
    thread = add_thread(cast.rep)
    hear(conn, thread, "Hello?")
    rita.fetch("/inbox")
    assert targets(rita.poll()) == LIST


def test_a_lead_page_polls_for_its_conversation_alone(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread = add_thread(cast.rep)
    lead = one(conn, "SELECT lead_id FROM sms_conversations")
    rita.fetch(f"/inbox/panel/lead/{lead}")
    hear(conn, thread, "Hello?")
    assert targets(rita.poll(thread, page="lead")) == THREAD


def test_a_quarter_of_an_hour_later_the_page_is_told_what_time_alone_changed(
    rita: Desk, cast: Cast, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    """Quiet hours begin at nine in the evening: the button must not promise to send until somebody reloads."""
    thread = add_thread(cast.rep)
    agreed(conn, thread)
    at("2026-12-10T02:50:00Z")
    page = rita.get(f"/inbox/{thread}")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15)):
        later = rita.poll(thread)
    assert words(page, "send") == "Send"
    assert words(later, "send").startswith("Schedule for Thu 9:00 AM")


def test_no_poll_makes_a_session_longer(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    """Pages slide it along; a tab that is left open does not."""
    hear(conn, add_thread(cast.rep), "Hello?")
    assert "Set-Cookie" in rita.get("/inbox").headers
    for answer in (rita.poll(), rita.fetch("/inbox/poll"), rita.fetch("/pulse")):
        assert answer.status_code in {200, 304}
        assert "Set-Cookie" not in answer.headers


def test_a_part_of_a_page_leaves_the_message_of_a_form_that_was_sent_meanwhile(
    rita: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    """It is answered with the cookie that it was asked with, from before the form: so with none."""
    lead_id = add_lead(conn, "+12125550123", owner=cast.rep)
    assert "Set-Cookie" not in rita.fetch(f"/inbox/panel/lead/{lead_id}").headers


@pytest.mark.parametrize("change", ["active = false", "session_epoch = session_epoch + 1"])
def test_polls_of_an_ended_session_get_401(rita: Desk, cast: Cast, conn: psycopg.Connection, change: str) -> None:
    rita.get("/inbox")
    conn.execute(f"UPDATE users SET {change} WHERE id = %s", [cast.rep.id])  # type: ignore[arg-type]
    assert [answer.status_code for answer in (rita.poll(), rita.fetch("/pulse"))] == [401, 401]


def test_the_pulse_counts_mine_and_nobodys_and_knows_the_newest_text(
    rita: Desk, max_: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    newest = [hear(conn, add_thread(owner, n), "Hello?") for n, owner in enumerate((cast.rep, None, cast.other_rep))]
    assert rita.fetch("/pulse").json == {"waiting": 2, "newest_inbound_id": str(newest[1])}
    assert max_.fetch("/pulse").json == {"waiting": 1, "newest_inbound_id": str(newest[2])}
