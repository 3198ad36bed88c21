"""The composer says beforehand what its button will do, or why there is none."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.inbox.support import Desk, add_thread, agreed, has, hear, one, said, texts, words
from tests.support.people import Cast
from webapp import clock, database
from webapp.compliance.optouts import by_text

LATE_IN_THE_EVENING = "2026-12-10T03:30:00Z"


@pytest.fixture
def thread(cast: Cast, noon: None) -> int:
    return add_thread(cast.rep, first_name="Ann", state="TX")


def test_in_the_hours_it_sends(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    agreed(conn, thread)
    page = rita.get(f"/inbox/{thread}")
    assert (words(page, "send"), words(page, "hint")) == ("Send", "")


def test_in_quiet_hours_it_says_when_in_the_leads_zone_and_why(
    rita: Desk, thread: int, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    agreed(conn, thread)
    at(LATE_IN_THE_EVENING)
    page = rita.get(f"/inbox/{thread}")
    assert words(page, "send") == "Schedule for Thu 9:00 AM in Texas"
    assert words(page, "hint") != ""


def test_the_readers_own_time_stands_beside_it_where_it_differs(
    rita: Desk, cast: Cast, thread: int, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    agreed(conn, thread)
    conn.execute("UPDATE users SET timezone = 'America/New_York' WHERE id = %s", [cast.rep.id])
    at(LATE_IN_THE_EVENING)
    assert "(10:00 AM your time)" in words(rita.get(f"/inbox/{thread}"), "hint")


def test_a_text_written_in_quiet_hours_is_scheduled_as_the_button_said(
    rita: Desk, thread: int, conn: psycopg.Connection, at: Callable[[str], None]
) -> None:
    agreed(conn, thread)
    at(LATE_IN_THE_EVENING)
    answer = rita.write(thread, "Good morning")
    assert texts(conn, thread) == [("Good morning", "held")]
    assert "Scheduled for Thu 9:00 AM in Texas" in said(answer)
    assert one(conn, "SELECT send_after FROM sms_messages").isoformat() == "2026-12-10T15:00:00+00:00"


def test_a_first_text_asks_how_they_agreed(rita: Desk, thread: int) -> None:
    page = rita.get(f"/inbox/{thread}")
    assert words(page, "consent").startswith("How did Ann agree to get texts? Filled in our web form")


@pytest.mark.parametrize("said", [{}, {"consent_source": "in_person"}, {"attested": "yes"}, {"consent_source": "?"}])
def test_without_the_answer_nothing_is_sent_and_what_was_said_stays(
    rita: Desk, thread: int, conn: psycopg.Connection, said: dict[str, str]
) -> None:
    answer = rita.write(thread, "Hello", **{"consent_source": "", "attested": "", **said})
    assert answer.status_code == 422
    assert words(answer, "composer-error") == "Say how this person agreed to texts, and confirm it."
    assert {status for _, status in texts(conn, thread)} == {"refused"}
    assert one(conn, "SELECT count(*) FROM consent_events") == 0
    assert 'value="in_person" required checked' in answer.text or said.get("consent_source") != "in_person"


def test_the_answer_is_written_down_with_the_reps_name(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    answer = rita.write(thread, "Hello", consent_source="phone_call", attested="yes")
    assert (answer.status_code, texts(conn, thread)) == (200, [("Hello", "queued")])
    row = conn.execute("SELECT event, source, actor_id FROM consent_events").fetchone()
    assert row == ("opt_in", "phone_call", rita.person.id)
    assert not has(rita.get(f"/inbox/{thread}"), "consent")
    assert "Told me on the phone" in words(rita.get(f"/inbox/{thread}"), "panel")


def test_who_wrote_first_is_answered_without_a_question(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    hear(conn, thread, "Do you buy houses?")
    assert not has(rita.get(f"/inbox/{thread}"), "consent")
    assert rita.write(thread, "We do", consent_source="", attested="").status_code == 200


def test_after_stop_it_is_closed_and_says_by_which_word(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    agreed(conn, thread)
    _opt_out(conn)
    page = rita.get(f"/inbox/{thread}")
    assert words(page, "closed") == (
        "Ann opted out on Wed, Dec 9, 12:00 PM by texting “STOP”. Texting START opens this again. Why?"
    )
    assert not has(page, "consent")
    answer = rita.write(thread, "But wait")
    assert (answer.status_code, texts(conn, thread)) == (409, [("But wait", "refused")])
    assert words(answer, "composer-error").startswith("Not sent. ")


def test_why_it_is_closed_names_the_rule_and_how_consent_came_and_went(
    rita: Desk, thread: int, conn: psycopg.Connection
) -> None:
    rita.write(thread, "Hello", consent_source="in_person", attested="yes")
    _opt_out(conn)
    answer = rita.fetch(f"/inbox/{thread}/why")
    for part in ("Rule: opt-out, version", "Agreed: Told me in person", "entered by Rita Rep", "Opted out: "):
        assert part in answer.text


def test_a_number_that_does_not_work_closes_it_too(rita: Desk, thread: int, conn: psycopg.Connection) -> None:
    agreed(conn, thread)
    conn.execute("UPDATE contact_numbers SET invalid_at = now(), invalid_reason = 'no longer in use'")
    assert "no longer in use" in words(rita.get(f"/inbox/{thread}"), "closed")


def _opt_out(conn: psycopg.Connection) -> None:
    """As the webhook of a STOP leaves it."""
    number, now = one(conn, "SELECT id FROM contact_numbers"), clock.now()
    with database.transaction() as own:
        by_text.apply(own, number, "STOP", at=now, now=now)
