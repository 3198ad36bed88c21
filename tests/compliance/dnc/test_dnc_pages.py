"""The pages of do-not-call lists, and of importing opt-outs: asked, refused with the fix, watched, undone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.compliance.support import one, rows
from tests.inbox.support import Desk
from tests.leads.support import add_lead
from webapp.compliance.dnc import filling
from webapp.jobs import bulk_runner
from webapp.jobs.queues import QueueName
from webapp.jobs.worker import make_worker

FILE = b"212,5550101\n212,5550102\n"
Work = Callable[[], object]

pytestmark = pytest.mark.usefixtures("noon")  # the ninth of December


@pytest.fixture
def work(app: Flask) -> Work:
    """Lets a real worker do what is on the bulk queue."""
    return lambda: make_worker(app, QueueName.BULK).work(burst=True, logging_level="WARNING")


def hand_in(desk: Desk, content: bytes | None = FILE, *, fragment: bool = False, **fields: object) -> TestResponse:
    form = {"kind": "national", "name": "212", "as_of": "2026-12-06", **fields}
    if content is not None:
        form["file"] = (BytesIO(content), "dnc.txt")
    return (desk.act if fragment else desk.post)("/compliance/dnc/import", **form)


def test_a_list_is_imported_watched_and_shown_with_its_age(max_: Desk, conn: psycopg.Connection, work: Work) -> None:
    add_lead(conn, "+12125550101")
    assert "No list yet" in max_.get("/compliance/dnc").text
    answer = hand_in(max_)
    assert (answer.status_code, answer.location) == (303, "/compliance/dnc/import/1")
    page = max_.get("/compliance/dnc/import/1")
    assert "Waiting to start" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert max_.client.get("/compliance/dnc/import/1", headers={"HX-Request": "true", "HX-PTag": max_.tag}).status_code == 304  # fmt: skip
    assert "Importing" in max_.get("/compliance/dnc").text

    work()
    assert "Finished" in max_.fetch("/compliance/dnc/import/1").text
    page = max_.get("/compliance/dnc")
    assert "In use" in page.text
    assert "3 days old" in page.text
    assert "As of Dec 6, 2026<" in page.text
    assert "National registry, imported Dec 9 by Max Manager" in page.text
    assert 'hx-target="#dnc-leads-1" hx-swap="textContent">1<' in max_.fetch("/compliance/dnc/leads").text
    assert one(conn, "SELECT action FROM audit_log WHERE target = 'dnc_list:1'") == "dnc.imported"


@pytest.mark.parametrize("fragment", [False, True])
def test_a_list_older_than_31_days_is_refused_until_somebody_says_so(
    max_: Desk, conn: psycopg.Connection, work: Work, fragment: bool
) -> None:
    assert 'name="anyway"' not in max_.get("/compliance/dnc/import").text
    refused = hand_in(max_, as_of="2026-11-07", fragment=fragment)
    assert refused.status_code == 422
    assert "This list is 32 days old. The law asks for one of at most 31 days" in refused.text
    assert 'name="anyway"' in refused.text
    assert one(conn, "SELECT count(*) FROM dnc_lists") == 0

    assert hand_in(max_, as_of="2026-11-07", anyway="y", fragment=fragment).status_code == (204 if fragment else 303)
    work()
    page = max_.get("/compliance/dnc").text
    assert "The national list is 32 days old." in page
    assert "32 days old, out of date" in page


def test_a_list_of_31_days_is_good(max_: Desk) -> None:
    assert hand_in(max_, as_of="2026-11-08").status_code == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"as_of": "2026-12-10"}, "This day has not come yet."),
        ({"as_of": ""}, "Give the day on which"),
        ({"as_of": "soon"}, "This is not a day."),
        ({"name": " "}, "Name the list"),
        ({"name": "x" * 81}, "80 characters"),
        ({"kind": "mine"}, "Not a valid choice"),
        ({"content": None}, "Choose the file"),
        ({"content": b"Dear Sir,\nhello\n"}, "No column holds phone numbers"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_is_stored(
    max_: Desk, conn: psycopg.Connection, fields: dict[str, object], says: str
) -> None:
    answer = hand_in(max_, **fields)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert says in answer.text
    assert one(conn, "SELECT (SELECT count(*) FROM dnc_lists) + (SELECT count(*) FROM bulk_operations)") == 0


def test_an_older_list_takes_no_newer_ones_place_by_a_slip(max_: Desk, conn: psycopg.Connection, work: Work) -> None:
    hand_in(max_)
    work()
    refused = hand_in(max_, as_of="2026-12-01")
    assert (refused.status_code, "newer: of Dec 6, 2026" in refused.text) == (422, True)
    hand_in(max_, b"212,5550103\n", as_of="2026-12-07")
    work()
    work()
    assert rows(conn, "SELECT e164 FROM dnc_entries") == ["+12125550103"]


def test_a_list_rests_is_used_again_and_is_deleted(max_: Desk, conn: psycopg.Connection, work: Work) -> None:
    hand_in(max_)
    work()
    assert 'data-confirm="Stop using 212?"' in max_.get("/compliance/dnc").text
    assert max_.post("/compliance/dnc/1/deactivate").location == "/compliance/dnc#list-1"
    assert 'action="/compliance/dnc/1/activate"' in max_.get("/compliance/dnc").text.partition('id="toasts"')[2]
    assert "Not used" in max_.get("/compliance/dnc").text
    max_.post("/compliance/dnc/1/activate")
    assert one(conn, "SELECT active FROM dnc_lists")
    assert 'data-confirm="Delete 212?"' in max_.get("/compliance/dnc").text
    max_.post("/compliance/dnc/1/delete")
    assert "Being taken away" in max_.get("/compliance/dnc").text
    assert max_.post("/compliance/dnc/1/delete").status_code == 409
    work()
    assert one(conn, "SELECT (SELECT count(*) FROM dnc_lists) + (SELECT count(*) FROM dnc_entries)") == 0
    said = rows(conn, "SELECT action FROM audit_log WHERE action LIKE 'dnc.%%' ORDER BY id")
    assert said == ["dnc.imported", "dnc.deactivated", "dnc.activated", "dnc.deleted"]
    for act in ("activate", "deactivate", "delete"):
        assert max_.post(f"/compliance/dnc/1/{act}").status_code == 404


def test_an_import_that_is_stopped_is_taken_away(max_: Desk, conn: psycopg.Connection, work: Work) -> None:
    hand_in(max_, b"".join(b"212%07d\n" % (2_000_000 + n) for n in range(150_000)))
    bulk_runner.run(1, filling.plan, seconds=0)
    assert one(conn, "SELECT count(*) > 0 FROM dnc_entries")
    max_.post("/compliance/dnc/import/1/cancel")
    work()
    assert one(conn, "SELECT (SELECT count(*) FROM dnc_lists) + (SELECT count(*) FROM dnc_entries)") == 0
    assert "Stopped" in max_.get("/compliance/dnc/import/1").text
    max_.post("/compliance/dnc/import/1/cancel")
    assert "It was finished already." in max_.get("/compliance/dnc").text


def test_one_number_is_looked_up_without_its_being_in_an_address(max_: Desk, work: Work) -> None:
    hand_in(max_)
    hand_in(max_, b"2125550101\n", kind="litigator", name="People who sue")
    work()
    page = max_.post("/compliance/dnc/look-up", phone="(212) 555-0101").text
    assert "(212) 555-0101 is on:" in page
    assert (
        "212, national registry, as of Dec 6, 2026: texted only with consent on file in writing; what was only said is not enough"
        in page
    )
    assert "People who sue, known litigators, as of Dec 6, 2026: never texted" in page
    assert "(212) 555-0109 is on none of these lists." in max_.post("/compliance/dnc/look-up", phone="2125550109").text
    assert max_.post("/compliance/dnc/look-up", phone="12").status_code == 422
    assert max_.client.get("/compliance/dnc/look-up").status_code == 405


def test_a_list_may_be_larger_than_other_bodies_but_not_from_everybody(max_: Desk, rita: Desk) -> None:
    large = b"".join(b"212,%07d\r\n" % (2_000_000 + n) for n in range(2_100_000))
    assert len(large) > 24 * 1024 * 1024
    assert hand_in(max_, large).status_code == 303
    assert hand_in(rita, large).status_code in {403, 413}


def test_opt_outs_are_imported_watched_and_told(max_: Desk, conn: psycopg.Connection, work: Work) -> None:
    content = b"Phone,Date\n2125550101,2024-03-01\n12,2024-03-01\n2125550102,long ago\n"
    answer = max_.post("/compliance/opt-outs/import", file=(BytesIO(content), "dnd.csv"))
    assert (answer.status_code, answer.location) == (303, "/compliance/opt-outs/import/1")
    assert "every 2s" in max_.get("/compliance/opt-outs/import/1").text
    work()
    page = max_.get("/compliance/opt-outs/import/1").text
    assert "every 2s" not in page
    assert "3 of 3 rows" in page
    assert "Phone numbers are taken from “Phone”." in page
    assert "the opt-out counts from today" in page
    assert "dnd.csv" in page
    assert one(conn, "SELECT action FROM audit_log WHERE target = 'bulk:1'") == "opt_outs.imported"
    assert max_.get("/compliance/dnc/import/1").status_code == 404
    assert max_.post("/compliance/opt-outs/import/1/cancel").status_code == 303
    assert "It was finished already." in max_.get("/compliance/opt-outs/import/1").text


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "empty"), (b"Name\nAnn\n", "No column holds phone numbers"), (None, "Choose the file")]
)
@pytest.mark.parametrize("fragment", [False, True])
def test_a_list_of_opt_outs_that_cannot_be_used_says_why(
    max_: Desk, content: bytes | None, says: str, fragment: bool
) -> None:
    form = {} if content is None else {"file": (BytesIO(content), "x.csv")}
    answer = (max_.act if fragment else max_.post)("/compliance/opt-outs/import", **form)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert answer.text.lstrip().startswith("<form") is fragment


def test_the_api_tells_how_far_each_kind_is(max_: Desk, work: Work) -> None:
    hand_in(max_)
    max_.post("/compliance/opt-outs/import", file=(BytesIO(b"Phone,Date\n2125550102,long ago\n"), "x.csv"))
    work()
    max_.post("/compliance/dnc/1/delete")
    work()
    found = [max_.client.get(f"/api/bulk/{n}").json for n in (1, 2, 3)]
    assert [(each["kind"], each["status"], each["done"], sum(each["counters"].values())) for each in found] == [
        ("dnc_import", "done", 2, 2),
        ("optout_import", "done", 1, 1),
        ("dnc_delete", "done", 2, 2),
    ]
