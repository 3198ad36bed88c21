"""Caps, keywords and answers: who may change them, what will not do, and that loosening asks."""

from __future__ import annotations

import re
from datetime import timedelta

import psycopg
import pytest
from flask import Flask

from tests.inbox.support import Desk
from tests.support.people import Cast
from tests.support.world import add_sender
from webapp import clock, database
from webapp.accounts import settings as account_settings
from webapp.compliance import usage

FORM = {
    "business_name": "Lone Star Homes",
    "business_contact": "512-555-0100",
    "message_frequency": "Msg frequency varies",
    "keyword_replies": "carrier",
    "cap_per_lead": "3",
    "lane_gap_minutes": "10",
    "reply_exemption_minutes": "15",
    "validity_minutes": "5",
    "breaker_texts": "200",
    "breaker_least_texts": "20",
    "breaker_filtered_percent": "10",
    "breaker_opt_out_percent": "15",
    "breaker_failed_percent": "30",
}
PAGE = "/compliance/texting"


def save(desk: Desk, **changes: str):
    return desk.post(PAGE, **(FORM | changes))


def test_managers_look_and_admins_change(app: Flask, conn: psycopg.Connection, cast: Cast) -> None:
    seen = Desk(app, cast.manager).get(PAGE)
    assert seen.status_code == 200
    assert '<fieldset class="stack" disabled>' in seen.text
    assert save(Desk(app, cast.manager)).status_code == 403
    assert Desk(app, cast.rep).get(PAGE).status_code == 403
    assert save(Desk(app, cast.admin), cap_per_lead="2").status_code == 303
    assert account_settings.read(conn).cap_per_lead == 2


def test_what_is_saved_is_audited(conn: psycopg.Connection, ada: Desk) -> None:
    assert save(ada, cap_account_day="500", help_reply="", extra_stop_words="Halt!\nno más, HALT").status_code == 303
    stored = account_settings.read(conn)
    assert (stored.cap_account_day, stored.extra_stop_words) == (500, ("halt", "no mas"))
    changed = conn.execute("SELECT target FROM audit_log WHERE action = 'setting.changed' ORDER BY target").fetchall()
    assert [row[0] for row in changed] == ["business_contact", "business_name", "cap_account_day", "extra_stop_words"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("cap_per_lead", "0", "Enter a number from 1 to 50."),
        ("cap_per_lead", "", "Enter a number from 1 to 50."),
        ("business_name", "", "Enter the business name"),
        ("cap_per_lead", "three", "Enter a number from 1 to 50."),
        ("cap_per_lead", "1.5", "Enter a number from 1 to 50."),
        ("cap_account_day", "many", "or nothing for no limit"),
        ("lane_gap_minutes", "-1", "Enter a number from 0 to 10,080."),
        ("validity_minutes", "600", "Enter a number from 1 to 60."),
        ("cap_account_day", "0", "or nothing for no limit"),
        ("stop_reply", "Bye!", "Name the business in it"),
        ("stop_reply", "Lone Star Homes: bye! See bit.ly/x", "Leave links out"),
        ("stop_reply", "Lone Star Homes: ok", "Say that it is done"),
        ("help_reply", "Lone Star Homes: call 512-555-0100", "Msg &amp; data rates may apply"),
        ("start_reply", "Lone Star Homes " + "x" * 290, "Use 300 characters or fewer."),
        ("extra_stop_words", "yes", "asks for texts"),
        ("extra_stop_words", "halt\n😀", "“😀” has no letter"),
        ("extra_stop_words", "\n".join(f"word{n}" for n in range(51)), "at most 50"),
        ("breaker_filtered_percent", "0", "Enter a number from 1 to 100."),
        ("breaker_opt_out_percent", "101", "Enter a number from 1 to 100."),
        ("breaker_failed_percent", "", "Enter a number from 1 to 100."),
        ("breaker_texts", "10", "Enter a number from 20 to 5,000."),
        ("breaker_least_texts", "201", "At most as many as are looked at."),
        ("second_person_above", "0", "or nothing for no limit"),
        ("keyword_replies", "nobody", "Not a valid choice"),
    ],
)
def test_what_will_not_do_is_named_beside_its_field(
    conn: psycopg.Connection, ada: Desk, field: str, value: str, told: str
) -> None:
    answer = save(ada, **{field: value})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">[^<]*{re.escape(told)}', answer.text) or (
        field == "keyword_replies" and told in answer.text
    )
    assert conn.execute("SELECT count(*) FROM settings").fetchone() == (0,)


def test_a_refused_form_sums_up_above_itself_what_is_wrong(ada: Desk) -> None:
    page = save(ada, cap_per_lead="77", lane_gap_minutes="-1", keyword_replies="nobody").text
    assert "3 fields need a look" in page
    assert '<a href="#cap_per_lead">Texts to one person in 24 hours</a>: Enter a number from 1 to 50.' in page
    assert '<a href="#keyword_replies">Who answers STOP, START and HELP?</a>' in page
    assert 'id="keyword_replies"' in page


def test_a_page_that_stays_open_is_told_where_to_go(ada: Desk) -> None:
    """Only what was saved has an address of its own: so Back never asks for a form to be sent again."""
    saved = ada.act(PAGE, **(FORM | {"cap_per_lead": "2"}))
    assert (saved.status_code, saved.headers["HX-Redirect"]) == (204, PAGE)


