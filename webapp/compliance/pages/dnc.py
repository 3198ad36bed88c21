"""Do-not-call lists: which there are and how old, importing one, and looking a number up."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import database
from webapp.accounts import audit
from webapp.accounts.actors import current_actor, optional_actor
from webapp.accounts.permissions import Permission, requires
from webapp.compliance.dnc import filling, lists
from webapp.compliance.dnc.forms import DncListForm, LookUpForm
from webapp.compliance.dnc.lists import DncList, State
from webapp.compliance.pages.blueprint import ID, blueprint
from webapp.database import Connection
from webapp.jobs import bulk
from webapp.leads.csvfile import UnreadableFileError
from webapp.leads.pages import operations
from webapp.leads.pages.operations import Shown
from webapp.rules.phones import display
from webapp.web.fragments import go_to, toast
from webapp.web.problems import Problem

_COUNTERS = (
    ("added", "Added", "Numbers on the list"),
    ("duplicate", "Duplicate", "Twice in the file"),
    ("invalid", "Unreadable", "No number of ten digits"),
    ("skipped", "Blank", "Rows with nothing in them"),
)
_SHOWN = Shown(
    lists.IMPORT,
    _COUNTERS,
    "What is in of this list is taken away again. The list that you had before stays.",
    endpoint="compliance.show_dnc_import",
    cancel="compliance.cancel_dnc_import",
    page="compliance/operation.html",
)


@blueprint.url_value_preprocessor
def take_large_lists(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A registry's list is larger than any other file, and only who may import one may send it."""
    if endpoint == "compliance.start_dnc_import" and request.method == "POST":
        actor = optional_actor()
        if actor is not None and actor.may(Permission.MANAGE):
            request.max_content_length = filling.MAX_BYTES


@blueprint.get("/compliance/dnc")
@requires(Permission.MANAGE)
def dnc_lists() -> ResponseReturnValue:
    """The lists, how old each is, and what can be done with it."""
    with database.transaction() as conn:
        return _page(conn, LookUpForm(formdata=None))


@blueprint.post("/compliance/dnc/look-up")
@requires(Permission.MANAGE)
def look_up_dnc() -> ResponseReturnValue:
    """Finds one number on the lists. A POST, so that the number is in no address and no log."""
    form = LookUpForm()
    valid = form.validate()
    e164 = form.read_phone()
    with database.transaction() as conn:
        if not valid or e164 is None:
            return _page(conn, form), 422
        return _page(conn, form, number=display(e164), found=lists.lists_with(conn, e164))


@blueprint.get("/compliance/dnc/leads")
@requires(Permission.MANAGE)
def dnc_leads() -> ResponseReturnValue:
    """How many leads are on each list: asked for by the page when it is there, since it takes a moment."""
    with database.transaction() as conn:
        return render_template("compliance/_dnc_leads.html", lists=lists.lists(conn), leads=lists.leads_on(conn))


@blueprint.get("/compliance/dnc/import")
@requires(Permission.MANAGE)
def dnc_import_page() -> ResponseReturnValue:
    """Asks for a list."""
    return _form_page(DncListForm(formdata=None))


@blueprint.post("/compliance/dnc/import")
@requires(Permission.MANAGE)
def start_dnc_import() -> ResponseReturnValue:
    """Takes the list, and goes on to its progress."""
    form = DncListForm()
    form.validate()
    operation_id = _begin(form, current_actor().id)
    if operation_id is None:
        return _form_page(form), 422
    bulk.ring(lists.IMPORT, operation_id)
    return go_to(url_for("compliance.show_dnc_import", operation_id=operation_id))


