"""The thread as it is read: days, groups, single lines, pictures, older texts, and why; and who may read it."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.inbox.support import Desk, add_thread, agreed, has, hear, one, said, words
from tests.support.people import Cast
from webapp import clock, database
from webapp.compliance.optouts import by_text

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def thread(cast: Cast, conn: psycopg.Connection, noon: None) -> int:
    made = add_thread(cast.rep, first_name="Ann")
    agreed(conn, made)
    return made


def test_to_open_a_thread_is_to_read_it(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    hear(conn, thread, "Hello?")
    rita.fetch(f"/inbox/{thread}/pane")
    assert one(conn, "SELECT unread FROM sms_conversations") == 0


def test_texts_of_a_side_within_three_minutes_are_one_group(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    for minute in ("12:00", "12:02", "12:05", "12:09"):
        hear(conn, thread, f"At {minute}", f"2026-12-09T{minute}:00Z")
    kinds = re.findall(r'class="text in([^"]*)"', rita.get(f"/inbox/{thread}").text)
    assert kinds == [" opens", "", " closes", " opens closes"]


def test_days_are_the_readers(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    """Six in the evening in Texas is already the next day in Greenwich."""
    hear(conn, thread, "Late", "2026-12-09T00:30:00Z")
    hear(conn, thread, "Early", "2026-12-09T13:00:00Z")
    page = words(rita.get(f"/inbox/{thread}"), "items")
    assert re.findall("Yesterday|Today|Late|Early", page) == ["Yesterday", "Late", "Today", "Early"]


def test_an_opt_out_is_told_under_the_text_that_it_came_with(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    """The carrier's clock, which the opt-out has, is a little earlier than ours, which the text has."""
    number, now = one(conn, "SELECT id FROM contact_numbers"), clock.now()
    with database.transaction() as own:
        by_text.apply(own, number, "Stop", at=now, now=now)
    hear(conn, thread, "Stop")
    page = words(rita.get(f"/inbox/{thread}"), "items")
    assert page.index("Ann: Stop") < page.index("Opted out (“Stop”)")


def test_three_and_more_things_that_happened_are_folded(
    max_: Desk, cast: Cast, thread: int, conn: psycopg.Connection
) -> None:
    for person in (cast.other_rep, cast.rep, cast.other_rep):
        max_.act(f"/inbox/{thread}/assign", user_id=person.id)
    assert "3 things happened" in words(max_.get(f"/inbox/{thread}"), "items")


def test_an_automatic_text_is_captioned(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    rita.write(thread, "From a campaign")
    conn.execute("UPDATE sms_messages SET origin = 'campaign', automatic = true, author_id = NULL")
    page = rita.get(f"/inbox/{thread}")
    assert "Campaign Campaign: From a campaign" in words(page, "items")
    assert 'class="text out auto opens closes"' in page.text


def test_older_texts_come_a_page_at_a_time_until_the_first(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    for number in range(120):
        hear(conn, thread, f"Text {number}.")
    answer = rita.get(f"/inbox/{thread}")
    seen = [_bodies(answer.text)]
    while (older := re.search(rf"/inbox/{thread}/older\?from=(\d+)", answer.text)) is not None:
        answer = rita.fetch(f"/inbox/{thread}/older", **{"from": older.group(1), "thread": thread, "since": 7})
        seen.append(_bodies(answer.text))
    assert [len(bodies) for bodies in seen] == [50, 100, 120]
    assert seen[-1] == [f"Text {number}." for number in range(120)]


def test_a_poll_brings_the_older_texts_that_are_shown(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    first, *_ = [hear(conn, thread, f"Text {number}.") for number in range(60)]
    rita.get(f"/inbox/{thread}")
    hear(conn, thread, "One more")
    assert len(_bodies(rita.poll(thread, since=first).text)) == 61


def test_a_picture_is_shown_and_anything_else_is_a_download(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    picture = _attach(conn, hear(conn, thread, ""), "image/png", "house.png", PNG)
    drawing = _attach(conn, hear(conn, thread, "And this"), "image/svg+xml", "plan.svg", SVG)
    page = rita.get(f"/inbox/{thread}").text
    assert f'<img src="/media/{picture}" alt="Picture"' in page
    assert f'<a class="file" href="/media/{drawing}" download>plan.svg' in page
    shown, handed_out = rita.get(f"/media/{picture}"), rita.get(f"/media/{drawing}")
    assert (shown.mimetype, shown.data) == ("image/png", PNG)
    assert (handed_out.mimetype, handed_out.data) == ("application/octet-stream", SVG)
    assert handed_out.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, handed_out):
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_on_its_way_or_lost_says_so(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    message = hear(conn, thread, "See this")
    file = _attach(conn, message, "image/png", "house.png", None)
    assert "A file is on its way." in words(rita.get(f"/inbox/{thread}"), "items")
    assert rita.get(f"/media/{file}").status_code == 404
    conn.execute("UPDATE media SET error = 'gone'")
    assert "A file that could not be fetched." in words(rita.get(f"/inbox/{thread}"), "items")


def test_why_tells_every_decision_on_the_texts_of_a_group(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    for body in ("Hello", "How are you?"):
        rita.write(thread, body)
    last = one(conn, "SELECT max(id) FROM sms_messages")
    answer = rita.fetch(f"/inbox/messages/{last}/why", **{"from": last - 1})
    told = said(answer)
    assert told.index("“Hello”") < told.index("“How are you?”")
    assert told.count("Allowed: consent on file, and inside the hours where the lead is.") == 2
    assert "<html" not in answer.text
    assert "<html" in rita.get(f"/inbox/messages/{last}/why").text


def test_a_colleague_reads_nothing_of_it(rita: Desk, otto: Desk, thread: int, conn: psycopg.Connection) -> None:
    rita.write(thread, "Hello")
    message, lead = one(conn, "SELECT id FROM sms_messages"), one(conn, "SELECT id FROM leads")
    file = _attach(conn, hear(conn, thread, "A secret"), "image/png", "house.png", PNG)
    doors = [
        f"/inbox/{thread}",
        f"/inbox/{thread}/pane",
        f"/inbox/{thread}/older?from=1",
        f"/inbox/{thread}/why",
        f"/inbox/messages/{message}/why",
        f"/media/{file}",
        f"/inbox/leads/{lead}",
        f"/inbox/panel/lead/{lead}",
    ]
    assert {path: otto.fetch(path).status_code for path in doors} == dict.fromkeys(doors, 404)
    assert otto.get("/inbox", phone="(512) 555-0123").location.startswith("/inbox?q=")
    otto.tag = "old"
    answer = otto.poll(thread)
    assert not has(answer, "body")
    assert "A secret" not in answer.text


def _bodies(page: str) -> list[str]:
    return re.findall(r'<div class="bubble">([^<]*)</div>', page)


def _attach(conn: psycopg.Connection, message: int, kind: str, name: str, content: bytes | None) -> int:
    return int(
        one(
            conn,
            """
            INSERT INTO media (message_id, carrier_sid, content_type, filename, size, content, fetched_at)
            VALUES (%s, gen_random_uuid()::text, %s, %s, 28, %s, CASE WHEN %s::bytea IS NOT NULL THEN now() END)
            RETURNING id
            """,
            message,
            kind,
            name,
            content,
            content,
        )
    )
