"""JSON doors of the library of templates."""

from __future__ import annotations

from collections.abc import Collection

from flask import Response

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.texts import library, people, reading
from webapp.texts.library import Entry, NameTakenError, OutdatedError
from webapp.texts.reading import Filter, Template
from webapp.texts.render import BadTemplate, fields_of
from webapp.texts.schemas import TemplateIn, TemplateOut, TemplatePatch, TemplateQuery, Templates
from webapp.web.fields import ById
from webapp.web.openapi import api_blueprint, no_content, problem
from webapp.web.paging import cut, decode_cursor
from webapp.web.problems import Problem

api = api_blueprint("templates_api", "Templates")

_TAKEN = "`reason` is `name_taken`: another template has this name"


@api.get("/templates", responses={200: Templates})
@requires(Permission.SIGNED_IN)
def list_templates(query: TemplateQuery) -> Templates:
    """Lists the templates that one may use."""
    actor, wanted = current_actor(), Filter(query.q, query.category)
    after = decode_cursor(query.cursor) if query.cursor else None
    with database.autocommit() as conn:
        rows = reading.find_page(conn, actor, wanted, query.limit + 1, after)
        known = people.own_fields(conn, actor)
    page = cut(rows, query.limit, reading.position_of)
    return Templates(items=[_out(template, known) for template in page.rows], next_cursor=page.next_cursor)


@api.post("/templates", responses={201: TemplateOut, 409: problem(f"{_TAKEN}.")})
@requires(Permission.SIGNED_IN)
def create_template(body: TemplateIn) -> tuple[TemplateOut, int]:
    """Makes a template."""
    actor = current_actor()
    may_share = actor.may(Permission.MANAGE)
    shared = may_share if body.shared is None else body.shared
    entry = _sound(Entry.tidy(body.name, body.category, body.body, shared=shared))
    if shared and not may_share:
        raise _only_managers()
    with database.transaction() as conn:
        try:
            template_id = library.create(conn, actor, entry, clock.now())
        except NameTakenError as taken:
            raise _taken(taken) from None
        return _shown(conn, actor, template_id), 201


@api.get("/templates/<id:id>", responses={200: TemplateOut})
@requires(Permission.SIGNED_IN)
def get_template(path: ById) -> TemplateOut:
    """One template."""
    with database.autocommit() as conn:
        return _shown(conn, current_actor(), path.id)


@api.patch(
    "/templates/<id:id>",
    responses={200: TemplateOut, 409: problem(f"{_TAKEN}; or `outdated`: the newest is now `version`.")},
)
@requires(Permission.SIGNED_IN)
def change_template(path: ById, body: TemplatePatch) -> TemplateOut:
    """Changes a template. Every wording that it had is kept."""
    actor = current_actor()
    with database.transaction() as conn:
        template = _demand_own(conn, actor, path.id)
        entry = _sound(_changed(template, body))
        if entry.shared and not actor.may(Permission.MANAGE):
            raise _only_managers()
        try:
            library.change(conn, actor, template, entry, clock.now(), read_version=body.version)
        except NameTakenError as taken:
            raise _taken(taken) from None
        except OutdatedError as outdated:
            raise Problem.conflict(str(outdated), reason="outdated", version=outdated.current.version) from None
        return _shown(conn, actor, template.id)


@api.delete("/templates/<id:id>", responses={204: None})
@requires(Permission.SIGNED_IN)
def delete_template(path: ById) -> Response:
    """Puts a template away. What was written with it stays; the pages can take it out again."""
    actor = current_actor()
    with database.transaction() as conn:
        library.archive(conn, _demand_own(conn, actor, path.id), clock.now())
    return no_content()


def _demand(conn: Connection, actor: Actor, template_id: int, *, lock: bool = False) -> Template:
    """The template; a 404 Problem where there is none that the actor may use, or it was put away."""
    template = reading.find(conn, actor, template_id, lock=lock)
    if template is None or template.archived:
        raise Problem.not_found("template")
    return template


def _demand_own(conn: Connection, actor: Actor, template_id: int) -> Template:
    """The locked template; a 403 Problem where the actor may only use it."""
    template = _demand(conn, actor, template_id, lock=True)
    if not template.may_be_changed_by(actor):
        raise Problem.forbidden("Only managers change what everybody uses.")
    return template


def _shown(conn: Connection, actor: Actor, template_id: int) -> TemplateOut:
    return _out(_demand(conn, actor, template_id), people.own_fields(conn, actor))


def _out(template: Template, known: Collection[str]) -> TemplateOut:
    fields = sorted(_fields(template.body))
    warnings = [
        f"None of the newest leads has the field custom.{name}." for name in people.unknown_fields(fields, known)
    ]
    plain = ("id", "name", "category", "body", "version", "shared", "created_at", "updated_at")
    return TemplateOut(**{name: getattr(template, name) for name in plain}, fields=fields, warnings=warnings)


def _fields(body: str) -> frozenset[str]:
    """None for one that an older or newer edition of the language could read."""
    try:
        return fields_of(body)
    except BadTemplate:
        return frozenset()


def _changed(template: Template, body: TemplatePatch) -> Entry:
    changes = body.model_dump(exclude={"version"}, exclude_unset=True)
    now = {name: getattr(template, name) for name in ("name", "category", "body", "shared")}
    return Entry.tidy(**{**now, **changes})


def _sound(entry: Entry) -> Entry:
    """The entry; a 422 Problem naming everything that is wrong with it."""
    errors = library.complaints(entry)
    if errors:
        raise Problem.invalid(errors)
    return entry


def _only_managers() -> Problem:
    return Problem.forbidden("Only managers make templates for everybody.")


def _taken(taken: NameTakenError) -> Problem:
    return Problem.conflict(str(taken), reason="name_taken")
