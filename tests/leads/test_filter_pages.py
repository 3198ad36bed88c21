"""The filter on the leads page, as people build it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from flask import Flask
from hypothesis import given, settings
from playwright.sync_api import Browser, expect
from werkzeug.datastructures import MultiDict

from tests.accounts.conftest import Visitor
from tests.browser import accessibility_faults, visit
from tests.leads.filter_pages import TEXAS, ask, fields
from tests.leads.support import actor_of, add_lead
from tests.leads.test_filters import whole_filters
from tests.leads.test_list_pages import names, results
from tests.support.people import PASSWORD, Cast
from tests.support.world import World
from webapp.leads import filter_words, filters
from webapp.leads.filter_form import Builder
from webapp.leads.pages.view import View


def test_a_filter_is_built_without_scripts_step_by_step(rep: Visitor, some: psycopg.Connection) -> None:
    form = fields(rep.get("/leads").text, "sieve")
    form["add"] = "state"
    page = ask(rep, **form.to_dict())
    assert len(names(page)) == 3, "what is not filled in narrows nothing"
    form = fields(page, "sieve")
    form["v0"] = "Texas, "
    page = ask(rep, **form.to_dict())
    assert sorted(names(page)) == ["Ann", "Bob"]
    form = fields(page, "sieve") | MultiDict({"add": "first_name"})
    form = fields(ask(rep, **fields(page, "sieve").to_dict() | {"add": "first_name"}), "sieve")
    form["v1"] = "ann"
    page = ask(rep, **form.to_dict())
    assert names(page) == ["Ann"]
    form["match"], form["v1"] = "any", "cleo"
    assert sorted(names(ask(rep, **form.to_dict()))) == ["Ann", "Bob", "Cleo"]
    form["remove"] = "0"
    assert names(ask(rep, **form.to_dict())) == ["Cleo"]


def test_what_is_wrong_is_said_at_its_row_and_narrows_nothing(rep: Visitor, some: psycopg.Connection) -> None:
    page = ask(rep, c0="score", o0="at_least", v0="many", c1="state", o1="is", v1="TX")
    assert re.search(r'name="v0" value="many"[^>]*aria-invalid="true" aria-describedby="error-0"', page)
    assert '<p class="error" id="error-0">Give a number.</p>' in page
    assert sorted(names(page)) == ["Ann", "Bob"]


def test_nonsense_in_an_address_is_passed_over(rep: Visitor, some: psycopg.Connection) -> None:
    for query in (
        {"filter": "{"}, {"filter": '{"conditions": 5}'}, {"c0": "colour", "o0": "is"}, {"c0": "state", "o0": "?"},
        {"g0": "["}, {"add": "nothing"}, {"remove": "x"}, {"standing": "sad"}, {"c0": "custom", "n0": "", "v0": "x"},
        {"filter": "[" * 3000}, {"c0": "first_name", "o0": "is", "v0": "a\x00"},
    ):  # fmt: skip
        assert rep.client.get("/leads", query_string=query).status_code == 200, query
    assert rep.client.get("/leads?list=1").status_code == 404
    assert rep.client.get("/leads?list=x").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("add=state", "A condition is not filled in: it narrows nothing yet."),
        ("c0=state&o0=is&v0=ZZ", "State: Give US states or Canadian provinces, like TX or Texas. Until then it"),
        ("c0=state&o0=is&v0=TX&c1=custom&o1=is&v1=x", "A condition is not filled in: it narrows nothing yet."),
    ],
)
def test_what_narrows_nothing_yet_is_said_and_nothing_is_done_to_all(
    rep: Visitor, some: psycopg.Connection, query: str, said: str
) -> None:
    page = results(rep.get(f"/leads?{query}").text)
    assert said in page
    assert "Change all" not in page and "Save as list" not in page
    assert "Change all" in results(rep.get("/leads?c0=state&o0=is&v0=TX").text)


def test_a_fragments_address_is_the_filter_alone(rep: Visitor, some: psycopg.Connection) -> None:
    answer = rep.client.get(
        "/leads", query_string={"c0": "state", "o0": "is", "v0": "tx", "remove": "7"}, headers={"HX-Request": "true"}
    )
    address = urlsplit(answer.headers["HX-Replace-Url"])
    assert {name: json.loads(values[0]) for name, values in parse_qs(address.query).items()} == {"filter": TEXAS}
    assert sorted(names(rep.get(answer.headers["HX-Replace-Url"]).text)) == ["Ann", "Bob"]


def test_any_filter_goes_through_the_form_unchanged() -> None:
    @settings(max_examples=200, deadline=None)
    @given(whole_filters())
    def check(chosen: dict[str, Any]) -> None:
        parsed = filters.parse(chosen)
        sent: MultiDict[str, str] = MultiDict({"match": parsed.match})
        for row in Builder.of(parsed).rows:
            if row.group:
                sent[f"g{row.number}"] = row.group_json
                continue
            sent[f"c{row.number}"], sent[f"o{row.number}"], sent[f"n{row.number}"] = row.key, row.op, row.name
            selects = row.chosen_op.takes.kind in {"owners", "choices"}
            sent.setlist(f"v{row.number}", list(row.given) if selects else [row.text])
        assert Builder.read(sent).chosen == parsed

    check()


def test_a_filter_is_told_in_words(conn: psycopg.Connection, cast: Cast) -> None:
    chosen = filters.parse(
        {
            "q": "ann",
            "conditions": [
                {"field": "owner", "op": "is", "value": ["me", str(cast.rep.id)]},
                {"match": "any", "conditions": [
                    {"field": "reply", "op": "none_in", "value": 1}, {"field": "custom.Beds", "op": "at_least", "value": 3}
                ]},
            ],
        }
    )  # fmt: skip
    choices = filter_words.choices_for(conn, actor_of(cast.manager), filter_words.fields_of(chosen))
    assert filter_words.described(chosen, choices) == [
        "words “ann”",
        "Assigned to is Me or Rita Rep",
        "(No reply in the last 1 day or Beds is at least 3)",
    ]


def test_the_whole_of_a_page_is_one_filter(app: Flask) -> None:
    with app.test_request_context():
        view = View.read(MultiDict({"q": "ann", "owner": "unassigned", "filter": json.dumps(TEXAS), "standing": "dnc"}))
        assert view.whole.stored() == {
            "q": "ann",
            "standing": "dnc",
            "conditions": [*TEXAS["conditions"], {"field": "owner", "op": "is", "value": ["nobody"]}],
        }


def test_in_a_browser_conditions_come_and_go_and_the_count_follows(world: World, browser: Browser, cast: Cast) -> None:
    with psycopg.connect(world.settings.database_url, autocommit=True) as conn:
        for n, state in enumerate(("TX", "TX", "FL")):
            add_lead(conn, f"+1212555{n:04}", owner=cast.rep, first_name="AB"[n % 2], state=state)
    with visit(browser, world.settings.app_url) as page:
        page.goto("/login?next=/leads")
        page.get_by_label("E-mail").fill(cast.rep.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/leads")
        found = page.locator("#found")
        page.get_by_label("Add a condition").select_option("state")
        page.get_by_label("State", exact=True).fill("TX")
        expect(found).to_have_text("2 leads")
        assert page.get_by_label("State", exact=True).input_value() == "TX"
        page.get_by_label("State: how").select_option("is_not")
        expect(found).to_have_text("1 lead")
        page.get_by_label("State: how").select_option("is_empty")
        page.get_by_label("State", exact=True).wait_for(state="detached")
        page.get_by_label("Remove State").click()
        expect(found).to_have_text("3 leads")
        assert page.url.endswith("/leads")
        page.locator('input[name="lead"]').first.check()
        assert page.locator("#ticked").inner_text() == "Change 1 ticked"
        page.get_by_label("Tick all on this page").check()
        assert page.locator("#ticked").inner_text() == "Change 3 ticked"
        assert accessibility_faults(page) == []
