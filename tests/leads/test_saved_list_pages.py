"""Saved lists and their arithmetic, as people meet them."""

from __future__ import annotations

import html
import re

import psycopg

from tests.accounts.conftest import Visitor
from tests.leads.filter_pages import TEXAS, ask, fields, hidden, link
from tests.leads.support import NOW, actor_of, one
from tests.leads.test_list_pages import names
from tests.support.people import Cast
from webapp.leads import filters, lists
from webapp.leads.filters import Filter
from webapp.leads.lists import NewList


def test_a_filter_is_saved_shown_changed_copied_and_deleted(rep: Visitor, some: psycopg.Connection, cast: Cast) -> None:
    page = rep.get("/leads?c0=state&o0=is&v0=TX").text
    form = rep.get(link(page, "Save as list")).text
    assert "2 leads now" in form
    assert "State is TX" in form
    stored = hidden(form, "filter")
    refused = rep.post("/leads/lists/new", name=" ", kind="dynamic", filter=stored)
    assert refused.status_code == 422
    assert "Give the list a name." in refused.text
    saved = rep.post("/leads/lists/new", name="Texans", kind="dynamic", filter=stored)
    assert saved.status_code == 303
    shown = rep.get(saved.location).text
    assert "State is TX" in shown
    assert rep.post("/leads/lists/new", name="texans", kind="dynamic", filter=stored).status_code == 409

    listed = rep.get(link(shown, "Show leads")).text
    assert sorted(names(listed)) == ["Ann", "Bob"]
    changed = ask(rep, **fields(listed, "sieve").to_dict() | {"v0": "FL"})
    assert names(changed) == ["Cleo"]
    edit = rep.get(link(changed, "Save the change")).text
    list_path = saved.location
    rep.post(f"{list_path}/edit", name="Floridians", kind="frozen", shared="y", filter=hidden(edit, "filter"))
    assert names(rep.get(f"/leads?list={list_path.rpartition('/')[2]}").text) == ["Cleo"]
    overview = rep.get("/leads/lists").text
    assert "Floridians" in overview
    assert "Frozen" in overview

    copy = rep.post(f"{list_path}/duplicate").location
    assert "Floridians copy" in rep.get(copy).text
    rep.post(f"{list_path}/delete")
    after = rep.get("/leads/lists").text
    assert ">Floridians<" not in after
    undo = re.search(r'action="([^"]*restore)"', after)
    assert undo, "the toast offers to take it back"
    rep.post(undo[1])
    assert ">Floridians<" in rep.get("/leads/lists").text
    assert one(some, "SELECT count(*) FROM audit_log WHERE action LIKE 'list.%%'") == 2


def test_no_lists_yet_says_how_to_make_one(rep: Visitor) -> None:
    assert "No lists yet. Filter the leads" in rep.get("/leads/lists").text


def test_a_colleagues_private_list_is_not_there_and_a_shared_one_is_not_theirs_to_change(
    rep: Visitor, other_rep: Visitor, some: psycopg.Connection, cast: Cast
) -> None:
    private = lists.create(some, actor_of(cast.rep), NewList("Mine", filters.parse(TEXAS)), NOW)
    shared = lists.create(some, actor_of(cast.rep), NewList("Ours", filters.parse(TEXAS), shared=True), NOW)
    for path in ("", "/edit"):
        assert other_rep.client.get(f"/leads/lists/{private}{path}").status_code == 404
    assert other_rep.client.get(f"/leads?list={private}").status_code == 404
    for path in ("edit", "delete"):
        assert other_rep.post(f"/leads/lists/{private}/{path}").status_code == 404
        assert other_rep.post(f"/leads/lists/{shared}/{path}").status_code == 403
    assert names(other_rep.get(f"/leads?list={shared}").text) == ["Otto"]
    assert ">2 <" not in other_rep.get("/leads/lists").text, "a count of leads that they may not see"
    assert "/edit" not in other_rep.get(f"/leads/lists/{shared}").text


def test_each_term_of_the_arithmetic_leads_to_its_leads(rep: Visitor, some: psycopg.Connection, cast: Cast) -> None:
    some.execute("UPDATE contact_numbers SET consent_at = now() WHERE e164 <> '+12125550000'")
    some.execute("UPDATE contact_numbers SET suppressed_at = now() WHERE e164 = '+12125550001'")
    list_id = lists.create(some, actor_of(cast.rep), NewList("All", Filter()), NOW)
    page = rep.get(f"/leads/lists/{list_id}").text
    found = {}
    for words, row in re.findall(r"<dt>([^<]*)</dt><dd>(.*?)</dd>", page):
        target = re.search(r'href="([^"]*)">([^<]*)<', row)
        assert target
        found[words] = (target[2], sorted(names(rep.get(html.unescape(target[1])).text)))
    assert found == {
        "Match": ("3", ["Ann", "Bob", "Cleo"]),
        "Opted out": ("−1", ["Bob"]),
        "Without consent": ("−1", ["Ann"]),
        "Can be texted": ("1", ["Cleo"]),
    }


def test_a_large_list_is_counted_after_its_page_is_there(rep: Visitor, some: psycopg.Connection, cast: Cast) -> None:
    list_id = lists.create(some, actor_of(cast.rep), NewList("All", Filter()), NOW)
    some.execute("UPDATE saved_lists SET counted = 60000")
    page = rep.get(f"/leads/lists/{list_id}").text
    assert 'hx-trigger="load"' in page
    assert "Can be texted" not in page
    assert "Can be texted" in rep.get(f"/leads/lists/{list_id}?count=1").text
    assert one(some, "SELECT counted FROM saved_lists") == 3
