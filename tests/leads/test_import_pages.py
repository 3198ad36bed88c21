"""Importing as a page: handing in, watching, leaving and coming back, mending."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.accounts.conftest import Visitor
from tests.leads.samples import COUNTERS, KNOWN, MIXED, many
from tests.leads.support import add_lead, one
from tests.support.people import Cast
from webapp import database
from webapp.jobs import bulk, bulk_runner
from webapp.leads import importing

Work = Callable[[], object]


def hand_in(
    visitor: Visitor, content: str | bytes = MIXED, *, fragment: bool = False, **fields: object
) -> TestResponse:
    """Sends the form as the page does."""
    content = content if isinstance(content, bytes) else content.encode()
    form = {"owner": "", "known": "keep", **fields, "file": (BytesIO(content), "people.csv")}
    headers = {"HX-Request": "true"} if fragment else {}
    return visitor.client.post("/leads/import", data=form | {"csrf_token": visitor.csrf_token()}, headers=headers)


def counters(page: str) -> dict[str, int]:
    """The five counters as they are shown, by label."""
    found = re.findall(r'<dt>([^<]*)</dt><dd><span class="counter">([\d,]*)</span>', page)
    return {label: int(number.replace(",", "")) for label, number in found}


def test_a_file_goes_to_its_progress_which_one_may_leave(
    rep: Visitor, cast: Cast, conn: psycopg.Connection, work: Work
) -> None:
    add_lead(conn, KNOWN, owner=cast.rep)
    answer = hand_in(rep, owner=cast.rep.id)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/leads/import/1")

    page = rep.get("/leads/import/1").text
    assert "Waiting to start" in page
    assert 'hx-trigger="every 2s"' in page
    assert "people.csv" in rep.get("/leads/import").text

    work()
    page = rep.get("/leads/import/1").text
    assert "Finished" in page
    assert "every 2s" not in page
    assert counters(page) == dict(zip(("New", "Updated", "Duplicate", "To be mended", "Skipped"), COUNTERS.values(), strict=True))  # fmt: skip
    assert "10 of 10 rows" in page
    assert "5 rows did not go in" in page
    assert "The same number is in row 2." in page
    assert one(conn, "SELECT owner_id FROM leads WHERE phone = '+12125550101'") == cast.rep.id


def test_the_poller_gets_304_until_rows_are_done_and_then_no_poller(app: Flask, rep: Visitor) -> None:
    hand_in(rep, "".join(many(1_500)))
    first = rep.get("/leads/import/1", HX_Request="true")
    tag = first.headers["HX-PTag"]
    assert first.text.lstrip().startswith('<div id="operation"')
    assert rep.get("/leads/import/1", HX_Request="true", HX_PTag=tag).status_code == 304

    bulk_runner.run(1, importing.plan, seconds=0)
    half = rep.get("/leads/import/1", HX_Request="true", HX_PTag=tag)
    assert half.status_code == 200
    assert "1,000 of 1,500 rows" in half.text
    assert "every 2s" in half.text

    bulk_runner.run(1, importing.plan, seconds=60)
    last = rep.get("/leads/import/1", HX_Request="true", HX_PTag=half.headers["HX-PTag"])
    assert "every 2s" not in last.text
    assert 'hx-target="#operation-status"' in last.text


def test_an_import_is_stopped(rep: Visitor, conn: psycopg.Connection, work: Work) -> None:
    hand_in(rep, "".join(many(1_500)))
    bulk_runner.run(1, importing.plan, seconds=0)
    assert rep.post("/leads/import/1/cancel").status_code == 303
    page = rep.get("/leads/import/1").text
    assert "Stopped. What is in stays in." in page
    work()
    assert one(conn, "SELECT count(*) FROM leads") == 1_000
    rep.post("/leads/import/1/cancel")
    assert "It was finished already." in rep.get("/leads/import/1").text


def test_rejected_rows_are_downloaded_mended_and_imported_again(
    rep: Visitor, conn: psycopg.Connection, work: Work
) -> None:
    hand_in(rep)
    work()
    download = rep.get("/leads/import/1/rejects.csv")
    assert (download.status_code, download.mimetype) == (200, "text/csv")
    assert "attachment" in download.headers["Content-Disposition"]
    mended = download.data.replace(b"12345", b"2125550199").replace(b"nonsense", b"dan@example.com")
    hand_in(rep, mended)
    work()
    assert one(conn, "SELECT count(*) FROM leads WHERE first_name IN ('Cat', 'Dan')") == 2


def test_rejects_are_kept_for_a_month(rep: Visitor, conn: psycopg.Connection, work: Work) -> None:
    hand_in(rep)
    work()
    conn.execute("UPDATE bulk_operations SET finished_at = now() - interval '31 days'")
    with database.transaction() as own:
        bulk.forget_uploads(own)
    assert rep.get("/leads/import/1/rejects.csv").status_code == 404
    assert rep.get("/leads/import/1").status_code == 200


def test_many_row_errors_come_in_pages(rep: Visitor, work: Work) -> None:
    hand_in(rep, "Phone\n" + "12\n" * 120)
    work()
    page, seen = rep.get("/leads/import/1").text, []
    while True:
        seen += re.findall(r'<tr><td class="number">(\d+)</td>', page)
        more = re.search(r'rel="next" href="([^"]*)"', page)
        if more is None:
            break
        page = rep.get(more[1].replace("&amp;", "&")).text
    assert seen == [str(n) for n in range(2, 122)]
    assert rep.get("/leads/import/1?after=nonsense").status_code == 422


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04", "CSV UTF-8"),
        (b'Phone,Name\n2125550101,"Ann\n', "quotation mark"),
        (b"Name\nAnn\n", "Phone, Mobile or Cell"),
        (b"", "empty"),
    ],
)
@pytest.mark.parametrize("fragment", [False, True])
def test_a_file_that_cannot_be_used_says_why_and_the_form_stays_filled_in(
    rep: Visitor, cast: Cast, conn: psycopg.Connection, content: bytes, says: str, fragment: bool
) -> None:
    consent = {"consent_source": "sheet", "consent_date": "2020-01-02", "attested": "y"}
    filled = {"owner": cast.rep.id, "known": "overwrite", **consent}
    answer = hand_in(rep, content, fragment=fragment, **filled)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="sheet"' in answer.text
    assert re.search(r'<input [^>]*checked [^>]*value="overwrite"', answer.text)
    assert re.search(r'<input [^>]*checked [^>]*name="attested"', answer.text)
    assert answer.text.lstrip().startswith("<form") is fragment
    assert one(conn, "SELECT count(*) FROM bulk_operations") == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"consent_source": "sheet", "consent_date": "2020-01-02"}, "Confirm that they agreed"),
        ({"consent_source": "sheet", "attested": "y"}, "Give the day on which they agreed"),
        ({"consent_date": "2020-01-02", "attested": "y"}, "Say how they agreed"),
        ({"consent_source": "sheet", "attested": "y", "consent_date": "soon"}, "This is not a day"),
        ({"consent_source": "sheet", "attested": "y", "consent_date": "2199-01-01"}, "has not come yet"),
        ({"owner": "999"}, "Not a valid choice"),
        ({"known": "burn"}, "Not a valid choice"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(rep: Visitor, fields: dict[str, str], says: str) -> None:
    answer = hand_in(rep, **fields)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_form_without_a_file_asks_for_one(rep: Visitor) -> None:
    answer = rep.post("/leads/import", owner="", known="keep")
    assert answer.status_code == 422
    assert "Choose the CSV file" in answer.text


def test_consent_is_given_for_everybody_in_the_file(
    rep: Visitor, cast: Cast, conn: psycopg.Connection, work: Work
) -> None:
    hand_in(rep, consent_source="sheet", consent_date="2020-01-02", attested="y")
    work()
    rows = conn.execute("SELECT DISTINCT source, attested, actor_id, occurred_at::text FROM consent_events").fetchall()
    assert rows == [("sheet", True, cast.rep.id, "2020-01-02 06:00:00+00")]


def test_a_file_without_consent_says_so_before_and_after(rep: Visitor, work: Work) -> None:
    assert "without consent nothing automatic is sent" in rep.get("/leads/import").text
    hand_in(rep)
    assert "Imported without consent: nothing automatic is sent to these leads." in rep.get("/leads/import/1").text


def test_who_agreed_and_who_opted_out_is_counted_beside_the_five_counters(rep: Visitor, work: Work) -> None:
    content = "Phone,Name,DND\n2125550101,Ann,\n2125550102,Bob,SMS\n2125550103,Cat,No\n"
    hand_in(rep, content, consent_source="sheet", consent_date="2020-01-02", attested="y")
    work()
    page = rep.get("/leads/import/1").text
    assert list(counters(page).values()) == [3, 0, 0, 0, 0]
    assert "Consent written down for 2 people" in page
    assert "1 person is marked as opted out, and is never texted." in page


def test_a_htmx_form_is_sent_on_to_the_progress(rep: Visitor) -> None:
    answer = hand_in(rep, fragment=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/leads/import/1")


def test_only_who_started_an_import_and_managers_see_it(
    rep: Visitor, other_rep: Visitor, manager: Visitor, work: Work
) -> None:
    hand_in(rep)
    work()
    for path in ("/leads/import/1", "/leads/import/1/rejects.csv"):
        assert [who.get(path).status_code for who in (rep, manager, other_rep)] == [200, 200, 404]
    assert other_rep.post("/leads/import/1/cancel").status_code == 404
    assert "people.csv" not in other_rep.get("/leads/import").text
    assert "Rita Rep" in manager.get("/leads/import").text


def test_the_last_imports_are_dated_by_the_business_clock(rep: Visitor, at: Callable[[str], None]) -> None:
    at("2030-01-01T12:00:00Z")
    hand_in(rep)
    page = rep.get("/leads/import").text
    assert re.search(r'<time datetime="2030-01-01T12:0\d:\d\dZ"[^>]*>(now|1 min)</time>', page)


def test_a_failed_import_says_so(rep: Visitor, conn: psycopg.Connection) -> None:
    hand_in(rep)
    with database.transaction() as own:
        bulk.end(own, 1, bulk.BulkStatus.FAILED, "Something went wrong on our side.")
    page = rep.get("/leads/import/1").text
    assert "Something went wrong on our side." in page
    assert "every 2s" not in page
