"""The list: who sees what, in which order, and nothing missed between its pages."""

from __future__ import annotations

import psycopg
import pytest

from tests.inbox.support import Desk, add_thread, agreed, hear, rows_in, words
from tests.support.people import Cast


def test_waiting_shows_the_longest_wait_first(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    threads = [add_thread(cast.rep, number) for number in range(3)]
    for thread, at in zip(threads, ("2026-12-09T15:00Z", "2026-12-09T12:00Z", "2026-12-09T17:00Z"), strict=True):
        hear(conn, thread, "Hello?", at)
    assert rows_in(rita.get("/inbox")) == [threads[1], threads[0], threads[2]]


def test_open_shows_the_newest_first(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    threads = [add_thread(cast.rep, number) for number in range(3)]
    for thread, at in zip(threads, ("2026-12-09T15:00Z", "2026-12-09T12:00Z", "2026-12-09T17:00Z"), strict=True):
        hear(conn, thread, "Hello?", at)
    assert rows_in(rita.get("/inbox", state="open")) == [threads[2], threads[0], threads[1]]


def test_who_was_answered_waits_no_more(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread = add_thread(cast.rep)
    hear(conn, thread, "Hello?")
    rita.write(thread, "Hello!")
    assert rows_in(rita.get("/inbox")) == []
    assert rows_in(rita.get("/inbox", state="open")) == [thread]


def test_a_rep_sees_their_own_and_nobodys(
    rita: Desk, otto: Desk, max_: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    mine, nobodys, ottos = add_thread(cast.rep, 1), add_thread(None, 2), add_thread(cast.other_rep, 3)
    for thread in (mine, nobodys, ottos):
        hear(conn, thread, "Hello?")
    assert set(rows_in(rita.get("/inbox"))) == {mine, nobodys}
    assert set(rows_in(otto.get("/inbox"))) == {nobodys, ottos}
    assert set(rows_in(max_.get("/inbox"))) == {mine, nobodys, ottos}
    assert rows_in(rita.get("/inbox", whose="mine")) == [mine]
    assert rows_in(rita.get("/inbox", whose="unassigned")) == [nobodys]
    assert rows_in(max_.get("/inbox", whose="mine")) == []


def test_the_numbers_beside_the_selectors_count_what_this_person_may_see(
    rita: Desk, max_: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    for number, owner in enumerate((cast.rep, cast.rep, None, cast.other_rep)):
        hear(conn, add_thread(owner, number), "Hello?")
    assert words(rita.get("/inbox"), "selectors").startswith("Mine 2 Unassigned 1 Everyone 3")
    assert words(max_.get("/inbox"), "selectors").startswith("Mine Unassigned 1 Everyone 4")


def test_a_hundred_and_more_are_counted_as_that(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    for number in range(101):
        hear(conn, add_thread(cast.rep, number), "Hello?")
    assert words(rita.get("/inbox"), "selectors").startswith("Mine 99+ Unassigned Everyone 99+")


@pytest.mark.parametrize("state", ["waiting", "open"])
def test_the_pages_of_a_list_miss_nothing_and_repeat_nothing(
    rita: Desk, cast: Cast, conn: psycopg.Connection, state: str
) -> None:
    """Many arrived in the same second, and some are nobody's: the list is put together from two indexes."""
    threads = [add_thread(cast.rep if number % 3 else None, number) for number in range(75)]
    for number, thread in enumerate(threads):
        hear(conn, thread, "Hello?", f"2026-12-09T12:00:{number // 25:02d}Z")
    answer = rita.get("/inbox", state=state)
    seen = rows_in(answer)
    while (cursor := _cursor(answer.text)) is not None:
        answer = rita.fetch("/inbox/rows", state=state, cursor=cursor)
        seen += rows_in(answer)
    assert len(seen) == 75
    assert set(seen) == set(threads)


def test_a_poll_brings_as_many_rows_as_the_page_shows(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    for number in range(70):
        hear(conn, add_thread(cast.rep, number), "Hello?")
    answer = rita.get("/inbox")
    more = rita.fetch("/inbox/rows", cursor=_cursor(answer.text))
    assert 'name="shown" value="60"' in more.text
    rita.tag = "old"
    assert len(rows_in(rita.poll(shown=60))) == 60


def test_a_list_is_found_by_name_and_by_any_form_of_the_number(
    rita: Desk, cast: Cast, conn: psycopg.Connection
) -> None:
    ann = add_thread(cast.rep, 123, first_name="Ann", last_name="O'Neil")
    other, ottos = add_thread(cast.rep, 124, first_name="Bob"), add_thread(cast.other_rep, 125, first_name="Ann")
    for thread in (ann, other, ottos):
        hear(conn, thread, "Hello?")
    for typed in ("ann", "O'Neil", "(512) 555-0123", "512.555.0123", "0123"):
        assert rows_in(rita.get("/inbox", q=typed)) == [ann], typed
    assert "No conversation matches “Zoe”." in rita.get("/inbox", q="Zoe").text


def test_a_search_finds_what_is_done(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    thread = add_thread(cast.rep, first_name="Ann")
    hear(conn, thread, "Thanks")
    rita.act(f"/inbox/{thread}/resolve")
    assert rows_in(rita.get("/inbox", q="Ann")) == [thread]


def test_a_row_says_what_it_is_about(rita: Desk, cast: Cast, conn: psycopg.Connection) -> None:
    mine, nobodys = add_thread(cast.rep, 1, first_name="Ann", last_name="Lee"), add_thread(None, 2)
    agreed(conn, mine)
    rita.write(mine, "Is it <still> of interest?")
    hear(conn, nobodys, "Do you buy houses?")
    page = rita.get("/inbox", state="open")
    assert words(page, f"row-{mine}") == "Ann Lee last text now You: Is it <still> of interest?"
    assert words(page, f"row-{nobodys}") == "(512) 555-0002, not read waiting for now Do you buy houses? Unassigned"


def test_a_number_in_the_address_leads_to_its_thread(rita: Desk, cast: Cast) -> None:
    thread = add_thread(cast.rep, 123)
    assert rita.get("/inbox", phone="(512) 555-0123").location == f"/inbox/{thread}"
    assert rita.get("/inbox", phone="(512) 555-0199").location == "/inbox?q=(512)+555-0199"


def test_words_in_the_address_that_are_not_ours_mean_the_default(rita: Desk) -> None:
    assert rita.get("/inbox", whose="everybody's", state="?", q="\x00", thread="9" * 30, shown="-1").status_code == 200


def _cursor(page: str) -> str | None:
    _, found, after = page.partition("cursor=")
    return after.split('"')[0].split("&")[0].replace("%3D", "=") if found else None
