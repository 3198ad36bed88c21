"""The list of opt-outs and consents: by standing, searched, paged, added to, exported."""

from __future__ import annotations

import csv
from io import StringIO

import psycopg
import pytest
from flask import Flask

from tests.api.support import add_lead
from tests.compliance.support import NOON, add_number, agree, hear, one, rows
from tests.inbox.support import Desk, said, words
from tests.support.people import Cast
from webapp import database
from webapp.compliance.optouts import standings
from webapp.compliance.optouts.standings import Show

pytestmark = pytest.mark.usefixtures("noon")

LIST = "/compliance/opt-outs"


@pytest.fixture
def four(cast: Cast) -> dict[str, int]:
    """A number for each way to stand, each with a lead."""
    numbers = {}
    for last, name in enumerate(("Stopped", "Doubtful", "Agreed", "Unasked"), start=1):
        add_lead(cast.rep, f"+1512555{last:04d}", first_name="Ann", last_name=name)
        numbers[name] = add_number(last)
    hear(numbers["Stopped"], "STOP")
    agree(numbers["Agreed"])
    with database.transaction() as conn:
        conn.execute(
            "UPDATE contact_numbers SET doubt_at = %s, doubt_source = 'natural', doubt_matched = 'leave me be',"
            " consent_at = NULL WHERE id = %s",
            [NOON, numbers["Doubtful"]],
        )
    return numbers


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("", {"Stopped"}),
        ("suppressed", {"Stopped"}),
        ("confirm", {"Doubtful"}),
        ("consent", {"Agreed"}),
        ("none", {"Doubtful", "Unasked"}),
        ("nonsense", {"Stopped"}),
    ],
)
def test_each_list_has_those_who_stand_so(max_: Desk, four: dict[str, int], show: str, shown: set[str]) -> None:
    listed = words(max_.get(LIST, show=show), "numbers")
    assert {name for name in four if name in listed} == shown


def test_the_list_says_since_when_how_and_by_whom(max_: Desk, four: dict[str, int], conn: psycopg.Connection) -> None:
    max_.post(f"{LIST}/{four['Agreed']}/stop", method="phone", note="Rang the office")
    listed = words(max_.get(LIST), "numbers")
    for part in ("(512) 555-0001", "Texted the word “STOP”", "by phone: Rang the office", "Max Manager", "Dec 9"):
        assert part in listed


@pytest.mark.parametrize("typed", ["(512) 555-0003", "+1 512.555.0003", "0003", "agreed", "Ann Agreed"])
def test_anybody_is_found_however_they_stand(max_: Desk, four: dict[str, int], typed: str) -> None:
    listed = words(max_.get(LIST, q=typed), "numbers")
    assert {name for name in four if name in listed} == {"Agreed"}


@pytest.mark.parametrize("typed", ["+15125550042", "0042"])
def test_a_number_that_has_outlived_its_lead_is_found(max_: Desk, four: dict[str, int], typed: str) -> None:
    hear(add_number(42), "STOP")
    assert "(512) 555-0042" in words(max_.get(LIST, q=typed), "numbers")


def test_what_matches_nothing_says_so(max_: Desk, four: dict[str, int]) -> None:
    assert "No number matches “nobody”" in words(max_.get(LIST, q="nobody"), "numbers")
    assert "No number matches “((”" in words(max_.get(LIST, q="(("), "numbers")


def test_an_empty_account_says_what_is_not_there(max_: Desk) -> None:
    assert "Nobody has opted out." in words(max_.get(LIST), "numbers")
    assert "Nothing to confirm." in words(max_.get(LIST, show="confirm"), "numbers")


@pytest.mark.parametrize("show", list(Show))
def test_pages_have_everybody_once(app: Flask, conn: psycopg.Connection, show: Show) -> None:
    """With the same instant for many, as an import writes it."""
    for last in range(25):
        add_number(last)
    conn.execute(
        """
        UPDATE contact_numbers SET
            suppressed_at = CASE %(show)s WHEN 'suppressed' THEN at END,
            doubt_at = CASE %(show)s WHEN 'confirm' THEN at END,
            consent_at = CASE %(show)s WHEN 'consent' THEN at END
        FROM (SELECT id AS of, timestamptz '2026-12-01' + id / 10 * interval '1 day' AS at FROM contact_numbers) days
        WHERE id = of
        """,
        {"show": show},
    )
    found: list[int] = []
    after: standings.Position = ()
    while page := standings.listed(conn, show, after=after, limit=4):
        found += [row.id for row in page]
        after = standings.position_of(page[-1], show)
    assert len(found) == 25
    assert len(set(found)) == 25


