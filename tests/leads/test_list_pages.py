"""The list of leads, and who may see what of every page."""

from __future__ import annotations

import re
from datetime import timedelta

import html5lib
import psycopg
import pytest
from flask import Flask

from tests.accounts.conftest import Visitor
from tests.leads.support import NOW, add_lead, one
from tests.support.people import Cast
from webapp.accounts.permissions import Permission, demand_of

PHONE = "+12125550123"
JANE = {"phone": "(212) 555-0123", "first_name": "Jane", "last_name": "Doe"}


def names(page: str) -> list[str]:
    """The names in the list, in order."""
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]*)</a>', page)


def results(page: str) -> str:
    """The part below the filter, which offers the words of all there is."""
    return page.partition('id="results"')[2]


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]*)"', page)
    return found and found[1].replace("&amp;", "&")


def test_every_door_of_leads_is_for_those_who_are_signed_in(app: Flask) -> None:
    doors = {name: demand_of(view) for name, view in app.view_functions.items() if name.startswith("leads.")}
    assert len(doors) >= 13
    demanded = {name: demand.permission for name, demand in doors.items() if demand}
    assert demanded.pop("leads.download_export") is Permission.MANAGE, "exports are off for reps"
    assert set(demanded.values()) == {Permission.SIGNED_IN}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in doors and "GET" in (rule.methods or ()):
            path = re.sub("<[^>]*>", "1", rule.rule)
            assert app.test_client().get(path).status_code == 302, path


def test_the_list_shows_who_what_and_the_way_to_text_them(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep, first_name="Jane", last_name="Doe", tags=["a", "b", "<c>"])
    page = rep.get("/leads").text
    assert names(page) == ["Jane Doe"]
    assert "(212) 555-0123" in page
    assert f'href="/inbox/leads/{lead_id}"' in page
    assert "and 1 more" in page
    assert "<c>" not in page
    assert "1 lead<" in page
    assert "Opted out" not in results(page)

    conn.execute("UPDATE contact_numbers SET invalid_at = now()")
    assert "Bad number" in results(rep.get("/leads").text)
    conn.execute("UPDATE contact_numbers SET suppressed_at = now()")
    assert "Opted out" in results(rep.get("/leads").text)


