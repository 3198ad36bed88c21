"""A small application made with the kit, for tests of the kit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, TypeVar

import psycopg
from flask import Flask, Response
from pydantic import Field

from webapp.web import openapi, problems
from webapp.web.fields import Answer, Body, ById, InId, InInstant, OutId, OutInstant, Query, Text
from webapp.web.openapi import api_blueprint, no_content, problem
from webapp.web.paging import Page, PageQuery, cut, decode_cursor
from webapp.web.problems import Problem

Anything = TypeVar("Anything")
BORN = datetime(2026, 11, 22, 10, 4, 5, 678_901, tzinfo=UTC)


class ThingIn(Body):
    name: Text = Field(min_length=1, max_length=20)
    at: InInstant | None = None
    owner_id: InId | None = None
    loud: bool = False


class Thing(Answer):
    id: OutId
    name: str
    at: OutInstant | None


class Things(Page[Thing]):
    """A page of things."""


class ThingQuery(PageQuery):
    kind: Literal["red", "blue"] = "red"
    owner_id: InId | None = None


class TagQuery(Query):
    tag: list[Text] = Field(default_factory=list)


def make_kit_app() -> Flask:
    """An application with one list of 25 things, and doors that fail in every way."""
    app = openapi.make_app("webapp", template_folder="../templates", static_folder="../static")
    app.secret_key = "a secret for tests"
    problems.register(app)
    openapi.register(app, _unguarded)
    openapi.mount(app, _things())
    openapi.mount(app, _faults())
    return app


def _unguarded(view: Anything) -> Anything:
    return view


def _things() -> openapi.ApiBlueprint:
    api = api_blueprint("things", "Things")

    @api.get("/things", responses={200: Things})
    def list_things(query: ThingQuery) -> Things:
        """Lists things.

        In the order
        of their numbers.
        """
        after = decode_cursor(query.cursor)[0] if query.cursor else 0
        page = cut(list(range(after + 1, min(after + query.limit + 2, 26))), query.limit, lambda number: (number,))
        return Things(items=[_thing(number) for number in page.rows], next_cursor=page.next_cursor)

    @api.post("/things", responses={201: Thing, 409: problem("There is one.")})
    def create_thing(body: ThingIn) -> tuple[Thing, int]:
        """Makes a thing."""
        if body.name == "taken":
            raise Problem.conflict("There is one.", reason="taken", thing_id="7")
        return Thing(id=1, name=body.name, at=body.at), 201

    @api.delete("/things/<id:id>", responses={204: None})
    def delete_thing(path: ById) -> Response:
        """Deletes a thing."""
        if path.id == 3:
            raise Problem.not_found("thing")
        return no_content()

    @api.post("/things/sorted", responses={200: Things})
    def sort_things() -> Things:
        """Sorts things: a word where an id could stand."""
        return Things(items=[], next_cursor=None)

    @api.get("/tags", responses={200: Things})
    def list_tags(query: TagQuery) -> Things:
        """Lists things by tag."""
        return Things(items=[Thing(id=1, name=name, at=None) for name in query.tag], next_cursor=None)

    return api


def _faults() -> openapi.ApiBlueprint:
    api = api_blueprint("faults", "Faults")

    @api.get("/broken", responses={200: Things})
    def broken() -> Things:
        """Breaks."""
        raise ZeroDivisionError("the secret +15125550100")

    @api.get("/away", responses={200: Things})
    def away() -> Things:
        """Meets no database."""
        raise psycopg.OperationalError("connection to 10.0.0.1 refused")

    return api


def _thing(number: int) -> Thing:
    return Thing(id=number, name=f"thing {number}", at=BORN)