def test_the_next_page_is_linked(max_: Desk, conn: psycopg.Connection) -> None:
    for last in range(standings.PAGE + 1):
        add_number(last)
    page = max_.get(LIST, show="none")
    following = max_.get(one(conn, "SELECT %s", _href(page.text, 'rel="next"')))
    assert following.text.count('<th scope="row">') == 1
    assert max_.get(LIST, show="none", after="forged").text.count('<th scope="row">') == standings.PAGE


def _href(html: str, mark: str) -> str:
    tag = next(part for part in html.split("<a ") if mark in part.split(">")[0])
    return tag.split('href="')[1].split('"')[0].replace("&amp;", "&")


def test_a_number_is_added_by_hand_in_any_form(max_: Desk, conn: psycopg.Connection, cast: Cast) -> None:
    answer = max_.post(LIST, phone="512.555.0177", method="letter", note="From the lawyer")
    assert answer.status_code == 303
    assert one(conn, "SELECT e164, suppression_source, suppression_reason FROM contact_numbers") == (
        *("+15125550177", "manual", "by letter: From the lawyer"),
    )
    assert one(conn, "SELECT actor_id FROM consent_events") == cast.manager.id


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"phone": "", "method": "phone"}, "Give the number."),
        ({"phone": "12", "method": "phone"}, "A US number has 10 digits"),
        ({"phone": "+15125550123"}, "Say how they told us."),
    ],
)
def test_what_is_missing_is_named(max_: Desk, conn: psycopg.Connection, form: dict[str, str], complaint: str) -> None:
    answer = max_.post(LIST, note="", **form)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert one(conn, "SELECT count(*) FROM contact_numbers") == 0


def test_a_manager_decides_a_doubt_from_the_list(max_: Desk, four: dict[str, int], conn: psycopg.Connection) -> None:
    number = four["Doubtful"]
    assert "10 business days left" in words(max_.get(LIST, show="confirm"), "numbers")
    assert max_.post(f"{LIST}/{number}/dismiss").location.endswith("show=confirm#numbers")
    assert one(conn, "SELECT doubt_at, suppressed_at FROM contact_numbers WHERE id = %s", number) == (None, None)


def test_a_flood_is_shown_with_its_figures_and_answered_by_one_click(max_: Desk, conn: psycopg.Connection) -> None:
    for last in range(3):
        add_number(last)
    conn.execute("UPDATE contact_numbers SET doubt_at = %s, doubt_source = 'carrier', doubt_matched = '21610'", [NOON])
    shown = said(max_.get(LIST))
    assert "reported 3 numbers as opted out, when 0 texts went. 3 of them wait here" in shown
    assert max_.post(f"{LIST}/flood", answer="perhaps").status_code == 422
    max_.post(f"{LIST}/flood", answer="real")
    assert rows(conn, "SELECT DISTINCT suppression_source FROM contact_numbers") == ["carrier"]
    assert "Unusually many" not in max_.get(LIST).text


def test_the_export_has_everybody_and_no_formula(ada: Desk, conn: psycopg.Connection) -> None:
    add_lead(None, "+15125550001", first_name="=HYPERLINK(1)", last_name="@Lee")
    hear(add_number(1), "STOP")
    ada.post(LIST, phone="+442079460958", method="phone", note="+1")
    answer = ada.post(f"{LIST}/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="opt-outs-2026-12-09.csv"'
    table = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(table) == 3
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
    assert ["(512) 555-0001", "'=HYPERLINK(1)", "'@Lee", "2026-12-09T18:00:00Z", "Texted the word", "STOP", ""] in table
    assert one(conn, "SELECT details FROM audit_log WHERE action = 'opt_outs.exported'") == {"rows": 2}


def test_a_number_that_is_none_is_told_in_one_sentence(max_: Desk) -> None:
    answer = max_.post(LIST, phone="letters", method="phone", note="")
    assert answer.status_code == 422
    assert "Enter a phone number, like 212 555 0123." in said(answer)
    assert "0123.." not in said(answer)
    assert "This number Enter" not in said(answer)


def test_a_note_about_somebody_who_is_opted_out_is_said_to_be_kept(max_: Desk, conn: psycopg.Connection) -> None:
    for note in ("Rang the office", "Rang again"):
        max_.post(LIST, phone="512 555 0177", method="phone", note=note)
    assert "was opted out already. What you entered is in their history." in said(max_.get(LIST))
    assert one(conn, "SELECT count(*) FROM consent_events WHERE note LIKE '%%Rang%%'") == 2
