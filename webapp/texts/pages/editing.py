"""Writing a template: a new one, or another wording of one that there is."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.texts import library, people, reading, showing
from webapp.texts.diffing import word_diff
from webapp.texts.forms import TemplateForm
from webapp.texts.library import NameTakenError, OutdatedError
from webapp.texts.pages.blueprint import ID, blueprint, demand_template, lock_own
from webapp.texts.preview import in_plain_characters
from webapp.texts.reading import Template
from webapp.web.fragments import toast

_ID_DIGITS = 18


@blueprint.get("/templates/new")
@requires(Permission.SIGNED_IN)
def new() -> ResponseReturnValue:
    """An empty form, or a copy of a template that there is."""
    actor = current_actor()
    with database.transaction() as conn:
        copied = _copied(conn, actor)
        form = (
            TemplateForm.showing(f"{copied.name} (copy)", copied.category, copied.body)
            if copied
            else TemplateForm.showing()
        )
        return _page(conn, actor, form)


@blueprint.post("/templates/new")
@requires(Permission.SIGNED_IN)
def create() -> ResponseReturnValue:
    """Makes the template; the button for plain characters only changes its text."""
    actor, form = current_actor(), TemplateForm()
    with database.transaction() as conn:
        if "plain" in request.form:
            return _page(conn, actor, _in_plain_characters(form))
        entry = form.entry(actor)
        form.validate()
        if not form.say(library.complaints(entry)):
            return _page(conn, actor, form), 422
        try:
            template_id = library.create(conn, actor, entry, clock.now())
        except NameTakenError as taken:
            form.name.errors = [str(taken)]
            return _page(conn, actor, form), 409
    toast("Saved.")
    return redirect(url_for("texts_pages.edit", template_id=template_id), 303)


@blueprint.get(f"/templates/<{ID}:template_id>")
@requires(Permission.SIGNED_IN)
def edit(template_id: int) -> ResponseReturnValue:
    """The template in a form; as it reads, where it is put away or one may only use it."""
    actor = current_actor()
    with database.transaction() as conn:
        template = demand_template(conn, actor, template_id)
        if template.archived or not template.may_be_changed_by(actor):
            shown = showing.show(conn, actor, template.body, request.args.get("for", ""))
            return render_template("texts/show.html", template=template, shown=shown)
        return _page(conn, actor, TemplateForm.of(template), template)


@blueprint.post(f"/templates/<{ID}:template_id>")
@requires(Permission.SIGNED_IN)
def save(template_id: int) -> ResponseReturnValue:
    """Saves what was written, or only rewords it. Where somebody was faster it says so, and keeps both."""
    actor, form = current_actor(), TemplateForm()
    with database.transaction() as conn:
        template = lock_own(conn, actor, template_id)
        if "plain" in request.form:
            return _page(conn, actor, _in_plain_characters(form), template)
        entry = form.entry(actor)
        form.validate()
        if not form.say(library.complaints(entry)):
            return _page(conn, actor, form, template), 422
        try:
            library.change(conn, actor, template, entry, clock.now(), read_version=form.read_version)
        except NameTakenError as taken:
            form.name.errors = [str(taken)]
            return _page(conn, actor, form, template), 409
        except OutdatedError:
            form.version.data = str(template.version)
            return _page(conn, actor, form, template, outdated=True), 409
    toast("Saved.")
    return redirect(url_for("texts_pages.edit", template_id=template_id), 303)


def _in_plain_characters(form: TemplateForm) -> TemplateForm:
    """The form, not saved, with its text in characters that cost no more than they say."""
    form.body.data = in_plain_characters(form.body.data or "")
    return form


def _copied(conn: Connection, actor: Actor) -> Template | None:
    given = request.args.get("copy", "")
    is_id = given.isascii() and given.isdigit() and len(given) <= _ID_DIGITS
    return reading.find(conn, actor, int(given)) if is_id else None


def _page(
    conn: Connection, actor: Actor, form: TemplateForm, template: Template | None = None, *, outdated: bool = False
) -> str:
    body = form.entry(actor).body
    return render_template(
        "texts/edit.html",
        form=form,
        template=template,
        shown=showing.show(conn, actor, body, request.values.get("for", "")),
        own_fields=people.own_fields(conn, actor),
        categories=reading.categories(conn, actor),
        theirs=word_diff(template.body, body) if template and outdated else None,
    )
