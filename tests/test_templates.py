"""Every template parses, and every page is sound HTML: titled, without inline script or style, each id once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import psycopg
import pytest
from flask import Flask
from jinja2 import nodes
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.api.support import add_conversation, add_lead, add_text, hear
from tests.support.people import Cast, Person
from tests.support.sessions import signed_in
from tests.support.world import add_sender
from tests.texts.support import add_template
from webapp import clock, database
from webapp.accounts import links, users
from webapp.accounts.links import Purpose
from webapp.accounts.permissions import demand_of
from webapp.leads import filters, lists
from webapp.leads.lists import NewList

TEMPLATES = Path(__file__).parents[1] / "templates"
SOURCES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
#: What the content security policy blocks, so that it would fail silently at the reader's.
BLOCKED = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "a style element": r"<style\b",
    "an inline style": r"\sstyle\s*=",
    "an event attribute": r"\s(?:on[a-z]+|hx-on[a-z:-]*)\s*=",
    "a script address": r"javascript:",
    "htmx evaluating code": r"\bjs:|hx-vals\s*=\s*.\s*js|hx-trigger\s*=\s*.[^\"']*\[",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_template_parses(app: Flask, name: str):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", [name for name in SOURCES if name.endswith(".html")])
def test_a_template_holds_nothing_that_the_policy_blocks(name: str):
    source = (TEMPLATES / name).read_text(encoding="utf-8")

    assert [what for what, pattern in BLOCKED.items() if re.search(pattern, source, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_template_uses_every_macro_that_it_imports(app: Flask, name: str):
    tree = app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    imported = {_alias(name) for node in tree.find_all(nodes.FromImport) for name in node.names}

    assert imported - {node.name for node in tree.find_all(nodes.Name)} == set()


@pytest.fixture
def ids(app: Flask, conn: psycopg.Connection, cast: Cast) -> dict[str, object]:
    """One of each thing that an address can name."""
    add_sender(conn, "+15125550100")
    conn.execute("UPDATE phone_numbers SET simulated = false")
    lead_id = add_lead(cast.rep, first_name="Ann", last_name="O’Neil")
    conversation_id = add_conversation(lead_id)
    message_id = hear(conn, conversation_id, "Is it <still> for sale?")
    add_text(conversation_id, "It is. Saturday at ten?", cast.rep)
    return {
        "lead_id": lead_id,
        "conversation_id": conversation_id,
        "message_id": message_id,
        "template_id": add_template(cast.manager, name="A <b>greeting</b>", body="It’s {{ last_name }} <3"),
        "list_id": add_list(cast.admin),
        "user_id": cast.rep.id,
        "purpose": "reset",
        "token": links.make(str(app.secret_key), Purpose.RESET, users.get(conn, cast.rep.id)),
    }


def add_list(owner: Person) -> int:
    """A saved list that asks about a little of everything."""
    conditions = [
        {"field": "state", "op": "is", "value": ["TX"]},
        {"match": "any", "conditions": [{"field": "custom.<b>", "op": "contains", "value": '"<'}]},
    ]
    with database.transaction() as conn:
        new = NewList("A <b>list</b>", filters.parse({"match": "any", "q": "<i>", "conditions": conditions}))
        return lists.create(conn, users.get(conn, owner.id).actor, new, clock.now())


def test_every_page_is_sound(app: Flask, cast: Cast, ids: dict[str, object]):
    faults = {path: list(_faults(answer)) for path, answer in _pages(app, ids, signed_in(app, cast.admin).get)}

    assert len(faults) > 10
    assert {path: found for path, found in faults.items() if found} == {}


def test_every_page_for_strangers_is_sound(app: Flask, ids: dict[str, object]):
    faults = {path: list(_faults(answer)) for path, answer in _pages(app, ids, app.test_client().get)}

    assert {path: found for path, found in faults.items() if found} == {}


def test_every_fragment_is_sound(app: Flask, cast: Cast, ids: dict[str, object]):
    client = signed_in(app, cast.admin)

    faults = {
        path: list(_faults(answer))
        for path, answer in _pages(app, ids, lambda path: client.get(path, headers={"HX-Request": "true"}))
    }

    assert {path: found for path, found in faults.items() if found} == {}


def _alias(name: str | tuple[str, str]) -> str:
    return name if isinstance(name, str) else name[1]


def _pages(
    app: Flask, ids: dict[str, object], get: Callable[[str], TestResponse]
) -> Iterator[tuple[str, TestResponse]]:
    """What every page's address answers, where it answers with HTML."""
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if _is_page(app, rule) and rule.arguments <= set(ids):
            path = adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments}, method="GET")
            answer = get(path)
            assert answer.status_code < 500, path
            if answer.mimetype == "text/html" and answer.status_code not in {302, 303, 304}:
                yield path, answer


def _is_page(app: Flask, rule: Rule) -> bool:
    demand = demand_of(app.view_functions[rule.endpoint])
    return "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static/")) and demand is not None


def _faults(answer: TestResponse) -> Iterator[str]:
    """What is wrong with an answer's HTML, in words."""
    whole = answer.text.lstrip().lower().startswith("<!doctype html>")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(answer.text) if whole else parser.parseFragment(answer.text)
    yield from (f"{code} at {place}" for place, code, _ in parser.errors)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    yield from _untitled(tree) if whole else ()
    yield from _repeated_ids(elements)
    yield from _blocked(elements)
    yield from _dangling(elements)


def _untitled(tree: Element) -> Iterator[str]:
    title = (tree.findtext("head/title") or "").removesuffix("· Leadline").strip()
    if not title:
        yield "no title"
    if len(list(tree.iter("h1"))) != 1:
        yield "not one h1"
    if len([one for one in tree.iter() if "btn-primary" in one.get("class", "").split()]) > 1:
        yield "more than one primary button"


def _repeated_ids(elements: list[Element]) -> Iterator[str]:
    counts = Counter(element.get("id") for element in elements if element.get("id") is not None)
    yield from (f"id {name!r} {count} times" for name, count in counts.items() if count > 1 or not name)


def _blocked(elements: list[Element]) -> Iterator[str]:
    for element in elements:
        if element.tag == "style" or "style" in element.attrib or (element.tag == "script" and not element.get("src")):
            yield f"inline style or script in {element.tag}"
        yield from (f"{name} in {element.tag}" for name in element.attrib if name.startswith(("on", "hx-on")))


def _dangling(elements: list[Element]) -> Iterator[str]:
    """Labels and descriptions that name an id which is not there."""
    known = {element.get("id") for element in elements}
    for element in elements:
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            named = element.get(attribute, "").split()
            yield from (f"{attribute} names {name!r}, which is not there" for name in named if name not in known)
