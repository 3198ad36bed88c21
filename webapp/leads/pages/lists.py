"""Saved lists: mine and shared, one with its arithmetic, saving, changing, copying, deleting."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, database
from webapp.accounts import audit
from webapp.accounts.actors import Actor, current_actor
from webapp.accounts.permissions import Permission, requires
from webapp.database import Connection
from webapp.leads import bulk_actions, filter_words, filters, lists
from webapp.leads.filters import Filter
from webapp.leads.list_forms import ListForm
from webapp.leads.lists import NameTakenError, SavedList, TooManyError
from webapp.leads.pages.blueprint import ID, blueprint
from webapp.leads.pages.view import as_text, read_filter
from webapp.web.fragments import toast

#: A list of more leads than this is counted apart from its page.
_COUNTED_AT_ONCE = 50_000


@blueprint.get("/leads/lists")
@requires(Permission.SIGNED_IN)
def saved_lists() -> ResponseReturnValue:
    """All lists that the person may use."""
    actor = current_actor()
    with database.transaction() as conn:
        found = lists.visible_lists(conn, actor)
        choices = filter_words.choices_for(conn, actor, [f for each in found for f in _fields(each)])
        described = {each.id: filter_words.described(each.described, choices) for each in found}
    return render_template("leads/lists/index.html", lists=found, described=described)


@blueprint.get("/leads/lists/new")
@requires(Permission.SIGNED_IN)
def new_list() -> ResponseReturnValue:
    """Asks how to save the filter that the address has."""
    actor, chosen = current_actor(), read_filter(request.args.get("filter", ""))
    form = ListForm(formdata=None, filter=as_text(chosen))
    with database.transaction() as conn:
        return _form_page(conn, actor, form, chosen)


@blueprint.post("/leads/lists/new")
@requires(Permission.SIGNED_IN)
def save_list() -> ResponseReturnValue:
    """Saves it."""
    actor, form = current_actor(), ListForm()
    with database.transaction() as conn:
        new = form.read()
        if new is None:
            return _form_page(conn, actor, form, read_filter(form.filter.data or "")), 422
        try:
            list_id = lists.create(conn, actor, new, clock.now())
        except NameTakenError:
            form.name.errors = [lists.TAKEN]
            return _form_page(conn, actor, form, new.chosen), 409
        except TooManyError:
            form.kind.errors = [lists.TOO_MANY]
            return _form_page(conn, actor, form, new.chosen), 422
    toast("Saved.")
    return redirect(url_for("leads.show_list", list_id=list_id), 303)


@blueprint.get(f"/leads/lists/<{ID}:list_id>")
@requires(Permission.SIGNED_IN)
def show_list(list_id: int) -> ResponseReturnValue:
    """One list: what it asks, how many are in it, and how many of those could be texted."""
    actor, now = current_actor(), clock.now()
    with database.transaction() as conn:
        saved = lists.demand(conn, actor, list_id)
        later = (saved.counted or 0) > _COUNTED_AT_ONCE and "count" not in request.args
        return render_template(
            "leads/lists/show.html",
            saved=saved,
            described=_described(conn, actor, saved.described),
            sums=None if later else _sums(conn, actor, saved, now),
            actions=bulk_actions.actions_for(actor),
            finds_json=as_text(saved.finds),
        )


@blueprint.get(f"/leads/lists/<{ID}:list_id>/edit")
@requires(Permission.SIGNED_IN)
def edit_list(list_id: int) -> ResponseReturnValue:
    """The list in a form; with another filter where the address has one."""
    actor = current_actor()
    with database.transaction() as conn:
        saved = lists.demand(conn, actor, list_id, to_change=True)
        chosen = read_filter(request.args["filter"]) if request.args.get("filter") else saved.described
        form = ListForm.of(saved, chosen)
        return _form_page(conn, actor, form, chosen, saved)


@blueprint.post(f"/leads/lists/<{ID}:list_id>/edit")
@requires(Permission.SIGNED_IN)
def change_list(list_id: int) -> ResponseReturnValue:
    """Changes it."""
    actor, form = current_actor(), ListForm()
    with database.transaction() as conn:
        saved = lists.demand(conn, actor, list_id, to_change=True)
        changed = form.read()
        if changed is None:
            return _form_page(conn, actor, form, read_filter(form.filter.data or ""), saved), 422
        try:
            lists.change(conn, saved, actor, changed, clock.now())
        except NameTakenError:
            form.name.errors = [lists.TAKEN]
            return _form_page(conn, actor, form, changed.chosen, saved), 409
        except TooManyError:
            form.kind.errors = [lists.TOO_MANY]
            return _form_page(conn, actor, form, changed.chosen, saved), 422
    toast("Saved.")
    return redirect(url_for("leads.show_list", list_id=list_id), 303)


@blueprint.post(f"/leads/lists/<{ID}:list_id>/duplicate")
@requires(Permission.SIGNED_IN)
def duplicate_list(list_id: int) -> ResponseReturnValue:
    """A private copy."""
    actor = current_actor()
    with database.transaction() as conn:
        copy_id = lists.duplicate(conn, lists.demand(conn, actor, list_id), actor, clock.now())
    toast("This is your copy.")
    return redirect(url_for("leads.show_list", list_id=copy_id), 303)


@blueprint.post(f"/leads/lists/<{ID}:list_id>/delete")
@requires(Permission.SIGNED_IN)
def delete_list(list_id: int) -> ResponseReturnValue:
    """Deletes it; for some seconds that can be undone."""
    actor = current_actor()
    with database.transaction() as conn:
        saved = lists.demand(conn, actor, list_id, to_change=True)
        lists.delete(conn, saved, clock.now())
        audit.record(conn, actor.id, "list.deleted", f"list:{list_id}", name=saved.name)
    toast(f"“{saved.name}” is deleted. Its leads stay.", undo=url_for("leads.restore_list", list_id=list_id))
    return redirect(url_for("leads.saved_lists"), 303)


@blueprint.post(f"/leads/lists/<{ID}:list_id>/restore")
@requires(Permission.SIGNED_IN)
def restore_list(list_id: int) -> ResponseReturnValue:
    """Brings a deleted list back."""
    actor = current_actor()
    with database.transaction() as conn:
        back = lists.restore(conn, actor, list_id)
        if back:
            audit.record(conn, actor.id, "list.restored", f"list:{list_id}")
    toast("It is back." if back else "It could not be brought back: its name is taken by another list.")
    return redirect(url_for("leads.saved_lists"), 303)


def _form_page(conn: Connection, actor: Actor, form: ListForm, chosen: Filter, saved: SavedList | None = None) -> str:
    count = lists.count_of(conn, filters.leads_sql(chosen, actor, clock.now()))
    described = _described(conn, actor, chosen)
    return render_template("leads/lists/form.html", form=form, saved=saved, described=described, count=count)


def _described(conn: Connection, actor: Actor, chosen: Filter) -> list[str]:
    choices = filter_words.choices_for(conn, actor, filter_words.fields_of(chosen))
    return filter_words.described(chosen, choices)


def _sums(conn: Connection, actor: Actor, saved: SavedList, now: datetime) -> lists.Arithmetic:
    """The arithmetic; its total is the list's newest count."""
    sums = lists.arithmetic(conn, filters.leads_sql(saved.finds, actor, now), now)
    lists.keep_count(conn, saved.id, actor, sums.total, now)
    return sums


def _fields(saved: SavedList) -> list[str]:
    return filter_words.fields_of(saved.described)