def test_an_own_answer_of_three_segments_is_too_long(ada: Desk) -> None:
    answer = save(ada, stop_reply="Lone Star Homes: 😀 " + "you are opted out. " * 10)
    assert answer.status_code == 422
    assert "at most 2 will do" in answer.text


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"cap_per_lead": "5"}, "Texts to one person in 24 hours: 3 becomes 5"),
        ({}, {"lane_gap_minutes": "0"}, "10 becomes 0"),
        ({}, {"reply_exemption_minutes": "60"}, "15 becomes 60"),
        ({"cap_account_day": "100"}, {}, "100 becomes no limit"),
        ({"cap_sender_hour": "100"}, {"cap_sender_hour": "200"}, "100 becomes 200"),
        ({"cap_brand_segments": "2000"}, {"cap_brand_segments": "40000"}, "2,000 becomes 40,000"),
        ({"extra_stop_words": "halt"}, {}, "“halt” no longer stops texts"),
        ({}, {"breaker_opt_out_percent": "20"}, "Percent of texts that may be answered by an opt-out: 15 becomes 20"),
        ({}, {"breaker_least_texts": "100"}, "Texts before a wording or a number is stopped: 20 becomes 100"),
        ({"second_person_above": "500"}, {}, "Leads that one person may launch to: 500 becomes no limit"),
    ],
)
def test_loosening_asks_once_and_is_audited(
    conn: psycopg.Connection, ada: Desk, before: dict[str, str], after: dict[str, str], told: str
) -> None:
    assert save(ada, **before).status_code == 303
    stored = account_settings.read(conn)
    asked = save(ada, **after)
    assert asked.status_code == 200
    assert told in asked.text
    assert account_settings.read(conn) == stored, "nothing has changed yet"
    seal = re.search(r'name="agreed"[^>]*value="([0-9a-f]+)"', asked.text)
    assert seal
    assert save(ada, **after, agreed="another").status_code == 200, "an agreement to something else is none"
    assert save(ada, **after, agreed=seal[1]).status_code == 303
    assert account_settings.read(conn) != stored
    row = conn.execute("SELECT details ->> 'opened' FROM audit_log WHERE action = 'texting.loosened'").fetchone()
    assert row is not None
    assert told in row[0]


@pytest.mark.parametrize(
    "changes", [{"cap_per_lead": "1"}, {"lane_gap_minutes": "60"}, {"cap_sender_day": "100"}, {"validity_minutes": "9"}]
)
def test_tightening_does_not_ask(ada: Desk, changes: dict[str, str]) -> None:
    assert save(ada, **changes).status_code == 303


def test_what_a_cap_held_is_judged_again_when_it_is_loosened(conn: psycopg.Connection, ada: Desk, noon: None) -> None:
    text = held_by_a_cap(conn)
    asked = save(ada, cap_per_lead="9")
    seal = re.search(r'name="agreed"[^>]*value="([0-9a-f]+)"', asked.text)
    assert seal
    save(ada, cap_per_lead="9", agreed=seal[1])
    assert conn.execute("SELECT status, send_after FROM sms_messages WHERE id = %s", [text]).fetchone() == (
        "queued",
        None,
    )


def held_by_a_cap(conn: psycopg.Connection) -> int:
    row = conn.execute(
        """
        WITH number AS (
            INSERT INTO contact_numbers (e164, created_at) VALUES ('+15125550199', now()) RETURNING id
        ), thread AS (
            INSERT INTO sms_conversations (contact_number_id, phone_number_id, created_at)
            SELECT number.id, p.id, now() FROM number, phone_numbers p RETURNING id, contact_number_id, phone_number_id
        )
        INSERT INTO sms_messages (conversation_id, contact_number_id, phone_number_id, direction, body, status, reason,
                                  origin, automatic, encoding, segments, send_after, created_at)
        SELECT id, contact_number_id, phone_number_id, 'outbound', 'Hi', 'held', 'cap', 'api', true, 'GSM-7', 1,
               now() + interval '1 day', now() FROM thread RETURNING id
        """
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_what_has_gone_stands_beside_its_cap(conn: psycopg.Connection, ada: Desk, noon: None) -> None:
    other = add_sender(conn, "+15125550101")
    now = clock.now()
    with database.transaction() as writing:
        usage.record(writing, [(1, 2)] * 3, now)
        usage.record(writing, [(other, 1)], now)
        usage.record(writing, [(1, 1)] * 5, now - timedelta(days=2))
    save(ada, cap_account_day="4", cap_sender_day="100")
    page = ada.get(PAGE).text
    assert "3 from the busiest number today" in page
    assert re.search(r"4 today: <strong>used up</strong>", page)
    assert "7 segments since midnight Pacific" in page


def test_the_answers_are_shown_as_people_will_read_them_while_they_are_typed(ada: Desk) -> None:
    seen = ada.act(f"{PAGE}/preview", **(FORM | {"help_reply": "Call us", "message_frequency": "Up to 4 msgs/month"}))
    assert seen.status_code == 200
    assert "Lone Star Homes: you&#39;re unsubscribed" in seen.text
    assert "Up to 4 msgs/month. Msg &amp; data rates may apply" in seen.text
    assert "Call us" in seen.text
    assert "Name the business in it" in seen.text
    assert "1 segment" in seen.text


def test_without_scripts_the_preview_is_on_the_page_itself(ada: Desk) -> None:
    save(ada, stop_reply="Lone Star Homes: you are opted out. Call 512-555-0100 for help.")
    assert "<q>Lone Star Homes: you are opted out. Call 512-555-0100 for help.</q>" in ada.get(PAGE).text
