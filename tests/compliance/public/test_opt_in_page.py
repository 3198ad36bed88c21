"""The public opt-in page: nothing without a tick, the same answer for everybody, and the evidence of each opt-in."""

from __future__ import annotations

import threading

import psycopg
import pytest
from flask import Flask

from tests.compliance.public.support import OPEN, Stranger, configure
from tests.support.people import Cast
from tests.support.sessions import signed_in
from tests.support.world import add_sender
from webapp.compliance.public import disclosures

PHONE = "512-555-0111"
E164 = "+15125550111"


@pytest.fixture
def stranger(app: Flask, conn: psycopg.Connection) -> Stranger:
    """Somebody on the page of an account that has opened it."""
    configure(conn, OPEN)
    add_sender(conn, "+15125550100")
    conn.execute("UPDATE phone_numbers SET simulated = false")
    return Stranger(app)


def test_the_page_is_closed_until_it_is_switched_on_complete_and_has_a_number(
    app: Flask, conn: psycopg.Connection, cast: Cast
) -> None:
    configure(conn, OPEN | {"opt_in_page": False})
    assert app.test_client().get("/join").status_code == 404

    configure(conn, {"opt_in_page": True})
    assert app.test_client().get("/join").status_code == 404
    assert "only managers see it" in signed_in(app, cast.manager).get("/join").text

    add_sender(conn, "+15125550100")
    assert app.test_client().get("/join").status_code == 200


def test_the_box_is_empty_at_first_and_apart_from_the_terms(stranger: Stranger) -> None:
    page = stranger.opens().text

    box = page[page.index('type="checkbox"') - 80 :].split(">")[0]
    assert "checked" not in box
    assert page.count('type="checkbox"') == 1
    words = page[page.index('<label for="consent">') :].split("</label>")[0]
    assert "terms" not in words.lower()
    assert "/sms-terms" in page
    assert "/privacy" in page