def test_nothing_yet_is_not_no_matches(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    assert "No leads yet." in rep.get("/leads").text
    add_lead(conn, PHONE, owner=None)
    no_match = rep.get("/leads?q=zebra").text
    assert "No lead matches “zebra”." in no_match
    assert "Show all leads" in no_match
    assert "No lead is assigned to you." in rep.get("/leads?owner=mine").text
    assert "among these" in rep.get("/leads?owner=mine&q=zebra").text


def test_what_is_looked_for_is_never_markup(rep: Visitor) -> None:
    page = rep.get("/leads", X="1").text
    assert "<b>" not in page
    assert "&lt;b&gt;zebra" in rep.get("/leads?q=<b>zebra").text


@pytest.mark.parametrize("sort", ["newest", "name"])
def test_pages_lead_forth_and_back(rep: Visitor, cast: Cast, conn: psycopg.Connection, sort: str) -> None:
    for n in range(120):
        add_lead(conn, f"+1212555{n:04}", owner=cast.rep, last_name=f"{n:03}", now=NOW - timedelta(minutes=n))
    expected = [f"{n:03}" for n in range(120)]
    path: str | None = f"/leads?sort={sort}"
    pages = []
    while path:
        page = rep.get(path).text
        pages.append(names(page))
        path, last = link(page, "next"), page
    assert [len(each) for each in pages] == [50, 50, 20]
    assert [name for each in pages for name in each] == expected
    assert "120 leads" in last

    back = rep.get(link(last, "prev") or "").text
    assert names(back) == pages[1]
    top = rep.get(link(back, "prev") or "").text
    assert names(top) == pages[0]
    assert link(top, "prev") is None


def test_going_back_to_the_top_shows_who_came_meanwhile(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    for n in range(60):
        add_lead(conn, f"+1212555{n:04}", owner=cast.rep, last_name=f"{n:03}", now=NOW - timedelta(minutes=n))
    second = rep.get(link(rep.get("/leads").text, "next") or "").text
    add_lead(conn, PHONE, owner=cast.rep, last_name="newcomer", now=NOW + timedelta(minutes=1))
    back = rep.get(link(rep.get(link(second, "prev") or "").text, "prev") or "").text
    assert names(back)[0] == "newcomer"
    assert len(names(back)) == 50


def test_a_cursor_of_another_list_begins_at_the_top(rep: Visitor, cast: Cast, conn: psycopg.Connection) -> None:
    for n in range(60):
        add_lead(conn, f"+1212555{n:04}", owner=cast.rep)
    after = (link(rep.get("/leads").text, "next") or "").partition("after=")[2]
    answer = rep.get(f"/leads?sort=name&after={after}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/leads?sort=name")
    assert rep.get("/leads?after=nonsense").status_code == 302


def test_more_than_a_thousand_are_not_counted_further(rep: Visitor, conn: psycopg.Connection) -> None:
    conn.execute(
        "WITH n AS (INSERT INTO contact_numbers (e164, created_at) SELECT '+1212' || (5550000 + i), now() "
        "FROM generate_series(1, 1001) AS i RETURNING id, e164) "
        "INSERT INTO leads (contact_number_id, phone, created_at, updated_at) SELECT id, e164, now(), now() FROM n"
    )
    assert "More than 1,000 leads" in rep.get("/leads").text


def test_a_rep_sees_no_colleagues_lead_anywhere(
    rep: Visitor, other_rep: Visitor, manager: Visitor, cast: Cast, conn: psycopg.Connection
) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep, first_name="Jane")
    paths = [f"/leads/{lead_id}", f"/leads/{lead_id}/edit", f"/leads/{lead_id}/delete"]
    for path in paths:
        assert [who.get(path).status_code for who in (rep, manager, other_rep)] == [200, 200, 404], path
    for path in (f"/leads/{lead_id}/edit", f"/leads/{lead_id}/assign", f"/leads/{lead_id}/delete"):
        assert other_rep.post(path, phone=PHONE).status_code == 404, path
    assert "Jane" not in other_rep.get("/leads").text
    assert "Jane" not in other_rep.get("/leads?q=jane").text
    assert names(manager.get(f"/leads?owner={cast.rep.id}").text) == ["Jane"]
    assert names(other_rep.get(f"/leads?owner={cast.rep.id}").text) == []
    assert one(conn, "SELECT count(*) FROM leads WHERE first_name = 'Jane'") == 1


def test_choosing_among_colleagues_is_a_managers(rep: Visitor, manager: Visitor, cast: Cast) -> None:
    assert "Otto Other" not in rep.get("/leads").text
    assert "Otto Other" not in rep.get("/leads/new").text
    assert "Otto Other" not in rep.get("/leads/import").text
    assert "Otto Other" in manager.get("/leads").text
    assert "Otto Other" in manager.get("/leads/new").text
    assert rep.post("/leads/new", **JANE, owner=cast.other_rep.id).status_code == 422


@pytest.mark.parametrize("path", ["/leads", "/leads/new", "/leads/import", "/leads/{id}", "/leads/{id}/edit"])
def test_pages_are_valid_html_without_doubled_ids(
    manager: Visitor, cast: Cast, conn: psycopg.Connection, path: str
) -> None:
    lead_id = add_lead(conn, PHONE, owner=cast.rep, tags=["Buyer"], custom={"beds": 3})
    page = manager.get(path.format(id=lead_id)).text
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lead_id", ["0", "9" * 30, "x", "-1"])
def test_what_cannot_be_a_lead_is_not_found(rep: Visitor, lead_id: str) -> None:
    assert rep.get(f"/leads/{lead_id}").status_code == 404
