"""Templates as rooms see them, for people who are not signed in anywhere."""

from __future__ import annotations

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.people import Person
from tests.support.sessions import csrf_token, signed_in
from webapp import clock, database
from webapp.accounts.actors import Actor
from webapp.models.constants import Role
from webapp.texts import library, reading
from webapp.texts.library import Entry
from webapp.texts.reading import Filter, Template

HELLO = 'Hi {{ first_name | default("there") }}'


def actor_of(person: Person) -> Actor:
    return Actor(person.id, person.name, person.email, Role(person.role), "America/Chicago")


def entry(**values: object) -> Entry:
    """A shared greeting, unless the test says otherwise."""
    given: dict[str, object] = {"name": "Greeting", "category": "", "body": HELLO, "shared": True} | values
    return Entry.tidy(**given)  # type: ignore[arg-type]


def add_template(person: Person, **values: object) -> int:
    """A template, committed."""
    with database.transaction() as conn:
        return library.create(conn, actor_of(person), entry(**values), clock.now())


def change(person: Person, template_id: int, read_version: int | None = None, **values: object) -> None:
    """The template saved over, committed."""
    with database.transaction() as conn:
        template = reading.find(conn, actor_of(person), template_id, lock=True)
        assert template is not None
        library.change(conn, actor_of(person), template, entry(**values), clock.now(), read_version=read_version)


def look_at(person: Person, template_id: int) -> Template | None:
    with database.transaction() as conn:
        return reading.find(conn, actor_of(person), template_id)


def names(person: Person, **wanted: object) -> list[str]:
    """The names of the templates that somebody finds."""
    with database.transaction() as conn:
        found = reading.find_page(conn, actor_of(person), Filter(**wanted))  # type: ignore[arg-type]
    return [template.name for template in found]


def wordings(template_id: int) -> list[tuple[int, str, str | None]]:
    """Every wording that was saved, newest first: number, text, who wrote it."""
    with database.transaction() as conn:
        return [(each.number, each.body, each.written_by) for each in reading.versions(conn, template_id)]


class Visitor:
    """Somebody at a browser without scripts."""

    def __init__(self, app: Flask, person: Person) -> None:
        self.person = person
        self.client = signed_in(app, person)
        self._token = csrf_token(self.client)

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, query_string=query)

    def post(self, path: str, **form: str) -> TestResponse:
        return self.client.post(path, data={**form, "csrf_token": self._token})

    def save(self, path: str, **form: str) -> TestResponse:
        """A template's form, filled in unless the test says otherwise."""
        return self.post(path, **{"name": "Greeting", "category": "", "body": HELLO, "audience": "everybody", **form})


def said(answer: TestResponse) -> str:
    """All that an answer says, in one line."""
    return " ".join("".join(html5lib.parse(answer.text, namespaceHTMLElements=False).itertext()).split())
