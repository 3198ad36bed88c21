"""A lead's status: in which words it is given, and every place that shows or sets it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO

import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.leads.bulking import column, did, errors, undone
from tests.leads.running import FOR_ALL, imported
from tests.leads.support import actor_of, add_lead, one
from tests.leads.test_lead_pages import JANE
from tests.support.people import Cast
from webapp.leads import bulk_export, statuses
from webapp.leads.fields import clean
from webapp.leads.import_writing import Importer
from webapp.leads.signals import LeadsChanged, leads_changed
from webapp.models.constants import LeadStatus

OVERWRITE = Importer(None, True, overwrite=True)


@pytest.fixture
def announced(app: Flask) -> Iterator[list[list[int]]]:
    """The ids of each announcement that tags or status of leads have changed."""
    told: list[list[int]] = []

    def hear(news: LeadsChanged) -> None:
        told.append(list(news.lead_ids))

    leads_changed.connect(hear, weak=False)
    yield told
    leads_changed.disconnect(hear)


# --- Words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("New", "new"),
        ("CONTACTED", "contacted"),
        ("Not interested", "lost"),
        ("not_interested", "lost"),
        ("lost", "lost"),
        ("Closed - Won", "client"),
        ("customer", "client"),
        (" Appointment  set ", "appointment"),
        ("Working - Contacted", "contacted"),
        ("Open - Not Contacted", "new"),
        ("Hot", "interested"),
    ],
)
def test_words_of_people_and_of_other_programs_are_read(word: str, status: str) -> None:
    assert clean({"status": word}).values == {"status": status}


@pytest.mark.parametrize("word", ["", "Nurture", "closed", "interested?no", None])
def test_a_word_that_is_none_is_refused_with_those_that_are(word: str | None) -> None:
    [error] = clean({"status": word}).errors
    assert (error.field, error.message) == (
        "status",
        "There is no such status. Use one of: New, Contacted, Interested, Appointment, Client, Not interested.",
    )


def test_every_status_has_one_label_and_reads_both_its_own_word_and_that() -> None:
    assert list(statuses.LABELS) == list(LeadStatus)
    for status, label in statuses.LABELS.items():
        assert statuses.find(status) is statuses.find(label) is status


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_a_new_lead_is_new_unless_its_maker_knows_more(rep: Visitor, conn: psycopg.Connection) -> None:
    rep.post("/leads/new", **JANE)
    rep.post("/leads/new", phone="2125550199", status="interested")
    assert [row[0] for row in conn.execute("SELECT status FROM leads ORDER BY id")] == ["new", "interested"]


def test_the_form_changes_it_and_a_form_without_it_leaves_it(rep: Visitor, conn: psycopg.Connection) -> None:
    lead = add_lead(conn, "+12125550123", status=LeadStatus.APPOINTMENT)
    assert '<option selected value="appointment">Appointment</option>' in rep.get(f"/leads/{lead}/edit").text
    assert rep.post(f"/leads/{lead}/edit", **JANE).status_code == 303
    assert one(conn, "SELECT status FROM leads") == "appointment"
    assert rep.post(f"/leads/{lead}/edit", **JANE, status="client").status_code == 303
    assert one(conn, "SELECT status FROM leads") == "client"
    wrong = rep.post(f"/leads/{lead}/edit", **JANE, status="great")
    assert (wrong.status_code, one(conn, "SELECT status FROM leads")) == (422, "client")
    assert "Use one of: New, Contacted" in wrong.text


def test_the_leads_page_sets_it_and_nobody_elses(
    rep: Visitor, other_rep: Visitor, cast: Cast, conn: psycopg.Connection
) -> None:
    lead = add_lead(conn, owner=cast.rep)
    answer = rep.post(f"/leads/{lead}/status", status="client")
    assert (answer.status_code, answer.location) == (303, f"/leads/{lead}")
    page = rep.get(answer.location).text
    assert "Status: Client." in page
    assert '<option value="client" selected>Client</option>' in page
    assert rep.post(f"/leads/{lead}/status", status="great").status_code == 422
    assert other_rep.post(f"/leads/{lead}/status", status="new").status_code == 404
    assert one(conn, "SELECT status FROM leads") == "client"


def test_the_list_shows_it_and_narrows_by_it(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    add_lead(conn, "+12125550101", owner=cast.rep, first_name="Ann", status=LeadStatus.CLIENT)
    add_lead(conn, "+12125550102", owner=cast.rep, first_name="Bob", status=LeadStatus.LOST)
    page = rep.get("/leads").text
    assert '<span class="status status-good">Client</span>' in page
    assert '<span class="status">Not interested</span>' in page
    narrowed = rep.get("/leads?c0=status&o0=is_not&v0=client").text
    assert "Bob" in narrowed
    assert "Ann" not in narrowed
    assert '<option value="client" selected>Client</option>' in narrowed


# --- Many at once ---------------------------------------------------------------------------------------------------


def test_many_are_set_and_set_back_where_nobody_changed_them(
    app: Flask, cast: Cast, conn: psycopg.Connection, announced: list[list[int]]
) -> None:
    actor = actor_of(cast.rep)
    first, second, third = (add_lead(conn, f"+1212555010{n}", owner=cast.rep) for n in range(3))
    conn.execute("UPDATE leads SET status = 'client' WHERE id = %s", [third])
    others = add_lead(conn, "+12125550109", owner=cast.other_rep)
    operation = did(actor, "set_status", {"status": "client"}, ids=[first, second, third, others])
    assert operation.counters == {"changed": 2, "unchanged": 1, "skipped": 0}
    assert operation.params["says"] == "Set the status to “Client”"
    conn.execute("UPDATE leads SET status = 'lost' WHERE id = %s", [second])
    back = undone(actor, operation)
    assert column(conn, "status") == {first: "new", second: "lost", third: "client", others: "new"}
    assert errors(conn, back) == {f"lead:{second}": "Somebody has changed it since, or it is gone."}
    assert announced == [[first, second], [first]]


def test_the_page_asks_which_and_says_what_will_not_do(
    rep: Visitor, some: psycopg.Connection, work: Callable[[], object]
) -> None:
    asked = rep.get("/leads/bulk?action=set_status").text
    assert '<option value="lost">Not interested</option>' in asked
    whom = {"action": "set_status", "whom": "all", "filter": "{}"}
    wrong = rep.post("/leads/bulk", **whom, status="")
    assert wrong.status_code == 422
    assert "Choose the status." in wrong.text
    begun = rep.post("/leads/bulk", **whom, status="lost")
    work()
    assert "Set the status to “Not interested”" in rep.get(begun.location).text
    assert one(some, "SELECT count(*) FROM leads WHERE status = 'lost'") == 3
    assert one(some, "SELECT count(*) FROM audit_log WHERE action = 'leads.bulk.set_status'") == 1


# --- Files ----------------------------------------------------------------------------------------------------------


def test_a_files_stages_are_read_and_its_own_words_keep_nobody_out(app: Flask, conn: psycopg.Connection) -> None:
    operation = imported("Phone,Stage\n2125550101,Closed Won\n2125550102,Nurture\n2125550103,\n2125550104,Nurture\n")
    assert operation.counters["new"] == 4
    rows = conn.execute("SELECT status, custom FROM leads ORDER BY phone").fetchall()
    assert rows == [("client", {}), ("new", {"stage": "Nurture"}), ("new", {}), ("new", {"stage": "Nurture"})]
    assert operation.params["notes"][1:] == [
        "Statuses are taken from “Stage”.",
        "No status here, so kept as your own field stage: “Nurture”. These leads keep the status that they have; new"
        " ones are “New”.",
    ]


def test_many_words_of_a_files_own_are_named_by_the_most_frequent(app: Flask) -> None:
    rows = "".join(f"21255501{n:02},Word {min(n, 8)}\n" for n in range(10))
    notes = imported(f"Phone,Status\n{rows}").params["notes"]
    assert notes[1].startswith("No status here, so kept as your own field status: “Word 8”, ")
    assert " and 4 more. " in notes[1]
    assert len(notes) == 2


def test_a_second_column_of_that_kind_is_a_field_of_ones_own(app: Flask, conn: psycopg.Connection) -> None:
    imported("Phone,Status,Lead status,Status\n2125550101,Gold,Won,x\n")
    assert conn.execute("SELECT status, custom FROM leads").fetchone() == (
        "new",
        {"lead_status": "Won", "status": "x", "status_2": "Gold"},
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "importer", "becomes"),
    [
        ("new", "Client", FOR_ALL, "client"),
        ("interested", "Client", FOR_ALL, "interested"),
        ("interested", "Client", OVERWRITE, "client"),
        ("client", "New", OVERWRITE, "new"),
        ("client", "", OVERWRITE, "client"),
        ("client", "Nurture", OVERWRITE, "client"),
    ],
)
def test_a_file_fills_in_what_nobody_has_set_and_replaces_it_if_asked(
    app: Flask, conn: psycopg.Connection, ours: str, theirs: str, importer: Importer, becomes: str
) -> None:
    add_lead(conn, "+12125550101", status=LeadStatus(ours))
    imported(f"Phone,Status\n2125550101,{theirs}\n", importer)
    assert one(conn, "SELECT status FROM leads") == becomes


def test_an_import_tells_of_those_whose_tags_or_status_changed_and_no_others(
    app: Flask, conn: psycopg.Connection, announced: list[list[int]]
) -> None:
    ids = [add_lead(conn, f"+1212555010{n}", tags=["buyer"]) for n in range(4)]
    rows = ("0,Client,,", "1,,sold,", "2,New,BUYER,Ann", "3,,,", "4,Client,sold,Eve")
    imported("Phone,Status,Tags,First name\n" + "".join(f"212555010{row}\n" for row in rows))
    assert announced == [ids[:2]]
    assert one(conn, "SELECT first_name FROM leads WHERE id = %s", ids[2]) == "Ann"


def test_an_export_has_it_in_words_and_comes_back_as_it_was(app: Flask, cast: Cast, conn: psycopg.Connection) -> None:
    for n, status in enumerate(LeadStatus):
        add_lead(conn, f"+1212555010{n}", status=status)
    content = b"".join(bulk_export.stream(did(actor_of(cast.manager), "export"))).decode("utf-8-sig")
    assert [row["Status"] for row in csv.DictReader(StringIO(content))] == list(statuses.LABELS.values())
    before = column(conn, "status")
    conn.execute("UPDATE leads SET status = 'new'")
    imported(content)
    assert column(conn, "status") == before