@blueprint.get(f"/compliance/dnc/import/<{ID}:operation_id>")
@requires(Permission.MANAGE)
def show_dnc_import(operation_id: int) -> ResponseReturnValue:
    """How far the import is, and what came of it."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, lists.IMPORT)
        return operations.show(conn, operation, _SHOWN, back="compliance.dnc_lists", back_words="Show the lists")


@blueprint.post(f"/compliance/dnc/import/<{ID}:operation_id>/cancel")
@requires(Permission.MANAGE)
def cancel_dnc_import(operation_id: int) -> ResponseReturnValue:
    """Stops after the piece in hand, and takes away what is in."""
    with database.transaction() as conn:
        operation = operations.demand(conn, operation_id, lists.IMPORT)
        found = lists.find(conn, operation.params["list_id"])
        under_way = found is not None and found.state is State.IMPORTING
        removal = filling.start_removal(conn, found, current_actor().id) if found and under_way else None
    if removal:
        bulk.ring(lists.DELETION, removal)
    toast("Stopped. What was in is taken away." if removal else "It was finished already.")
    return redirect(url_for("compliance.dnc_lists"), 303)


@blueprint.post(f"/compliance/dnc/<{ID}:list_id>/activate")
@requires(Permission.MANAGE)
def activate_dnc(list_id: int) -> ResponseReturnValue:
    """The list keeps texts back again."""
    return _set_active(list_id, active=True)


@blueprint.post(f"/compliance/dnc/<{ID}:list_id>/deactivate")
@requires(Permission.MANAGE)
def deactivate_dnc(list_id: int) -> ResponseReturnValue:
    """The list is kept, and keeps nobody back."""
    return _set_active(list_id, active=False)


@blueprint.post(f"/compliance/dnc/<{ID}:list_id>/delete")
@requires(Permission.MANAGE)
def delete_dnc(list_id: int) -> ResponseReturnValue:
    """Stops using the list at once, and takes its numbers away in the background."""
    with database.transaction() as conn:
        found = _demand(conn, list_id)
        if found.state is State.REMOVING:
            raise Problem.conflict("This list is being taken away already.")
        removal = filling.start_removal(conn, found, current_actor().id)
    bulk.ring(lists.DELETION, removal)
    toast(f"{found.name} is no longer used. Its numbers are being taken away.")
    return redirect(url_for("compliance.dnc_lists", _anchor="lists"), 303)


def _set_active(list_id: int, *, active: bool) -> ResponseReturnValue:
    with database.transaction() as conn:
        found = _demand(conn, list_id)
        changed = lists.activate(conn, list_id, active=active)
        if changed:
            word = "dnc.activated" if active else "dnc.deactivated"
            audit.record(conn, current_actor().id, word, f"dnc_list:{list_id}", name=found.name)
    said = f"{found.name} is used from now on." if active else f"{found.name} keeps nobody back now."
    undo = url_for("compliance.deactivate_dnc" if active else "compliance.activate_dnc", list_id=list_id)
    toast(said if changed else f"{found.name} is not whole: import it again.", undo=undo if changed else None)
    return redirect(url_for("compliance.dnc_lists", _anchor=f"list-{list_id}"), 303)


def _begin(form: DncListForm, actor_id: int) -> int | None:
    """The new import's id; None when the form says what is wrong. Nothing is stored then."""
    try:
        with database.transaction() as conn:
            form.judge_age(lists.today_here(conn))
            new = form.described
            if new is not None:
                form.judge_replacement(lists.newer_of_that_name(conn, new.kind, new.name, new.as_of))
            if new is None or form.described is None:
                return None
            upload = form.file.data
            return filling.begin(conn, upload.stream, upload.filename or "", new, actor_id)
    except UnreadableFileError as unreadable:
        form.file.errors = [str(unreadable)]
        return None


def _demand(conn: Connection, list_id: int) -> DncList:
    found = lists.find(conn, list_id)
    if found is None:
        raise Problem.not_found("list")
    return found


def _page(conn: Connection, form: LookUpForm, **found: object) -> str:
    return render_template(
        "compliance/dnc.html",
        lists=lists.lists(conn),
        age=lists.age(conn),
        good_for=lists.GOOD_FOR_DAYS,
        kinds=lists.KIND_WORDS,
        form=form,
        **found,
    )


def _form_page(form: DncListForm) -> str:
    return operations.form_page(
        "compliance/dnc_import.html", "compliance/_dnc_import_form.html", form=form, good_for=lists.GOOD_FOR_DAYS
    )
