"""Changing many leads at once, as people do it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import psycopg

from tests.accounts.conftest import Visitor
from tests.accounts.postbox import Postbox
from tests.conftest import Servers, settings_for
from tests.leads.filter_pages import TEXAS, hidden
from tests.leads.support import one
from tests.leads.test_list_pages import results
from tests.support.people import Cast


def test_ticked_leads_are_changed_and_changed_back(
    rep: Visitor, some: psycopg.Connection, work: Callable[[], object]
) -> None:
    page = rep.get("/leads?c0=state&o0=is&v0=TX").text
    ticked = re.findall(r'name="lead" value="(\d+)"', page)
    assert len(ticked) == 2
    stored = hidden(results(page), "filter")
    asked = rep.client.get("/leads/bulk", query_string={"action": "add_tag", "lead": ticked[:1], "filter": stored}).text
    assert "The 1 lead that is ticked" in asked
    assert "All 2 that match" in asked
    chosen = {"action": "add_tag", "filter": stored, "lead": ticked[0], "whom": "ticked"}
    wrong = rep.post("/leads/bulk", **chosen, tag="")
    assert wrong.status_code == 422
    assert "Give the tag." in wrong.text
    begun = rep.post("/leads/bulk", **chosen, tag="Hot")
    assert "Waiting to start" in rep.get(begun.location).text
    work()
    done = rep.get(begun.location).text
    assert "Finished" in done
    assert one(some, "SELECT array_agg(id::text) FROM leads WHERE tags = '{Hot}'") == ticked[:1]
    undo = rep.post(f"{begun.location}/undo")
    work()
    assert "Undo: Add the tag “Hot”" in rep.get(undo.location).text
    assert one(some, "SELECT count(*) FROM leads WHERE tags <> '{}'") == 0
    assert rep.post(f"{begun.location}/undo").status_code == 409
    assert f'action="{begun.location}/undo"' not in rep.get(begun.location).text


def test_all_that_match_are_changed_and_who_was_left_out_is_named(
    rep: Visitor, some: psycopg.Connection, work: Callable[[], object]
) -> None:
    some.execute("UPDATE leads SET tags = %s WHERE first_name = 'Ann'", [[f"t{n}" for n in range(50)]])
    begun = rep.post("/leads/bulk", action="add_tag", filter=json.dumps(TEXAS), whom="all", tag="Hot")
    work()
    page = rep.get(begun.location).text
    assert re.search(r'<a href="/leads/\d+">Ann</a></td><td>It has 50 tags already', page)
    assert one(some, "SELECT array_agg(first_name) FROM leads WHERE 'Hot' = ANY(tags)") == ["Bob"]


def test_a_broken_filter_never_means_everybody(rep: Visitor, some: psycopg.Connection) -> None:
    for broken in ("", "{", '{"conditions": [{"field": "colour", "op": "is"}]}'):
        assert rep.post("/leads/bulk", action="delete", filter=broken, whom="all").status_code == 400
    nobody = rep.post("/leads/bulk", action="delete", filter='{"q": "zebra"}', whom="all")
    assert nobody.status_code == 422
    assert "There is no such lead any more." in nobody.text
    assert one(some, "SELECT count(*) FROM bulk_operations") == 0


def test_what_a_rep_may_not_do_is_not_there(rep: Visitor, other_rep: Visitor, some: psycopg.Connection) -> None:
    assert "Export as CSV" not in rep.get("/leads").text
    assert rep.post("/leads/bulk", action="export", filter="{}", whom="all").status_code == 404
    begun = rep.post("/leads/bulk", action="add_tag", filter="{}", whom="all", tag="x").location
    assert other_rep.client.get(begun).status_code == 404
    for act in ("cancel", "undo"):
        assert other_rep.post(f"{begun}/{act}").status_code == 404


def test_an_operation_is_stopped_from_its_page(rep: Visitor, some: psycopg.Connection) -> None:
    begun = rep.post("/leads/bulk", action="delete", filter="{}", whom="all").location
    rep.post(f"{begun}/cancel")
    assert "Stopped" in rep.get(begun).text
    assert one(some, "SELECT count(*) FROM leads") == 4


def test_an_export_is_made_in_the_background_and_downloaded(
    manager: Visitor, some: psycopg.Connection, work: Callable[[], object]
) -> None:
    begun = manager.post("/leads/bulk", action="export", filter=json.dumps(TEXAS), whom="all").location
    assert manager.client.get(f"{begun}/leads.csv").status_code == 404
    work()
    path = re.search(r'href="([^"]*leads.csv)"', manager.get(begun).text)
    assert path
    file = manager.client.get(path[1])
    assert file.mimetype == "text/csv"
    assert sorted(line.split(",")[0] for line in file.text.splitlines()[1:]) == ["Ann", "Bob", "Otto"]


def test_the_owners_hear_of_an_export(emptied: Servers, some: psycopg.Connection, cast: Cast) -> None:
    from webapp.app import create_app

    postbox = Postbox()
    app = create_app(settings_for(emptied, smtp_url=postbox.url))
    app.testing = True
    manager = Visitor(app.test_client())
    manager.sign_in(cast.manager)
    manager.post("/leads/bulk", action="add_tag", tag="x", filter="{}", whom="all")
    manager.post("/leads/bulk", action="export", filter=json.dumps(TEXAS), whom="all")
    (letter,) = postbox.wait_for(1)
    assert (letter["To"], letter["Subject"]) == (cast.admin.email, "Leadline: leads were exported")
    assert letter.get_content().strip() == "Max Manager: Export as CSV, 3 leads."
    postbox.shutdown()