def test_an_opt_in_is_evidence_of_who_where_when_and_to_which_words(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    answer = stranger.signs_up(PHONE)

    assert (answer.status_code, answer.location) == (303, "/join/thanks")
    row = conn.execute(
        """
        SELECT c.event, c.scope, c.channel, c.source, c.attested, c.details, d.text, d.version
        FROM consent_events c JOIN disclosures d ON d.id = c.disclosure_id
        """
    ).fetchone()
    assert row is not None
    assert row[:5] == ("opt_in", "marketing", "web", "web_form", True)
    details = row[5]
    assert details["page_url"] == "http://localhost/join"
    assert details["name_given"] == "Ann"
    assert details["user_agent"] == "Phone browser"
    assert details["referrer"] == "http://localhost/listing/7"
    assert details["ip"] == "127.0.0.1"
    assert len(details["session"]) == 16
    assert "Ticked the box" in details["act"]
    assert details["disclosure_version"] == row[7] == 1
    assert "Lone Star Homes" in row[6]


def test_whoever_signs_up_is_an_unassigned_lead(stranger: Stranger, conn: psycopg.Connection) -> None:
    stranger.signs_up(PHONE)

    lead = conn.execute("SELECT phone, first_name, state, owner_id, source FROM leads").fetchone()
    assert lead == (E164, "Ann", "TX", None, "web_form")


def test_a_known_lead_stays_as_it_is_whatever_name_somebody_types(stranger: Stranger, conn: psycopg.Connection) -> None:
    stranger.signs_up(PHONE)
    stranger.signs_up(PHONE, first_name="Mallory")

    assert conn.execute("SELECT first_name FROM leads").fetchall() == [("Ann",)]
    assert conn.execute("SELECT details ->> 'name_given' FROM consent_events ORDER BY id").fetchall() == [
        ("Ann",),
        ("Mallory",),
    ]


def test_with_confirmation_the_consent_waits_and_one_text_asks_for_it(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    stranger.signs_up(PHONE)
    stranger.signs_up(PHONE)

    assert _standing(conn) == (False, True)
    asked = conn.execute("SELECT body, origin, automatic FROM sms_messages").fetchall()
    assert len(asked) == 1
    body, origin, automatic = asked[0]
    assert body.startswith("Lone Star Homes: Reply YES to confirm")
    assert "STOP" in body
    assert (origin, automatic) == ("opt_in", True)


def test_without_confirmation_the_consent_holds_at_once_and_no_text_goes(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    configure(conn, {"double_opt_in": False})

    stranger.signs_up(PHONE)

    assert _standing(conn) == (True, False)
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (0,)
    assert conn.execute("SELECT consent_source, consent_channel, consent_until FROM contact_numbers").fetchone() == (
        "web_form",
        "web",
        None,
    )


def test_whoever_agreed_before_need_not_confirm_again(stranger: Stranger, conn: psycopg.Connection) -> None:
    stranger.signs_up(PHONE)
    conn.execute("UPDATE contact_numbers SET consent_at = '2026-01-05T12:00Z', pending_at = NULL")

    stranger.signs_up(PHONE)

    consented, pending = _standing(conn)
    assert (consented, pending) == (True, False)
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (1,)


def test_a_number_that_said_stop_stays_closed_and_the_answer_does_not_tell(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    other = stranger.signs_up("512-555-0122")
    conn.execute(
        "INSERT INTO contact_numbers (e164, suppressed_at, suppression_source, created_at)"
        " VALUES (%s, '2026-01-05T12:00Z', 'keyword', '2026-01-05T12:00Z')",
        [E164],
    )

    answer = stranger.signs_up(PHONE)

    assert (answer.status_code, answer.location, answer.data) == (other.status_code, other.location, other.data)
    thanks = stranger.client.get("/join/thanks").text
    assert "text START to (512) 555-0100" in thanks
    row = conn.execute(
        "SELECT suppressed_at IS NOT NULL, consent_at, pending_at FROM contact_numbers WHERE e164 = %s", [E164]
    ).fetchone()
    assert row == (True, None, None)
    texts = conn.execute(
        "SELECT count(*) FROM sms_messages m JOIN contact_numbers n ON n.id = m.contact_number_id WHERE n.e164 = %s",
        [E164],
    ).fetchone()
    assert texts == (0,)
    assert conn.execute("SELECT count(*) FROM consent_events").fetchone() == (2,)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"consent": None}, "Tick the box if you agree."),
        ({"phone": "12"}, 'id="phone-error"'),
        ({"phone": ""}, "Enter a phone number"),
        ({"phone": "+44 7911 123456"}, "We can text only US and Canadian numbers."),
        ({"phone": "(876) 555-0123"}, "We can text only US and Canadian numbers."),
        ({"first_name": ""}, "Enter your first name."),
        ({"state": "Atlantis"}, "This is not a US state"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(
    stranger: Stranger, conn: psycopg.Connection, changes: dict[str, str | None], complaint: str
) -> None:
    given = {"phone": PHONE} | changes

    answer = stranger.signs_up(given.pop("phone") or "", **given)

    assert answer.status_code == 422
    assert complaint in answer.text
    assert _written(conn) == (0, 0)


def test_words_that_changed_under_the_reader_are_shown_again_and_need_another_tick(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    stranger.opens()
    configure(conn, {"message_frequency": "Up to 8 msgs/month"})

    answer = stranger.signs_up(PHONE, version="1")

    assert answer.status_code == 409
    assert "The wording has changed" in answer.text
    assert "Up to 8 msgs/month" in answer.text
    assert "checked" not in answer.text
    assert _written(conn) == (0, 0)
    assert stranger.signs_up(PHONE).status_code == 303
    assert disclosures.versions(conn)[0].consents == 1


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    answer = stranger.signs_up(PHONE, homepage="https://spam.test")

    assert (answer.status_code, answer.location) == (303, "/join/thanks")
    assert _written(conn) == (0, 0)


def test_one_number_is_signed_up_three_times_a_day_and_one_address_signs_up_twenty_an_hour(
    stranger: Stranger, conn: psycopg.Connection
) -> None:
    for_one_number = [stranger.signs_up(PHONE).status_code for _ in range(4)]
    by_one_address = [stranger.signs_up(f"512-555-{number:04d}").status_code for number in range(200, 217)]

    assert for_one_number == [303, 303, 303, 429]
    assert by_one_address == [303] * 16 + [429]
    assert _written(conn) == (19, 17)


def test_two_presses_at_once_ask_once(stranger: Stranger, app: Flask, conn: psycopg.Connection) -> None:
    others = [Stranger(app), Stranger(app)]
    start = threading.Barrier(2)

    def press(other: Stranger) -> None:
        start.wait()
        other.signs_up(PHONE)

    presses = [threading.Thread(target=press, args=(other,)) for other in others]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert _written(conn) == (2, 1)
    assert conn.execute("SELECT count(*) FROM sms_messages").fetchone() == (1,)


def _standing(conn: psycopg.Connection) -> tuple[bool, bool]:
    """Whether the one number's consent holds, and whether it waits for confirmation."""
    row = conn.execute("SELECT consent_at IS NOT NULL, pending_at IS NOT NULL FROM contact_numbers").fetchone()
    assert row is not None
    return bool(row[0]), bool(row[1])


def _written(conn: psycopg.Connection) -> tuple[int, int]:
    """How many consent rows and leads there are."""
    row = conn.execute("SELECT (SELECT count(*) FROM consent_events), (SELECT count(*) FROM leads)").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
